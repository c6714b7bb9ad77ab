"""Estimates are forgotten after three years, never before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.solar.actions import estimate_make
from apps.solar.models import DataSnapshot, EstimateRun
from apps.solar.purging import KEEP_ESTIMATES_FOR, purge_estimates

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)


@pytest.mark.django_db
def test_old_estimates_go_and_young_ones_keep_their_rows():
    for bill in (300, 301):
        estimate_make(
            {
                "postal_code": "11215",
                "property_type": "condo",
                "monthly_bill": Decimal(bill),
            },
            now=NOW,
        )
    EstimateRun.objects.update(created_at=NOW)
    DataSnapshot.objects.update(created_at=NOW)
    limit = NOW + KEEP_ESTIMATES_FOR
    old = EstimateRun.objects.first()
    EstimateRun.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(seconds=1))
    assert purge_estimates(limit) == 1
    assert DataSnapshot.objects.count() == 1
    assert purge_estimates(limit + timedelta(seconds=1)) == 1
    assert DataSnapshot.objects.count() == 0
