"""Reading single values as people and programs write them. Pure; never raises.

Everything here answers "not said" rather than guess: None or "".
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.core.json_data import clean_text

MAX_TEXT = 5000
_TITLES = re.compile(r"^(?:mr|mrs|ms|mx|miss|dr|prof|shri|smt|sri|kumari)\b\.?\s+", re.IGNORECASE)
_NUMBER = re.compile(
    r"(\d+(?:[,\d]*\d)?(?:\.\d+)?)\s*(k|thousand|lakhs?|lacs?|crores?|cr)?(?![a-z\d])",
    re.IGNORECASE,
)
_MULTIPLIERS = {"k": 1_000, "t": 1_000, "l": 100_000, "c": 10_000_000}  # by first letter
_YES = {"true", "yes", "y", "1", "on", "own", "owner", "owned", "homeowner", "haan", "si", "sí"}
_NO = {"false", "no", "n", "0", "off", "rent", "renter", "rented", "tenant", "nahi"}


def text(value: Any, *, limit: int = MAX_TEXT) -> str:
    """A short text from anything that has one: strings and numbers, trimmed and storable."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_text(str(value)[: 2 * limit]).strip()[:limit]


def line(value: Any, *, limit: int) -> str:
    """Like `text`, on one line and without control characters: for names and addresses."""
    plain = "".join(
        character if unicodedata.category(character)[0] != "C" else " "
        for character in text(value, limit=2 * limit)
    )
    return " ".join(plain.split())[:limit]


def person_name(value: Any) -> tuple[str, str]:
    """First and last name from one field: titles dropped, `Last, First` turned round."""
    whole = _TITLES.sub("", line(value, limit=200))
    if "@" in whole or not any(character.isalpha() for character in whole):
        return "", ""
    last, comma, first = whole.partition(",")
    if comma and first.strip():
        return first.strip()[:100], last.strip()[:100]
    first, _, last = whole.replace(",", " ").partition(" ")
    return first[:100], last.strip()[:100]


def number(value: Any) -> Decimal | None:
    """A number of at least 0. Ranges give their middle; `1.5k` and `2 lakh` are understood."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _bounded(Decimal(str(value))) if math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > 100 or re.search(r"(?:^|\s|[$₹])-\s*\d", value):
        return None
    found = [_scaled(*match.groups()) for match in _NUMBER.finditer(value)]
    known = [amount for amount in found if amount is not None]
    if not known:
        return None
    is_range = len(known) == 2 and re.search(r"\d\D{0,12}(?:-|–|to|and)\D{0,6}\d", value)
    return _bounded(sum(known, Decimal()) / 2 if is_range else known[0])


def boolean(value: Any) -> bool | None:
    """Yes or no in the words of forms."""
    if isinstance(value, bool):
        return value
    word = re.sub(r"[^\w]", "", str(value)).lower() if isinstance(value, str | int) else ""
    return True if word in _YES else False if word in _NO else None


def choice(value: Any, synonyms: dict[str, tuple[str, ...]]) -> str:
    """The choice whose name or synonym stands in `value`; the longest match is the one meant."""
    said = f" {_words(value)} "
    matches = [
        (len(word), name)
        for name, words in synonyms.items()
        for word in (name.replace("_", " "), *words)
        if f" {word} " in said
    ]
    return max(matches)[1] if matches else ""


def _words(value: Any) -> str:
    return " ".join(re.findall(r"\w+", text(value, limit=200).lower().replace("_", " ")))


def _scaled(digits: str, unit: str | None) -> Decimal | None:
    try:
        amount = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    return amount * _MULTIPLIERS[unit[0].lower()] if unit else amount


def _bounded(amount: Decimal) -> Decimal | None:
    return amount if 0 <= amount < Decimal("1e9") else None
