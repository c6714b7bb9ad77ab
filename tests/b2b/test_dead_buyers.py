"""Nobody there to send to: the lead goes to the next buyer, unless somebody may have it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.b2b.actions.delivering import delivery_send
from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.outcomes import LADDER, attempt_settle, delivery_pass_on
from apps.b2b.answers import Reading
from apps.b2b.models import (
    CapUse,
    Delivery,
    DeliveryAttempt,
    Platform,
    PlatformAccount,
    RouteDecision,
    Sale,
)
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable
from tests.walking import settle

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 17, tzinfo=UTC)  # Friday noon in New York
NOBODY = {"endpoint": {"url": "http://127.0.0.1:9/leads"}}  # connections are refused


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def brook(buyers) -> Platform:
    """Takes what is left to it, for less."""
    return make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept/leads"})


def sold_to_acme(**asked) -> Delivery:
    lead_offer(make_sellable(now=NOON).pk, now=NOON, **asked)
    return Delivery.objects.get(platform__slug="acme")


def tried(clock, delivery: Delivery, times: int) -> Delivery:
    """After so many tries, each at the moment it is due."""
    for _ in range(times):
        delivery.refresh_from_db()
        clock.move_to(max(delivery.not_before, NOON))
        delivery_send(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def who_has_it() -> dict[str, str]:
    return dict(Sale.objects.values_list("platform__slug", "state"))


def test_the_second_try_at_nobody_is_the_last_when_another_buyer_wants_it(clock, brook) -> None:
    make_platform("acme", caps={"day": 5}, **NOBODY)
    delivery = tried(clock, sold_to_acme(), 1)
    assert delivery.state == "retrying"
    delivery = tried(clock, delivery, 1)
    assert (delivery.state, delivery.tries) == ("failed", 2)
    assert delivery.ended_at - NOON < timedelta(seconds=15)
    settle()
    assert who_has_it() == {"acme": "released", "brook": "accepted"}
    assert CapUse.objects.get(platform__slug="acme").used == 0
    assert PlatformAccount.objects.get(platform__slug="acme").balance == 0


def test_wanted_by_nobody_else_it_is_tried_to_the_end(clock) -> None:
    make_platform("acme", **NOBODY)
    delivery = tried(clock, sold_to_acme(), 2)
    assert (delivery.state, who_has_it()) == ("retrying", {"acme": "reserved"})
    assert delivery.not_before - timezone.now() > timedelta(seconds=LADDER[1] * 0.7)


def test_a_buyer_that_was_named_is_waited_for(clock, brook) -> None:
    make_platform("acme", **NOBODY)
    delivery = tried(clock, sold_to_acme(only="acme"), 2)
    assert (delivery.state, who_has_it()) == ("retrying", {"acme": "reserved"})


def test_a_buyer_that_says_later_is_waited_for(clock, buyers, brook) -> None:
    make_platform("acme", endpoint={"url": f"{buyers.url}/down/leads"})
    delivery = tried(clock, sold_to_acme(), 3)
    assert (delivery.state, who_has_it()) == ("retrying", {"acme": "reserved"})


def test_a_lead_that_may_have_arrived_before_they_went_away_is_theirs(clock, brook) -> None:
    make_platform("acme", **NOBODY)
    delivery = sold_to_acme()
    attempt = DeliveryAttempt.objects.create(delivery=delivery, number=1, started_at=NOON)
    Delivery.objects.update(state="sending", claimed_at=NOON, tries=1)
    attempt_settle(attempt.pk, reading=Reading("unknown"), status=None, answer="",
                   milliseconds=1, now=NOON)  # fmt: skip
    delivery = tried(clock, delivery, 3)
    assert (delivery.state, delivery.tries) == ("retrying", 4)
    Platform.objects.filter(slug="acme").update(resting_until=timezone.now() + timedelta(days=1))
    delivery = tried(clock, delivery, 1)
    assert delivery.words == "Waits: the buyer does not answer"
    settle()
    assert who_has_it() == {"acme": "reserved"}


def test_what_waits_for_a_buyer_at_rest_goes_to_the_next(clock, brook) -> None:
    acme = make_platform("acme", **NOBODY)
    delivery = sold_to_acme()
    Platform.objects.filter(pk=acme.pk).update(resting_until=NOON + timedelta(minutes=5))
    delivery = tried(clock, delivery, 1)
    assert (delivery.state, delivery.attempts.count()) == ("failed", 0)
    settle()
    assert who_has_it() == {"acme": "released", "brook": "accepted"}


def test_a_buyer_at_rest_gets_nothing_new_and_others_do(brook) -> None:
    make_platform("acme", resting_until=NOON + timedelta(minutes=5), **NOBODY)
    lead_offer(make_sellable(now=NOON).pk, now=NOON)
    assert who_has_it() == {"brook": "reserved"}


def passed_on(delivery: Delivery) -> bool:
    return delivery_pass_on(delivery.pk, nobody_there=True, now=NOON)


def tried_twice(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(state="retrying", tries=2)
    return delivery


def test_whoever_is_full_paused_or_closed_takes_nothing() -> None:
    make_platform("acme", **NOBODY)
    make_platform("full", tier="volume", caps={"day": 0})
    make_platform("paused", tier="volume", status="paused")
    make_platform("picky", tier="volume", filters={"territories": ["queens"]})
    delivery = tried_twice(sold_to_acme())
    assert not passed_on(delivery)
    assert RouteDecision.objects.count() == 1  # no trace of a question nobody said yes to
    brook = make_platform("brook", tier="volume")
    Lead.objects.update(status="lost")
    assert not passed_on(delivery)
    Lead.objects.update(status="new")
    assert passed_on(delivery)
    sale = Sale.objects.get(platform=brook)
    assert sale.route.in_place_of == delivery.sale
    assert not passed_on(delivery)


def test_of_many_leads_the_next_buyer_gets_what_it_has_room_for_and_no_other_is_given_up() -> None:
    """Whoever was only looked at might be full a moment later, and the lead nobody's."""
    make_platform("acme", **NOBODY)
    deliveries = []
    for _ in range(3):
        [sale] = lead_offer(make_sellable(now=NOON).pk, now=NOON).sales
        deliveries.append(tried_twice(sale.delivery))
    make_platform("brook", tier="volume", caps={"day": 1})
    assert [passed_on(one) for one in deliveries] == [True, False, False]
    states = Counter(Sale.objects.values_list("platform__slug", "state"))
    assert states == {("acme", "released"): 1, ("acme", "reserved"): 2, ("brook", "reserved"): 1}


