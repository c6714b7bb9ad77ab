"""What becomes of what came in, and what its sender may know of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.contacts.models import Consent
from apps.intake.choices import EventState
from apps.integrations.models import CalculatorData, ChatbotInteraction, EmailLog
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event
from apps.pipeline.models import Journey, JourneyState, Outcome
from tests.factories.sources import make_vendor
from tests.integrations.doors.knocking import GRACE, event_of, post
from tests.integrations.reading import payload
from tests.walking import knock, settle

pytestmark = pytest.mark.django_db


def test_the_status_of_an_event_tells_nothing_but_the_status(client: Client) -> None:
    event = event_of(post(client, GRACE))
    address = f"/api/integrations/events/{event.public_id}/"
    assert client.get(address).json()["data"]["status"] == "received"
    settle()
    answer = client.get(address)
    assert answer.json()["data"] == {"event_id": str(event.public_id), "status": "processed"}
    assert "Grace" not in answer.content.decode()


def test_there_is_no_status_of_an_unknown_event(client: Client) -> None:
    assert client.get(f"/api/integrations/events/{uuid4()}/").status_code == 404
    assert client.get("/api/integrations/events/1/").status_code == 404


def test_an_event_without_identity_makes_no_lead_but_is_kept(client: Client) -> None:
    for door, name in (("emailjs", "nobody"), ("emailjs", "only_junk"), ("chatbot", "nobody")):
        event = event_of(post(client, payload(door, name), door=door))
        settle()
        event.refresh_from_db()
        assert (event.state, event.note) == (EventState.PROCESSED, "Nobody to answer to")
        assert event.journey.outcome == Outcome.NO_IDENTITY
    assert not Lead.objects.exists()
    assert EmailLog.objects.filter(processing_status="incomplete", lead=None).count() == 2
    assert ChatbotInteraction.objects.get().user_messages == ["Is solar worth it if I rent?"]


def test_an_unfinished_form_without_consent_makes_no_lead(client: Client) -> None:
    event = event_of(post(client, payload("emailjs", "partial_without_consent")))
    settle()
    assert Journey.objects.get(event=event).outcome == Outcome.NO_CONSENT
    assert not Lead.objects.exists()
    assert not Consent.objects.exists()


def test_an_unfinished_form_with_consent_makes_a_partial_lead(api: APIClient) -> None:
    said = payload("emailjs", "partial_without_consent")
    said["consent"] = {"given": True, "channels": ["email"], "text": "Remind me."}
    lead = knock(api, "emailjs", said)
    assert lead is not None
    assert lead.is_partial


@pytest.mark.parametrize(
    ("door", "name"),
    [
        ("emailjs", "hostile"),
        ("chatbot", "hostile"),
        ("calculator", "hostile"),
        ("emailjs", "last_name_first"),
        ("emailjs", "one_name_field_in_hindi"),
        ("chatbot", "phone_in_a_sentence"),
    ],
)
def test_odd_and_hostile_payloads_walk_all_the_way(client: Client, door: str, name: str) -> None:
    event = event_of(post(client, payload(door, name), door=door))
    settle()
    assert Journey.objects.get(event=event).state == JourneyState.DONE


def test_names_of_full_length_fit_everywhere(api: APIClient) -> None:
    said = {
        "contact_info": {"first_name": "F" * 150, "last_name": "L" * 150, "email": "f@l.example"}
    }
    lead = knock(api, "emailjs", said)
    assert lead is not None
    assert (lead.first_name, lead.last_name) == ("F" * 100, "L" * 100)
    assert len(EmailLog.objects.get().sender_name) == 200


def test_one_interaction_for_each_session_and_a_shorter_report_does_not_shorten_it(
    api: APIClient,
) -> None:
    report = payload("chatbot", "conversation")
    lead = knock(api, "chatbot", report)
    longer = report | {"user_messages": [*report["user_messages"], "and my phone is 917 456 7890"]}
    assert knock(api, "chatbot", longer) == lead
    assert knock(api, "chatbot", report | {"user_messages": ["hi"], "n": 3}) is None
    row = ChatbotInteraction.objects.get()
    assert (len(row.user_messages), row.lead) == (3, lead)


def test_a_calculation_is_kept_with_its_lead_and_its_claims_are_only_kept(api: APIClient) -> None:
    lead = knock(api, "calculator", payload("calculator", "result"))
    row = CalculatorData.objects.get()
    assert (row.lead, row.calculation_results["annual_savings"]) == (lead, 99999)
    assert (row.session_id, row.user_inputs["zip"]) == ("calc_1763500000003", "11377")


# --- the worked example: the owner of a co-op in Manhattan, 10021, a bill of $400 -----------------

WORKED_EXAMPLE: dict[str, dict[str, Any]] = {
    "emailjs": {
        "contact_info": {"name": "Grace Feldman", "phone": "212 555 0142"},
        "form_data": {"zip": "10021", "property": "Co-op", "homeowner": "yes", "bill": "$400"},
    },
    "chatbot": {
        "user_messages": ["you can write to grace@example.com"],
        "conversation_context": {
            "zip_code": "10021",
            "property_type": "co-op",
            "homeowner_verified": True,
            "bill_amount": 400,
        },
    },
    "calculator": {
        "user_inputs": {"zip": 10021, "propertyType": "co_op", "own": "", "ownership": "own"},
        "calculation_results": {"monthlyBill": "400.00"},
        "user_info": {"first_name": "Grace", "email": "grace@example.com"},
    },
    "leads": {
        "email": "grace@example.com",
        "zip": "10021",
        "building_type": "COOP",
        "own_or_rent": "OWN",
        "electric_bill": 400,
    },
}


@pytest.mark.parametrize("door", WORKED_EXAMPLE)
def test_the_worked_example_is_premium_through_each_door(client: Client, door: str) -> None:
    headers = {"X-API-Key": make_vendor()[1]} if door == "leads" else {}
    event = event_of(post(client, WORKED_EXAMPLE[door], door=door, headers=headers))
    settle()
    lead = lead_of_event(event.public_id)
    assert lead is not None
    assert (lead.tier, lead.ownership, lead.property_type) == ("premium", "owner", "co_op")
    assert (lead.postal_code, lead.territory.code) == ("10021", "manhattan")
    assert (lead.monthly_bill, lead.priority_level) == (400, "high")
