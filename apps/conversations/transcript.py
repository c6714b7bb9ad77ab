"""A conversation as a letter: who said what and when, without the notes of staff. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.conversations.builtin import phrase

LONGEST = 18_000  # letters; of a longer one the beginning is left out
# Our mail must not carry a stranger's link to somebody else, nor be taken for a template.
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """Something that was said. `who`: visitor, assistant, agent or system; `name` of an agent."""

    who: str
    text: str
    at: datetime
    name: str = ""


def transcript_letter(lines: Iterable[Line], *, language: str, zone: str, brand: str) -> str:
    """The body of the mail, its times on the clock of the market."""
    said = [_said(line, language, ZoneInfo(zone)) for line in lines]
    kept: list[str] = []
    room = LONGEST
    for one in reversed(said):
        room -= len(one) + 2
        if room < 0:
            kept.append("…")
            break
        kept.append(one)
    intro = phrase("letter.intro", language).format(brand=brand)
    return "\n\n".join([intro, *reversed(kept)])


def masked(address: str) -> str:
    """An address so that its owner knows it, and nobody else learns it: "a…@example.com"."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _said(line: Line, language: str, zone: ZoneInfo) -> str:
    own = _LINK.sub("…", line.text) if line.who == "visitor" else line.text
    text = own.replace("{{", "{ {")
    who = line.name or phrase(f"letter.{line.who}", language)
    return f"{line.at.astimezone(zone):%H:%M} {who}\n{text}"
