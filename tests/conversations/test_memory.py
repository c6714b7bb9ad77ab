"""What a conversation remembers between two turns."""

from __future__ import annotations

import pytest

from apps.conversations.memory import Memory, language_to_speak
from apps.leads.understand import Fact


@pytest.mark.parametrize(
    ("code", "said", "spoken"),
    [
        ("hi", "solar lagwana hai", "hi-Latn"),
        ("hi", "सोलर लगवाना है", "hi"),
        ("hi", "solar लगवाना है", "hi"),
        ("es", "quiero paneles", "es"),
    ],
)
def test_hindi_is_answered_in_the_letters_it_is_typed_in(code, said, spoken) -> None:
    heard = {"language": Fact(code, 0.9, said)}
    assert language_to_speak(heard, heard, Memory(asked={}, language="en"), said) == spoken


@pytest.mark.parametrize("said", ["560034", "Suresh Iyer", "4k", "ok"])
def test_what_shows_no_language_is_answered_in_the_one_before(said) -> None:
    assert language_to_speak({}, {}, Memory(asked={}, language="es"), said) == "es"


@pytest.mark.parametrize("said", ["My bill is 4500", "How long will it take to install?"])
def test_plain_english_after_hinglish_is_answered_in_english(said) -> None:
    known = {"language": Fact("hi", 0.75, "solar lagwana hai")}
    assert language_to_speak(known, {}, Memory(asked={}, language="hi-Latn"), said) == "en"


def test_who_asked_for_a_language_gets_it_also_for_english_words() -> None:
    known = {"language": Fact("es", 0.95, "speak spanish")}
    memory = Memory(asked={}, language="es")
    assert language_to_speak(known, {}, memory, "What is the price of it?") == "es"


def test_what_an_earlier_version_kept_beside_is_left() -> None:
    stored = {**Memory(asked={"phone": 1}, told=frozenset({"survey"})).to_json(), "gone": "x"}
    memory = Memory.from_json(stored)
    assert memory.asked == {"phone": 1}
    assert memory.told == {"survey"}
