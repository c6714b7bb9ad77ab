"""Leads that vendors and partners send with a key of their own."""
