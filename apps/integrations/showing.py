"""Showing what the doors keep: a chat as a conversation. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_MOST_BUBBLES = 400


@dataclass(frozen=True)
class Bubble:
    """Something one of the two sides said."""

    is_visitor: bool
    text: str


def conversation(said: list[Any], answered: list[Any]) -> list[Bubble]:
    """The two sides in turn, as the widget reports them: the visitor's first, then the answer."""
    return list(_turns(said, answered))[:_MOST_BUBBLES]


def _turns(said: list[Any], answered: list[Any]) -> Iterator[Bubble]:
    for question, answer in zip_longest(said, answered):
        for is_visitor, message in ((True, question), (False, answer)):
            if text := _text(message):
                yield Bubble(is_visitor, text)


def _text(message: Any) -> str:
    if isinstance(message, dict):
        message = message.get("text") or message.get("content") or ""
    return "" if message is None else str(message)[:5000].strip()
