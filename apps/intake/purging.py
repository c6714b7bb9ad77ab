"""Raw requests are kept for a time and then forgotten."""

from __future__ import annotations

from datetime import datetime

from apps.core.purging import purger
from apps.intake.models import InboundEvent


@purger("inbound bodies")
def purge_bodies(now: datetime) -> int:
    """Empty the bodies that are past their time. The event itself stays: it explains a lead."""
    past = InboundEvent.objects.filter(delete_after__lt=now).exclude(body=b"")
    return past.update(body=b"", ip_address=None, user_agent="")
