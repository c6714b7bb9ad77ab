"""Counting what came of the conversations of a day, and what to change because of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from apps.conversations.memory import facts_from_json
from apps.conversations.models import Conversation, Message, SpokenReply
from apps.core.money import round_cents
from apps.pipeline.conversation_rules import Counted, advice
from apps.pipeline.models import ConversationAdvice, ConversationDay
from apps.pipeline.worth import offers_in, reached, such_a_lead
from apps.solar.models import Market
from apps.solar.selectors import places_of

LOOKED_AT = 14  # days the advice is made from
_STILL_CHANGING = 3  # days back: a conversation goes on, and becomes a lead, for so long
_LEFT_AFTER = timedelta(minutes=30)
_TOLD_NOTHING = frozenset({"intent", "language"})
Outcome, Role = SpokenReply.Outcome, Message.Role


@dataclass
class _Day:
    """One day while it is counted."""

    conversations: int = 0
    answered: int = 0
    turns: int = 0
    waits_ms: list[float] = field(default_factory=list)
    facts: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    left_at: Counter[str] = field(default_factory=Counter)
    hand_overs: Counter[str] = field(default_factory=Counter)
    held_back: int = 0
    failed: int = 0
    cost_usd: Decimal = Decimal(0)
    consents: int = 0
    leads: int = 0
    potential: Decimal = Decimal(0)

    def columns(self) -> dict[str, Any]:
        own = {**self.__dict__, "potential": round_cents(self.potential)}
        waits = own.pop("waits_ms")
        return {
            **own,
            "reply_ms": round(median(waits)) if waits else None,
            **{
                name: dict(sorted(own[name].items())) for name in ("asked", "left_at", "hand_overs")
            },
        }


def conversations_count_lately(*, now: datetime) -> None:
    """Count the days that still change, in every market, and make the advice anew. Repeatable."""
    for market in Market.objects.all():
        today = now.astimezone(ZoneInfo(market.time_zone)).date()
        first = today - timedelta(days=_STILL_CHANGING)
        conversation_days_count(market, first=first, last=today, now=now)
        conversation_advice_make(market, today=today, now=now)


@transaction.atomic
def conversation_days_count(market: Market, *, first: date, last: date, now: datetime) -> None:
    """Count a market's days anew from the conversations themselves.

    The potential is at the prices of `now`. Repeatable: the same conversations, the same figures.
    """
    days: dict[date, _Day] = defaultdict(_Day)
    zone = ZoneInfo(market.time_zone)
    begun = Conversation.objects.filter(
        market=market,
        started_at__gte=datetime.combine(first, time(), zone),
        started_at__lt=datetime.combine(last + timedelta(days=1), time(), zone),
    )
    conversations = list(begun.select_related("market"))
    day_of = {one.pk: days[one.started_at.astimezone(zone).date()] for one in conversations}
    turns = _turns(begun)
    for one in conversations:
        _add(day_of[one.pk], one, turns.get(one.pk, 0), now)
    for pk, waited in _waits(begun):
        day_of[pk].waits_ms.append(waited)
    for row in _spoken(begun):
        day = day_of[row["message__conversation"]]
        day.held_back += row["held_back"]
        day.failed += row["failed"]
        day.cost_usd += row["cost"] or 0
    for pk, amount in _potentials(market, conversations, now):
        day_of[pk].potential += amount
    ConversationDay.objects.filter(market=market, day__range=(first, last)).delete()
    ConversationDay.objects.bulk_create(
        ConversationDay(market=market, day=day, counted_at=now, **found.columns())
        for day, found in days.items()
    )


@transaction.atomic
def conversation_advice_make(market: Market, *, today: date, now: datetime) -> None:
    """Keep what the rules find in a market's last days; what no longer holds goes. Repeatable."""
    rows = ConversationDay.objects.filter(
        market=market, day__gt=today - timedelta(days=LOOKED_AT), day__lte=today
    )
    found = advice(counted_of(market, rows))
    ConversationAdvice.objects.filter(market=market).exclude(
        code__in=[one.code for one in found]
    ).delete()
    ConversationAdvice.objects.bulk_create(
        (
            ConversationAdvice(
                market=market,
                code=one.code,
                words=one.words,
                evidence=one.evidence,
                at_stake=round_cents(one.at_stake.amount) if one.at_stake else None,
                since=now,
            )
            for one in found
        ),
        update_conflicts=True,
        unique_fields=["market", "code"],
        update_fields=["words", "evidence", "at_stake"],  # `since` stays: it is how long it holds
    )


