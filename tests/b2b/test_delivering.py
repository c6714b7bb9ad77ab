"""What follows from each answer, and what buyers, networks and workers do wrong on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from apps.b2b.actions.delivering import deliveries_due, deliveries_reap, delivery_send
from apps.b2b.actions.manual import delivery_confirm, delivery_deny, delivery_resend
from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.outcomes import LADDER, attempt_settle
from apps.b2b.actions.platforms import platform_pause
from apps.b2b.answers import Reading
from apps.b2b.models import CapUse, Delivery, Platform, PlatformAccount, Sale
from apps.core import http
from apps.core.errors import Conflict
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable
from tests.walking import settle

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 17, tzinfo=UTC)  # Friday noon in New York


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    """A buyer that never answers is waited for a moment only."""
    monkeypatch.setattr(http, "SILENCE_SECONDS", 0.2)


@pytest.fixture
def sold(buyers):
    """A lead sold to a buyer that behaves so; its delivery has not been sent yet."""

    def make(behaviour: str, **fields) -> Delivery:
        make_platform("acme", endpoint={"url": f"{buyers.url}/{behaviour}/leads"},
                      caps={"day": 5}, **fields)  # fmt: skip
        lead_offer(make_sellable(now=NOON).pk, now=NOON)
        return Delivery.objects.get()

    return make


def try_again(clock, delivery: Delivery) -> Delivery:
    """The next try, at the moment it is due."""
    delivery.refresh_from_db()
    clock.move_to(max(delivery.not_before, NOON))
    delivery_send(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def exhausted(clock, delivery: Delivery) -> Delivery:
    for _ in range(len(LADDER) + 3):
        Platform.objects.update(resting_until=None)
        delivery = try_again(clock, delivery)
        if delivery.state not in {"queued", "retrying"}:
            break
    return delivery


def outcomes(delivery: Delivery) -> list[str]:
    return list(delivery.attempts.values_list("outcome", flat=True))


def test_a_buyer_that_is_down_is_asked_again_and_then_the_next_one(sold, buyers, clock) -> None:
    delivery = sold("down")
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept/leads"})
    first = try_again(clock, delivery)
    assert (first.state, first.tries) == ("retrying", 1)
    assert timedelta(seconds=8) <= first.not_before - NOON <= timedelta(seconds=12)
    done = exhausted(clock, delivery)
    assert (done.state, done.tries) == ("failed", len(LADDER) + 1)
    assert set(outcomes(done)) == {"failed"}
    settle()
    states = dict(Sale.objects.values_list("platform__slug", "state"))
    assert states == {"acme": "released", "brook": "accepted"}
    assert CapUse.objects.get(platform__slug="acme").used == 0


def test_a_lead_taken_without_an_answer_is_the_buyers_and_nobody_elses(sold, buyers, clock) -> None:
    """It took the lead and hung; asked again under the same key it says so."""
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept-b/leads"})
    delivery = sold("slow")
    delivery = try_again(clock, delivery)
    assert (delivery.state, delivery.may_have_arrived) == ("retrying", True)
    delivery = try_again(clock, delivery)
    assert delivery.state == "accepted"
    assert outcomes(delivery) == ["unknown", "accepted"]
    assert buyers.memory.taken == {"slow": [str(delivery.public_id)]}
    assert Sale.objects.get().state == "accepted"


def test_what_may_have_arrived_goes_to_a_person_never_to_the_next_buyer(
    sold, buyers, clock
) -> None:
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept/leads"})
    delivery = exhausted(clock, sold("garbage"))
    assert delivery.state == "manual"
    settle()
    sale = Sale.objects.get()  # of nobody else
    assert sale.state == "reserved"
    assert PlatformAccount.objects.get(platform=sale.platform).balance == sale.price


def test_a_wrong_key_is_given_up_at_once_and_sent_again_when_it_is_mended(
    sold, buyers, clock
) -> None:
    delivery = try_again(clock, sold("closed"))
    assert (delivery.state, outcomes(delivery)) == ("failed", ["refused"])
    settle()
    assert Sale.objects.get().state == "released"
    Platform.objects.update(endpoint={"url": f"{buyers.url}/accept/leads"},
                            mapping={"zip": "postal_code"})  # fmt: skip
    delivery_resend(delivery.pk, now=NOON)
    settle()
    delivery.refresh_from_db()
    sale = Sale.objects.get()
    assert (delivery.state, sale.state, sale.rounds) == ("accepted", "accepted", 2)
    assert bytes(delivery.payload.body).startswith(b'{"zip"')
    assert PlatformAccount.objects.get().balance == sale.price
    assert CapUse.objects.get().used == 1


def test_a_lead_that_went_to_somebody_else_is_not_sent_again(sold, buyers, clock) -> None:
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept/leads"})
    delivery = try_again(clock, sold("closed"))
    settle()
    with pytest.raises(Conflict, match="gone to Brook"):
        delivery_resend(delivery.pk, now=NOON)
    assert Sale.objects.get(platform__slug="acme").state == "released"


def test_a_person_asks_and_says_they_have_it(sold, clock) -> None:
    delivery = exhausted(clock, sold("garbage"))
    delivery_confirm(delivery.pk, now=NOON)
    assert Sale.objects.get().state == "accepted"
    with pytest.raises(Conflict):
        delivery_confirm(delivery.pk, now=NOON)


def test_a_person_asks_and_says_they_do_not(sold, buyers, clock, mia) -> None:
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept/leads"})
    delivery = exhausted(clock, sold("garbage"))
    delivery_deny(delivery.pk, actor=mia, now=NOON)
    settle()
    states = dict(Sale.objects.values_list("platform__slug", "state"))
    assert states == {"acme": "released", "brook": "accepted"}


def test_after_five_failures_a_buyer_is_left_alone_and_gets_nothing_new(sold, clock) -> None:
    delivery = sold("down", failures_in_a_row=4)
    try_again(clock, delivery)
    platform = Platform.objects.get()
    assert platform.resting_until == NOON + timedelta(seconds=60)
    delivery.refresh_from_db()
    clock.move_to(NOON + timedelta(seconds=30))
    delivery_send(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.not_before == platform.resting_until
    assert delivery.attempts.count() == 1
    another = lead_offer(make_sellable().pk, now=NOON + timedelta(seconds=30))
    assert another.sales == ()
    Platform.objects.update(endpoint={"url": platform.endpoint["url"].replace("down", "accept")})
    try_again(clock, delivery)
    platform.refresh_from_db()
    assert (platform.failures_in_a_row, platform.resting_until) == (0, None)


def test_outside_its_hours_a_lead_waits_for_the_buyer(sold, buyers, clock) -> None:
    evening = [{"days": [4], "from": "18:00", "to": "20:00"}]
    delivery = sold("accept", windows=evening)
    assert delivery.not_before == datetime(2026, 11, 27, 23, tzinfo=UTC)
    assert deliveries_due(NOON) == []
    delivery_send(delivery.pk)
    assert buyers.memory.calls == {}
    assert try_again(clock, delivery).state == "accepted"


def test_a_window_that_closed_meanwhile_is_kept_too(sold, buyers, clock) -> None:
    delivery = sold("accept", windows=[{"days": [4], "from": "09:00", "to": "13:00"}])
    clock.move_to(NOON + timedelta(hours=2))
    delivery_send(delivery.pk)
    delivery.refresh_from_db()
    assert buyers.memory.calls == {}
    assert delivery.not_before == datetime(2026, 12, 4, 14, tzinfo=UTC)  # next Friday, 9:00


def test_a_worker_that_dies_in_mid_delivery_loses_nothing_and_sells_nothing_twice(
    sold, buyers, clock, monkeypatch
) -> None:
    delivery = sold("accept")
    from apps.b2b.actions import delivering

    class Died(BaseException):
        """Nothing catches it, as nothing catches a kill."""

    settled = delivering.attempt_settle

    def dies(*_, **__):
        raise Died

    monkeypatch.setattr(delivering, "attempt_settle", dies)
    with pytest.raises(Died):
        delivery_send(delivery.pk)  # the buyer has it; we do not know
    monkeypatch.setattr(delivering, "attempt_settle", settled)
    delivery.refresh_from_db()
    assert delivery.state == "sending"
    assert deliveries_reap(NOON) == 0  # it may still be at it
    clock.move_to(NOON + timedelta(minutes=5))
    assert deliveries_reap(NOON + timedelta(minutes=5)) == 1
    delivery = try_again(clock, delivery)
    assert delivery.state == "accepted"
    assert outcomes(delivery) == ["unknown", "accepted"]
    assert buyers.memory.taken == {"accept": [str(delivery.public_id)]}
    assert list(buyers.memory.calls.values()) == [2]


def test_a_yes_that_comes_after_the_reaper_still_counts(sold, clock) -> None:
    delivery = sold("slow")
    delivery = try_again(clock, delivery)
    attempt = delivery.attempts.get()
    late = {"status": 200, "answer": "", "milliseconds": 9, "now": NOON}
    assert not attempt_settle(attempt.pk, reading=Reading("rejected"), **late)
    assert attempt_settle(attempt.pk, reading=Reading("accepted"), **late)
    delivery.refresh_from_db()
    assert (delivery.state, Sale.objects.get().state) == ("accepted", "accepted")
    assert not attempt_settle(attempt.pk, reading=Reading("failed"), **late)
    assert Sale.objects.get().state == "accepted"


def test_the_agreed_price_holds_whatever_the_buyer_names(sold, clock) -> None:
    delivery = sold("down")
    delivery = try_again(clock, delivery)
    reading = Reading("accepted", price=Decimal("1.50"))
    attempt_settle(delivery.attempts.get().pk, reading=reading, status=200, answer="",
                   milliseconds=1, now=NOON)  # fmt: skip
    sale = Sale.objects.get()
    assert sale.answered_price == Decimal("1.50")
    assert PlatformAccount.objects.get().balance == sale.price


def test_too_many_rejections_in_a_row_pause_a_buyer(sold, clock) -> None:
    delivery = sold("reject", pause_after_rejections=2, rejections_in_a_row=1)
    try_again(clock, delivery)
    platform = Platform.objects.get()
    assert (platform.status, platform.paused_because) == (
        "paused",
        "Rejected too many leads in a row",
    )
    assert lead_offer(make_sellable().pk, now=NOON).sales == ()


def test_a_duplicate_is_no_rejection_in_a_row(sold, clock) -> None:
    try_again(clock, sold("duplicate", pause_after_rejections=1))
    assert Platform.objects.get().status == "active"
    assert Sale.objects.get().release_reason == "duplicate"


def test_pausing_a_buyer_gives_what_was_not_sent_to_others(sold, buyers, clock) -> None:
    delivery = sold("accept", windows=[{"days": [0], "from": "09:00", "to": "10:00"}])
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept-b/leads"})
    platform_pause(delivery.platform_id, because="Paused by mia", now=NOON)
    assert deliveries_due(NOON) == [delivery.pk]
    delivery_send(delivery.pk)
    settle()
    delivery.refresh_from_db()
    assert delivery.state == "cancelled"
    assert Sale.objects.get(platform__slug="brook").state == "accepted"


def test_what_waited_for_a_buyer_that_was_paused_by_itself_goes_to_others_too(
    sold, buyers, clock
) -> None:
    waits = sold("reject", pause_after_rejections=1)
    Delivery.objects.update(not_before=NOON + timedelta(days=2))  # for its hours
    rejected = lead_offer(make_sellable(now=NOON).pk, now=NOON).sales[0].delivery
    try_again(clock, rejected)
    assert Platform.objects.get().status == "paused"
    make_platform("brook", tier="volume", endpoint={"url": f"{buyers.url}/accept-b/leads"})
    assert deliveries_due(NOON) == [waits.pk]
    delivery_send(waits.pk)
    settle()
    bought = Sale.objects.get(platform__slug="brook", lead=waits.sale.lead_id)
    assert bought.state == "accepted"


@pytest.mark.parametrize("status", ["won", "lost", "unqualified"])
def test_a_lead_that_was_closed_meanwhile_is_not_sent_again(sold, clock, status: str) -> None:
    delivery = try_again(clock, sold("closed"))
    Lead.objects.update(status=status)
    with pytest.raises(Conflict, match="The lead is closed"):
        delivery_resend(delivery.pk, now=NOON)
    delivery.refresh_from_db()
    assert (delivery.state, Sale.objects.get().state) == ("failed", "released")
    assert PlatformAccount.objects.get().balance == 0


def test_slow_down_is_heard(clock, buyers, sold) -> None:
    delivery = try_again(clock, sold("limited"))
    assert delivery.state == "retrying"
    assert outcomes(delivery) == ["failed"]
