"""Caps that are new or changed hold for what was sold already, not only from now on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.platforms import platform_save
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.models import CapUse, Platform, Sale
from apps.leads.models import Lead
from apps.solar.models import Territory
from tests.b2b.test_platform_pages import details
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 12, 1, 3, tzinfo=UTC)  # in New York: the last evening of November


@pytest.fixture
def sold() -> Iterator[list[Sale]]:
    """Two leads sold without any cap: one accepted, one on its way."""
    with time_machine.travel(EVENING, tick=False):
        make_platform("acme")
        sales = [lead_offer(make_sellable().pk, now=EVENING).sales[0] for _ in range(2)]
        sale_accept(sales[0].pk, now=EVENING)
        yield sales


def used() -> dict[tuple[str, str], int]:
    return {(one.period, one.territory): one.used for one in CapUse.objects.all()}


def state(**stated) -> None:
    platform_save(Platform.objects.get(), stated, now=EVENING)


def is_sold() -> bool:
    return bool(lead_offer(make_sellable().pk, now=EVENING).sales)


def test_a_new_cap_counts_what_was_sold_in_its_period(sold) -> None:
    state(caps=[{"period": "day", "limit": 2}])
    assert used() == {("day", ""): 2}
    assert not is_sold()
    sale_release(sold[1].pk, reason="rejected", words="", now=EVENING)
    assert used() == {("day", ""): 1}
    assert is_sold()
    assert not is_sold()


def test_a_cap_of_a_place_counts_what_was_sold_there(sold) -> None:
    here, elsewhere = Territory.objects.filter(market="nyc").order_by("pk")[:2]
    Lead.objects.filter(pk=sold[0].lead_id).update(territory=here)
    state(caps=[{"period": "month", "limit": 5, "territory": one} for one in (here, elsewhere)])
    assert used() == {("month", here.code): 1, ("month", elsewhere.code): 0}


def test_pacing_counts_what_was_sold_before_it_was_turned_on(sold) -> None:
    state(caps=[{"period": "month", "limit": 20}], pacing_day_percent=10)
    assert used() == {("month", ""): 2, ("day", ""): 2}
    assert not is_sold()


def test_another_clock_does_not_forget_the_month(sold) -> None:
    """In Los Angeles it is November as well: what was sold in it is sold."""
    state(caps=[{"period": "month", "limit": 2}])
    state(time_zone="America/Los_Angeles")
    assert not is_sold()


def test_it_is_so_on_the_page_too(sold, client: Client, mia) -> None:
    client.force_login(mia)
    platform = Platform.objects.get()
    caps = {"caps-TOTAL_FORMS": "1", "caps-INITIAL_FORMS": "0", "caps-0-id": "",
            "caps-0-platform": str(platform.pk), "caps-0-period": "day", "caps-0-limit": "2",
            "caps-0-territory": ""}  # fmt: skip
    page = f"/admin/b2b/platform/{platform.pk}/change/"
    assert client.post(page, details(platform, **caps)).status_code == 302
    assert used() == {("day", ""): 2}


def test_what_does_not_touch_the_caps_counts_nothing_anew(sold) -> None:
    state(caps=[{"period": "day", "limit": 5}])
    CapUse.objects.update(used=4)
    state(notes="Nice people")
    assert used() == {("day", ""): 4}


@pytest.mark.parametrize("way", ["api", "page"])
def test_the_account_is_locked_before_the_buyers_row(sold, api_as, client, mia, way: str) -> None:
    """As whoever settles a delivery does: two that take them the other way round wait for ever."""
    platform = Platform.objects.get()
    manager = api_as(mia)
    client.force_login(mia)
    with CaptureQueriesContext(connection) as queries:
        if way == "api":
            caps = [{"period": "day", "limit": 2}]
            manager.patch("/api/b2b/platforms/acme/", {"notes": "x", "caps": caps}, format="json")
        else:
            stated = details(platform, pacing_day_percent="10")
            client.post(f"/admin/b2b/platform/{platform.pk}/change/", stated)
    said = [one["sql"] for one in queries]
    locked = [
        n for n, sql in enumerate(said) if "b2b_platformaccount" in sql and "FOR UPDATE" in sql
    ]
    [written] = [n for n, sql in enumerate(said) if sql.startswith('UPDATE "b2b_platform"')]
    assert locked
    assert locked[0] < written
