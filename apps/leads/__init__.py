"""Leads: what somebody wants, how good it is, who works it, and everything that happened to it."""
