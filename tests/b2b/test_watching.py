"""What the watch opens lasts as long as it is true, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from apps.b2b.actions.monitoring import exchange_watch
from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.planning import capacity_plan
from apps.b2b.actions.platforms import platform_test
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.models import CapUse, Platform, PlatformAlert, RouteDecision
from apps.b2b.purging import purge_cap_counts
from apps.notifications.models import Notification
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 17, tzinfo=UTC)  # Friday noon in New York


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def open_keys() -> list[str]:
    return list(
        PlatformAlert.objects.filter(resolved_at=None).order_by("key").values_list("key", flat=True)
    )


def watched(at: datetime = NOON) -> list[str]:
    exchange_watch(at)
    return open_keys()


def test_a_buyer_that_does_not_answer_is_down_until_it_does(buyers) -> None:
    """The end of a pause between tries is no answer: the alert neither goes nor is told again."""
    platform = make_platform("acme", failures_in_a_row=6, resting_until=NOON + timedelta(minutes=2),
                             endpoint={"url": f"{buyers.url}/accept/leads"})  # fmt: skip
    assert watched() == ["down:acme"]
    assert watched(NOON + timedelta(minutes=15)) == ["down:acme"]
    assert PlatformAlert.objects.count() == 1
    assert platform_test(platform, now=NOON).passed
    assert watched(NOON + timedelta(minutes=30)) == []


def test_money_is_held_against_what_a_lead_costs_and_not_against_the_floor() -> None:
    """For the floor of 20 it would reach for ten."""
    make_platform("acme", wallet=500, bid=Decimal(200), price_ceiling=Decimal(250))
    lead_offer(make_sellable().pk, now=NOON)
    assert watched() == ["wallet:acme"]
    assert "reaches for 1 more" in PlatformAlert.objects.get().words


def test_a_lead_somebody_has_is_not_unsold(mia) -> None:
    def nobody(only: str = "") -> None:
        for _ in range(3):
            lead_offer(make_sellable().pk, now=NOON, only=only, actor_pk=mia.pk)

    nobody()
    assert watched() == ["unsold"]
    make_platform("acme")
    for lead in [one.lead_id for one in RouteDecision.objects.all()]:
        lead_offer(lead, now=NOON, actor_pk=mia.pk)
    assert watched() == []
    nobody(only="brook")  # one buyer was asked by hand, and it is not there
    assert watched() == []


def test_who_shares_a_lead_does_not_make_it_unsold() -> None:
    make_platform("acme", share_limit=2)
    make_platform("brook", share_limit=2, tier="volume")
    for _ in range(3):
        taken, given_back = lead_offer(make_sellable().pk, now=NOON, share_up_to=2).sales
        sale_accept(taken.pk, now=NOON)
        sale_release(given_back.pk, reason="rejected", words="", now=NOON)
        lead_offer(taken.lead_id, now=NOON, share_up_to=2, in_place_of=given_back)
    assert RouteDecision.objects.filter(sales=None).count() == 3
    assert watched() == []


def test_bid_prices_that_are_too_old_to_go_by_are_told_where_leads_go_by_them(mia) -> None:
    def old_ones(at: datetime) -> list[str]:
        return [key for key in watched(at) if key.startswith("plan:")]

    make_platform("acme")
    lead_offer(make_sellable().pk, strategy="revenue", now=NOON)
    assert old_ones(NOON) == []  # nobody goes by any
    lead_offer(make_sellable().pk, strategy="optimal", now=NOON)
    assert old_ones(NOON) == ["plan:nyc"]
    told = PlatformAlert.objects.get()
    assert told.title == "The bid prices of New York City were never computed"
    assert Notification.objects.filter(recipient=mia).count() == 1
    capacity_plan("nyc", now=NOON)
    assert old_ones(NOON + timedelta(hours=3)) == []
    assert old_ones(NOON + timedelta(hours=4)) == ["plan:nyc"]
    told = PlatformAlert.objects.get(key="plan:nyc", resolved_at=None)
    assert told.title == "The bid prices of New York City are 4 hours old"
    assert old_ones(NOON + timedelta(hours=25)) == []  # and nobody went by them for a day


def test_counts_of_periods_long_over_are_forgotten() -> None:
    platform = make_platform(caps={"month": 5})
    for days in (63, 30, 0):
        CapUse.objects.create(platform=platform, period="hour", used=1,
                              starts_at=NOON - timedelta(days=days))  # fmt: skip
    assert purge_cap_counts(NOON) == 1
    assert CapUse.objects.count() == 2


def test_a_buyer_is_down_in_the_api_as_it_is_in_the_alerts(api_as, mia) -> None:
    make_platform("acme", resting_until=NOON - timedelta(minutes=1), is_healthy=True)
    health = api_as(mia).get("/api/b2b/platforms/acme/health/").json()["data"]
    assert health["status"] == "healthy"  # it rested, and was asked again since
    Platform.objects.update(failures_in_a_row=5)
    health = api_as(mia).get("/api/b2b/platforms/acme/health/").json()["data"]
    assert health["status"] == "down"
