"""The first part of a turn: what has not been answered is understood, and nothing kept of it yet.

Only where a person answers is it written down here: there is no reply to write it with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.conversations import live
from apps.conversations.contracts import Signals, Standing
from apps.conversations.decide import REFUSALS
from apps.conversations.listening import listen
from apps.conversations.memory import (
    Memory,
    answer_heard,
    facts_from_json,
    facts_to_json,
    language_to_speak,
    learn,
    standing_of,
)
from apps.conversations.models import Conversation, Message
from apps.leads.gazetteer import gazetteer_of
from apps.leads.understand import Fact, Hearing
from apps.solar.selectors import market_remembered

_KEPT_OF_A_STOP = frozenset({"intent", "phone", "email"})
_LANGUAGE = frozenset({"language"})  # a "no" is said in it
Role, State = Message.Role, Conversation.State


@dataclass(frozen=True)
class Turn:
    """A turn that has been understood and waits for its reply.

    `conversation` is as it was when the turn began; `heard`, `facts` and `memory` are what the
    messages bring, which is written with the reply.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    question: str
    heard: Mapping[str, Any]
    facts: Mapping[str, Any]
    memory: Memory
    standing: Standing  # as if somebody could take over: who asks for a person, looks
    signals: Signals
    says_stop: bool


def messages_open() -> QuerySet[Message]:
    """What visitors said and nobody has heard yet."""
    return Message.objects.filter(role=Role.VISITOR, answer=None, heard={})


def conversation_lock(conversation_pk: int) -> Conversation:
    """A conversation that stays as it is until the transaction ends; messages may still come in."""
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_pk)
    conversation.market = market_remembered(conversation.market_id)
    return conversation


def turn_begin(conversation: Conversation, now: datetime) -> Turn | None:
    """Understand what is not yet answered; None when there is nothing, or a person answers.

    In a transaction that has locked the conversation.
    """
    messages = tuple(messages_open().filter(conversation=conversation).order_by("pk"))
    if not messages:
        return None
    turn = _turn(conversation, messages, now)
    if conversation.state == State.PERSON and not turn.says_stop:
        turn_heard(turn, turn.memory)
        live.push_messages(conversation, messages)
        return None  # the bot is silent while a person has it; only a "stop" is obeyed at once
    if conversation.state == State.CLOSED:
        _reopen(conversation)
    return turn


def _reopen(conversation: Conversation) -> None:
    """Somebody who comes back talks with the assistant: who had them before has them no more."""
    conversation.state = State.BOT
    conversation.agent = None
    conversation.waiting_since = None
    conversation.handover_reason = ""
    conversation.save(update_fields=["state", "agent", "waiting_since", "handover_reason"])
    live.push_state(conversation)


def turn_heard(turn: Turn, memory: Memory) -> None:
    """Write down what a turn brought without a reply. The conversation's row is locked."""
    messages_heard(turn)
    Conversation.objects.filter(pk=turn.conversation.pk).update(
        facts=turn.facts,
        memory=memory.to_json(),
        last_message_at=turn.messages[-1].created_at,
    )


def messages_heard(turn: Turn) -> None:
    """Mark the messages of a turn: they are not answered again."""
    heard = turn.heard or {"nothing": True}
    Message.objects.filter(pk__in=[message.pk for message in turn.messages]).update(heard=heard)


def _turn(conversation: Conversation, messages: tuple[Message, ...], now: datetime) -> Turn:
    memory = Memory.from_json(conversation.memory)
    question = "\n".join(_as_sentences([message.text for message in messages]))
    heard, signals = _listen(question, conversation, memory, now)
    if signals.trouble in REFUSALS:
        heard = _of_a_stop(heard)  # a trick tells nothing about a home
    facts, new = learn(facts_from_json(conversation.facts), heard)
    memory = answer_heard(memory, signals, heard)
    memory = replace(memory, language=language_to_speak(facts, heard, memory, messages[-1].text))
    standing = standing_of(
        conversation.market_id,
        facts,
        new,
        memory,
        may_be_answered=True,
    )
    return Turn(
        conversation=conversation,
        messages=messages,
        question=question,
        heard=facts_to_json(heard),
        facts=facts_to_json(facts),
        memory=memory,
        standing=standing,
        signals=signals,
        says_stop=_says_stop(heard),
    )


def _as_sentences(texts: list[str]) -> list[str]:
    """Each but the last with its end: what was said of the roof is not said of the next line."""
    return [*(text if text[-1] in ".!?;,:" else f"{text}." for text in texts[:-1]), texts[-1]]


def _listen(
    question: str, conversation: Conversation, memory: Memory, now: datetime
) -> tuple[dict[str, Fact], Signals]:
    market = conversation.market
    today = now.astimezone(ZoneInfo(market.time_zone)).date()
    places = gazetteer_of(market.code)
    hearing = Hearing(market.region, today, memory.last_asked, places, memory.spoken_of)
    return listen(question, hearing, asked_before=memory.asked_before)


def _of_a_stop(heard: Mapping[str, Fact]) -> dict[str, Fact]:
    """What a "stop" brings: itself and the addresses it names. Else the language alone."""
    kept = _LANGUAGE | (_KEPT_OF_A_STOP if _says_stop(heard) else frozenset())
    return {key: fact for key, fact in heard.items() if key in kept}


def _says_stop(heard: Mapping[str, Fact]) -> bool:
    return "intent" in heard and heard["intent"].value == "opt_out"
