"""Every hour: what room is worth in a market is found, kept, gone by and shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.planning import capacity_plan
from apps.b2b.models import CapacityPlan, RouteDecision, Sale
from apps.b2b.selectors import markets_with_buyers
from apps.b2b.tasks import plan_one_market
from apps.contacts.models import Contact
from apps.core.purging import purge_everything
from apps.intake.models import LeadSource
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)  # far from the end of the week and of the month


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(TUESDAY):
        yield


FACTS = {
    "id": "x", "market": "nyc", "currency": "USD", "score": 92, "tier": "premium",
    "territory": "manhattan", "consents": {"call": 1.0},
}  # fmt: skip


def came(number: int, **facts) -> None:
    """As many leads were offered in the last weeks, evenly."""
    now, source = timezone.now(), LeadSource.objects.get(slug="website-form")
    contact = Contact.objects.create()
    leads = Lead.objects.bulk_create(
        Lead(contact=contact, source=source, market_id="nyc", status="lost") for _ in range(number)
    )
    RouteDecision.objects.bulk_create(
        RouteDecision(lead=lead, strategy="weighted", reason="", candidates=[],
                      facts=FACTS | facts, decided_at=now - timedelta(hours=3 * n + 1))
        for n, lead in enumerate(leads)
    )  # fmt: skip


def scarce() -> None:
    """A buyer whose money reaches for one, and many good leads that will come."""
    make_platform("acme", bid=Decimal(100), price_ceiling=Decimal(130), wallet=130)
    make_platform("brook", bid=Decimal(60), price_ceiling=Decimal(60))
    came(60)


def optimal(lead):
    return lead_offer(lead.pk, strategy="optimal", now=timezone.now())


def test_what_is_scarce_has_a_price_and_leads_go_by_it() -> None:
    scarce()
    plan = capacity_plan("nyc", now=timezone.now())
    assert (plan.leads_seen, plan.why_none) == (60, "")
    [money] = plan.scarce["acme"]
    # A good lead brings at most 130 there and 60 elsewhere: the money buys what is beyond.
    assert money["worth"] == pytest.approx(70 / 130, abs=0.02)
    assert "brook" not in plan.scarce
    assert plan.figures["segments"][0]["seen"] == 60
    lead = make_sellable(score=70, postal_code="10021")
    [sale] = optimal(lead).sales
    decision = RouteDecision.objects.get(lead=lead)
    assert decision.plan == plan
    shown = {one["buyer"]: one["room"] for one in decision.candidates}
    assert Decimal(shown["acme"]["worth"]) > 0
    assert shown["brook"] == {"worth": "0.00", "parts": []}
    assert sale.platform.slug == "brook"


def test_the_plan_costs_one_query_for_a_lead() -> None:
    scarce()
    capacity_plan("nyc", now=timezone.now())
    counts = []
    for strategy in ("revenue", "optimal"):
        lead = make_sellable(score=95)
        with CaptureQueriesContext(connection) as queries:
            lead_offer(lead.pk, strategy=strategy, now=timezone.now())
        counts.append(len([one for one in queries if one["sql"].startswith("SELECT")]))
    assert counts[1] == counts[0] + 1


def test_too_few_leads_are_no_forecast_and_nobody_waits_for_one() -> None:
    make_platform("acme")
    came(3)
    plan_one_market("nyc")
    plan = CapacityPlan.objects.get()
    assert (plan.scarce, plan.value) == ({}, None)
    lead = make_sellable()
    assert len(optimal(lead).sales) == 1
    reason = RouteDecision.objects.get(lead=lead).reason
    assert "3 leads in four weeks are too few to forecast from" in reason


def test_an_old_plan_is_not_gone_by() -> None:
    scarce()
    capacity_plan("nyc", now=timezone.now() - timedelta(hours=5))
    lead = make_sellable(score=70)
    [sale] = optimal(lead).sales
    assert sale.platform.slug == "acme"
    assert "the forecast is 5 hours old" in RouteDecision.objects.get(lead=lead).reason


def test_only_markets_where_somebody_buys_are_planned() -> None:
    make_platform("acme")
    make_platform("brook")
    make_platform("surya", market_id="india", status="paused")
    assert markets_with_buyers() == ["nyc"]


def test_the_trace_and_the_plan_show_the_figures(client: Client, mia) -> None:
    scarce()
    plan = capacity_plan("nyc", now=timezone.now())
    lead = make_sellable(score=70, assigned_to=None)
    optimal(lead)
    client.force_login(mia)
    trace = client.get(reverse("admin:b2b_trace", args=[lead.pk])).content.decode()
    assert "The room it takes from later leads" in trace
    assert "In its money, for better ones" in trace
    page = reverse("admin:b2b_capacityplan_change", args=[plan.pk])
    assert page in trace
    shown = client.get(page).content.decode()
    for words in ("Acme", "Money", "of the price", "Premium", "Manhattan"):
        assert words in shown, words
    listed = client.get(reverse("admin:b2b_capacityplan_changelist")).content.decode()
    assert "Scarce at 1 buyer" in listed


def test_plans_are_forgotten_and_their_routes_stay() -> None:
    scarce()
    old = capacity_plan("nyc", now=timezone.now())
    optimal(make_sellable())
    CapacityPlan.objects.filter(pk=old.pk).update(computed_at=timezone.now() - timedelta(days=91))
    assert purge_everything()["capacity plans"] == 1
    assert Sale.objects.get().route.plan is None
