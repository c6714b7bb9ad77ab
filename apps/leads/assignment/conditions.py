"""What a rule asks of a lead: checked, matched, and said in words. Pure.

Conditions are data: `{"market": ["nyc"], "score": [70, null], "postal_code": ["112", "113"]}`.
All of them must hold; of several values of one, any. What is not named does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.core.errors import InvalidInput

Conditions = Mapping[str, Any]
Labels = Mapping[str, Mapping[str, str]]

# What one of several values must be, with its words.
ONE_OF = {
    "market": "Market",
    "territory": "Territory",
    "source": "Source",
    "tier": "Tier",
    "property_type": "Property",
    "ownership": "Ownership",
    "timeline": "Timeline",
    "language": "Language",
    "utm_source": "UTM source",
    "utm_medium": "UTM medium",
    "utm_campaign": "UTM campaign",
}
# Written by people on their sites in any case.
_IN_ANY_CASE = {"language", "utm_source", "utm_medium", "utm_campaign"}
# From, to: both included, either may be open.
BETWEEN = {"score": "Score", "monthly_bill": "Monthly bill"}
BEGINS_WITH = {"postal_code": "Postal code"}
_MOST_VALUES, _LONGEST_VALUE = 200, 100


@dataclass(frozen=True)
class LeadFacts:
    """What rules may look at. "" and None are what nobody stated: no condition holds for it."""

    market: str = ""
    territory: str = ""  # market and code: "nyc/brooklyn"
    source: str = ""
    tier: str = ""
    property_type: str = ""
    ownership: str = ""
    timeline: str = ""
    language: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    score: int = 0
    monthly_bill: Decimal | None = None  # in the market's currency
    postal_code: str = ""
    direct_to: int | None = None  # whoever takes everything from its source
    known_to: int | None = None  # whoever has an earlier lead of the same person


def matches(conditions: Conditions, lead: LeadFacts) -> bool:
    """Whether a lead is one that the rule is for."""
    return all(_holds(name, wanted, lead) for name, wanted in conditions.items())


def conditions_read(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions in their normal form, without those that ask nothing.

    Raises InvalidInput, by name, for a condition there is not and for values it cannot have.
    """
    read: dict[str, Any] = {}
    for name, value in stated.items():
        if name in ONE_OF or name in BEGINS_WITH:
            wanted: list[Any] = _values(name, value)
        elif name in BETWEEN:
            wanted = _range(name, value)
        else:
            raise InvalidInput(details={name: ["There is no such condition."]})
        if any(one not in ("", None) for one in wanted):
            read[name] = wanted
    return read


def conditions_words(conditions: Conditions, labels: Labels | None = None) -> list[str]:
    """One phrase for each condition; `labels` are {"market": {"nyc": "New York City"}, …}."""
    known = labels or {}
    return [
        _words(name, wanted, known.get(name, {}))
        for name in (*ONE_OF, *BEGINS_WITH, *BETWEEN)
        if (wanted := conditions.get(name))
    ]


def _holds(name: str, wanted: Sequence[Any], lead: LeadFacts) -> bool:
    value = getattr(lead, name, None)
    if value in ("", None):
        return False
    if name in BETWEEN:
        lowest, highest = (None if end is None else Decimal(str(end)) for end in wanted)
        return (lowest is None or value >= lowest) and (highest is None or value <= highest)
    if name in BEGINS_WITH:
        return str(value).upper().startswith(tuple(str(one).upper() for one in wanted))
    if name in _IN_ANY_CASE:
        return str(value).lower() in {str(one).lower() for one in wanted}
    return value in wanted


def _values(name: str, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > _MOST_VALUES:
        raise InvalidInput(details={name: [f"Give a list of at most {_MOST_VALUES} values."]})
    texts = [str(one).strip() for one in value]
    if any(len(text) > _LONGEST_VALUE for text in texts):
        raise InvalidInput(details={name: [f"A value has at most {_LONGEST_VALUE} characters."]})
    return sorted({text for text in texts if text})


def _range(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidInput(details={name: ["Give two numbers, from and to; null is open."]})
    lowest, highest = (_number(name, end) for end in value)
    if lowest is not None and highest is not None and lowest > highest:
        raise InvalidInput(details={name: ["From is more than to."]})
    return [lowest, highest]


def _number(name: str, end: Any) -> float | int | None:
    if end in ("", None):
        return None
    try:
        number = Decimal(str(end))
    except InvalidOperation as error:
        raise InvalidInput(details={name: ["This is not a number."]}) from error
    if not number.is_finite() or not 0 <= number < 10**10:
        raise InvalidInput(details={name: ["This is not a number we can compare with."]})
    return int(number) if number == number.to_integral_value() else float(number)


def _words(name: str, wanted: Sequence[Any], labels: Mapping[str, str]) -> str:
    if name in BETWEEN:
        lowest, highest = wanted
        if lowest is None:
            return f"{BETWEEN[name]} up to {highest}"
        return f"{BETWEEN[name]} {lowest} " + ("and more" if highest is None else f"to {highest}")
    values = " or ".join(labels.get(str(one), str(one)) for one in wanted)
    if name in BEGINS_WITH:
        return f"{BEGINS_WITH[name]} begins with {values}"
    return f"{ONE_OF[name]}: {values}"
