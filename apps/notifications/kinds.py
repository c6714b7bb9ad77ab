"""Kinds of notifications. Rooms register theirs when they are ready; people choose by kind.

register(Kind("lead.assigned", "A lead is given to me", Channels(mail=Mail.AT_ONCE)))
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.notifications.choices import Mail

_kinds: dict[str, Kind] = {}


@dataclass(frozen=True)
class Channels:
    """How somebody is told: in the list, live on an open page, by mail."""

    in_app: bool = True
    live: bool = True
    mail: Mail = Mail.OFF


@dataclass(frozen=True)
class Kind:
    """Something people are told of, and how, until they choose otherwise.

    The two numbers are minutes after which an alert of this kind that nobody takes goes on to the
    managers, and to the admins; they are where an installation starts, and rows hold what it
    changed (`EscalationRule`).
    """

    code: str
    label: str
    channels: Channels = Channels()
    description: str = ""
    managers_after: int = 30
    admins_after: int = 120


def register(kind: Kind) -> None:
    """Make a kind known. Raises ValueError when another one has its code."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"Two kinds of notifications are called {kind.code}.")


def kind_by(code: str) -> Kind | None:
    """The kind of a code; None when no release registers it any more."""
    return _kinds.get(code)


def kinds_known() -> list[Kind]:
    """Every kind, by its label."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def label_of(code: str) -> str:
    known = kind_by(code)
    return known.label if known else code
