"""The exchange over HTTP: selling, asking how it went, buyers, alerts, money, feedback."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.b2b.actions.feedback import feedback_import, feedback_key_issue
from apps.b2b.actions.learning import acceptance_learn
from apps.b2b.actions.monitoring import exchange_watch
from apps.b2b.actions.offering import lead_offer
from apps.b2b.feedback_csv import read_feedback
from apps.b2b.models import BuyerFeedback, Platform, PlatformAccount, PlatformAlert, Sale
from apps.core.ids import new_id
from apps.core.signatures import sign
from apps.notifications.models import Notification
from apps.solar.models import Market
from tests.factories.b2b import make_platform, make_sellable
from tests.walking import settle

pytestmark = pytest.mark.django_db

NEW = {
    "slug": "acme", "name": "Acme", "contact_email": "a@acme.example", "market": "nyc",
    "tier": "standard", "time_zone": "America/New_York", "price_floor": 20, "price_ceiling": 300,
    "method": "json_api", "filters": {"bill_min": "100"}, "commission": 10,
    "caps": [{"period": "day", "limit": 5}, {"period": "week", "limit": 9, "territory": "queens"}],
    "credentials": {"key": "Bearer s3cr3t"},
}  # fmt: skip


@pytest.fixture
def manager(api_as, mia) -> APIClient:
    return api_as(mia)


@pytest.fixture
def sold(buyers) -> Sale:
    """A lead that Acme accepted."""
    make_platform("acme", endpoint={"url": f"{buyers.url}/accept/leads"}, bid=Decimal(100),
                  price_ceiling=Decimal(100), commission=Decimal(10))  # fmt: skip
    lead_offer(make_sellable().pk, now=timezone.now())
    settle()
    return Sale.objects.select_related("lead", "platform", "delivery").get()


def data(response, status: int = 200):
    assert response.status_code == status, response.content
    return response.json()["data"]


# --- selling --------------------------------------------------------------------------------------


def test_a_lead_is_delivered_and_its_status_told(manager, buyers) -> None:
    make_platform("acme", endpoint={"url": f"{buyers.url}/accept/leads"})
    lead = make_sellable()
    done = data(manager.post("/api/b2b/deliver-lead/", {"lead_id": str(lead.public_id)}), 202)
    [sale] = done["sales"]
    assert (sale["platform"], sale["state"], sale["currency"]) == ("acme", "reserved", "USD")
    assert isinstance(sale["price"], float)
    settle()
    told = data(manager.get(f"/api/b2b/delivery-status/{sale['delivery_id']}/"))
    assert (told["status"], told["lead_id"]) == ("accepted", str(lead.public_id))
    assert [one["outcome"] for one in told["attempts"]] == ["accepted"]


def test_what_is_sold_already_is_told_and_not_sold_again(manager) -> None:
    make_platform("acme")
    body = {"lead_id": str(make_sellable().public_id)}
    told = [manager.post("/api/b2b/deliver-lead/", body).json() for _ in range(2)]
    assert [one["message"] for one in told] == ["On its way", "Sold already"]
    assert told[0]["data"]["sales"] == told[1]["data"]["sales"]
    assert Sale.objects.count() == 1


def test_a_lead_nobody_takes_is_a_conflict_that_names_its_route(manager) -> None:
    lead = make_sellable()
    refused = manager.post("/api/b2b/deliver-lead/", {"lead_id": str(lead.public_id)})
    assert refused.status_code == 409
    assert refused.json()["error"]["details"]["reason"] == "No buyer may have this lead"
    assert not Sale.objects.exists()


def test_a_buyer_can_be_named(manager) -> None:
    make_platform("rich", tier="premium")
    wanted = make_platform("poor", tier="volume")
    lead = make_sellable()
    body = {"lead_id": str(lead.public_id), "platform_id": str(wanted.public_id)}
    done = data(manager.post("/api/b2b/deliver-lead/", body), 202)
    assert [one["platform"] for one in done["sales"]] == ["poor"]


def test_what_is_not_there_is_not_found(manager) -> None:
    assert manager.get(f"/api/b2b/delivery-status/{new_id()}/").status_code == 404
    assert manager.get("/api/b2b/platforms/nobody/").status_code == 404
    body = {"lead_id": str(new_id())}
    assert manager.post("/api/b2b/deliver-lead/", body).status_code == 404


# --- buyers ---------------------------------------------------------------------------------------


def test_a_buyer_is_made_read_changed_and_ended(manager) -> None:
    made = data(manager.post("/api/b2b/platforms/", NEW), 201)
    assert (made["status"], made["currency"], made["balance"]) == ("onboarding", "USD", 0.0)
    assert "credentials" not in made
    assert {(cap["period"], cap["territory"]) for cap in made["caps"]} == {
        ("day", None), ("week", "queens"),
    }  # fmt: skip
    assert "s3cr3t" in Platform.objects.get().credentials
    for key in ("acme", made["id"]):
        assert data(manager.get(f"/api/b2b/platforms/{key}/"))["slug"] == "acme"
    changed = data(manager.patch("/api/b2b/platforms/acme/", {"bid": 150, "caps": []}))
    assert (changed["bid"], changed["caps"]) == (150.0, [])
    assert data(manager.get("/api/b2b/platforms/?status=onboarding"))["count"] == 1
    assert data(manager.delete("/api/b2b/platforms/acme/"))["status"] == "ended"
    assert data(manager.get("/api/b2b/platforms/acme/"))["status"] == "ended"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "taken"}, "slug"),
        ({"price_ceiling": 5}, "price_ceiling"),
        ({"price_floor": 0}, "price_floor"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"filters": {"huh": 1}}, "filters"),
        ({"windows": [{"days": [9]}]}, "windows"),
        ({"mapping": {"a": "nonsense"}}, "mapping"),
        ({"answers": {"accepted": "yes"}}, "answers"),
        ({"caps": [{"period": "day", "limit": 1, "territory": "atlantis"}]}, "caps"),
        ({"caps": [{"period": "day", "limit": 1}] * 2}, "caps"),
        ({"market": "mars"}, "market"),
        ({"bid": -1}, "bid"),
        ({"credit_limit": -1}, "credit_limit"),
        ({"commission": -1}, "commission"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(manager, changed: dict, field: str) -> None:
    make_platform("taken")
    refused = manager.post("/api/b2b/platforms/", NEW | changed)
    assert refused.status_code == 400, refused.content
    assert field in refused.json()["error"]["details"]
    assert Platform.objects.count() == 1


def test_onboarding_tests_and_goes_live_or_says_what_is_missing(manager, buyers) -> None:
    data(manager.post("/api/b2b/platforms/", NEW), 201)
    waiting = data(manager.post("/api/b2b/platforms/acme/onboard/", {}))
    assert waiting["status"] == "onboarding"
    assert {one["code"] for one in waiting["steps"] if not one["done"]} == {"way", "test", "live"}
    manager.patch("/api/b2b/platforms/acme/", {"endpoint": {"url": f"{buyers.url}/accept/leads"}})
    done = data(manager.post("/api/b2b/platforms/acme/onboard/", {}))
    assert (done["status"], done["test"]) == ("active", "The test lead was accepted.")
    assert all(one["done"] for one in done["steps"])


def test_a_buyer_that_no_price_table_knows_does_not_go_live(manager) -> None:
    Market.objects.filter(code="nyc").update(currency="EUR")
    make_platform("acme", status="onboarding")
    onboarded = data(manager.post("/api/b2b/platforms/acme/onboard/", {"test": False}))
    problems = {step["code"]: step["problems"] for step in onboarded["steps"]}["wants"]
    assert problems == [
        "No base price for a standard buyer in EUR: add it under Prices, or a bid of their own"
    ]


def test_health_is_what_the_last_day_showed(manager, sold) -> None:
    health = data(manager.get("/api/b2b/platforms/acme/health/"))
    assert (health["status"], health["deliveries_24h"], health["accepted_24h"]) == ("healthy", 1, 1)
    Platform.objects.update(failures_in_a_row=5)
    assert data(manager.get("/api/b2b/platforms/acme/health/"))["status"] == "down"


# --- money ----------------------------------------------------------------------------------------


def test_revenue_is_what_was_accepted_less_commission(manager, sold) -> None:
    metrics = data(manager.get("/api/b2b/revenue/metrics/"))
    assert metrics["today_revenue"] == metrics["month_revenue"] == metrics["outstanding"] == 90.0
    assert (metrics["held"], metrics["average_price"]) == (0.0, 100.0)
    assert (metrics["sold_this_month"], metrics["acceptance_rate"]) == (1, 1.0)
    assert metrics["by_platform"] == [{"platform": "Acme", "revenue": 90.0, "sales": 1}]
    assert data(manager.get("/api/b2b/revenue/metrics/?market=india"))["month_revenue"] == 0.0
    assert manager.get("/api/b2b/revenue/metrics/?market=mars").status_code == 400


# --- feedback -------------------------------------------------------------------------------------


def said(sale: Sale, **changed) -> dict:
    return {
        "lead_id": str(sale.lead.public_id), "buyer_id": "acme", "feedback_type": "accepted",
        "feedback_score": 8.5, "feedback_reason": "High quality lead", "conversion_value": 275.0,
        "buyer_notes": "Very engaged",
    } | changed  # fmt: skip


def test_feedback_of_the_requirements_is_kept_once(manager, sold) -> None:
    for repeat in (False, True):
        kept = data(manager.post("/api/revenue/buyer-feedback/", said(sold)), 201)
        assert (kept["buyer_id"], kept["is_repeat"]) == ("acme", repeat)
    feedback = BuyerFeedback.objects.get()
    assert (feedback.score, feedback.conversion_value, feedback.way) == (
        Decimal("8.50"), Decimal(275), "api",
    )  # fmt: skip
    assert sold.lead.activities.filter(kind="feedback").count() == 1


def test_another_type_or_another_id_is_another_thing_said(manager, sold) -> None:
    manager.post("/api/revenue/buyer-feedback/", said(sold))
    manager.post("/api/revenue/buyer-feedback/", said(sold, feedback_type="converted"))
    manager.post("/api/revenue/buyer-feedback/", said(sold, feedback_id="f-1"))
    manager.post("/api/revenue/buyer-feedback/", said(sold, feedback_id="f-1", feedback_score=1))
    assert BuyerFeedback.objects.count() == 3


def test_an_id_that_said_something_else_is_refused_and_not_taken_for_a_repeat(
    manager, sold
) -> None:
    """Silence would lose what the buyer says now."""
    other = lead_offer(make_sellable().pk, now=timezone.now()).sales[0]
    manager.post("/api/revenue/buyer-feedback/", said(sold, feedback_id="1"))
    for body in (said(other, feedback_id="1"), said(sold, feedback_id="1", feedback_type="lost")):
        assert manager.post("/api/revenue/buyer-feedback/", body).status_code == 409
    assert BuyerFeedback.objects.get().type == "accepted"


def test_feedback_on_what_was_not_bought_is_not_found(manager, sold) -> None:
    make_platform("brook")
    for body in (said(sold, buyer_id="brook"), said(sold, lead_id=str(new_id()))):
        assert manager.post("/api/revenue/buyer-feedback/", body).status_code == 404
    assert manager.post(
        "/api/revenue/buyer-feedback/", said(sold, feedback_type="meh")
    ).status_code == 400  # fmt: skip
    assert not BuyerFeedback.objects.exists()


DOOR = "/api/integrations/webhooks/buyer-feedback/"


def test_the_door_takes_a_key_or_a_signature_made_with_it(api, sold) -> None:
    key = feedback_key_issue(sold.platform_id)
    assert data(api.post(DOOR, said(sold), headers={"X-API-Key": key}), 201)["buyer_id"] == "acme"
    body = json.dumps(said(sold, feedback_type="converted")).encode()
    now = int(time.time())
    signed = {
        "webhook-id": "m-1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(key, message_id="m-1", timestamp=now, body=body),
    }
    done = api.post(DOOR.rstrip("/"), body, content_type="application/json", headers=signed)
    assert data(done, 201)["feedback_type"] == "converted"
    assert set(BuyerFeedback.objects.values_list("way", flat=True)) == {"door"}


def test_the_door_is_closed_to_everybody_else(api, sold) -> None:
    key = feedback_key_issue(sold.platform_id)
    other = make_platform("brook")
    others_key = feedback_key_issue(other.pk)
    assert api.post(DOOR, said(sold)).status_code == 401
    assert api.post(DOOR, said(sold), headers={"X-API-Key": "buy_x"}).status_code == 401
    assert api.post(DOOR, said(sold), headers={"X-API-Key": others_key}).status_code == 401
    feedback_key_issue(sold.platform_id)
    assert api.post(DOOR, said(sold), headers={"X-API-Key": key}).status_code == 401  # the old one
    forged = {"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    assert api.post(DOOR, said(sold), headers=forged).status_code == 401
    assert not BuyerFeedback.objects.exists()


def test_a_file_of_feedback_is_kept_line_by_line(sold) -> None:
    text = (
        "lead_id,feedback_type,feedback_id\n"
        f"{sold.lead.public_id},converted,a\n{sold.lead.public_id},converted,a\n"
        f"{new_id()},converted,b\n{sold.lead.public_id},nonsense,c\n"
    )
    done = feedback_import(sold.platform, read_feedback(text.encode()), now=timezone.now())
    assert (done.kept, done.repeats) == (1, 1)
    assert [number for number, _ in done.refused] == [4, 5]


def test_what_buyers_say_moves_what_is_believed_of_them(manager, sold) -> None:
    acceptance_learn(timezone.now())
    sold.platform.refresh_from_db()
    before = sold.platform.acceptance_rate
    assert (before, sold.platform.acceptance_samples) == (Decimal("0.8571"), 1)
    manager.post("/api/revenue/buyer-feedback/", said(sold, feedback_type="rejected"))
    assert acceptance_learn(timezone.now()) == 1
    sold.platform.refresh_from_db()
    assert sold.platform.acceptance_rate < before
    manager.post("/api/revenue/buyer-feedback/", said(sold, feedback_type="converted"))
    acceptance_learn(timezone.now())
    sold.platform.refresh_from_db()
    assert sold.platform.history_mark > 50
    assert acceptance_learn(timezone.now()) == 0


# --- alerts ---------------------------------------------------------------------------------------


def test_an_alert_is_told_once_acknowledged_and_resolves_itself(manager, mia) -> None:
    platform = make_platform("acme", status="paused", paused_because="Rejected too many")
    for _ in range(2):
        assert exchange_watch(timezone.now()) == 1
    [alert] = data(manager.get("/api/b2b/alerts/"))["results"]
    assert (alert["level"], alert["platform"], alert["title"]) == (
        "warning", "acme", "Acme is paused",
    )  # fmt: skip
    assert Notification.objects.filter(recipient=mia).count() == 1
    seen = data(manager.post(f"/api/b2b/alerts/{alert['id']}/acknowledge/"))
    assert seen["acknowledged_by"] == str(mia)
    Platform.objects.filter(pk=platform.pk).update(status="active")
    assert exchange_watch(timezone.now()) == 0
    assert data(manager.get("/api/b2b/alerts/"))["count"] == 0
    assert PlatformAlert.objects.get().resolved_at is not None


def test_an_account_that_does_not_add_up_is_told_until_it_does(mia) -> None:
    make_platform("acme", wallet=100)
    make_platform("brook")
    assert exchange_watch(timezone.now()) == 0
    PlatformAccount.objects.filter(platform__slug="acme").update(balance=-130)
    exchange_watch(timezone.now())
    alert = PlatformAlert.objects.get()
    assert (alert.level, alert.title) == ("critical", "The account of Acme does not add up")
    assert "by −$30" in alert.words
    PlatformAccount.objects.filter(platform__slug="acme").update(balance=-100)
    assert exchange_watch(timezone.now()) == 0


def test_an_alert_that_gets_worse_is_told_again(mia) -> None:
    make_platform("acme", failures_in_a_row=5, resting_until=timezone.now() + timedelta(hours=1))
    exchange_watch(timezone.now())
    Platform.objects.update(failures_in_a_row=9)
    exchange_watch(timezone.now())
    assert PlatformAlert.objects.get().level == "critical"
    assert Notification.objects.filter(recipient=mia).count() == 2
