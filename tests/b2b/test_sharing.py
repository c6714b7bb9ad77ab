"""A lead that several buyers share: nobody has it with more than promised; places are filled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.b2b.actions.manual import delivery_resend
from apps.b2b.actions.offering import lead_offer, lead_offer_next
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.models import Delivery, Platform, RouteDecision, Sale
from apps.b2b.routing import Candidate
from apps.b2b.sharing import joining, places_left
from apps.b2b.trace import lead_trace
from apps.core.errors import Conflict
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable
from tests.walking import settle


def ranking(limits: Sequence[int]) -> list[Candidate]:
    return [Candidate(f"b{n}", "", (), share_limit=limit) for n, limit in enumerate(limits)]


LIMITS = st.integers(1, 5)


@given(limits=st.lists(LIMITS, min_size=1, max_size=9), up_to=LIMITS)
def test_nobody_shares_with_more_than_promised(limits: list[int], up_to: int) -> None:
    chosen = joining(ranking(limits), (), up_to)
    assert chosen[0].buyer == "b0"
    assert len(chosen) <= min(up_to, *(one.share_limit for one in chosen))


@given(
    limits=st.lists(LIMITS, min_size=1, max_size=9),
    up_to=LIMITS,
    promises=st.lists(st.integers(2, 5), min_size=1, max_size=4),
)
def test_who_joins_breaks_no_promise(limits: list[int], up_to: int, promises: list[int]) -> None:
    chosen = joining(ranking(limits), promises, up_to)
    together = len(promises) + len(chosen)
    assert not chosen or together <= min(up_to, *promises, *(one.share_limit for one in chosen))
    assert len(chosen) <= max(0, places_left(promises, up_to))


@pytest.fixture
def waiting(monkeypatch) -> None:
    """Nothing is sent: what is reserved stays so."""
    monkeypatch.setattr("apps.b2b.handlers.delivery_send", lambda _: None)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("waiting")]


def shared(lead: Lead, up_to: int) -> list[Sale]:
    """Sold to as many: the best first."""
    sales = lead_offer(lead.pk, now=timezone.now(), share_up_to=up_to).sales
    return sorted(sales, key=lambda sale: -sale.price)


def buyers(*names: str, **fields) -> None:
    """Each pays less than the one before."""
    for place, name in enumerate(names):
        make_platform(name, **{"share_limit": 3, "bid": 100 - 10 * place} | fields)


def give_back(sale: Sale, reason: str = "rejected") -> None:
    sale_release(sale.pk, reason=reason, words="", now=timezone.now())


def who_has_it() -> set[str]:
    live = Sale.objects.filter(state__in=["reserved", "accepted"])
    return set(live.values_list("platform__slug", flat=True))


@pytest.mark.parametrize("reason", ["rejected", "duplicate", "undeliverable"])
def test_the_next_that_shares_fills_the_place_of_who_did_not_take_it(reason: str) -> None:
    buyers("one", "two")
    make_platform("alone", bid=95)
    buyers("three", "four", bid=60)
    lead = make_sellable()
    first, second = shared(lead, 2)
    sale_accept(first.pk, now=timezone.now())
    give_back(second, reason)
    settle()
    assert who_has_it() == {"one", "four"}
    refill = RouteDecision.objects.get(in_place_of=second)
    why_not = {one["buyer"]: [why["code"] for why in one["refusals"]] for one in refill.candidates}
    assert why_not["alone"] == ["shared"]
    assert {"In the place of Two, which did not take it", "Beside 1 buyer that has it"} <= set(
        lead_trace(lead)[0].asked
    )


def test_a_place_is_filled_once_however_often_it_is_said() -> None:
    buyers("one", "two", "three", "four", "five")
    _, second = shared(make_sellable(), 2)
    give_back(second)
    for _ in range(3):
        lead_offer_next(Sale.objects.get(pk=second.pk), now=timezone.now())
    settle()
    assert who_has_it() == {"one", "three"}


def test_a_buyer_is_given_no_more_company_than_it_was_promised() -> None:
    buyers("one", share_limit=2)
    buyers("two", "three", share_limit=5, bid=50)
    first, second = shared(make_sellable(), 5)
    assert {first.shared_up_to, second.shared_up_to} == {2, 5}
    Platform.objects.filter(slug="one").update(share_limit=5)  # of leads to come
    assert lead_offer_next(second, now=timezone.now()).is_new is False
    assert who_has_it() == {"one", "three"}


def test_what_stopped_for_the_person_is_filled_by_nobody() -> None:
    buyers("one", "two", "three")
    _, second = shared(make_sellable(), 2)
    give_back(second, "suppressed")
    settle()
    assert who_has_it() == {"one"}


def test_nobody_joins_who_has_it_alone() -> None:
    make_platform("alone", bid=200)
    buyers("one", "two")
    lead = make_sellable()
    [sale] = shared(lead, 3)
    assert (sale.is_exclusive, sale.shared_up_to) == (True, 1)
    lead_offer(lead.pk, now=timezone.now(), share_up_to=3)
    assert who_has_it() == {"alone"}


def test_who_gave_it_back_has_it_again_only_while_a_place_is_free() -> None:
    buyers("one", "two")
    lead = make_sellable()
    _, second = shared(lead, 2)
    give_back(second)
    Delivery.objects.filter(sale=second).update(state="rejected")
    delivery_resend(second.delivery.pk, now=timezone.now())
    assert who_has_it() == {"one", "two"}
    second.refresh_from_db()
    give_back(second)
    buyers("three")
    settle()
    assert who_has_it() == {"one", "three"}
    Delivery.objects.filter(sale=second).update(state="rejected")
    with pytest.raises(Conflict):
        delivery_resend(second.delivery.pk, now=timezone.now())
    assert who_has_it() == {"one", "three"}
