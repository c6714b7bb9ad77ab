"""Logs and Sentry: the ids of the work in hand, and nobody's address or number."""

from __future__ import annotations

import json
import logging
import sys
import time

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from apps.core.context import logging_facts
from apps.core.logs import (
    ContextFilter,
    PrivateJsonFormatter,
    mask_personal_data,
    scrub_event,
)

EMAIL, PHONE = "ana.rivera+solar@example.co.uk", "+1 (212) 555-0142"

local_parts = st.from_regex(r"[a-z0-9][a-z0-9._+%-]{0,20}[a-z0-9]", fullmatch=True)
domains = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,5})?(\.[a-z]{2,5}){1,2}", fullmatch=True)
phones = st.builds(
    lambda digits, gap, plus: f"{plus}{digits[:3]}{gap}{digits[3:6]}{gap}{digits[6:]}",
    st.text("0123456789", min_size=10, max_size=13),
    st.sampled_from(["", " ", "-", ".", "\u2013"]),
    st.sampled_from(["", "+", "+1 "]),
)
surroundings = st.sampled_from(["", " ", ": ", "=", "('", '"', "\n", "to "])


@given(surroundings, st.builds("{}@{}".format, local_parts, domains), surroundings)
def test_no_address_comes_through(before: str, address: str, after: str) -> None:
    assert address not in mask_personal_data(f"{before}{address}{after}")
    assert "@" not in mask_personal_data(f"{before}{address}{after}")


@given(surroundings, phones, surroundings.filter(lambda text: not text.startswith("to")))
def test_no_number_comes_through(before: str, phone: str, after: str) -> None:
    masked = mask_personal_data(f"{before}{phone}{after}")
    assert sum(character.isdigit() for character in masked) <= 3


@given(st.text())
def test_masking_is_idempotent(text: str) -> None:
    assert mask_personal_data(mask_personal_data(text)) == mask_personal_data(text)


@pytest.mark.parametrize(
    "text", ["outbox.failed", "lead 0192f0c1-7a3b-7c4d-8e5f-0123456789ab", "took 12.5 ms", "404"]
)
def test_what_is_nobody_stays(text: str) -> None:
    assert mask_personal_data(text) == text


@pytest.mark.parametrize("piece", ["a", "1 ", "(1-", "a@", "a.b@c.", "+1"])
def test_a_long_line_costs_time_in_proportion(piece: str) -> None:
    started = time.monotonic()
    mask_personal_data(piece * 50_000)
    assert time.monotonic() - started < 10  # by the square it takes hours


def written(message: str, *args, error: Exception | None = None, **extra) -> dict:
    """The line as it would be written."""
    exc_info = None
    if error is not None:
        try:
            raise error
        except type(error):
            exc_info = sys.exc_info()
    record = logging.getLogger("t").makeRecord(
        "t", logging.INFO, __file__, 1, message, args, exc_info, extra=extra
    )
    ContextFilter().filter(record)
    return json.loads(PrivateJsonFormatter("%(levelname)s %(name)s %(message)s").format(record))


def test_a_line_carries_the_ids_of_the_work_in_hand() -> None:
    with logging_facts(request_id="r-12345678"), logging_facts(lead_id=7):
        line = written("lead.scored")
    assert (line["request_id"], line["lead_id"], line["message"]) == (
        "r-12345678",
        "7",
        "lead.scored",
    )
    assert "request_id" not in written("after")


@pytest.mark.parametrize(
    "line",
    [
        lambda: written(f"mailed {EMAIL} and {PHONE}"),
        lambda: written("mailed %s and %s", EMAIL, PHONE),
        lambda: written("mailed", to=EMAIL, numbers=[PHONE], more={"deep": (EMAIL, PHONE)}),
        lambda: written("failed", error=ValueError(f"Key (value)=({EMAIL}) exists, {PHONE}")),
        lambda: written("Not Found", request=RequestFactory().get("/x", {"q": EMAIL, "p": PHONE})),
    ],
)
def test_a_line_names_nobody(line) -> None:
    text = json.dumps(line())
    assert "rivera" not in text
    assert "0142" not in text


def test_a_line_of_our_own_stays_readable() -> None:
    line = written("http.request", route="/api/leads/", ms=12.5, status=200, ok=True, none=None)
    assert (line["route"], line["ms"], line["status"], line["ok"], line["none"]) == (
        "/api/leads/", 12.5, 200, True, None,
    )  # fmt: skip


def test_times_are_utc() -> None:
    record = logging.makeLogRecord({"msg": "m", "created": 1795262400.25, "msecs": 250.0})
    assert json.loads(PrivateJsonFormatter("%(asctime)s").format(record))["asctime"] == (
        "2026-11-21T12:00:00.250Z"
    )


def test_a_line_that_cannot_be_formatted_does_not_break_the_caller(capsys, monkeypatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateJsonFormatter("%(message)s"))
    assert handler.handle(logging.makeLogRecord({"msg": "%d", "args": (EMAIL,)}))
    assert EMAIL not in "".join(capsys.readouterr())


def test_sentry_is_told_of_nobody() -> None:
    event = {
        "message": f"failed for {EMAIL}",
        "exception": {"values": [{"type": "KeyError", "value": f"{PHONE} {EMAIL}"}]},
        "user": {"id": 7, "email": EMAIL, "username": "ana", "ip_address": "203.0.113.7"},
        "request": {
            "url": "https://crm.example/api/leads/",
            "query_string": f"search={EMAIL}",
            "cookies": {"session": "s3cret"},
            "data": {"phone": PHONE},
            "env": {"REMOTE_ADDR": "203.0.113.7"},
            "headers": {
                "Authorization": "Bearer s3cret",
                "X-Forwarded-For": "1.2.3.4",
                "Accept": "text/html",
            },
        },
        "extra": {"name": "Rivera", "attempt": 3, "note": f"call {PHONE}"},
        "breadcrumbs": {"values": [{"message": f"SELECT {EMAIL}", "data": {"q": PHONE}}]},
    }
    with logging_facts(request_id="r-12345678"):
        scrubbed = scrub_event(event, {})
    text = json.dumps(scrubbed)
    for secret in ("rivera", "Rivera", "0142", "s3cret", "203.0.113.7", "1.2.3.4"):
        assert secret not in text
    assert scrubbed["tags"] == {"request_id": "r-12345678"}
    assert scrubbed["user"]["id"] == 7
    assert scrubbed["request"]["headers"]["Accept"] == "text/html"
    assert scrubbed["exception"]["values"][0]["type"] == "KeyError"


def test_sentry_events_without_a_request_pass() -> None:
    assert scrub_event({"request": None}, {}) == {"request": None}
    assert scrub_event({}, {}) == {}
