"""Their words and ours apart; goodbyes told from what only sounds like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.integrations.doors.email.purpose import bounce_of, is_farewell
from apps.integrations.doors.email.quoting import own_words, text_of_html

YES = [
    "Stop",
    "STOP please.",
    "unsubscribe",
    "Please unsubscribe me",
    "Remove me from your mailing list, thanks",
    "please remove my address from your database",
    "Take me off your list!",
    "do not contact me again",
    "Don't email me anymore.",
    "Hi Sam, please stop sending me emails. Bye",
    "stop emailing me",
    "No more emails please",
    "opt out",
    "I would like to opt out.",
    "No me escriban más",
    "Quiero darme de baja",
    "मुझे मेल मत भेजिए",
]
NO = [
    "Can you stop by on Tuesday?",
    "When does the subsidy stop?",
    "Please don't contact me before six, I work",
    "Do not write me an offer yet, we are still thinking",
    "Can I opt out of net metering later?",
    "Should I unsubscribe from community solar first?",
    "Remove the old panels, would you do that?",
    "We cannot go to the end of the street with the truck.",
    "I would like to cancel the visit on Friday.",
    "Yes, go on",
    "",
]


@pytest.mark.parametrize("words", YES)
def test_this_is_a_farewell(words: str) -> None:
    assert is_farewell(words)


@pytest.mark.parametrize("words", NO)
def test_this_is_none(words: str) -> None:
    assert not is_farewell(words)


def test_our_own_foot_under_their_mail_is_no_farewell() -> None:
    quoted = "Sounds good.\n\nAurum Solar\nNo more mails from us: https://x.example/unsubscribe/t/"
    assert own_words(quoted) == "Sounds good.\n\nAurum Solar"
    assert not is_farewell(own_words(quoted))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes.\n-- \nPat\nPat & Sons", "Yes."),
        ("Yes.\n\n-----Original Message-----\nFrom: Sam", "Yes."),
        ("Sí.\n\nEl mar, 24 nov 2026 a las 10:02, Sam escribió:\n> Hola", "Sí."),
        ("हाँ।\n\nमंगल, 24 नव॰ 2026 को Sam ने लिखा:\n> नमस्ते", "हाँ।"),
        ("Ja.\n\nAm 24.11.2026 um 10:02 schrieb Sam:\n> Hallo", "Ja."),
        ("- I own it\n- 300 a month", "- I own it\n- 300 a month"),
        ("On Monday I wrote:\nnothing", "On Monday I wrote:\nnothing"),
        ("From: what I know, it is fine.\nThanks", "From: what I know, it is fine.\nThanks"),
        ("> only quoted", "> only quoted"),
        ("", ""),
    ],
)
def test_own_words(text: str, words: str) -> None:
    assert own_words(text) == words


def test_html_without_closing_tags_is_read() -> None:
    html = "<div>One<p>Two<script>alert(1)</script><blockquote><b>old</blockquote><p>Three"
    assert text_of_html(html).split() == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("report", "is_dead"),
    [
        ("Action: failed\nStatus: 5.1.1", True),
        ("Action: failed\nStatus: 5.2.2\n mailbox full", False),
        ("Action: failed\nStatus: 5.7.1\n policy", False),
        ("550 No such user here", True),
        ("The address does not exist", True),
        ("Rejected as spam", False),
    ],
)
def test_only_a_dead_address_is_dead(report: str, is_dead: bool) -> None:
    assert bounce_of(report).is_dead is is_dead


@given(st.text(max_size=500))
def test_any_text_has_words(text: str) -> None:
    assert own_words(own_words(text)) is not None
    text_of_html(text)


@pytest.mark.parametrize(
    "text",
    ["On " * 60_000, "From: a\n" * 30_000, "> " * 90_000, "_" * 200_000, "stop " * 40_000,
     "On x\n" * 40_000, "<a@b" * 50_000],
)  # fmt: skip
def test_nobody_holds_us_up_with_a_long_mail(text: str) -> None:
    started = time.perf_counter()
    is_farewell(own_words(text))
    bounce_of(text)
    text_of_html(text)
    assert time.perf_counter() - started < 10  # in proportion; by the square it takes hours
