"""What the outbox calls."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from apps.core.outbox import Message, handles
from apps.integrations.doors.calculator.keep import CLAIMED
from apps.leads.actions.estimating import lead_estimate


@handles(CLAIMED, queue="journey")
def compute_what_a_browser_claimed(message: Message) -> None:
    """A calculator that is not ours sent figures: the lead gets ours. Safe to repeat."""
    lead_estimate(
        message.payload["lead"],
        inbound_event=UUID(message.payload["event"]),
        now=timezone.now(),
    )
