"""Opening lines: the one a conversation begins with, and how its page is told of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from apps.conversations.models import Conversation, OpeningLine
from apps.conversations.variants import choose
from apps.core.words import DEFAULT_LANGUAGE, known_language
from apps.leads.understand import asked_in
from apps.solar.models import Market


def lines_on(day: date, lines: QuerySet[OpeningLine]) -> QuerySet[OpeningLine]:
    """Those that are shown to new visitors on a day, the oldest first."""
    return lines.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, weight__gt=0
    ).order_by("starts_on", "pk")


def opening_for(
    conversation_id: UUID, market: Market, language: str, *, now: datetime
) -> OpeningLine | None:
    """The line of a new conversation, among those its market shows today; None when it has none.

    Which one hangs on the conversation's id alone.
    """
    today = now.astimezone(ZoneInfo(market.time_zone)).date()
    shown = OpeningLine.objects.filter(market=market, language=language)
    lines = {line.code: line for line in lines_on(today, shown)}
    chosen = choose(conversation_id.bytes, {code: line.weight for code, line in lines.items()})
    return lines[chosen] if chosen else None


def page_language(stated: str) -> str:
    """The language of ours a page is in; "" for a page that names none and shows no lines."""
    return known_language(stated) if stated else ""


def memory_of_greeting(line: str, language: str) -> dict[str, Any]:
    """What a conversation remembers that a page has begun: it greeted, in which language, and what
    its line asked. English is what we speak until we know better."""
    asks = asked_in(line)
    return {
        "told": ["greet"],
        "language": "" if language == DEFAULT_LANGUAGE else language,
        "last_asked": asks,
        "asked": {asks: 1} if asks else {},
    }


def opening_shown(conversation: Conversation) -> dict[str, Any] | None:
    """The opening line for the visitor's page; None where the page says its own."""
    if not conversation.opening:
        return None
    line = OpeningLine.objects.filter(code=conversation.opening).first()
    return {"text": line.text, "suggestions": line.suggestions} if line else None
