"""Rows of a file, as `imports.judging` writes them down."""
