"""Keeping what a browser reports."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.db.models import F

from apps.analytics.models import AnalyticsEvent, SiteCount
from apps.analytics.site_events import Reported
from apps.core.clock import company_time


@transaction.atomic
def events_keep(reported: Reported) -> int:
    """Count a report's events and, where its session may be kept, keep each. Returns how many.

    Days are locked in sorted order, so two reports that count the same things cannot block each
    other for good.
    """
    events = reported.events
    counts = Counter((company_time(event.at).date(), event.name, event.page) for event in events)
    for (day, name, page), more in sorted(counts.items()):
        same = SiteCount.objects.filter(day=day, name=name, page=page)
        if not same.update(count=F("count") + more):
            SiteCount.objects.bulk_create(
                [SiteCount(day=day, name=name, page=page)], ignore_conflicts=True
            )
            same.update(count=F("count") + more)
    if reported.session is not None:
        AnalyticsEvent.objects.bulk_create(
            AnalyticsEvent(
                session=reported.session,
                name=event.name,
                page=event.page,
                properties=event.properties,
                at=event.at,
            )
            for event in events
        )
    return len(events)
