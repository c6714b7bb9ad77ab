"""A conversation that began elsewhere: what its page already knows, and what was said there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.conversations.memory import Memory, facts_from_json, facts_to_json
from apps.conversations.models import Conversation, Message
from apps.core.json_data import clean_text
from apps.leads.gazetteer import gazetteer_of
from apps.leads.understand import (
    FACT_KEYS,
    Fact,
    Hearing,
    asked_in,
    merge_facts,
    understand,
)

_FROM_A_PAGE = 0.8  # how sure we are of what another program says a visitor said
_MOST_LINES = 60
_OURS = {"homeowner_verified": "homeowner", "bill_amount": "monthly_bill", "bill": "monthly_bill"}
_VISITOR = frozenset({"user", "visitor", "human", "customer"})
Role = Message.Role


@dataclass(frozen=True)
class Line:
    """One line of a history: whether the visitor said it, and what."""

    by_visitor: bool
    text: str


@transaction.atomic
def conversation_seed(
    conversation_pk: int,
    *,
    context: Mapping[str, Any],
    history: Sequence[Line],
    now: datetime,
) -> None:
    """Give a conversation without messages what its page knows. Afterwards it changes nothing."""
    conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("market")
        .get(pk=conversation_pk)
    )
    if conversation.messages.exists():
        return
    facts = _stated(context)
    asked, memory = "", Memory.from_json(conversation.memory)
    today = now.astimezone(ZoneInfo(conversation.market.time_zone)).date()
    places = gazetteer_of(conversation.market_id)
    rows = []
    for line in history[-_MOST_LINES:]:
        heard: dict[str, Fact] = {}
        if line.by_visitor:
            hearing = Hearing(conversation.market.region, today, asked, places)
            heard = understand(line.text, hearing)
            facts = merge_facts(facts, heard)
        else:
            asked = asked_in(line.text)
            memory = replace(memory, turns=memory.turns + 1, last_asked=asked)
        rows.append(
            Message(
                conversation=conversation,
                role=Role.VISITOR if line.by_visitor else Role.ASSISTANT,
                text=line.text,
                heard=(facts_to_json(heard) or {"nothing": True}) if line.by_visitor else {},
                created_at=now,
            )
        )
    Message.objects.bulk_create(rows)
    conversation.facts = facts_to_json(merge_facts(facts, facts_from_json(conversation.facts)))
    conversation.memory = memory.to_json()
    conversation.save(update_fields=["facts", "memory"])


def history_read(history: Any) -> list[Line]:
    """The lines of a history as pages send it: `{role, content}`, `text` or `message`."""
    lines = []
    for entry in history if isinstance(history, list) else ():
        if not isinstance(entry, Mapping):
            continue
        stated = entry.get("content") or entry.get("text") or entry.get("message")
        text = clean_text(stated).strip()[:2_000] if isinstance(stated, str) else ""
        if text:
            role = str(entry.get("role") or entry.get("sender") or "").lower()
            lines.append(Line(role in _VISITOR, text))
    return lines


def _stated(context: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts a page names outright, under our names or its own. What has no use is left out."""
    found = {}
    for name, value in context.items():
        key = _OURS.get(name, name)
        if key in FACT_KEYS and value not in (None, "", [], {}) and _fits(key, value):
            found[key] = Fact(_plain(value), _FROM_A_PAGE, "")
    return found


def _fits(key: str, value: Any) -> bool:
    if key == "homeowner":
        return isinstance(value, bool)
    if key in {"monthly_bill", "roof_age"}:
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if key == "objections":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and len(value) <= 200


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return clean_text(value).strip() if isinstance(value, str) else value
