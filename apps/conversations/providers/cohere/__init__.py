"""Cohere speaks: its v2 chat."""
