"""The account of a buyer: its currency stays, and only what is over is invoiced."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.b2b.accounts import Standing, standing_of
from apps.b2b.actions.booking import book, commission_of
from apps.b2b.actions.money import last_month, platform_invoice
from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.settling import sale_accept
from apps.b2b.models import Platform
from apps.core.errors import InvalidInput
from apps.ledger.models import EntryKind, Invoice
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 27)


def test_a_buyer_stays_in_its_market(api_as, mia) -> None:
    make_platform("acme")
    manager = api_as(mia)
    refused = manager.patch("/api/b2b/platforms/acme/", {"market": "india"}, format="json")
    assert refused.status_code == 400, refused.content
    assert "market" in refused.json()["error"]["details"]
    assert Platform.objects.get().market_id == "nyc"
    same = manager.patch("/api/b2b/platforms/acme/", {"market": "nyc", "bid": 90}, format="json")
    assert same.status_code == 200, same.content


def bought(zone: str, at: datetime) -> Platform:
    platform = make_platform(time_zone=zone)
    book(platform, kind=EntryKind.SALE, amount=Decimal(100), key="one", now=at)
    return platform


@pytest.mark.parametrize(
    ("zone", "now"),
    [
        ("America/New_York", datetime(2026, 11, 28, 2, tzinfo=UTC)),  # Friday, nine in the evening
        ("Asia/Kolkata", datetime(2026, 11, 27, 12, tzinfo=UTC)),
    ],
)
def test_a_day_is_not_invoiced_before_it_is_over_where_the_buyer_is(zone, now) -> None:
    platform = bought(zone, now)
    with pytest.raises(InvalidInput, match="not over"):
        platform_invoice(platform.pk, first=FRIDAY, last=FRIDAY, now=now)
    assert not Invoice.objects.exists()


def test_a_day_that_is_over_where_the_buyer_is_may_be_invoiced() -> None:
    now = datetime(2026, 11, 27, 19, tzinfo=UTC)  # Saturday, half past midnight in Kolkata
    platform = bought("Asia/Kolkata", datetime(2026, 11, 27, 12, tzinfo=UTC))
    invoice = platform_invoice(platform.pk, first=FRIDAY, last=FRIDAY, now=now)
    assert invoice.total == Decimal(100)


def test_last_month_is_the_buyers() -> None:
    platform = make_platform(time_zone="America/New_York")
    still_november = datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert last_month(platform, still_november) == (date(2026, 10, 1), date(2026, 10, 31))


def test_what_is_held_is_not_called_owed(client, mia) -> None:
    """A lead on its way is owed once the buyer takes it, and not before."""
    now = timezone.now()
    terms = {"price_floor": Decimal(100), "price_ceiling": Decimal(100)}
    acme, brook = make_platform("acme", **terms), make_platform("brook", wallet=500, **terms)
    [waiting] = lead_offer(make_sellable().pk, only="acme", now=now).sales
    lead_offer(make_sellable().pk, only="brook", now=now)
    assert standing_of(acme) == Standing(Decimal(0), Decimal(100), "USD")
    assert standing_of(brook) == Standing(Decimal(-500), Decimal(100), "USD")
    client.force_login(mia)
    listed = client.get("/admin/b2b/platform/").content.decode()
    assert "$100 held" in listed
    assert "$500 paid ahead" in listed
    assert "owed" not in listed
    page = client.get(f"/admin/b2b/platform/{brook.pk}/change/").content.decode()
    assert "$500 paid ahead" in page
    assert "$100 held for leads on their way" in page
    assert "Can still spend $400." in page
    sale_accept(waiting.pk, now=now)
    assert standing_of(acme) == Standing(Decimal(100), Decimal(0), "USD")
    assert "$100 owed" in client.get("/admin/b2b/platform/").content.decode()


def test_a_wallet_that_is_empty_is_no_open_account(client, mia) -> None:
    empty = make_platform("acme", payment="prepaid")
    client.force_login(mia)
    page = client.get(f"/admin/b2b/platform/{empty.pk}/change/").content.decode()
    assert "Can still spend $0." in page
    assert "as much as it buys" not in page


@pytest.mark.parametrize(
    ("wallet", "words", "is_paid"),
    [(Decimal(500), "$400 paid ahead", True), (None, "$100 owed", False)],
)
def test_an_invoice_says_whether_a_wallet_has_paid_it(client, mia, wallet, words, is_paid) -> None:
    platform = make_platform("acme", wallet=wallet)
    october = datetime(2026, 10, 5, tzinfo=UTC)
    book(platform, kind=EntryKind.SALE, amount=Decimal(100), key="one", now=october)
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    invoice = platform_invoice(platform.pk, first=first, last=last, now=timezone.now())
    client.force_login(mia)
    page = client.get(f"/admin/ledger/invoice/{invoice.pk}/change/").content.decode()
    assert words in page
    assert ("has paid for these leads already" in page) is is_paid


@pytest.mark.parametrize(
    ("kind", "commission", "kept"),
    [("percent", "12.5", "0.13"), ("percent", "250", "1.00"), ("fixed", "0.40", "0.40"),
     ("fixed", "7", "1.00")],
)  # fmt: skip
def test_a_buyer_keeps_no_more_than_the_price(kind: str, commission: str, kept: str) -> None:
    buyer = Platform(commission_kind=kind, commission=Decimal(commission))
    assert commission_of(buyer, Decimal("1.00")) == Decimal(kept)