def test_a_place_beside_one_that_shares_is_for_those_that_share() -> None:
    make_platform("acme", share_limit=2, **NOBODY)
    make_platform("beside", share_limit=2, tier="volume")
    delivery = tried_twice(sold_to_acme(share_up_to=2))
    assert Sale.objects.filter(state="reserved").count() == 2
    make_platform("alone", tier="volume")
    assert not passed_on(delivery)
    make_platform("third", share_limit=2, tier="volume")
    assert passed_on(delivery)
    settle()
    live = Sale.objects.filter(state="reserved").values_list("platform__slug", flat=True)
    assert set(live) == {"beside", "third"}


def test_outside_its_hours_a_buyer_is_waited_for_though_it_rests(brook) -> None:
    monday = [{"days": [0], "from": "09:00", "to": "17:00"}]
    make_platform("acme", windows=monday, resting_until=None, **NOBODY)
    delivery = sold_to_acme()
    Platform.objects.filter(slug="acme").update(resting_until=NOON + timedelta(minutes=5))
    assert not delivery_pass_on(delivery.pk, nobody_there=False, now=NOON)


def test_a_buyer_that_wants_it_in_a_week_is_asked_within_the_hour(clock) -> None:
    make_platform("acme")
    delivery = sold_to_acme()
    attempt = DeliveryAttempt.objects.create(delivery=delivery, number=1, started_at=NOON)
    Delivery.objects.update(state="sending", claimed_at=NOON, tries=1)
    attempt_settle(attempt.pk, reading=Reading("failed", retry_after=604_800.0), status=429,
                   answer="", milliseconds=1, now=NOON)  # fmt: skip
    delivery.refresh_from_db()
    assert delivery.not_before == NOON + timedelta(hours=1)
