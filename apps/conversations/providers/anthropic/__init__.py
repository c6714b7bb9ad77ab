"""Anthropic speaks: its messages."""
