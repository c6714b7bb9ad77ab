"""What `leads/understand.py` is made of: one module for each kind of thing people say. Pure."""
