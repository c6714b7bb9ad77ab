"""One turn: the visitor's message is kept, understood and answered, once.

    message_take   the message is on disk
    turn_begin     what is not yet answered is understood
    _answer        decide, gather, say
    reply_write    the reply, what it told, and what follows

Where nobody outside is asked, all but the first are one transaction that holds the conversation.
A vendor takes seconds, for which no transaction waits: then a lease (`answering_until`) sees to it
that one process answers at a time, and `reply_keep` looks again before it writes. Whatever came in
meanwhile is answered together by the next reply. A process that dies leaves a message that nobody
has heard: the next one who looks (the visitor sends it again, or a sweep) answers it. Should two
have answered the same, the first that writes its reply down is the one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from apps.conversations import live
from apps.conversations.actions.hearing import (
    Turn,
    conversation_lock,
    messages_open,
    turn_begin,
)
from apps.conversations.actions.keeping import Answer, reply_keep, reply_write
from apps.conversations.decide import decide
from apps.conversations.evidence import gather
from apps.conversations.memory import after_reply
from apps.conversations.models import Conversation, Message
from apps.conversations.naming import names_said
from apps.conversations.providers.registry import providers_in_use
from apps.conversations.say import Scene, say
from apps.conversations.selectors import is_staffed
from apps.core.errors import InvalidInput
from apps.core.json_data import clean_text

MOST_LETTERS = 2_000
_LEASE = timedelta(seconds=20)
_REMEMBERED_MESSAGES = 20
_SWEEP = 100
Role = Message.Role
_logger = logging.getLogger("chat")


def message_take(
    conversation_pk: int, *, text: str, client_id: str, now: datetime
) -> tuple[Message, bool]:
    """Keep a visitor's message. Returns it, and whether it is new: the same `client_id` is not.

    Raises InvalidInput for an empty message or one that is too long.
    """
    text = clean_text(text).strip()
    if not text:
        raise InvalidInput("The message is empty.", details={"text": ["Write something."]})
    if len(text) > MOST_LETTERS:
        words = f"At most {MOST_LETTERS} characters."
        raise InvalidInput("The message is too long.", details={"text": [words]})
    message = Message(
        conversation_id=conversation_pk,
        role=Role.VISITOR,
        text=text,
        client_id=client_id[:100],
        created_at=now,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        known = Message.objects.get(conversation=conversation_pk, client_id=message.client_id)
        return known, False
    return message, True


def reply_due(
    conversation_pk: int, *, on_sentence: Callable[[str], None] = lambda sentence: None
) -> Message | None:
    """Answer what has not been answered, if nobody else is at it. Returns the last reply made."""
    if not (providers_in_use() or settings.PVWATTS_API_KEY):
        return _reply_at_once(conversation_pk, on_sentence, timezone.now())
    reply: Message | None = None
    while (lease := _lease(conversation_pk)) is not None:
        try:
            turn = _begin_or_release(conversation_pk, lease, timezone.now())
            if turn is None:
                break
            answer = _answer(turn, on_sentence, timezone.now())
            reply = reply_keep(turn, answer, timezone.now()) or reply
        finally:
            _release(conversation_pk, lease)
    return reply


@transaction.atomic
def _reply_at_once(
    conversation_pk: int, on_sentence: Callable[[str], None], now: datetime
) -> Message | None:
    """A turn for which nobody outside is asked. What comes in meanwhile waits for the lock."""
    conversation = conversation_lock(conversation_pk)
    if conversation.answering_until is not None and conversation.answering_until > now:
        return None  # somebody who asks a vendor is at it, and will look again
    turn = turn_begin(conversation, now)
    if turn is None:
        return None
    reply = reply_write(conversation, turn, _answer(turn, on_sentence, now), now)
    live.push_messages(conversation, [*turn.messages, reply])
    return reply


@transaction.atomic
def _begin_or_release(conversation_pk: int, lease: datetime, now: datetime) -> Turn | None:
    """Begin a turn, or give the lease back under the lock: who comes now finds one or the other."""
    conversation = conversation_lock(conversation_pk)
    turn = turn_begin(conversation, now)
    if turn is None:
        _release(conversation_pk, lease)
    else:
        live.push_messages(conversation, turn.messages)
    return turn


def replies_missing(*, now: datetime) -> int:
    """Answer messages that have waited too long for a process that died. Returns how many."""
    since = now - timedelta(hours=1)
    waiting = (
        messages_open()
        .filter(created_at__range=(since, now - _LEASE))
        .values_list("conversation", flat=True)
        .distinct()
    )
    return sum(_is_answered(conversation_pk) for conversation_pk in waiting[:_SWEEP])


def _is_answered(conversation_pk: int) -> bool:
    """Answer one conversation; a fault in it is no reason to leave the others without an answer."""
    try:
        return reply_due(conversation_pk) is not None
    except Exception:
        _logger.exception("chat.reply_failed", extra={"conversation": conversation_pk})
        return False


def _lease(conversation_pk: int) -> datetime | None:
    """The right to answer a conversation, by the time it ends; None while another has it."""
    now = timezone.now()
    free = Q(answering_until=None) | Q(answering_until__lt=now)
    found = Conversation.objects.filter(free, pk=conversation_pk)
    return now + _LEASE if found.update(answering_until=now + _LEASE) else None


def _release(conversation_pk: int, lease: datetime) -> None:
    """Give one's own lease back. One that ran out may be another's by now, and stays theirs."""
    Conversation.objects.filter(pk=conversation_pk, answering_until=lease).update(
        answering_until=None
    )


def _answer(turn: Turn, on_sentence: Callable[[str], None], now: datetime) -> Answer:
    standing, plan = turn.standing, decide(turn.standing, turn.signals)
    if plan.hands_over and not is_staffed(turn.conversation.market, now):
        standing = replace(standing, may_be_answered=False)
        plan = decide(standing, turn.signals)
    zone = ZoneInfo(turn.conversation.market.time_zone)
    language = turn.memory.language or "en"
    gathered = gather(
        plan,
        standing,
        turn.question,
        language=language,
        today=now.astimezone(zone).date(),
        now=now,
        told=turn.memory.estimate_told,
    )
    scene = Scene(
        plan=plan,
        standing=standing,
        evidence=gathered.evidence,
        said=_said(turn.conversation) if providers_in_use() else (),
        language=language,
        names=names_said(standing),
    )
    spoken = say(scene, on_sentence=on_sentence)
    memory = after_reply(turn.memory, plan, turn.signals, gathered)
    return Answer(plan, memory, spoken)


def _said(conversation: Conversation) -> list[tuple[str, str]]:
    spoken = conversation.messages.exclude(role__in=[Role.NOTE, Role.SYSTEM]).order_by("-pk")
    return [(message.role, message.text) for message in spoken[:_REMEMBERED_MESSAGES]][::-1]
