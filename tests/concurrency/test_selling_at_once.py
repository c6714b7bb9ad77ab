"""Workers sell at the same moment: no cap, no wallet is exceeded, nothing is sold twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db.models import Count, QuerySet, Sum

from apps.b2b.actions.offering import lead_offer, lead_offer_next
from apps.b2b.actions.outcomes import delivery_pass_on
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.models import (
    CapUse,
    Delivery,
    Platform,
    PlatformAccount,
    RouteDecision,
    Sale,
)
from apps.contacts.models import Consent, Contact
from apps.intake.models import LeadSource
from apps.leads.models import Lead
from apps.ledger.models import RevenueTransaction
from apps.ledger.selectors import balance_of
from tests.concurrency.threads import at_once, failures
from tests.factories.b2b import make_platform

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

NOW = datetime(2026, 11, 27, 17, tzinfo=UTC)
WORKERS = 8


def make_leads(number: int) -> list[int]:
    source = LeadSource.objects.get(slug="website-form")
    contacts = Contact.objects.bulk_create(Contact() for _ in range(number))
    Consent.objects.bulk_create(
        Consent(contact=one, channel="call", wording="I agree.", occurred_at=NOW)
        for one in contacts
    )
    leads = Lead.objects.bulk_create(
        Lead(contact=one, source=source, market_id="nyc", score=75, tier="standard",
             email=f"p{number}@example.com")
        for number, one in enumerate(contacts)
    )  # fmt: skip
    return [lead.pk for lead in leads]


def make_buyers() -> None:
    fixed = {"bid": Decimal(10), "price_floor": Decimal(10), "price_ceiling": Decimal(10)}
    make_platform("capped", caps={"day": 30, "month": 25}, acceptance_rate=Decimal("0.99"), **fixed)
    make_platform("prepaid", wallet=200, acceptance_rate=Decimal("0.95"), **fixed)
    make_platform("credit", credit_limit=Decimal(150), acceptance_rate=Decimal("0.9"), **fixed)


def sell(lead_pks: Sequence[int]) -> None:
    """Every third lead is taken back, every third accepted: caps and money move both ways."""
    for lead_pk in lead_pks:
        for sale in lead_offer(lead_pk, now=NOW).sales:
            if lead_pk % 3 == 0:
                sale_release(sale.pk, reason="undeliverable", words="", now=NOW)
            elif lead_pk % 3 == 1:
                sale_accept(sale.pk, now=NOW)


def sold_to(slug: str) -> int:
    return Sale.objects.filter(platform__slug=slug, state__in=["reserved", "accepted"]).count()


def check_sums() -> None:
    for platform in Platform.objects.all():
        account = PlatformAccount.objects.get(platform=platform)
        assert account.balance == balance_of("platform", platform.public_id)
        live = Sale.objects.filter(platform=platform, state__in=["reserved", "accepted"])
        paid = RevenueTransaction.objects.filter(party_id=platform.public_id, kind="payment")
        owed = (live.aggregate(t=Sum("price"))["t"] or 0) + (
            paid.aggregate(t=Sum("amount"))["t"] or 0
        )
        assert account.balance == owed


def check_everything_adds_up() -> None:
    check_sums()
    for use in CapUse.objects.filter(platform__slug="capped"):
        assert use.used == sold_to("capped")
    live = Sale.objects.filter(state__in=["reserved", "accepted"])
    assert not live.values("lead").annotate(n=Count("pk")).filter(n__gt=1).exists()


def run(leads: list[int], *, patience: float = 60) -> None:
    shares = (partial(sell, leads[n::WORKERS]) for n in range(WORKERS))
    results = at_once(*shares, patience=patience)
    assert failures(results) == []


def test_caps_and_wallets_hold_and_every_cent_adds_up() -> None:
    make_buyers()
    run(make_leads(160))
    check_everything_adds_up()
    assert sold_to("capped") <= 25
    assert sold_to("prepaid") <= 20
    assert sold_to("credit") <= 15
    assert Sale.objects.count() > 60


def test_the_same_lead_by_all_workers_is_sold_once() -> None:
    make_buyers()
    [lead_pk] = make_leads(1)
    results = at_once(*[partial(lead_offer, lead_pk, now=NOW)] * WORKERS)
    assert failures(results) == []
    assert Sale.objects.count() == 1
    assert len({offer.sales[0].pk for offer in results}) == 1


def test_control_without_the_lock_on_the_account_caps_are_exceeded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = QuerySet.select_for_update

    def all_but_the_account(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is PlatformAccount else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_the_account)
    make_platform("capped", caps={"day": 10})
    leads = make_leads(80)
    results = at_once(*(partial(offer_all, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert sold_to("capped") > 10


def offer_all(lead_pks: Sequence[int]) -> None:
    for lead_pk in lead_pks:
        lead_offer(lead_pk, now=NOW)


def who_share(number: int) -> Sale:
    """A lead shared by two, with `number` more that would share it; one has not taken it."""
    for place in range(number + 2):
        make_platform(f"sharer-{place}", share_limit=2, bid=Decimal(100 - place))
    [lead_pk] = make_leads(1)
    _, second = lead_offer(lead_pk, now=NOW, share_up_to=2).sales
    sale_release(second.pk, reason="rejected", words="", now=NOW)
    return Sale.objects.select_related("route", "platform").get(pk=second.pk)


def test_two_buyers_that_are_gone_pass_their_leads_to_each_other() -> None:
    """Each takes the other's account beside its own: in one order, or they wait for ever."""
    fixed = {"price_floor": Decimal(10), "price_ceiling": Decimal(500)}
    for slug in ("one", "two"):
        make_platform(slug, **fixed)
    leads = make_leads(40)
    for number, lead_pk in enumerate(leads):
        lead_offer(lead_pk, only=("one", "two")[number % 2], now=NOW)
    RouteDecision.objects.update(only="")
    Delivery.objects.update(state="retrying", tries=2)
    before = dict(Sale.objects.values_list("lead", "platform"))
    results = at_once(*(partial(pass_on, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    after = dict(Sale.objects.filter(state="reserved").values_list("lead", "platform"))
    assert after.keys() == before.keys()
    assert all(after[lead] != before[lead] for lead in leads)
    assert Sale.objects.filter(state="reserved").count() == len(leads)
    check_sums()


def pass_on(lead_pks: Sequence[int]) -> None:
    for pk in Delivery.objects.filter(sale__lead__in=lead_pks).values_list("pk", flat=True):
        delivery_pass_on(pk, nobody_there=True, now=NOW)


def live_sales() -> int:
    return Sale.objects.filter(state__in=["reserved", "accepted"]).count()


def test_the_place_of_a_sharer_is_filled_once_by_all_workers() -> None:
    sale = who_share(WORKERS)
    results = at_once(*[partial(lead_offer_next, sale, now=NOW)] * WORKERS)
    assert failures(results) == []
    assert live_sales() == 2
    assert sum(offer.is_new for offer in results) == 1
    check_sums()


def test_control_without_the_lock_on_the_lead_a_place_is_filled_more_than_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = QuerySet.select_for_update

    def all_but_the_lead(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is Lead else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_the_lead)
    sale = who_share(WORKERS)
    results = at_once(*[partial(lead_offer_next, sale, now=NOW)] * WORKERS)
    # All of them chose the same buyer: only its line in the database held the others back.
    assert len(failures(results)) > 0


@pytest.mark.soak
def test_two_thousand_leads_by_eight_workers() -> None:
    make_buyers()
    for number in range(20):
        make_platform(f"many-{number}", caps={"day": 50, "hour": 40}, wallet=5000)
    run(make_leads(2000), patience=900)
    check_everything_adds_up()
    for number in range(20):
        assert sold_to(f"many-{number}") <= 40
