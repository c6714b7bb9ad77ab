"""One folder for each kind of door.

`parser.py` reads a payload into a lead draft (pure). Where a kind keeps something beside the lead,
`keep.py` writes it down. A new kind is a new folder and one line in `registry.py`.
"""
