"""Conversations are kept as long as the request they became, then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.conversations.models import Conversation
from apps.core.purging import purger
from apps.leads.choices import OPEN_STATUSES

KEEP_FOR = timedelta(days=365)
_AT_ONCE = 2_000


@purger("conversations")
def purge_conversations(now: datetime) -> int:
    """Delete conversations that went quiet a year ago, but for those of open leads; returns rows.

    Their facts live on in the lead, their figures in the counts of their day. Some two thousand go
    in one run, the oldest first.
    """
    quiet = Conversation.objects.filter(last_message_at__lt=now - KEEP_FOR)
    past = quiet.exclude(lead__status__in=OPEN_STATUSES).order_by("last_message_at")
    oldest = list(past.values_list("pk", flat=True)[:_AT_ONCE])
    return Conversation.objects.filter(pk__in=oldest).delete()[0]
