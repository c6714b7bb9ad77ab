"""Reads `{session_id, user_messages, bot_responses, user_info, conversation_context}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors import values
from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft
from apps.leads.understand import (
    Fact,
    Gazetteer,
    Hearing,
    asked_in,
    merge_facts,
    understand,
)

_MOST_MESSAGES = 200
_FIELDS = {"zip_code": "postal_code"}
_NOT_FIELDS = frozenset({"objections", "intent", "borough", "neighborhood"})
_SURE_ENOUGH = 0.7


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft of the conversation; an e-mail or phone may stand in what the visitor wrote."""
    context = payload.get("conversation_context")
    fields = canonical(payload.get("user_info"), context)
    messages = user_messages(payload)
    minutes = _minutes(context)
    if minutes is not None:
        fields.setdefault("engagement_minutes", minutes)
    for name, value in _heard(payload, setting).items():
        fields.setdefault(name, value)
    fields.setdefault("message", "\n".join(messages))
    said = Said(fields, prose=tuple(messages), details={"interest_level": "high"})
    return read_draft(said, payload, setting)


def user_messages(payload: Mapping[str, Any]) -> list[str]:
    """What the visitor wrote, as texts."""
    stated = payload.get("user_messages")
    if not isinstance(stated, list):
        return []
    texts = (
        values.text(
            message.get("text", message.get("content")) if isinstance(message, Mapping) else message
        )
        for message in stated[:_MOST_MESSAGES]
    )
    return [text for text in texts if text]


def _heard(payload: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """What the visitor said in their own words, each message heard after the bot's question."""
    stated = payload.get("market")
    market = next(
        (one for one in setting.markets if one.code == stated),
        next((one for one in setting.markets if one.code == setting.assumed_market), None),
    )
    if market is None:
        return {}
    places = setting.places.get(market.code, Gazetteer())
    said = payload.get("bot_responses")
    answers = [values.text(one) for one in said] if isinstance(said, list) else []
    facts: dict[str, Fact] = {}
    for number, text in enumerate(user_messages(payload)):
        asked = asked_in(answers[number - 1]) if 0 < number <= len(answers) else ""
        hearing = Hearing(market.region, setting.today, asked, places)
        facts = merge_facts(facts, understand(text, hearing))
    return {
        _FIELDS.get(key, key): fact.value
        for key, fact in facts.items()
        if key not in _NOT_FIELDS and fact.confidence >= _SURE_ENOUGH
    }


def _minutes(context: Any) -> float | None:
    """`session_duration` is in milliseconds, as the widget has always sent it."""
    duration = context.get("session_duration") if isinstance(context, Mapping) else None
    if isinstance(duration, bool) or not isinstance(duration, int | float) or duration < 0:
        return None
    return round(duration / 60_000, 1)
