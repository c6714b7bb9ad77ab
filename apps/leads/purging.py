"""Correspondence, and what lists of people were searched by: kept for a time, then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.core.purging import purger
from apps.leads.choices import OPEN_STATUSES
from apps.leads.models import LeadExport, LeadMail

KEEP_MAILS_FOR = timedelta(days=3 * 365)
KEEP_SEARCHES_FOR = timedelta(days=365)
_FORGOTTEN = {"forgotten": ["after a year"]}


@purger("mails of closed leads")
def purge_mails(now: datetime) -> int:
    """Delete old mails of leads that are closed. The timeline still tells that there were some."""
    past = LeadMail.objects.filter(created_at__lt=now - KEEP_MAILS_FOR)
    return past.exclude(lead__status__in=OPEN_STATUSES).delete()[0]


@purger("searches of exports")
def purge_searches(now: datetime) -> int:
    """Forget what an export was narrowed by, often somebody's name. Who took how many stays."""
    past = LeadExport.objects.filter(created_at__lt=now - KEEP_SEARCHES_FOR)
    return past.exclude(filters__in=[{}, _FORGOTTEN]).update(filters=_FORGOTTEN)
