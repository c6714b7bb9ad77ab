"""A survey as a calendar file (RFC 5545), for the visitor's own calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

_LONGEST_LINE = 75  # bytes, without the line's end


@dataclass(frozen=True)
class CalendarEvent:
    """One appointment. The same `uid` with a higher `sequence` replaces what a calendar has."""

    uid: str
    sequence: int
    written_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str
    place: str
    url: str
    is_cancelled: bool = False


def calendar_file(event: CalendarEvent) -> str:
    """The file's text. Moments are given in UTC, which every calendar shows in its own zone."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Solar CRM//Site survey//EN",
        f"METHOD:{'CANCEL' if event.is_cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_moment(event.written_at)}",
        f"DTSTART:{_moment(event.starts_at)}",
        f"DTEND:{_moment(event.ends_at)}",
        f"SUMMARY:{_text(event.title)}",
        f"DESCRIPTION:{_text(event.description)}",
        *([f"LOCATION:{_text(event.place)}"] if event.place else []),
        f"URL:{event.url}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Long lines go on in the next one, after a space; a character is never cut in two."""
    pieces, piece, room = [], "", _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _LONGEST_LINE - 1
        piece, room = piece + character, room - size
    return "\r\n ".join([*pieces, piece])
