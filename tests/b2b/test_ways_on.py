"""Pages of the exchange lead on: to what is to be done, to whom to ask, to why not this buyer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.b2b.actions.monitoring import exchange_watch
from apps.b2b.actions.offering import lead_offer
from apps.b2b.models import Delivery, PlatformAlert, RouteDecision, RoutingRule, Sale
from apps.ledger.models import RevenueTransaction
from apps.notifications.models import Notification
from apps.solar.models import Territory
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_manager(client: Client, mia) -> Client:
    client.force_login(mia)
    return client


@pytest.fixture
def waiting() -> Delivery:
    """A delivery that needs a person."""
    make_platform("acme", contact_email="leads@acme.example")
    lead_offer(make_sellable().pk, now=timezone.now())
    Delivery.objects.update(state="manual", words="It may have arrived.", ended_at=timezone.now())
    return Delivery.objects.get()


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_alert_leads_to_where_one_does_something_about_it(as_manager, waiting, mia) -> None:
    make_platform("brook", status="paused", paused_because="Rejected too many")
    exchange_watch(timezone.now())
    queue = PlatformAlert.objects.get(key="manual-queue")
    told = Notification.objects.get(recipient=mia, title=queue.title)
    page = page_of(as_manager, told.link)
    assert "/admin/b2b/delivery/?state__exact=manual" in page
    assert "Ask the buyer whether they have it" in page
    brook = PlatformAlert.objects.get(key="paused:brook")
    page = page_of(as_manager, f"/admin/b2b/platformalert/{brook.pk}/change/")
    assert f"/admin/b2b/platform/{brook.platform_id}/change/" in page


@pytest.mark.parametrize(
    ("key", "address"),
    [("late", "/admin/b2b/delivery/"), ("unsold", "/admin/b2b/routedecision/"),
     ("plan:nyc", "/admin/b2b/capacityplan/")],
)  # fmt: skip
def test_every_alert_of_no_single_buyer_has_its_place(as_manager, key: str, address: str) -> None:
    alert = PlatformAlert.objects.create(key=key, level="warning", title="Something is wrong")
    page = page_of(as_manager, f"/admin/b2b/platformalert/{alert.pk}/change/")
    assert f'class="sc-link" href="{address}"' in page


def test_what_lasts_stands_before_what_is_over(as_manager, mia) -> None:
    now = timezone.now()
    for title, fields in (
        ("Lasts and is old", {"opened_at": now - timedelta(days=3)}),
        ("Is over and new", {"resolved_at": now}),
        ("Is looked after", {"acknowledged_at": now, "acknowledged_by": mia}),
    ):
        PlatformAlert.objects.create(key=title, level="warning", title=title, **fields)
    page = page_of(as_manager, "/admin/b2b/platformalert/")
    assert page.index("Lasts and is old") < page.index("Is over and new")
    for state, shown in (("open", "Lasts and is old"), ("seen", "Is looked after"),
                         ("over", "Is over and new")):  # fmt: skip
        page = page_of(as_manager, f"/admin/b2b/platformalert/?standing={state}")
        titles = ("Lasts and is old", "Is looked after", "Is over and new")
        assert [title for title in titles if title in page] == [shown]


def test_who_needs_a_person_says_whom_to_ask_for_what(as_manager, waiting) -> None:
    page = page_of(as_manager, f"/admin/b2b/delivery/{waiting.pk}/change/")
    assert "Ask leads@acme.example whether they have the lead" in page
    assert str(waiting.public_id) in page
    assert f"/admin/b2b/sale/{waiting.sale_id}/change/" in page
    Delivery.objects.update(state="accepted")
    page = page_of(as_manager, f"/admin/b2b/delivery/{waiting.pk}/change/")
    assert "Ask leads@acme.example" not in page


def test_the_trace_says_why_not_a_buyer_that_is_being_set_up(as_manager) -> None:
    make_platform("acme")
    make_platform("brook", name="Brook Solar", status="onboarding")
    make_platform("gone", name="Gone Solar", status="ended")
    lead = make_sellable()
    lead_offer(lead.pk, now=timezone.now())
    judged = {one["buyer"]: one for one in RouteDecision.objects.get().candidates}
    assert judged.keys() == {"acme", "brook"}
    assert [one["words"] for one in judged["brook"]["refusals"]] == ["Being set up"]
    assert [one.platform.slug for one in Sale.objects.all()] == ["acme"]
    page = page_of(as_manager, f"/admin/b2b/sale/trace/{lead.pk}/")
    assert "Brook Solar" in page
    assert "Gone Solar" not in page


def test_an_entry_of_the_ledger_leads_to_its_sale(as_manager, waiting) -> None:
    entry = RevenueTransaction.objects.get()
    page = page_of(as_manager, f"/admin/ledger/revenuetransaction/{entry.pk}/change/")
    assert f"/admin/b2b/sale/{waiting.sale_id}/change/" in page


def test_a_rule_holds_in_its_market_only(as_manager) -> None:
    """One that names buyers of another market would let nobody buy."""
    surya = make_platform("surya", market_id="india", time_zone="Asia/Kolkata")
    acme = make_platform("acme")
    goa = Territory.objects.filter(market="india").first()
    stated = {"name": "Best first", "market": "nyc", "effect": "only", "score_min": "0",
              "is_active": "on"}  # fmt: skip
    page = as_manager.post(
        "/admin/b2b/routingrule/add/",
        stated | {"platforms": [surya.pk, acme.pk], "territories": [goa.pk]},
    ).content.decode()
    assert "Of another market: Surya." in page
    assert page.count("Of another market") == 2
    assert not RoutingRule.objects.exists()
    as_manager.post("/admin/b2b/routingrule/add/", stated | {"platforms": [acme.pk]})
    assert RoutingRule.objects.get().platforms.get() == acme
