"""Showing what came in to a person: as a table of what it says, and as it came. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.core.errors import InvalidInput
from apps.core.json_data import parse_object, storable

_MOST_ROWS = 200
_LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Statement:
    """One thing a request says: where it stands in it, in words, and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class Shown:
    """A body for people. `statements` is empty for one that cannot be read."""

    statements: tuple[Statement, ...]
    text: str
    is_cut: bool
    problem: str = ""


def body_shown(body: bytes) -> Shown:
    """What a body says. Never raises: hostile bodies are what this page is for."""
    try:
        payload = storable(parse_object(body))
    except InvalidInput as error:
        text, problem = body.decode("utf-8", "replace"), error.message
        return Shown((), text[:_LONGEST_TEXT], len(text) > _LONGEST_TEXT, problem)
    text = json.dumps(payload, indent=2, ensure_ascii=False)
    rows = tuple(row for row, _ in zip(statements(payload), range(_MOST_ROWS), strict=False))
    return Shown(rows, text[:_LONGEST_TEXT], len(text) > _LONGEST_TEXT)


def statements(value: Any, name: str = "") -> Iterator[Statement]:
    """Every leaf of a payload that says something, with the way to it as words."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from statements(item, f"{name} › {_words(key)}" if name else _words(key))
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from statements(item, f"{name} {number}".strip())
    elif value not in (None, ""):
        yield Statement(name[:200] or "Value", _said(value))


def _words(key: object) -> str:
    return str(key).replace("_", " ").strip()[:100] or "(no name)"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)[:2000]
