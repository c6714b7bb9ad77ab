"""The calendar file: lines that every calendar reads."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from apps.leads.survey_file import CalendarEvent, calendar_file

START = datetime(2026, 12, 1, 14, tzinfo=UTC)


def event(**changed) -> CalendarEvent:
    return CalendarEvent(
        **{
            "uid": "u@solar-crm",
            "sequence": 2,
            "written_at": START,
            "starts_at": START,
            "ends_at": START.replace(hour=15),
            "title": "Site survey",
            "description": "",
            "place": "",
            "url": "https://example.com/survey/x/",
        }
        | changed
    )


def test_it_says_when_and_which_revision() -> None:
    lines = calendar_file(event()).split("\r\n")
    assert "DTSTART:20261201T140000Z" in lines
    assert "DTEND:20261201T150000Z" in lines
    assert "SEQUENCE:2" in lines
    assert "METHOD:PUBLISH" in lines
    assert lines[-1] == ""


def test_a_cancelled_one_takes_itself_out_of_the_calendar() -> None:
    lines = calendar_file(event(is_cancelled=True)).split("\r\n")
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} <= set(lines)


def test_what_would_end_a_value_is_escaped() -> None:
    text = calendar_file(event(description="a, b; c\\d\nEND:VEVENT"))
    assert "DESCRIPTION:a\\, b\\; c\\\\d\\nEND:VEVENT" in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_no_line_is_too_long_and_none_loses_a_character(words: str) -> None:
    text = calendar_file(event(title=words))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    shown = next(line for line in unfolded.split("\r\n") if line.startswith("SUMMARY:"))
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert shown == "SUMMARY:" + "\\n".join(escaped.splitlines())
