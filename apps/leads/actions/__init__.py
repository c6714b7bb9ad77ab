"""What changes leads: one module a subject, one transaction an action."""
