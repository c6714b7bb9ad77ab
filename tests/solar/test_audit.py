"""A change of a rate is remembered: who is told what hangs on it."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry

from apps.solar.actions import markets_load
from apps.solar.models import Tariff


@pytest.mark.django_db
def test_a_changed_rate_is_in_the_audit_log_and_a_load_is_not():
    tariff = Tariff.objects.get(key="coned-2026")
    tariff.fixed_charge = 20
    tariff.save()
    (entry,) = LogEntry.objects.get_for_object(tariff)
    assert entry.changes["fixed_charge"] == ["17.80", "20"]
    markets_load()
    assert LogEntry.objects.get_for_object(tariff).count() == 1
