"""A buyer did not take it: who is asked next, how, and whether anybody is."""

from __future__ import annotations

import pytest
from django.utils import timezone

from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.models import Platform, RouteDecision, Sale
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable
from tests.walking import settle


def offer(lead: Lead, **asked) -> list[Sale]:
    return list(lead_offer(lead.pk, now=timezone.now(), **asked).sales)


def give_back(sale: Sale) -> None:
    sale_release(sale.pk, reason="rejected", words="", now=timezone.now())


@pytest.fixture
def waiting(monkeypatch) -> None:
    """Nothing is sent: what is reserved stays so."""
    monkeypatch.setattr("apps.b2b.handlers.delivery_send", lambda _: None)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("waiting")]


def test_the_next_ones_share_as_the_first_were_to() -> None:
    make_platform("alone", tier="premium")
    for name in ("one", "two"):
        make_platform(name, tier="volume", share_limit=2)
    lead = make_sellable()
    [first] = offer(lead, share_up_to=2)
    give_back(first)
    settle()
    live = Sale.objects.filter(state="reserved").values_list("platform__slug", flat=True)
    assert set(live) == {"one", "two"}


def test_when_one_buyer_was_named_nobody_else_is_asked() -> None:
    make_platform("acme")
    make_platform("brook")
    [sale] = offer(make_sellable(), only="acme")
    give_back(sale)
    settle()
    assert Sale.objects.get().state == "released"
    assert RouteDecision.objects.get().only == "acme"


@pytest.mark.parametrize("status", ["won", "lost", "unqualified", "duplicate"])
def test_a_lead_that_was_closed_meanwhile_is_offered_to_nobody(status: str) -> None:
    make_platform("acme")
    make_platform("brook")
    lead = make_sellable()
    [sale] = offer(lead)
    Lead.objects.filter(pk=lead.pk).update(status=status)
    give_back(sale)
    settle()
    assert Sale.objects.get().state == "released"


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_yes_does_not_overwrite_how_a_lead_was_closed(status: str) -> None:
    make_platform("acme")
    lead = make_sellable()
    [sale] = offer(lead)
    Lead.objects.filter(pk=lead.pk).update(status=status)
    sale_accept(sale.pk, now=timezone.now())
    lead.refresh_from_db()
    assert (lead.status, lead.sold_at) == (status, None)
    assert Sale.objects.get().state == "accepted"  # and owed
    assert lead.activities.filter(kind="sold").exists()


def test_what_is_marked_as_sold_and_was_given_back_may_be_sold_again() -> None:
    make_platform("acme")
    lead = make_sellable()
    Lead.objects.filter(pk=lead.pk).update(status="sold")
    assert len(offer(lead)) == 1


def test_a_person_is_not_held_back_by_the_answer_of_a_moment_ago(mia) -> None:
    make_platform("acme", filters={"territories": ["queens"]})
    lead = make_sellable(postal_code="10021")
    assert offer(lead) == []
    Platform.objects.update(filters={})
    assert offer(lead) == []  # a program that asks again at once
    assert len(offer(lead, actor_pk=mia.pk)) == 1


def test_one_buyer_that_was_named_says_nothing_for_the_others(mia) -> None:
    make_platform("acme", filters={"territories": ["queens"]})
    make_platform("brook")
    lead = make_sellable(postal_code="10021")
    assert offer(lead, only="acme", actor_pk=mia.pk) == []
    assert len(offer(lead)) == 1
