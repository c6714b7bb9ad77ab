"""Talking with visitors: what is asked next and why, what is said, and who takes over."""
