"""Buyers that are not: they speak the real protocols on this machine and do what they are told.

For trying things out and for tests; a server in production has no use for them.
"""
