"""Visits are kept for a season; counts, which hold nobody, stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.analytics.models import AnalyticsEvent
from apps.core.purging import purger

KEEP_VISITS_FOR = timedelta(days=90)  # frontend/privacy.html promises it


@purger("site events")
def purge_events(now: datetime) -> int:
    return AnalyticsEvent.objects.filter(at__lt=now - KEEP_VISITS_FOR).delete()[0]
