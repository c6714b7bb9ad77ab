"""What of this room hangs on a lead, and what becomes of it in a merge."""

from apps.core.attachments import stays

stays(
    "leads.lead",
    "b2b.Sale",
    "lead",
    because="A buyer was sent this lead and no other; money and returns are settled by it.",
)
stays(
    "leads.lead",
    "b2b.RouteDecision",
    "lead",
    because="It tells how this lead was looked at, as it was then.",
)
