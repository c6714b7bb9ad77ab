"""What of this room hangs on a lead, and what becomes of it in a merge."""

from apps.core.attachments import moves

# A step holds its journey and then its lead, so a merge takes them in that order too.
moves("leads.lead", "pipeline.Journey", "lead", held_first=True)
