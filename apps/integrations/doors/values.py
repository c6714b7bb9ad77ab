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
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"}
# Joins letters of Indic and Arabic scripts, and the parts of one emoji: not a control of anything.
_JOINERS = "\u200c\u200d"
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)(?:\s*(k|hundred|thousand|lakhs?|lacs?|crores?|cr)(?![^\W\d_]))?",
    re.IGNORECASE,
)
_MINUS_FIRST = re.compile(r"^\D*?(?<![^\s$₹€£])[-−][\s$₹€£]*\d")
_POINTS_BY_THOUSANDS = re.compile(r"\d\.\d{3},\d{1,2}(?!\d)")  # 1.250,50 as Europe writes it
_FROM_TO = re.compile(r"\W*(?:to|[-–—−])\W*(?:rs|inr|usd)?\W*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\b.*\d.*\band\b", re.IGNORECASE)
_MULTIPLIERS = {"h": 100, "k": 1_000, "t": 1_000, "l": 100_000, "c": 10_000_000}  # by first letter
_YES = {"true", "yes", "y", "1", "on", "own", "owner", "owned", "homeowner", "haan", "si", "sí"}
_NO = {"false", "no", "n", "0", "off", "rent", "renter", "rented", "tenant", "nahi"}


def text(value: Any, *, limit: int = MAX_TEXT) -> str:
    """A short text from anything that has one: strings and numbers, trimmed and storable."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_text(str(value)[: 2 * limit]).strip()[:limit]


def line(value: Any, *, limit: int) -> str:
    """Like `text`, on one line and without control characters: for names and addresses."""
    plain = "".join(_printable(character) for character in text(value, limit=2 * limit))
    return " ".join(plain.split())[:limit].strip()


def person_name(value: Any) -> tuple[str, str]:
    """First and last name from one field: titles dropped, `Last, First` turned round."""
    whole = _TITLES.sub("", line(value, limit=200))
    if "@" in whole or not any(character.isalpha() for character in whole):
        return "", ""
    last, comma, first = whole.partition(",")
    if comma and first.strip() and first.strip(" .").lower() not in _SUFFIXES:
        return first.strip()[:100], last.strip()[:100]
    first, _, last = whole.replace(",", " ").strip().partition(" ")
    return first[:100], " ".join(last.split())[:100]


def number(value: Any) -> Decimal | None:
    """A number of at least 0. Ranges give their middle; `1.5k` and `2 lakh` are understood."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _bounded(Decimal(str(value))) if math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > 100 or _MINUS_FIRST.search(value):
        return None
    if (plain := _decimal(value.strip())) is not None:
        return _bounded(plain)
    if _POINTS_BY_THOUSANDS.search(value):
        value = value.translate(str.maketrans(".,", ",."))
    found = list(_NUMBER.finditer(value))
    if not found:
        return None
    return _bounded(_middle(value, *found) if len(found) == 2 else _scaled(*found[0].groups()))


def boolean(value: Any) -> bool | None:
    """Yes or no in the words of forms."""
    if isinstance(value, bool):
        return value
    word = re.sub(r"[^\w]", "", str(value)).lower() if isinstance(value, str | int) else ""
    return True if word in _YES else False if word in _NO else None


def choice(value: Any, synonyms: dict[str, tuple[str, ...]]) -> str:
    """The choice whose name or synonym stands in `value`; the longest match is the one meant.

    What is denied ("not a house") is not said.
    """
    said = f" {_words(value)} "
    matches = [
        (len(word), name)
        for name, words in synonyms.items()
        for word in (name.replace("_", " "), *words)
        if f" {word} " in said and not re.search(rf" not (?:an? )?{word} ", said)
    ]
    return max(matches)[1] if matches else ""


def _words(value: Any) -> str:
    return " ".join(re.findall(r"\w+", text(value, limit=200).lower().replace("_", " ")))


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return character if character in _JOINERS else ""
    return " " if category[0] == "C" else character


def _decimal(plain: str) -> Decimal | None:
    """A number as programs write it, `4e2` among them."""
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _middle(value: str, low: re.Match[str], high: re.Match[str]) -> Decimal:
    """The middle of `200-300`, `5-6k` or `between 1 and 2 lakh`; else the first of two numbers."""
    least = _scaled(low[1], low[2] or high[2])
    most = _scaled(*high.groups())
    joined = _FROM_TO.fullmatch(value[low.end() : high.start()]) or _BETWEEN.search(value)
    return (least + most) / 2 if joined and least <= most else _scaled(*low.groups())


def _scaled(digits: str, unit: str | None) -> Decimal:
    amount = Decimal(digits.replace(",", ""))
    return amount * _MULTIPLIERS[unit[0].lower()] if unit else amount


def _bounded(amount: Decimal) -> Decimal | None:
    return amount if 0 <= amount < Decimal("1e9") else None
