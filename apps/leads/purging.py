"""Correspondence is kept for a time and then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.core.purging import purger
from apps.leads.choices import OPEN_STATUSES
from apps.leads.models import LeadMail

KEEP_MAILS_FOR = timedelta(days=3 * 365)


@purger("mails of closed leads")
def purge_mails(now: datetime) -> int:
    """Delete old mails of leads that are closed. The timeline still tells that there were some."""
    past = LeadMail.objects.filter(created_at__lt=now - KEEP_MAILS_FOR)
    return past.exclude(lead__status__in=OPEN_STATUSES).delete()[0]
