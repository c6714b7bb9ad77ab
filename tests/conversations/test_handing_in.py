"""A conversation on its way to a lead, also when it changes after it was handed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.conversations.actions.consenting import consent_state
from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.actions.staff import conversation_close, conversation_take
from apps.conversations.models import Conversation
from apps.intake.models import InboundEvent
from apps.leads.models import Lead
from tests.walking import settle

TICKED = {
    "given": True,
    "text": "You may call and e-mail me.",
    "version": "box-1",
    "channels": ["call", "email"],
}


@pytest.fixture
def handed_in(talk):
    """A visitor who named an address: their words have gone in."""
    visitor = talk()
    visitor.say("I own a house in 11375", "my mail is ana.ruiz@example.com")
    assert InboundEvent.objects.count() == 1
    return visitor


def test_a_conversation_that_was_handed_in_can_be_closed(handed_in, sam) -> None:
    now = timezone.now() + timedelta(minutes=3)
    conversation_take(handed_in.conversation.pk, agent=sam, now=now)
    closed = conversation_close(handed_in.conversation.pk, agent=sam, now=now)
    assert closed.state == Conversation.State.CLOSED
    settle()
    assert Lead.objects.filter(email="ana.ruiz@example.com").count() == 1


def test_a_box_ticked_after_the_hand_in_reaches_the_lead(handed_in) -> None:
    settle()
    lead = Lead.objects.get(email="ana.ruiz@example.com")
    assert not lead.contact.consents.filter(kind="given").exists()
    consent_state(handed_in.conversation.pk, stated=TICKED, now=timezone.now())
    settle()
    given = lead.contact.consents.filter(kind="given")
    assert set(given.values_list("channel", flat=True)) >= {"call", "email"}


def test_the_same_content_goes_in_once(handed_in) -> None:
    now = timezone.now()
    handed_in.conversation.refresh_from_db()
    assert conversation_hand_in(handed_in.conversation, now=now) is False
    assert InboundEvent.objects.count() == 1
