"""What may be said today, found by a question. The index is kept in memory and follows changes."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from apps.conversations.contracts import Evidence
from apps.conversations.models import KnowledgeEntry
from apps.conversations.search import Document, Index

DATA = Path(__file__).parent / "data" / "knowledge.toml"
# A word of an entry's code, how people call the place, and the first digits of its postal codes.
_OF_A_PLACE = {"delhi": (re.compile(r"delhi|dilli|dehli|दिल्ली|kejriwal"), "110")}
_TRANSLATED = ("es", "hi", "hi-Latn")
_SAYS_LITTLE = frozenset(
    {"then", "a", "an", "the", "so", "and", "ok", "okay", "please", "to", "toh"}
)
_LOOK_AGAIN_SECONDS = 15.0
_MOST_FOUND = 3
_ENOUGH_COVERED = 0.34  # of the weight of a question's words: below, we do not know
_WELL_COVERED, _WORDS_AT_LEAST = 0.5, 2  # enough for words that may be no question


@dataclass(frozen=True)
class _Shelf:
    """The entries of a market and the index over them, as of a version of the table."""

    version: tuple[Any, ...]
    entries: dict[str, KnowledgeEntry]
    index: Index
    verbatim: dict[str, str]  # the code of the entry by a question as it is written there
    looked_at: float


_shelves: dict[str, _Shelf] = {}


def knowledge_find(
    question: str,
    *,
    market: str,
    day: date,
    language: str = "en",
    most: int = _MOST_FOUND,
    may_be_none: bool = False,
    postal_code: str = "",
) -> list[Evidence]:
    """The entries that answer a question on a day, best first. An expired one is never among them.

    Empty when nothing fits well enough: better no answer than a wrong one. It has to fit better
    where the words `may_be_none` (no question). What holds in one place alone is found for who asks
    about it, or lives there (`postal_code`).
    """
    shelf = _shelf(market)
    least, words = (_WELL_COVERED, _WORDS_AT_LEAST) if may_be_none else (_ENOUGH_COVERED, 1)
    fitting = [
        one.key
        for one in shelf.index.find(question, most=4 * most)
        if one.coverage >= least and one.words >= words
    ]
    verbatim = shelf.verbatim.get(_bare(question))  # also where each of its words is a common one
    valid = [
        code
        for code in dict.fromkeys([verbatim, *fitting] if verbatim else fitting)
        if _is_valid(shelf.entries[code], day) and _is_about(code, question.lower(), postal_code)
    ]
    return [_evidence(shelf.entries[code], language) for code in valid[:most]]


def knowledge_again(
    code: str, question: str, *, market: str, day: date, language: str = "en"
) -> list[Evidence]:
    """The entry told last, for a question that leans on it and brings no word of its own."""
    shelf = _shelf(market)
    entry = shelf.entries.get(code)
    if entry is None or not _is_valid(entry, day) or not shelf.index.adds_nothing(question, code):
        return []
    return [_evidence(entry, language)]


def knowledge_on(topic: str, *, market: str, day: date, language: str = "en") -> list[Evidence]:
    """The entries of a topic that may be said on a day."""
    entries = _shelf(market).entries.values()
    return [
        _evidence(entry, language)
        for entry in entries
        if entry.topic == topic and _is_valid(entry, day)
    ]


def knowledge_load() -> int:
    """Write the entries of `data/` to the database. Repeatable; returns how many there are.

    Of two versions the one checked last stays: what staff changed with a later day is kept.
    """
    count = 0
    with transaction.atomic():
        known = dict(KnowledgeEntry.objects.values_list("code", "checked_on"))
        for code, columns in _entries_of_file():
            count += 1
            if code not in known or known[code] < columns["checked_on"]:
                KnowledgeEntry.objects.update_or_create(code=code, defaults=columns)
    _shelves.clear()
    return count


def _entries_of_file() -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in tomllib.loads(DATA.read_text(encoding="utf-8"))["entry"]:
        translations = {code: entry.pop(code) for code in _TRANSLATED if code in entry}
        columns = {"market_id": entry.pop("market", None), "answers": translations, **entry}
        yield columns.pop("code"), columns


def _shelf(market: str) -> _Shelf:
    known = _shelves.get(market)
    if known and time.monotonic() - known.looked_at < _LOOK_AGAIN_SECONDS:
        return known
    rows = KnowledgeEntry.objects.filter(Q(market=market) | Q(market=None), is_active=True)
    version = tuple(rows.aggregate(Count("pk"), Max("updated_at")).values())
    if known is None or known.version != version:
        entries = {row.code: row for row in rows}
        index = Index.of(
            Document(row.code, row.title, row.questions, row.answer) for row in entries.values()
        )
        verbatim = {
            _bare(one): row.code for row in entries.values() for one in (row.title, *row.questions)
        }
    else:
        entries, index, verbatim = known.entries, known.index, known.verbatim
    _shelves[market] = _Shelf(version, entries, index, verbatim, time.monotonic())
    return _shelves[market]


def _bare(question: str) -> str:
    words = question.lower().strip(" ?¿!.,").split()
    return " ".join(word for word in words if word not in _SAYS_LITTLE)


def _is_about(code: str, question: str, postal_code: str) -> bool:
    """Whether an entry of one place (by its code) is meant: the place is named, or home."""
    return all(
        word not in code or named.search(question) or postal_code.startswith(prefix)
        for word, (named, prefix) in _OF_A_PLACE.items()
    )


def _is_valid(entry: KnowledgeEntry, day: date) -> bool:
    begun = entry.valid_from is None or entry.valid_from <= day
    return begun and (entry.valid_to is None or day <= entry.valid_to)


def _evidence(entry: KnowledgeEntry, language: str) -> Evidence:
    return Evidence(
        about="answer",
        text=entry.answers.get(language) or entry.answer,
        source=entry.source,
        checked_on=entry.checked_on,
        topic=entry.topic,
        entry=entry.code,
    )
