"""Nested data as lines for people: where each value stands, in words, and what it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Statement:
    """One value: where it stands, in words, and what it says."""

    name: str
    value: str


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
