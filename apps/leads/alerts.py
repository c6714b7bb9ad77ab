"""What people are told when a first answer does not come."""

from __future__ import annotations

from apps.leads.models import Lead
from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels, Kind, register

DUE_SOON = "first_response.due_soon"
LATE = "first_response.late"
ESCALATED = "first_response.escalated"


def alert_key(kind: str, lead: Lead) -> str:
    """Names what is told of a lead: once of each kind, and anew when its clock begins again."""
    again = f":{lead.reopened_at:%Y%m%dT%H%M%S}" if lead.reopened_at else ""
    return f"{kind}:{lead.public_id}{again}"


register(
    Kind(
        DUE_SOON,
        "A first answer is due soon",
        Channels(),
        "Most of the time for the first answer to one of your leads is over.",
    )
)
register(
    Kind(
        LATE,
        "A first answer is late",
        Channels(mail=Mail.AT_ONCE),
        "Nobody answered in time. Goes to the owner and to the managers.",
    )
)
register(
    Kind(
        ESCALATED,
        "A lead is still not answered",
        Channels(mail=Mail.AT_ONCE),
        "Twice the time for the first answer is over: the lead wants another person.",
    )
)
