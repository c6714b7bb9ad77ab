"""Turns that are cut off, doubled, or overtaken by what happens meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from apps.contacts.suppression import suppressed_kinds
from apps.conversations.actions import turns
from apps.conversations.actions.consenting import consent_state
from apps.conversations.actions.hearing import messages_open
from apps.conversations.actions.staff import conversation_take
from apps.conversations.actions.turns import message_take, replies_missing, reply_due
from apps.conversations.models import Conversation, Message

State = Conversation.State
LATER = timedelta(seconds=60)


def take(visitor, text: str) -> Message:
    """Have a message kept that nobody answers yet."""
    now = timezone.now()
    return message_take(visitor.conversation.pk, text=text, client_id="", now=now)[0]


@pytest.fixture
def meanwhile(monkeypatch, settings):
    """Have something happen while the next reply is being made, by one who may ask outside."""
    settings.PVWATTS_API_KEY = "key"
    real = turns.say

    def when_speaking(happens) -> None:
        def say(scene, **how):
            monkeypatch.setattr(turns, "say", real)
            happens()
            return real(scene, **how)

        monkeypatch.setattr(turns, "say", say)

    return when_speaking


def fail() -> None:
    raise RuntimeError("The process died")


def test_a_message_whose_reply_failed_is_answered_by_the_sweep(talk, meanwhile) -> None:
    visitor = talk()
    take(visitor, "I own a house in 11375")
    meanwhile(fail)
    with pytest.raises(RuntimeError):
        reply_due(visitor.conversation.pk)
    with time_machine.travel(timezone.now() + LATER):
        assert replies_missing(now=timezone.now()) == 1
    visitor.conversation.refresh_from_db()
    assert visitor.facts["homeowner"] is True
    assert "greet" in [kind for kind, _ in Message.objects.get(role="assistant").plan["acts"]]


def test_a_conversation_that_fails_keeps_no_other_from_its_answer(talk, meanwhile) -> None:
    for visitor in (talk(), talk()):
        take(visitor, "Hi")
    meanwhile(fail)
    with time_machine.travel(timezone.now() + LATER):
        assert replies_missing(now=timezone.now()) == 1
        assert replies_missing(now=timezone.now()) == 1


def test_two_who_answer_the_same_message_leave_one_reply(talk, meanwhile) -> None:
    visitor = talk()
    take(visitor, "Hi")

    def another_answers() -> None:
        Conversation.objects.update(answering_until=None)  # the lease has run out
        assert reply_due(visitor.conversation.pk) is not None

    meanwhile(another_answers)
    assert reply_due(visitor.conversation.pk) is None
    assert Message.objects.filter(role="assistant").count() == 1


def test_the_lease_of_another_is_left_alone(talk, meanwhile) -> None:
    visitor, theirs = talk(), timezone.now() + LATER
    take(visitor, "Hi")

    def another_begins_and_this_one_dies() -> None:
        Conversation.objects.update(answering_until=theirs)
        fail()

    meanwhile(another_begins_and_this_one_dies)
    with pytest.raises(RuntimeError):
        reply_due(visitor.conversation.pk)
    visitor.conversation.refresh_from_db()
    assert visitor.conversation.answering_until == theirs


@pytest.fixture
def takes_over(sam, meanwhile):
    """Have a person take a conversation while its next reply is being made."""

    def before_the_reply(visitor) -> None:
        pk = visitor.conversation.pk
        meanwhile(lambda: conversation_take(pk, agent=sam, now=timezone.now()))

    return before_the_reply


def test_a_person_who_takes_over_meanwhile_is_not_talked_over(talk, takes_over) -> None:
    visitor = talk()
    takes_over(visitor)
    assert visitor.say("I own a house in 11375") == ""
    assert not Message.objects.filter(role="assistant").exists()
    assert visitor.facts["homeowner"] is True
    assert visitor.conversation.state == State.PERSON
    assert replies_missing(now=timezone.now() + LATER) == 0


def test_a_stop_is_obeyed_although_a_person_took_over_meanwhile(talk, takes_over) -> None:
    visitor = talk()
    takes_over(visitor)
    visitor.say("stop contacting me, 212-555-0199")
    assert suppressed_kinds(email="", phone="+12125550199") == {"phone"}
    assert visitor.conversation.state == State.CLOSED


def test_a_consent_given_meanwhile_is_kept(talk, meanwhile) -> None:
    visitor = talk()
    stated = {"given": True, "text": "You may call me.", "channels": ["call"]}
    pk = visitor.conversation.pk
    meanwhile(lambda: consent_state(pk, stated=stated, now=timezone.now()))
    visitor.say("I own a house in 11375")
    assert visitor.conversation.memory["consent"] == "given"
    assert visitor.conversation.consent["given"] is True
    visitor.say("$320", "full sun", "5 years", "asap", "just me", "Ana Ruiz")
    assert "consent" not in visitor.asked


def test_the_sweep_can_read_the_last_hour_by_its_index(talk) -> None:
    take(talk(), "Hi")
    now = timezone.now()
    with connection.cursor() as cursor:
        # In a table of one row every way costs the same; only a condition on an index is left here.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = messages_open().filter(created_at__range=(now - LATER, now)).explain()
    assert "conversations_message_time" in plan
