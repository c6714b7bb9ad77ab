"""Messages of one visitor that come at the same moment: each is heard, none is answered twice."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from apps.conversations.actions.hearing import conversation_lock, messages_open
from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.actions.staff import conversation_take, presence_note
from apps.conversations.actions.turns import message_take, reply_due
from apps.conversations.memory import facts_from_json
from apps.conversations.models import AgentPresence, Conversation, Message
from apps.core.errors import Conflict
from apps.users.models import Role
from tests.concurrency.threads import at_once, failures
from tests.factories.users import make_user

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

LINES = {
    "homeowner": "I own",
    "zip_code": "zip 11375",
    "monthly_bill": "my bill is $310",
    "shading": "no shade",
    "roof_age": "my roof is 10 years old",
    "timeline": "within 3 months",
}


def begin() -> Conversation:
    return conversation_open(Visitor("nyc"), now=timezone.now()).conversation


@pytest.mark.parametrize("key", ["", "key"], ids=["by the lock", "by the lease"])
def test_six_at_once_are_each_heard_and_answered_once(settings, key) -> None:
    settings.PVWATTS_API_KEY = key
    settings.PVWATTS_URL = "http://127.0.0.1:9/"  # nobody answers: our own model does
    conversation = begin()

    def call(text: str) -> None:
        message_take(conversation.pk, text=text, client_id=text, now=timezone.now())
        reply_due(conversation.pk)

    assert failures(at_once(*(lambda text=text: call(text) for text in LINES.values()))) == []
    assert not messages_open().exists()
    conversation.refresh_from_db()
    assert set(LINES) <= set(facts_from_json(conversation.facts))
    assert conversation.answering_until is None
    answered = Message.objects.filter(role="assistant").values_list("answers", flat=True)
    assert 1 <= len(answered) == len(set(answered)) <= len(LINES)
    assert conversation.memory["turns"] == len(answered)


def test_who_takes_two_at_once_with_room_for_one_has_one() -> None:
    agent, now = make_user("sam", role=Role.SALES), timezone.now()
    presence_note(agent, now=now)
    AgentPresence.objects.update(most_conversations=1)
    waiting = [begin() for _ in range(4)]
    takes = (lambda pk=one.pk: conversation_take(pk, agent=agent, now=now) for one in waiting)
    refused = failures(at_once(*takes))
    assert [type(error) for error in refused] == [Conflict] * 3
    assert Conversation.objects.filter(agent=agent, state="person").count() == 1


@pytest.mark.parametrize("locks", [True, False])
def test_the_control_without_the_lock_several_answer_the_same(locks) -> None:
    conversation = begin()
    message_take(conversation.pk, text="Hi", client_id="", now=timezone.now())
    all_here = Barrier(4)

    def call() -> int:
        all_here.wait(timeout=10)
        with transaction.atomic():
            if locks:
                conversation_lock(conversation.pk)
            mine = [one.pk for one in messages_open().filter(conversation=conversation)]
            if not locks:
                all_here.wait(timeout=10)
            return Message.objects.filter(pk__in=mine).update(heard={"nothing": True})

    found = at_once(*[call] * 4)
    assert failures(found) == []
    assert sum(found) == (1 if locks else 4)
