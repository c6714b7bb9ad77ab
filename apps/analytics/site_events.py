"""Reading what a browser says happened on the site. Pure; never raises.

Nothing personal comes through: names and values are taken from short lists or consist of letters
alone, so neither an address nor a number fits into any of them. What does not fit is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

MOST_EVENTS = 30
_LONGEST_DELAY = timedelta(hours=1)
_PAGE = re.compile(r"/(?:[A-Za-z]{1,20}/){0,2}(?:[A-Za-z]{1,20}\.html)?")
_WORD = re.compile(r"[a-z_]{1,30}")
_PROPERTIES = ("field", "form", "market", "language")
# Robots that say so, and browsers nobody sits at.
_ROBOT = re.compile(
    r"bot\b|crawl|spider|slurp|headless|lighthouse|preview|monitor|scan|curl|wget|python|java/|go-http",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Happened:
    """One thing that happened in a browser."""

    name: str
    page: str
    at: datetime
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reported:
    """What a browser reported. Without a session nothing ties its events together."""

    events: tuple[Happened, ...]
    session: UUID | None = None


def read_report(
    payload: Mapping[str, Any], names: frozenset[str], *, opted_out: bool, now: datetime
) -> Reported:
    """The events of a report whose names we know. The session is kept only with consent.

    `opted_out`: the browser sent Global Privacy Control or Do Not Track, which counts for more
    than any consent beside it.
    """
    given = payload.get("events")
    listed = given[:MOST_EVENTS] if isinstance(given, list) else []
    events = (_event(one, names, now) for one in listed if isinstance(one, Mapping))
    may_follow = payload.get("consent") is True and not opted_out
    return Reported(
        events=tuple(event for event in events if event is not None),
        session=_session(payload.get("session_id")) if may_follow else None,
    )


def is_robot(user_agent: str) -> bool:
    """Whether nobody sits at this browser, as far as it says itself."""
    return not user_agent.strip() or bool(_ROBOT.search(user_agent))


def _event(said: Mapping[str, Any], names: frozenset[str], now: datetime) -> Happened | None:
    name, page = said.get("name"), said.get("page")
    if not isinstance(name, str) or name not in names:
        return None
    properties = said.get("properties")
    return Happened(
        name=name,
        page=page if isinstance(page, str) and _PAGE.fullmatch(page) else "",
        at=now - _delay(said.get("ago_ms")),
        properties=_bounded(properties) if isinstance(properties, Mapping) else {},
    )


def _bounded(properties: Mapping[str, Any]) -> dict[str, str]:
    found = {name: properties.get(name) for name in _PROPERTIES}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, str) and _WORD.fullmatch(value)
    }


def _delay(value: Any) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return timedelta(0)
    return min(timedelta(milliseconds=min(value, 1e9)), _LONGEST_DELAY)


def _session(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        return None
