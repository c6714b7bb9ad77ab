"""Conversations of the demo: each is talked once through the product, and was had on many days."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.actions.turns import message_take, reply_due
from apps.conversations.models import Conversation, Message, OpeningLine
from apps.core.ids import new_id
from apps.leads.models import Lead
from apps.pipeline.conversation_days import (
    LOOKED_AT,
    conversation_advice_make,
    conversation_days_count,
)
from apps.pipeline.models import ConversationAdvice
from apps.solar.models import DataSnapshot, EstimateRun, Market

_MARKET = "nyc"
_LINES = (
    ("demo-open", "Hi! Ask me anything about solar for your home.", ["What would it save me?"]),
    ("demo-own", "Hello! Do you own your home, or do you rent?", ["I own it", "I rent"]),
)
# Nobody gives an address: a conversation that does would go in as a request of its own.
_TALKS: Sequence[tuple[int, tuple[str, ...]]] = (
    (9, ("What would solar save me?", "I own a house in 11375", "about $310", "no shade")),
    (10, ("I own a brownstone in Park Slope, 11215", "around $280 a month", "some shade")),
    (7, ("I rent in Astoria, can I have solar?", "11106", "$120")),
    (6, ("is the federal tax credit still there?",)),
    (9, ("11215, $260, it's our house", "no", "12 years", "this year", "just me", "Ana", "yes")),
    (4, ("I own it, 10021, co-op", "$400", "none", "10 years", "asap", "just me", "Dana", "yes")),
)
_SILENT = 12


@transaction.atomic
def demo_talks_load(*, now: datetime) -> None:
    """Two opening lines, and what came of them. Once: what is there stays as it is."""
    if Conversation.objects.filter(is_sample=True).exists():
        return
    market = Market.objects.get(code=_MARKET)
    today = now.astimezone(ZoneInfo(market.time_zone)).date()
    for code, text, suggestions in _LINES:
        OpeningLine.objects.get_or_create(
            code=code,
            defaults={
                "market": market,
                "text": text,
                "suggestions": suggestions,
                "starts_on": today - timedelta(days=LOOKED_AT),
                "is_sample": True,
            },
        )
    leads = list(Lead.objects.filter(is_sample=True, market=market, source__slug="chatbot"))
    begun, run, snapshot = 0, _newest(EstimateRun), _newest(DataSnapshot)
    for times, words in (*_TALKS, (_SILENT, ())):
        talked = _talk(words, now)
        for number in range(times):
            lead = leads.pop() if leads and number == 0 and words else None
            _had(talked, begun, lead, now)
            begun += 1
        talked.delete()
    EstimateRun.objects.filter(pk__gt=run).delete()  # nobody was given them
    DataSnapshot.objects.filter(pk__gt=snapshot, runs=None).delete()
    demo_talks_count(now=now)


def demo_talk_rows() -> dict[str, QuerySet[Any]]:
    """What of it is removed with the demo; a line that real visitors saw stays."""
    real = Conversation.objects.filter(is_sample=False).exclude(opening="")
    lines = OpeningLine.objects.filter(is_sample=True)
    return {
        "conversations": Conversation.objects.filter(is_sample=True),
        "opening lines": lines.exclude(code__in=real.values("opening")),
        "conversation advice": ConversationAdvice.objects.filter(market=_MARKET),
    }


def demo_talks_count(*, now: datetime) -> None:
    """Count the days of the demo anew: with it, or once it is gone."""
    market = Market.objects.get(code=_MARKET)
    today = now.astimezone(ZoneInfo(market.time_zone)).date()
    first = today - timedelta(days=LOOKED_AT)
    conversation_days_count(market, first=first, last=today, now=now)
    conversation_advice_make(market, today=today, now=now)


def _newest(model: type[Model]) -> int:
    key: int | None = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return key or 0


def _talk(words: Sequence[str], now: datetime) -> Conversation:
    talked = conversation_open(Visitor(_MARKET), now=now).conversation
    for number, text in enumerate(words):
        message_take(talked.pk, text=text, client_id=str(number), now=timezone.now())
        reply_due(talked.pk)
    talked.refresh_from_db()
    return talked


def _had(talked: Conversation, number: int, lead: Lead | None, now: datetime) -> None:
    """The same talk on another day, begun with one line or the other."""
    ago = timedelta(days=1 + number % (LOOKED_AT - 2), hours=1 + number % 7)
    messages = list(talked.messages.order_by("pk"))
    one = copy(talked)
    one.pk, one.public_id, one._state.adding = None, new_id(), True
    one.is_sample, one.lead = True, lead
    one.opening = _LINES[number % len(_LINES)][0]
    one.started_at, one.last_message_at = talked.started_at - ago, talked.last_message_at - ago
    one.handed_in_after = len(messages)  # there is nothing to hand in
    one.save(force_insert=True)
    known: dict[int, Message] = {}
    for message in messages:
        said = copy(message)
        said.pk, said.public_id, said._state.adding = None, new_id(), True
        said.conversation, said.created_at = one, message.created_at - ago
        said.answers = known.get(message.answers_id or 0)
        said.save(force_insert=True)
        known[message.pk] = said
