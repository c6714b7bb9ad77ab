"""Estimates are kept long enough to answer for them, then forgotten with the rows they rest on."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.core.purging import purger
from apps.solar.models import DataSnapshot, EstimateRun

KEEP_ESTIMATES_FOR = timedelta(days=3 * 365)


@purger("estimates")
def purge_estimates(now: datetime) -> int:
    """Remove the runs that are past their time, and the snapshots that no run is left of."""
    past = now - KEEP_ESTIMATES_FOR
    removed, _ = EstimateRun.objects.filter(created_at__lt=past).delete()
    DataSnapshot.objects.filter(created_at__lt=past, runs=None).delete()
    return removed
