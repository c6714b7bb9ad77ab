"""A lead is offered, reserved, delivered, settled: the whole way, over real HTTP."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from apps.b2b.actions.offering import lead_offer
from apps.b2b.models import CapUse, Delivery, Platform, PlatformAccount, RouteDecision, Sale
from apps.contacts.suppression import suppress
from apps.leads.models import Lead
from apps.ledger.models import RevenueTransaction
from apps.ledger.selectors import balance_of
from tests.factories.b2b import consent, make_platform, make_sellable
from tests.factories.leads import make_lead
from tests.walking import settle

pytestmark = pytest.mark.django_db


def endpoint(buyers, behaviour: str) -> dict[str, str]:
    return {"url": f"{buyers.url}/{behaviour}/leads"}


def entries(platform: Platform) -> list[tuple[str, Decimal]]:
    rows = RevenueTransaction.objects.filter(party_id=platform.public_id).order_by("pk")
    return list(rows.values_list("kind", "amount"))


def balance(platform: Platform) -> Decimal:
    stored = PlatformAccount.objects.get(platform=platform).balance
    assert stored == balance_of("platform", platform.public_id)
    return stored


def test_an_accepted_lead_is_sold_and_owed(buyers) -> None:
    platform = make_platform(
        endpoint=endpoint(buyers, "accept"), caps={"day": 5}, bid=Decimal(100),
        commission=Decimal(10), price_ceiling=Decimal(100),
    )  # fmt: skip
    lead = make_sellable()
    offer = lead_offer(lead.pk, now=timezone.now())
    [sale] = offer.sales
    assert entries(platform) == [("hold", Decimal(100))]
    settle()
    sale.refresh_from_db()
    lead.refresh_from_db()
    assert (sale.state, lead.status) == ("accepted", "sold")
    assert lead.sold_at is not None
    assert sale.consent is not None
    assert entries(platform) == [
        ("hold", Decimal(100)),
        ("release", Decimal(-100)),
        ("sale", Decimal(100)),
        ("commission", Decimal(-10)),
    ]
    assert balance(platform) == 90
    assert CapUse.objects.get(platform=platform, period="day").used == 1
    delivery = Delivery.objects.get()
    assert buyers.memory.taken == {"accept": [str(delivery.public_id)]}
    attempt = delivery.attempts.get()
    assert (attempt.number, attempt.outcome, attempt.status) == (1, "accepted", 200)
    assert {"offered", "sold"} <= set(lead.activities.values_list("kind", flat=True))


def test_a_rejected_lead_goes_to_the_next_buyer_and_gives_everything_back(buyers) -> None:
    first = make_platform("first", endpoint=endpoint(buyers, "reject"), tier="premium",
                          caps={"day": 5}, wallet=1000)  # fmt: skip
    second = make_platform("second", endpoint=endpoint(buyers, "accept"), tier="volume")
    lead = make_sellable()
    lead_offer(lead.pk, now=timezone.now())
    settle()
    states = dict(Sale.objects.values_list("platform__slug", "state"))
    assert states == {"first": "released", "second": "accepted"}
    assert balance(first) == -1000
    assert CapUse.objects.get(platform=first).used == 0
    assert balance(second) > 0
    assert Platform.objects.get(slug="first").rejections_in_a_row == 1
    assert Sale.objects.get(platform=first).release_words  # the buyer's own reason


def test_nobody_takes_it(buyers) -> None:
    make_platform(filters={"territories": ["queens"]})
    lead = make_sellable(postal_code="10021")
    offer = lead_offer(lead.pk, now=timezone.now())
    assert offer.sales == ()
    [judged] = RouteDecision.objects.get().candidates
    assert judged["refusals"] == [{"code": "territory", "words": "Does not take manhattan"}]
    assert not RevenueTransaction.objects.exists()


def test_without_a_consent_nothing_is_sold() -> None:
    make_platform()
    lead = make_lead(score=90)
    assert lead_offer(lead.pk, now=timezone.now()).sales == ()
    assert not Sale.objects.exists()


def test_who_must_not_be_contacted_is_not_sold() -> None:
    make_platform()
    lead = make_sellable(email="grace@example.com")
    suppress(kind="email", value="grace@example.com", reason="opt_out")
    assert lead_offer(lead.pk, now=timezone.now()).sales == ()


def test_who_opts_out_between_sale_and_delivery_is_not_sent(buyers) -> None:
    platform = make_platform(endpoint=endpoint(buyers, "accept"))
    lead = make_sellable(email="grace@example.com")
    lead_offer(lead.pk, now=timezone.now())
    suppress(kind="email", value="grace@example.com", reason="opt_out")
    settle()
    assert buyers.memory.calls == {}
    assert (Sale.objects.get().state, Sale.objects.get().release_reason) == (
        "released",
        "suppressed",
    )
    assert balance(platform) == 0
    assert Lead.objects.get().status == "new"


def test_the_same_offer_twice_is_one_sale() -> None:
    make_platform()
    lead = make_sellable()
    one, two = (lead_offer(lead.pk, now=timezone.now()) for _ in range(2))
    assert one.sales == two.sales
    assert (one.is_new, two.is_new) == (True, False)


def test_a_shared_lead_goes_to_as_many_as_share() -> None:
    for n in range(4):
        make_platform(f"b{n}", share_limit=3)
    make_platform("alone", tier="volume", bid=Decimal(20), price_ceiling=Decimal(20))
    lead = make_sellable()
    offer = lead_offer(lead.pk, now=timezone.now(), share_up_to=3)
    assert len(offer.sales) == 3
    assert not any(sale.is_exclusive for sale in offer.sales)


def test_the_same_person_is_not_sold_to_a_buyer_again_within_its_days() -> None:
    make_platform(duplicate_days=30)
    first = make_sellable(email="grace@example.com", phone="+12125550142")
    lead_offer(first.pk, now=timezone.now())
    Sale.objects.update(state="accepted")
    Lead.objects.filter(pk=first.pk).update(status="sold")
    again = make_sellable(email="grace@example.com", phone="+12125550142")
    assert again.contact_id == first.contact_id
    assert lead_offer(again.pk, now=timezone.now()).sales == ()
    [judged] = RouteDecision.objects.get(lead=again).candidates
    assert judged["refusals"][0]["code"] == "duplicate"
    consent(again)
