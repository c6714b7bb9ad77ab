"""Nobody is there: a visitor leaves a name, a number and a time, and is called then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.contacts.identity import read_phone
from apps.conversations.actions.consenting import consent_state
from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.actions.telling import conversation_tell
from apps.conversations.builtin import phrase
from apps.conversations.callbacks import callback_times
from apps.conversations.memory import facts_from_json, facts_to_json
from apps.conversations.models import Conversation, Message
from apps.core.errors import InvalidInput
from apps.core.json_data import clean_text
from apps.leads.actions.calling_back import lead_callback_ask
from apps.leads.office import office_hours_of
from apps.leads.survey_words import when_words
from apps.leads.understand import Fact, merge_facts

CONSENT_VERSION = "callback-2026-11"
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Wish:
    """What the form says. `at` is one of the times that were offered."""

    name: str
    phone: str
    at: datetime
    consent_version: str  # of the words that stood by the box; "" where it was not ticked
    language: str = "en"


def callback_consent(language: str) -> str:
    """The words beside the box."""
    return phrase("callback_form.consent", language).format(brand=settings.BRAND["name"])


@transaction.atomic
def conversation_callback_ask(conversation_pk: int, wish: Wish, *, now: datetime) -> str:
    """Note when a visitor is called, and make them a lead by the road of all. Returns when, in
    words. The same wish again changes nothing.

    Raises InvalidInput by field: a name, a number that can be one, a time that was offered, and
    the box, without which nobody is called.
    """
    conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("market")
        .get(pk=conversation_pk)
    )
    market = conversation.market
    number = read_phone(wish.phone, region=market.region)
    name = clean_text(wish.name).strip()[:_LONGEST_NAME]
    if conversation.callback.get("at") == wish.at.isoformat() and number is not None:
        known = facts_from_json(conversation.facts).get("phone")
        if known and known.value == number.e164:
            return str(conversation.callback["words"])
    problems = _problems(wish, name, offered=callback_times(office_hours_of(market), now))
    if number is None:
        problems["phone"] = [phrase("callback_form.no_phone", wish.language)]
    if problems or number is None:
        raise InvalidInput(details=problems)
    words = when_words(wish.at, market.time_zone, wish.language)
    _learn(conversation, name, number.e164)
    conversation.callback = {"at": wish.at.isoformat(), "words": words, "passed_on": False}
    conversation.save(update_fields=["facts", "callback"])
    consent_state(
        conversation_pk,
        stated={
            "given": True,
            "text": callback_consent(wish.language),
            "version": CONSENT_VERSION,
            "channels": ["call"],
        },
        now=now,
    )
    told = phrase("callback_form.noted", wish.language).format(when=words)
    conversation_tell(conversation, told, role=Message.Role.SYSTEM, now=now)
    if conversation.event_id is None:  # else the consent has been handed in, and the rest with it
        conversation.refresh_from_db()
        conversation_hand_in(conversation, now=now)
    callback_pass_on(conversation, now=now)
    return words


def callback_pass_on(conversation: Conversation, *, now: datetime) -> None:
    """Give the lead of a conversation its call, once. The conversation's row is locked.

    Without a lead, or while the lead has no number, it waits for the journey, which brings both.
    """
    wish = conversation.callback
    if not wish or wish["passed_on"] or conversation.lead_id is None:
        return
    at = datetime.fromisoformat(wish["at"])
    if lead_callback_ask(conversation.lead_id, at=at, words=wish["words"], now=now):
        conversation.callback = {**wish, "passed_on": True}
        conversation.save(update_fields=["callback"])


def _learn(conversation: Conversation, name: str, phone: str) -> None:
    """What somebody types into a field is sure."""
    first, _, last = name.partition(" ")
    stated = {"first_name": first, "last_name": last.strip(), "phone": phone}
    new = {key: Fact(value, 1.0, value) for key, value in stated.items() if value}
    facts = merge_facts(facts_from_json(conversation.facts), new)
    conversation.facts = facts_to_json(facts)


def _problems(wish: Wish, name: str, *, offered: list[datetime]) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if not name:
        problems["name"] = [phrase("callback_form.no_name", wish.language)]
    if wish.at not in offered:
        problems["at"] = [phrase("callback_form.no_time", wish.language)]
    if wish.consent_version != CONSENT_VERSION:
        problems["consent"] = [phrase("callback_form.no_consent", wish.language)]
    return problems
