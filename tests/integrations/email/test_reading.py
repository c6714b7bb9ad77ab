"""Mails as they really come: who wrote, in which words, answering what, and for what purpose."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.integrations.doors.email.parser import parse
from apps.integrations.doors.email.purpose import bounce_of
from apps.integrations.doors.email.raw import payload_of, slim
from apps.integrations.doors.email.reading import InboundMail, ids_in, read_mail
from tests.integrations.reading import SETTING, payload, payload_names, understood

RAW = Path(__file__).parent / "raw"
TOKEN = "0123456789abcdef0123"

JSON_MAILS: dict[str, dict[str, Any]] = {
    "gmail_reply": {
        "sender": "ana.rivera@example.com",
        "sender_name": "Ana Rivera",
        "words": "Tuesday after six would be good.\n\nWe own the house, bill is about $310.",
        "message_id": "CAF1@mail.gmail.com",
        "references": ("mail.1@aurum-solar.example", "mail.0@aurum-solar.example"),
        "tokens": (TOKEN,),
        "attachments": ("bill.jpg",),
        "purpose": "letter",
    },
    "outlook_reply": {
        "sender": "tomasz@example.com",
        "words": "Friday works.\n\nRegards,\nTomasz",
        "message_id": "O1@outlook.com",
        "references": ("mail.2@aurum-solar.example",),
        "purpose": "letter",
    },
    "inline_answers": {
        "words": "On 24 Nov, Sam wrote some questions, see my answers below."
        "\n\nMy husband and I.\n\nSeven years.",
        "message_id": "r1@example.com",
        "references": ("b@x", "a@x"),
        "purpose": "letter",
    },
    "html_only_in_spanish": {
        "words": "Hola, el jueves por la tarde.\nMi teléfono es (212) 555-0123",
        "purpose": "letter",
    },
    "out_of_office": {"purpose": "auto_reply", "references": ("mail.3@aurum-solar.example",)},
    "wants_no_more": {"purpose": "opt_out", "words": "Please take me off your list.\n\nOlga"},
    "first_letter": {"purpose": "letter", "sender_name": "Weiss, Hannah", "references": ()},
    "newsletter": {"purpose": "bulk"},
    "hostile": {"sender": "", "purpose": "letter", "tokens": ()},
}
RAW_MAILS: dict[str, dict[str, Any]] = {
    "bounce": {"purpose": "bounce", "sender": "mailer-daemon@mx.example.net"},
    "delayed": {"purpose": "auto_reply"},
    "hindi_with_a_photo": {
        "sender": "priya@example.com",
        "sender_name": "प्रिया",
        "subject": "Re: सोलर",
        "words": "शनिवार को ठीक है।",
        "tokens": (TOKEN,),
        "attachments": ("bill.jpg",),
        "purpose": "letter",
    },
    "broken": {"purpose": "letter", "sender": ""},
}


def raw(name: str) -> dict[str, Any]:
    return payload_of((RAW / f"{name}.eml").read_bytes())


def seen(mail: InboundMail, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(mail, name) for name in names}


@pytest.mark.parametrize("name", JSON_MAILS)
def test_json(name: str) -> None:
    wanted = JSON_MAILS[name]
    assert seen(read_mail(payload("email", name)), wanted) == wanted


@pytest.mark.parametrize("name", RAW_MAILS)
def test_raw(name: str) -> None:
    wanted = RAW_MAILS[name]
    assert seen(read_mail(raw(name)), wanted) == wanted


def test_every_mail_here_is_read() -> None:
    assert payload_names("email") == set(JSON_MAILS)
    assert {file.stem for file in RAW.glob("*.eml")} == set(RAW_MAILS)


def test_a_bounce_says_whose_address_and_which_mail() -> None:
    mail = read_mail(raw("bounce"))
    bounce = bounce_of(mail.report)
    assert (bounce.recipient, bounce.status, bounce.is_dead) == (
        "nobody@example.com",
        "5.1.1",
        True,
    )
    assert "mail.5@aurum-solar.example" in ids_in(mail.report)


def test_a_photograph_leaves_only_its_name() -> None:
    assert "/9j/4AAQ" not in json.dumps(raw("hindi_with_a_photo"))
    heavy = {"from": "a@b.co", "attachments": [{"Name": "a.jpg", "Content": "x" * 10}], "Raw": "x"}
    assert slim(heavy) == {"from": "a@b.co", "attachments": ["a.jpg"]}


def test_a_first_letter_is_a_lead_without_consent() -> None:
    assert understood(parse(payload("email", "first_letter"), SETTING)) == {
        "name": ("Hannah", "Weiss"),
        "email": "hannah.weiss@example.com",
        "phone": "+12125550177",
        "market": "nyc",
        "message": "Solar for our co-op?\n\nHello,\n\nour board would like an offer."
        " Call me at 212-555-0177 please.\n\nHannah Weiss",
    }


def test_a_mail_cannot_state_its_own_consent() -> None:
    claimed = payload("email", "first_letter") | {
        "consent": {"given": True, "channels": ["call"], "text": "yes"},
        "market": "india",
    }
    draft = parse(claimed, SETTING)
    assert draft.consent is None
    assert draft.market == "nyc"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=40) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["from", "to", "subject", "text", "html", "headers", "name", "value", "email"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "from",
                "to",
                "subject",
                "text",
                "html",
                "headers",
                "message_id",
                "references",
                "in_reply_to",
                "attachments",
                "report",
            ]
        ),  # fmt: skip
        ANYTHING,
        max_size=8,
    )
)
def test_nothing_breaks_it(anything: dict[str, Any]) -> None:
    assert parse(anything, SETTING).consent is None
    kept = slim(anything)
    assert kept.keys() <= anything.keys()
    assert slim(kept) == kept


@given(st.binary(max_size=600))
def test_no_bytes_break_it(body: bytes) -> None:
    in_parts = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + body + b"\n--b--"
    for mail in (read_mail(payload_of(body)), read_mail(payload_of(in_parts))):
        words = f"{mail.sender}{mail.sender_name}{mail.subject}{mail.text}{mail.words}"
        assert "\0" not in words  # PostgreSQL keeps no such text
        assert words.encode().decode() == words  # nor half a character
