"""Money that is only added to, and invoices that count nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from apps.core.errors import Conflict
from apps.core.ids import new_id
from apps.ledger.actions import Party, entry_add, invoice_issue
from apps.ledger.models import Invoice, LedgerIsAppendOnlyError, RevenueTransaction
from apps.ledger.selectors import balance_of, currencies_used, revenue_between, revenue_by_party

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def party(name: str = "Acme", currency: str = "USD") -> Party:
    return Party("platform", new_id(), name, currency)


def add(who: Party, kind: str, amount: str, key: str, now: datetime = NOW) -> bool:
    return entry_add(who, kind=kind, amount=Decimal(amount), key=key, now=now)


def test_a_balance_is_the_sum_and_a_repeat_adds_nothing() -> None:
    acme, brook = party(), party("Brook")
    assert add(acme, "sale", "100.00", "s1")
    assert not add(acme, "sale", "100.00", "s1")
    add(acme, "commission", "-10", "c1")
    add(acme, "payment", "-50.005", "p1")
    add(brook, "sale", "7", "s2")
    assert balance_of("platform", acme.id) == Decimal("39.99")
    assert balance_of("platform", new_id()) == 0


def test_nothing_is_not_booked() -> None:
    assert not add(party(), "adjustment", "0.004", "x")
    assert not RevenueTransaction.objects.exists()


def test_neither_python_nor_the_database_changes_an_entry() -> None:
    add(party(), "sale", "100", "s1")
    with pytest.raises(LedgerIsAppendOnlyError):
        RevenueTransaction.objects.update(amount=1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_revenuetransaction SET amount = 1")
    assert RevenueTransaction.objects.get().amount == 100


def test_revenue_leaves_out_what_is_held_or_paid_and_other_money() -> None:
    acme, rupees = party(), party("Surya", "INR")
    for number, (kind, amount) in enumerate(
        [("hold", "100"), ("release", "-100"), ("sale", "100"), ("commission", "-10"),
         ("payment", "-90"), ("return", "-20")]
    ):  # fmt: skip
        add(acme, kind, amount, f"k{number}")
    add(rupees, "sale", "1500", "r1")
    end = NOW.replace(hour=13)
    assert revenue_between(NOW, end, currency="USD") == 70
    assert revenue_between(NOW.replace(hour=1), NOW, currency="USD") == 0
    assert revenue_by_party(NOW, end, currency="USD") == [("Acme", Decimal(70), 1)]
    assert currencies_used() == ["INR", "USD"]


def invoice(who: Party) -> Invoice:
    return invoice_issue(who, first=date(2026, 11, 1), last=date(2026, 11, 30),
                         zone="America/New_York", days_to_pay=14, now=NOW)  # fmt: skip


def test_an_invoice_gathers_a_period_on_the_buyers_clock_and_counts_nothing_twice() -> None:
    acme = party()
    add(acme, "sale", "100", "s1")
    add(acme, "commission", "-10", "c1")
    add(acme, "hold", "40", "h1")
    add(acme, "payment", "-40", "p1")
    add(acme, "sale", "1", "s0", now=datetime(2026, 11, 1, 3, tzinfo=UTC))  # October there
    add(acme, "sale", "2", "s9", now=datetime(2026, 12, 1, 4, tzinfo=UTC))  # still November there
    made = invoice(acme)
    assert (made.number, made.total, made.due_on) == ("2026-00001", 92, date(2026, 12, 11))
    assert [line.entry.key for line in made.lines.all()] == ["s1", "c1", "s9"]
    with pytest.raises(Conflict):
        invoice(acme)
    add(acme, "adjustment", "5", "a1")
    assert (invoice(acme).number, Invoice.objects.count()) == ("2026-00002", 2)