def counted_of(market: Market, rows: Iterable[ConversationDay]) -> Counted:
    """Some days of a market, added up. The median of days is weighed by their turns."""
    days = list(rows)
    return Counted(
        currency=market.currency,
        conversations=sum(day.conversations for day in days),
        answered=sum(day.answered for day in days),
        replies=sum(day.turns for day in days),
        reply_ms=_typical(days),
        asked=_summed(day.asked for day in days),
        left_at=_summed(day.left_at for day in days),
        hand_overs=_summed(day.hand_overs for day in days),
        held_back=sum(day.held_back for day in days),
        leads=sum(day.leads for day in days),
        potential=sum((day.potential for day in days), Decimal(0)),
    )


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def _typical(days: Sequence[ConversationDay]) -> int | None:
    waits = [day.reply_ms for day in days if day.reply_ms is not None for _ in range(day.turns)]
    return round(median(waits)) if waits else None


def _add(day: _Day, conversation: Conversation, turns: int, now: datetime) -> None:
    memory = conversation.memory
    day.conversations += 1
    day.answered += bool(turns)
    day.turns += turns
    day.facts += len(conversation.facts.keys() - _TOLD_NOTHING)
    day.asked.update(key for key, times in memory.get("asked", {}).items() if times)
    day.consents += conversation.consent.get("given") is True
    day.leads += conversation.lead_id is not None
    if conversation.handover_reason:
        day.hand_overs[conversation.handover_reason] += 1
    elif memory.get("last_asked") and turns and conversation.last_message_at < now - _LEFT_AFTER:
        day.left_at[memory["last_asked"]] += 1


def _turns(begun: QuerySet[Conversation]) -> dict[int, int]:
    said = Message.objects.filter(conversation__in=begun, role=Role.VISITOR)
    rows = said.order_by().values_list("conversation").annotate(Count("pk"))
    return dict(rows)


def _waits(begun: QuerySet[Conversation]) -> Iterable[tuple[int, float]]:
    """How long each reply of the assistant took, in milliseconds."""
    replies = Message.objects.filter(
        conversation__in=begun, role=Role.ASSISTANT, answers__isnull=False
    )
    rows = replies.order_by().values_list("conversation", "created_at", "answers__created_at")
    return [(pk, (said - asked).total_seconds() * 1000) for pk, said, asked in rows]


def _spoken(begun: QuerySet[Conversation]) -> Iterable[Mapping[str, Any]]:
    return (
        SpokenReply.objects.filter(message__conversation__in=begun)
        .order_by()
        .values("message__conversation")
        .annotate(
            held_back=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
            failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
            cost=Sum("cost_usd"),
        )
    )


def _potentials(
    market: Market, conversations: Sequence[Conversation], now: datetime
) -> Iterable[tuple[int, Decimal]]:
    """What the best buyer pays for such a lead, where bill and place are known."""
    known = {
        one.pk: {key: fact.value for key, fact in facts_from_json(one.facts).items()}
        for one in conversations
        if {"zip_code", "monthly_bill"} <= one.facts.keys()
    }
    if not known:
        return
    places = places_of(market.code, (str(facts["zip_code"]) for facts in known.values()))
    offers = offers_in(market.code, now)
    for one in conversations:
        if facts := known.get(one.pk):
            lead = such_a_lead(one, facts, places.get(str(facts["zip_code"])))
            best = offers.best(reached(lead))
            if best is not None and best.price is not None:
                yield one.pk, best.price.amount
