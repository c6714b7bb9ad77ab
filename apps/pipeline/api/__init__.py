"""Endpoints that need every room below."""
