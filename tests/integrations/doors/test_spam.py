"""The honeypot, and what staff say of an event."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.core.models import OutboxMessage
from apps.intake.actions import events_mark_spam, events_replay
from apps.intake.choices import EventState
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event
from apps.pipeline.models import Journey
from tests.integrations.doors.knocking import DOORS, GRACE, event_of, post
from tests.walking import settle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("door", DOORS)
def test_a_filled_honeypot_is_kept_and_told_what_everybody_is_told(
    client: Client, door: str
) -> None:
    response = post(client, GRACE | {"website": "http://spam.example"}, door=door)
    event = event_of(response)
    assert response.json()["message"] == "Received"
    settle()
    assert event.state == EventState.SPAM
    assert not OutboxMessage.objects.exists()
    assert not Lead.objects.exists()
    status = client.get(f"/api/integrations/events/{event.public_id}/").json()["data"]
    assert status == {"event_id": str(event.public_id), "status": "processed"}


@pytest.mark.parametrize(
    "harmless",
    [
        {"website": ""},
        {"website": "   "},
        {"website": None},
        {"website": []},
        {"form_data": {"website": "https://my-shop.example"}},
        {"contact_info": {**GRACE["contact_info"], "website": "https://my-shop.example"}},
    ],
)
def test_only_a_top_level_website_is_the_honeypot(client: Client, harmless: dict) -> None:
    assert event_of(post(client, GRACE | harmless)).state == EventState.RECEIVED


def test_spam_can_be_released(client: Client) -> None:
    event = event_of(post(client, GRACE | {"website": "x"}))
    assert events_replay([event.public_id]) == 1
    settle()
    event.refresh_from_db()
    assert event.state == EventState.PROCESSED
    lead = lead_of_event(event.public_id)
    assert lead is not None
    assert lead.name == "Grace Feldman"


def test_what_staff_mark_as_spam_before_it_was_read_makes_no_lead(client: Client) -> None:
    event = event_of(post(client, GRACE))
    assert events_mark_spam([event.public_id]) == 1
    settle()
    assert not Lead.objects.exists()
    assert not Journey.objects.exists()
    assert events_replay([event.public_id]) == 1
    settle()
    assert Lead.objects.count() == 1


def test_what_became_a_lead_is_not_marked_as_spam_any_more(client: Client) -> None:
    event = event_of(post(client, GRACE))
    settle()
    assert events_mark_spam([event.public_id]) == 0
    event.refresh_from_db()
    assert event.state == EventState.PROCESSED
