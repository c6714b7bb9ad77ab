"""Mail to the people behind leads: how it is worded, whether it may go, what it looks like.

`wording` and `gate` are pure; `values` is what templates may say of a lead; `letter` makes the
message that is sent; `account` tells who carries it. What changes something is in `leads.actions`.
"""
