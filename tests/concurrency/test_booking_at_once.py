"""The same payment is booked by several at the same moment: one of them books it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from apps.ledger.actions import Party, entry_add
from apps.ledger.models import RevenueTransaction
from tests.concurrency.threads import at_once, failures

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

NOW = datetime(2026, 11, 27, 17, tzinfo=UTC)
CLERKS = 8


def test_one_of_all_is_told_that_the_entry_is_new() -> None:
    """Whoever is told so moves the balance: two of them would move it twice."""
    party = Party("platform", uuid4(), "Acme", "USD")

    @transaction.atomic
    def book() -> bool:
        return entry_add(party, kind="payment", amount=Decimal(-50), key="payment:4711", now=NOW)

    results = at_once(*[book] * CLERKS)
    assert failures(results) == []
    assert sorted(results) == [False] * (CLERKS - 1) + [True]
    assert RevenueTransaction.objects.count() == 1
