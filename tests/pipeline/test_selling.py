"""The sell step: offered, waited for in the database, sold, or given to a person after all."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.b2b.models import Sale
from apps.leads.models import Lead
from apps.pipeline.journey import journey_advance
from apps.pipeline.models import Journey, WayRule
from apps.pipeline.picture import road
from tests.factories.b2b import make_platform
from tests.walking import knock, settle

pytestmark = pytest.mark.django_db

FORM = {
    "contact_info": {"name": "Grace Feldman", "email": "grace@example.com", "phone": "2125550142"},
    "form_data": {"postal_code": "10021", "homeowner": "yes", "monthly_bill": "400"},
    "consent": {"given": True, "text": "I agree.", "channels": ["call", "email"]},
    "market": "nyc",
}


@pytest.fixture
def answering(buyers):
    def make(behaviour: str, slug: str, **fields):
        return make_platform(slug, endpoint={"url": f"{buyers.url}/{behaviour}/leads"}, **fields)

    return make


def stops(journey: Journey) -> dict[str, str]:
    return {stop.label: stop.state for stop in road(journey)}


def test_a_lead_to_be_sold_waits_for_the_buyer_and_arrives_sold(api, answering) -> None:
    answering("accept", "acme")
    WayRule.objects.create(way="sell")
    lead = knock(api, "emailjs", FORM)
    journey = Journey.objects.get()
    assert (journey.step, journey.state, journey.outcome) == ("sell", "done", "sold")
    assert (lead.status, lead.assigned_to) == ("sold", None)
    assert stops(journey)["Give to a person"] == "skipped"
    assert stops(journey)["Sell to a buyer"] == "done"


def test_while_the_buyer_has_not_answered_the_journey_waits_in_the_database(api, answering) -> None:
    answering("down", "acme")
    WayRule.objects.create(way="sell")
    knock(api, "emailjs", FORM)
    journey = Journey.objects.get()
    assert (journey.step, journey.state) == ("sell", "waiting")
    assert journey.waits_for == "Waits for the answer of Acme"
    assert journey.last_error == ""
    assert journey.not_before > timezone.now()


def test_rejected_by_all_it_goes_to_a_person_after_all(api, answering, sam) -> None:
    answering("reject", "acme")
    answering("duplicate", "brook")
    WayRule.objects.create(way="sell")
    lead = knock(api, "emailjs", FORM)
    journey = Journey.objects.get()
    assert (journey.step, journey.state, journey.outcome) == ("work", "done", "unassigned")
    assert set(Sale.objects.values_list("state", flat=True)) == {"released"}
    assert lead.status == "new"
    assert stops(journey)["Sell to a buyer"] == "done"


def test_without_a_rule_it_is_worked(api, answering) -> None:
    answering("accept", "acme")
    knock(api, "emailjs", FORM)
    assert not Sale.objects.exists()
    assert Journey.objects.get().outcome == "unassigned"


def test_what_nobody_takes_in_time_is_sold(api, answering) -> None:
    answering("accept", "acme")
    WayRule.objects.create(way="sell_untaken", untaken_minutes=30)
    knock(api, "emailjs", FORM)
    journey = Journey.objects.get()
    assert (journey.step, journey.state) == ("sell", "waiting")
    assert not Sale.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        journey_advance(journey.pk)
        settle()
    journey.refresh_from_db()
    assert journey.outcome == "sold"


def test_what_somebody_got_in_touch_with_is_not_sold(api, answering) -> None:
    answering("accept", "acme")
    WayRule.objects.create(way="sell_untaken", untaken_minutes=30)
    lead = knock(api, "emailjs", FORM)
    Lead.objects.filter(pk=lead.pk).update(status="contacted", first_response_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        journey_advance(Journey.objects.get().pk)
    assert Journey.objects.get().outcome == "worked"
    assert not Sale.objects.exists()
