"""What is understood of a conversation: one payload, one exact draft."""

from __future__ import annotations

from typing import Any

import pytest

from apps.integrations.doors.chatbot.parser import parse, user_messages
from tests.integrations.reading import SETTING, payload, payload_names, understood

DRAFTS: dict[str, dict[str, Any]] = {
    "conversation": {
        "name": ("Noor", "Haddad"),
        "email": "noor.haddad@example.com",
        "market": "nyc",
        "postal_code": "11215",
        "monthly_bill": "350.00",
        "behaviour": {
            "engagement_minutes": 6.0,
            "technical_questions": 3,
            "objections_resolved": 0.5,
            "sentiment": 0.7,
        },
        "message": "hi, I own a brownstone\nzip is 11215. my email is Noor.Haddad@example.com.",
        "ownership": "owner",
        "property_type": "brownstone",
        "interest_level": "high",
    },
    "phone_in_a_sentence": {
        "name": ("", ""),
        "phone": "+19174567890",
        "market": "nyc",
        "message": "call me at (917) 456-7890 please 😀\nor 98100 12345\n我想要太阳能\n7",
        "interest_level": "high",
    },
    "hostile": {"name": ("", ""), "market": "nyc", "message": "??", "interest_level": "high"},
    "nobody": {
        "name": ("", ""),
        "market": "nyc",
        "behaviour": {"engagement_minutes": 1.5},
        "message": "Is solar worth it if I rent?",
        "interest_level": "high",
    },
}


def test_every_payload_has_its_draft() -> None:
    assert payload_names("chatbot") == set(DRAFTS)


@pytest.mark.parametrize("name", DRAFTS)
def test_draft(name: str) -> None:
    assert understood(parse(payload("chatbot", name), SETTING)) == DRAFTS[name]


def test_a_stated_email_goes_before_one_in_the_conversation() -> None:
    said = {"user_info": {"email": "me@example.com"}, "user_messages": ["ask you@example.com"]}
    assert parse(said, SETTING).person.email == "me@example.com"


def test_what_the_bot_says_is_not_the_visitors() -> None:
    said = {"user_messages": ["hi"], "bot_responses": ["Write to hello@aurum-solar.example"]}
    assert not parse(said, SETTING).person.has_identity


def test_of_a_very_long_conversation_the_first_two_hundred_messages_are_read() -> None:
    messages = user_messages({"user_messages": [f"message {n}" for n in range(5000)]})
    assert (len(messages), messages[-1]) == (200, "message 199")


def test_what_is_said_in_prose_is_understood_with_the_question_before_it() -> None:
    draft = parse(
        {
            "user_messages": ["I own a brownstone", "about 320", "no shade"],
            "bot_responses": ["How much is your electric bill?", "Is there any shade?"],
        },
        SETTING,
    )
    assert (draft.details["ownership"], draft.details["property_type"]) == ("owner", "brownstone")
    assert draft.details["shading"] == "none"
    assert draft.monthly_bill == 320


def test_what_was_stated_as_a_field_goes_before_what_was_heard() -> None:
    draft = parse(
        {"user_info": {"monthly_bill": 200}, "user_messages": ["my bill is $320"]}, SETTING
    )
    assert draft.monthly_bill == 200
