"""The journey of a lead: the one road through the rooms below. Begin with `journey.py`."""
