"""Showing what came in to a person: as a table of what it says, and as it came. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from apps.core.errors import InvalidInput
from apps.core.json_data import parse_object, storable
from apps.core.staff.statements import Statement, statements

_MOST_ROWS = 200
_LONGEST_TEXT = 20_000


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
