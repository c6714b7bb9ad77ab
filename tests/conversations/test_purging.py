"""What was said is forgotten after a year, unless somebody still works on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.conversations.models import Conversation, Message
from apps.conversations.purging import KEEP_FOR, purge_conversations
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db


def quiet_for(talk, span: timedelta, **changed) -> Conversation:
    visitor = talk()
    visitor.say("I own a house in 11375")
    pk = visitor.conversation.pk
    Conversation.objects.filter(pk=pk).update(last_message_at=timezone.now() - span, **changed)
    return visitor.conversation


def test_what_is_a_year_old_goes_with_all_its_words(talk) -> None:
    quiet_for(talk, KEEP_FOR + timedelta(minutes=1))
    kept = quiet_for(talk, KEEP_FOR - timedelta(minutes=1))
    assert purge_conversations(timezone.now()) > 0
    assert Conversation.objects.get() == kept
    assert set(Message.objects.values_list("conversation", flat=True)) == {kept.pk}
    assert purge_conversations(timezone.now()) == 0


def test_of_an_open_lead_it_stays_and_of_a_closed_one_the_lead_stays(talk) -> None:
    old = KEEP_FOR + timedelta(days=1)
    open_lead, lost = make_lead(status="contacted"), make_lead(status="lost")
    kept = quiet_for(talk, old, lead=open_lead)
    quiet_for(talk, old, lead=lost)
    purge_conversations(timezone.now())
    assert Conversation.objects.get() == kept
    lost.refresh_from_db()
