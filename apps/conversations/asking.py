"""What is asked for next: the one missing fact that helps most, and how often. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.conversations.contracts import Standing

MOST_TIMES_ASKED = 2
SHARED_ROOF = frozenset({"co_op", "condo", "apartment"})
WANTS_A_PERSON = "handover:request"  # among what was told: who will want to reach them
# The most valuable missing fact first: by the points it may bring, and by what it unlocks.
_OWNER_ASKS = (
    "homeowner", "zip_code", "monthly_bill", "property_type", "shading", "roof_age", "timeline",
    "decision_maker", "first_name", "consent", "phone", "email", "survey",
)  # fmt: skip
_RENTER_ASKS = ("zip_code", "monthly_bill", "first_name", "consent", "email")
_CONTACT_ASKS = ("first_name", "consent", "phone", "email")
_SERVICE_ASKS = ("zip_code", "first_name", "consent", "phone", "email")
ASKED_ABOUT_PEOPLE = frozenset({"first_name", "consent", "phone", "email", "survey"})
TELLS_NO_FACT = frozenset({"intent", "language", "objections"})


def is_renter(standing: Standing) -> bool:
    """Whether the roof is not theirs to decide on: community solar is what helps them."""
    return standing.facts.get("homeowner") is False


def needs_no_roof(standing: Standing) -> bool:
    """Whether community solar is what we talk about: they rent, or asked for it and own no roof."""
    wants = standing.facts.get("intent") == "community_solar"
    owns_a_roof = (
        standing.facts.get("homeowner") and standing.facts.get("property_type") not in SHARED_ROOF
    )
    return is_renter(standing) or (wants and not owns_a_roof)


def survey_needs(facts: Mapping[str, Any], consent: str) -> list[str]:
    """What is missing before a survey can be booked: first_name, consent, phone (or an e-mail)."""
    missing = {
        "first_name": not facts.get("first_name"),
        "consent": consent != "given",
        "phone": not (facts.get("phone") or facts.get("email")),
    }
    return [key for key, is_missing in missing.items() if is_missing]


def open_questions(standing: Standing, *, contact_first: bool = False) -> list[str]:
    """The facts that may still be asked for, the most valuable first.

    `contact_first`: what we need to write or call comes before the rest.
    """
    intent = standing.facts.get("intent")
    keys: tuple[str, ...] = _RENTER_ASKS if needs_no_roof(standing) else _OWNER_ASKS
    if intent == "service" or ("service" in standing.told and intent == "information"):
        keys = _SERVICE_ASKS
    is_for_survey = "survey_first" in standing.told and "survey" not in standing.told
    contact_first = contact_first or WANTS_A_PERSON in standing.told
    # Whoever has said that we may write or call is asked next how.
    if contact_first or is_for_survey or standing.consent == "given":
        keys = (*_CONTACT_ASKS, *(key for key in keys if key not in _CONTACT_ASKS))
    return [key for key in keys if is_open(standing, key)]


def ask_next(standing: Standing, *, contact_first: bool) -> str:
    """The fact to ask for next, or "". Who tells something else than was asked is asked something
    else: what stayed without an answer comes again once the rest has been asked. Who answers late
    has yet to answer the last question: that one stays."""
    keys = open_questions(standing, contact_first=contact_first)
    is_late = standing.asked_before in standing.new
    if standing.new - TELLS_NO_FACT and not is_late and len(keys) > 1:
        people_first = keys[0] in ASKED_ABOUT_PEOPLE
        keys.sort(
            key=lambda key: (
                (key in ASKED_ABOUT_PEOPLE) is not people_first,
                key == standing.last_asked,
                standing.asked.get(key, 0),
            )
        )
    return next(iter(keys), "")


def first_open(standing: Standing, keys: tuple[str, ...]) -> str:
    """The first of these facts that is missing and may still be asked for, or ""."""
    return next((key for key in keys if is_open(standing, key)), "")


def is_open(standing: Standing, key: str) -> bool:
    if "minor" in standing.told or standing.asked.get(key, 0) >= MOST_TIMES_ASKED:
        return False  # a child is asked for nothing, nobody for the same a third time
    facts = standing.facts
    if key == "consent":
        return not standing.consent
    if key in {"phone", "email"}:
        # One way to reach somebody is enough, and none is asked for without consent.
        is_wanted = key == "email" or not standing.no_calls
        return standing.consent == "given" and is_wanted and not _is_reachable(standing)
    if key == "survey":
        is_free = standing.consent == "given" and "survey" not in standing.told
        return is_free and _is_reachable(standing)
    if key == "zip_code":
        return not facts.get("zip_code")
    if key == "property_type" and facts.get("homeowner") is None and facts.get("property_type"):
        return False
    return facts.get(key) in (None, "")


def _is_reachable(standing: Standing) -> bool:
    may_be_called = standing.facts.get("phone") and not standing.no_calls
    return bool(may_be_called or standing.facts.get("email"))
