"""What a buyer's answer means. Pure.

How answers are read is kept for each buyer, all of it optional:

    {"outcome_at": "result.status", "accepted": ["ok"], "rejected": ["no"], "duplicate": ["dup"],
     "reason_at": "result.why", "price_at": "price", "any_2xx": false}

A body that says what became of the lead is believed, with any status under 500 that does not say
“later”. Without such a body the status decides, and a 2xx that says nothing intelligible is
*unknown*, never taken for a yes. So is a 5xx that leaves open what happened behind it: a gateway
that lost the buyer's own answer, or a yes in an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Outcome = Literal["accepted", "rejected", "duplicate", "failed", "unknown", "refused"]

_DEFAULTS: dict[str, Any] = {
    "outcome_at": "outcome",
    "accepted": ["accepted", "success", "ok", "post_valid", "matched", "sold"],
    "rejected": ["rejected", "failure", "declined", "invalid", "unmatched"],
    "duplicate": ["duplicate", "dupe", "post_reject_duplicate"],
    "reason_at": "reason",
    "price_at": "price",
    "any_2xx": False,
}
_TRY_LATER = {408, 425, 429}
# What stands before the buyer's own server passed the lead on and got no proper answer: 502, 504,
# and what one large network of such gateways says instead.
_LOST_BEHIND_A_GATEWAY = {502, 504, 520, 524}


@dataclass(frozen=True)
class Reading:
    """What was understood. `price` is what the buyer names, where it names one.

    `nobody_there`: it failed before anything was sent, for there was no connection.
    """

    outcome: Outcome
    words: str = ""
    price: Decimal | None = None
    retry_after: float | None = None
    nobody_there: bool = False


def read_answer(
    status: int, body: bytes, spec: Mapping[str, Any], *, retry_after: str = ""
) -> Reading:
    """Read one HTTP answer."""
    how = _DEFAULTS | dict(spec)
    said = _parsed(body)
    named = _named(said, how)
    if status >= 500 or status in _TRY_LATER:
        is_open = status in _LOST_BEHIND_A_GATEWAY or (status >= 500 and named == "accepted")
        outcome: Outcome = "unknown" if is_open else "failed"
        return Reading(outcome, f"Answered {status}", retry_after=_seconds(retry_after))
    if named is not None:
        return Reading(named, _words(said, how), _price(said, how))
    if status >= 300:
        return Reading("refused", f"Answered {status}: {_begin(body)}".rstrip(": "))
    if how["any_2xx"]:
        return Reading("accepted", f"Answered {status}")
    return Reading("unknown", f"Answered {status} with what cannot be read: {_begin(body)}")


def spec_problems(spec: Mapping[str, Any]) -> list[str]:
    """What is wrong with the way answers are to be read, in words."""
    problems = [f"“{name}” is not understood." for name in spec.keys() - _DEFAULTS.keys()]
    for name, value in spec.items():
        if name in {"accepted", "rejected", "duplicate"} and not (
            isinstance(value, list) and all(isinstance(one, str) for one in value)
        ):
            problems.append(f"`{name}` is a list of words.")
        if name == "any_2xx" and not isinstance(value, bool):
            problems.append("`any_2xx` is true or false.")
        if name.endswith("_at") and not isinstance(value, str):
            problems.append(f"`{name}` is the way to a field, as result.status.")
    return problems


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _named(said: Any, how: Mapping[str, Any]) -> Outcome | None:
    """The duplicate before the rejection: many buyers say both in one word."""
    value = _at(said, how["outcome_at"])
    if value is None or isinstance(value, dict | list):
        return None
    word = str(value).strip().lower()
    names: tuple[Outcome, ...] = ("duplicate", "rejected", "accepted")
    for name in names:
        if word in {one.lower() for one in how[name]}:
            return name
    return None


def _words(said: Any, how: Mapping[str, Any]) -> str:
    reason = _at(said, how["reason_at"])
    return "" if reason is None else " ".join(str(reason).split())[:200]


def _price(said: Any, how: Mapping[str, Any]) -> Decimal | None:
    value = _at(said, how["price_at"])
    if value is None or isinstance(value, bool | dict | list):
        return None
    try:
        price = Decimal(str(value).replace(",", "").lstrip("$₹ "))
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price < 10**8 else None


def _at(value: Any, way: str) -> Any:
    for step in way.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _seconds(text: str) -> float | None:
    return float(text) if text.isdecimal() and len(text) < 7 else None


def _begin(body: bytes) -> str:
    return " ".join(body[:160].decode("utf-8", "replace").split())[:120]
