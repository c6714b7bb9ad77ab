"""What visitors read, in their language. Pure.

The English sentence is the key, as with gettext, but the catalogues are plain JSON in `words/` of
each room: they need no compiler, and a sentence that staff have changed in a table finds no
translation, so an old one is never told in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "es": "Español", "hi": "हिन्दी"}
LANGUAGE_CODES = tuple(LANGUAGES)
DEFAULT_LANGUAGE = "en"
_ROOMS = Path(__file__).resolve().parents[1]

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

Say = Callable[..., str]


def say_in(language: str) -> Say:
    """`say(sentence, **values)` in a language; a sentence it has no words for stays English."""
    words = {} if language == DEFAULT_LANGUAGE else catalogue(language)

    def say(sentence: str, /, **values: object) -> str:
        found = words.get(sentence, sentence)
        return found.format(**values) if values else found

    return say


ENGLISH: Say = say_in(DEFAULT_LANGUAGE)


def day_words(day: date, say: Say) -> str:
    """A day as people of a language write it: December 31, 2025."""
    month = say(MONTHS[day.month - 1])
    return say("{month} {day}, {year}", month=month, day=day.day, year=day.year)


def known_language(stated: str) -> str:
    """The language of a tag such as "es-MX", where we speak it, else English."""
    code = re.split(r"[-_]", stated.strip().lower(), maxsplit=1)[0]
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def preferred_language(header: str) -> str:
    """The language of ours that an `Accept-Language` header ranks highest, else English."""
    ranked: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        tag, _, quality = part.partition(";q=")
        code = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
        if code in LANGUAGES:
            ranked.append((_quality(quality), code))
    return max(ranked, key=lambda one: one[0])[1] if ranked else DEFAULT_LANGUAGE


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences we have in a language, by their English."""
    found: dict[str, str] = {}
    for file in sorted(_ROOMS.glob(f"*/words/{language}.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
