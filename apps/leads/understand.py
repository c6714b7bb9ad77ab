"""What a person said about themselves, their home and their wish, in whatever words. Pure.

Shared by chat, calls and mail. A fact carries how sure we are and the words it came from; nothing
is inferred that was not said, and later words correct earlier ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from apps.leads.understanding.bare_amounts import hear_bare_amount
from apps.leads.understanding.bills import hear_bill
from apps.leads.understanding.deciding import hear_deciding
from apps.leads.understanding.hearing import (
    ANSWERED,
    Fact,
    Gazetteer,
    Heard,
    Hearing,
    Words,
)
from apps.leads.understanding.home import hear_home
from apps.leads.understanding.person import hear_person
from apps.leads.understanding.places import hear_places
from apps.leads.understanding.roof_age import hear_roof_age
from apps.leads.understanding.sayings import SAYINGS
from apps.leads.understanding.timeline import hear_timeline
from apps.leads.understanding.wishes import (
    asks_for_a_language,
    hear_wishes,
    is_plain_english,
    prefers_writing,
)

__all__ = [
    "FACT_KEYS", "Fact", "Gazetteer", "Hearing", "asked_in", "asks_for_a_language",
    "is_plain_english", "merge_facts", "understand", "prefers_writing",
]  # fmt: skip

FACT_KEYS = (
    "homeowner", "property_type", "monthly_bill", "zip_code", "borough", "neighborhood", "timeline",
    "roof_type", "roof_age", "shading", "utility", "decision_maker", "credit_range", "first_name",
    "last_name", "email", "phone", "language", "objections", "intent",
)  # fmt: skip
_LISTENERS = (
    hear_bare_amount,
    hear_bill,
    hear_places,
    hear_home,
    hear_roof_age,
    hear_timeline,
    hear_deciding,
    hear_person,
    hear_wishes,
)
_PLACES = frozenset({"utility", "neighborhood", "borough"})
_MUCH_SURER = 0.25  # an earlier word this much surer than a later one is not corrected by it
_MOST_LETTERS = 5_000
_NUMBERS = frozenset({"monthly_bill", "roof_age", "zip_code"})
_NAMES = frozenset({"first_name", "last_name"})
_OF_THE_HOME = frozenset({"property_type", "roof_type", "shading", "timeline", "decision_maker"})
# How a question for a fact is worded, by us and by others.
_QUESTIONS = SAYINGS.patterns("questions")


def understand(text: str, hearing: Hearing) -> dict[str, Fact]:
    """The facts in one message. `objections` holds a tuple; every other fact one value."""
    words = Words.of(text[:_MOST_LETTERS])
    found = [one for listen in _LISTENERS for one in listen(words, hearing)]
    found = _without_numbers_in_phones(_without_bills_in_postal_codes(found))
    found = _without_names_of_places(_without_names_in_other_facts(words, found))
    objections = [one for one in found if one.key == "objections"]
    facts = {}
    for key in dict.fromkeys(one.key for one in found if one.key != "objections"):
        chosen = _last_word(one for one in found if one.key == key)
        facts[key] = Fact(chosen.value, chosen.confidence, words.said[chosen.start : chosen.end])
    if objections:
        ordered = sorted(objections, key=lambda one: one.start)
        facts["objections"] = Fact(
            tuple(dict.fromkeys(one.value for one in ordered)),
            min(one.confidence for one in ordered),
            " … ".join(words.said[one.start : one.end] for one in ordered),
        )
    if "homeowner" in facts and facts["homeowner"].value:
        facts = _without_renting(facts)
    return facts


def _without_bills_in_postal_codes(found: list[Heard]) -> list[Heard]:
    """ "I live in Delhi, 110018", to the question for the bill, tells the place and no sum."""
    codes = [range(one.start, one.end) for one in found if one.key == "zip_code"]
    return [
        one
        for one in found
        if one.key != "monthly_bill" or not any(one.start in code for code in codes)
    ]


def _without_numbers_in_phones(found: list[Heard]) -> list[Heard]:
    """ "98 11 22 33 44" and "(0832) 222 4455" ring, and hold no sum, no age and no code."""
    phones = [range(one.start, one.end) for one in found if one.key == "phone"]
    return [
        one
        for one in found
        if one.key not in _NUMBERS or not any(one.start in phone for phone in phones)
    ]


def _without_names_in_other_facts(words: Words, found: list[Heard]) -> list[Heard]:
    """ "One family house", to the question for the name, tells the home and no name."""
    homes = [range(one.start, one.end) for one in found if one.key in _OF_THE_HOME]
    names = [one for one in found if one.key in _NAMES]
    in_homes = any(one.start in home for one in names for home in homes)
    are_words = any(  # "aiming for the spring"
        one.confidence == ANSWERED and words.said[one.start : one.end].islower() for one in names
    )
    return [one for one in found if one not in names or not (in_homes or (homes and are_words))]


def _without_names_of_places(found: list[Heard]) -> list[Heard]:
    """ "PGVCL", to the question for a name, is who supplies them; "main Mansarovar se", where."""
    places = [range(one.start, one.end) for one in found if one.key in _PLACES]
    return [
        one
        for one in found
        if not one.key.endswith("_name") or not any(one.start in it for it in places)
    ]


def _without_renting(facts: dict[str, Fact]) -> dict[str, Fact]:
    """ "I used to rent, but bought last year": who owns does not mind renting."""
    raised = facts.get("objections")
    if raised is None:
        return facts
    left = tuple(one for one in raised.value if one != "renting")
    rest = {key: fact for key, fact in facts.items() if key != "objections"}
    return rest | ({"objections": replace(raised, value=left)} if left else {})


def merge_facts(known: Mapping[str, Fact], new: Mapping[str, Fact]) -> dict[str, Fact]:
    """What is known after `new` was said: a later word corrects, an objection is added."""
    merged = dict(known)
    for key, fact in new.items():
        before = merged.get(key)
        if before is None:
            merged[key] = fact
        elif key == "objections":
            both = tuple(dict.fromkeys((*before.value, *fact.value)))
            merged[key] = Fact(both, min(before.confidence, fact.confidence), fact.quote)
        elif fact.confidence > before.confidence - _MUCH_SURER:
            merged[key] = fact
    return merged


def asked_in(text: str) -> str:
    """The key of the fact that a message of ours asks for, or "" when it asks for none."""
    questions = re.findall(r"[^.?!]*\?", text.lower())
    for question in reversed(questions):
        for key, pattern in _QUESTIONS.items():
            if pattern.search(question):
                return key
    return ""


def _last_word(found: Iterable[Heard]) -> Heard:
    """Of several mentions the last one, unless an earlier one is much surer."""
    chosen: Heard | None = None
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        if chosen is None or one.confidence > chosen.confidence - _MUCH_SURER:
            chosen = one
    if chosen is None:
        raise ValueError("Nothing was heard.")
    return chosen
