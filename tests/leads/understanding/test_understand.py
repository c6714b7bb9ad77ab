"""What people say is understood: as they say it, and no more than they say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.gazetteer import gazetteer_of
from apps.leads.understand import (
    FACT_KEYS,
    Fact,
    Gazetteer,
    Hearing,
    asked_in,
    merge_facts,
    understand,
)

TODAY = date(2026, 11, 27)
SAYINGS = json.loads(Path(__file__).with_name("sayings.json").read_text(encoding="utf-8"))
REGIONS = {"nyc": "US", "india": "IN"}


def hear(text: str, *, market: str = "nyc", asked: str = "") -> dict[str, Any]:
    hearing = Hearing(REGIONS[market], TODAY, asked, gazetteer_of(market))
    facts = understand(text, hearing)
    return {
        key: list(fact.value) if key == "objections" else fact.value for key, fact in facts.items()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("saying", SAYINGS, ids=lambda saying: saying["said"][:50])
def test_what_people_say(saying) -> None:
    heard = hear(saying["said"], market=saying["market"], asked=saying["asked"])
    assert heard == saying["means"]


@pytest.mark.django_db
def test_a_fact_says_which_words_it_came_from() -> None:
    text = "My name is Ana Ruiz, we own in Park Slope 11215 and pay about $280 a month"
    facts = understand(text, Hearing("US", TODAY, "", gazetteer_of("nyc")))
    assert {key: fact.quote for key, fact in facts.items() if key != "intent"} == {
        "monthly_bill": "280",
        "zip_code": "11215",
        "neighborhood": "Park Slope",
        "homeowner": "we own",
        "first_name": "Ana",
        "last_name": "Ruiz",
    }


@given(st.text(max_size=300), st.sampled_from(["", *FACT_KEYS]), st.sampled_from(["US", "IN"]))
def test_any_text_is_survived_and_every_quote_stands_in_it(text, asked, region) -> None:
    facts = understand(text, Hearing(region, TODAY, asked))
    assert facts.keys() <= set(FACT_KEYS)
    for key, fact in facts.items():
        assert 0 < fact.confidence <= 1
        assert all(part in text for part in fact.quote.split(" … ")), key


@given(st.text(alphabet="ab 1.,$-'?\n", max_size=80))
def test_the_same_words_mean_the_same(text) -> None:
    hearing = Hearing("US", TODAY, "monthly_bill")
    assert understand(text, hearing) == understand(text, hearing)


def test_a_long_message_is_read_in_bounded_time_and_place() -> None:
    text = "a " * 4_000 + "my bill is $250"
    assert "monthly_bill" not in understand(text, Hearing("US", TODAY))


def test_a_later_word_corrects_an_earlier_one() -> None:
    known = {"monthly_bill": Fact(250.0, 0.95, "250")}
    new = {"monthly_bill": Fact(350.0, 0.9, "350")}
    assert merge_facts(known, new)["monthly_bill"].value == 350.0


def test_a_guess_does_not_correct_what_was_stated() -> None:
    known = {"homeowner": Fact(True, 0.95, "I own")}
    assert merge_facts(known, {"homeowner": Fact(False, 0.6, "rent")}) == known


def test_objections_add_up() -> None:
    known = {"objections": Fact(("cost",), 0.85, "too expensive")}
    merged = merge_facts(known, {"objections": Fact(("trust", "cost"), 0.85, "a scam")})
    assert merged["objections"].value == ("cost", "trust")


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("How much is your electric bill in a usual month?", "monthly_bill"),
        ("Great! What's your ZIP code?", "zip_code"),
        ("Do you own your home or rent it?", "homeowner"),
        ("What kind of home is it: a house, condo or co-op?", "property_type"),
        ("How old is your roof?", "roof_age"),
        ("Is there any shade on the roof?", "shading"),
        ("What's your timeline for installation?", "timeline"),
        ("Who makes the decision in your home?", "decision_maker"),
        ("What should I call you?", "first_name"),
        ("¿Cuánto es su factura de luz?", "monthly_bill"),
        ("Thank you, all noted.", ""),
        ("What's your bill? And your ZIP code?", "zip_code"),
    ],
)
def test_a_question_tells_what_it_asks_for(question, key) -> None:
    assert asked_in(question) == key


def test_without_places_only_what_is_named_as_a_code_is_one() -> None:
    nowhere = Hearing("US", TODAY, "", Gazetteer())
    assert "zip_code" not in understand("order 11215 please", nowhere)
    assert understand("zip code 11215", nowhere)["zip_code"].value == "11215"
