"""Leads from a file: uploaded, looked at, then taken in row by row down the same road."""
