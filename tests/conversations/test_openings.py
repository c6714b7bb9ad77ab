"""Opening lines: who is shown which, what is counted, and what staff may write."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.comparing import openings_compared
from apps.conversations.models import Conversation, Message, OpeningLine
from apps.conversations.openings import opening_shown
from apps.conversations.variants import HORIZON, Verdict
from tests.factories.leads import make_lead


def line(code: str, text: str = "Hi! What would you like to know?", **facts) -> OpeningLine:
    facts = {"market_id": "nyc", "starts_on": timezone.localdate() - timedelta(days=30)} | facts
    return OpeningLine.objects.create(code=code, text=text, **facts)


def begin(language: str = "en", *, market: str = "nyc", at: datetime | None = None) -> Conversation:
    opened = conversation_open(
        Visitor(market, language=language, shows_opening=True), now=at or timezone.now()
    )
    return opened.conversation


def test_without_lines_the_page_says_its_own(db) -> None:
    conversation = begin()
    assert (conversation.opening, opening_shown(conversation)) == ("", None)


def test_each_conversation_has_one_line_for_good(db) -> None:
    line("plain", suggestions=["What does it cost?"])
    conversation = begin()
    line("bold")
    conversation.refresh_from_db()
    assert opening_shown(conversation) == {
        "text": "Hi! What would you like to know?",
        "suggestions": ["What does it cost?"],
    }


def test_two_lines_share_the_visitors(db) -> None:
    line("plain")
    line("bold")
    shown = Counter(begin().opening for _ in range(60))
    assert set(shown) == {"plain", "bold"}
    assert min(shown.values()) > 12  # less has a chance of one in a million


@pytest.mark.parametrize(
    "facts",
    [
        {"weight": 0},
        {"language": "es"},
        {"market_id": "india"},
        {"ends_on": date(2026, 1, 1), "starts_on": date(2025, 1, 1)},
        {"starts_on": date(2099, 1, 1)},
    ],
)
def test_a_line_is_shown_where_and_when_it_says(db, facts) -> None:
    line("plain", **facts)
    assert begin().opening == ""


def test_a_page_that_shows_no_line_is_not_counted(db) -> None:
    line("plain")
    assert begin(language="").opening == ""


def test_what_the_line_asks_is_answered_and_not_asked_again(db, talk) -> None:
    line("owner", "Hello! Do you own your home, or do you rent?")
    talking = talk()
    talking.conversation = begin()
    first = talking.say("I own it")
    assert talking.facts["homeowner"] is True
    assert "homeowner" not in talking.asked
    assert "assistant of" not in first  # the line has greeted


def test_who_comes_from_a_spanish_page_is_answered_in_spanish(db, talk) -> None:
    talking = talk()
    talking.conversation = begin("es")
    assert "¿" in talking.say("Flushing 11354")


def test_a_yes_to_the_line_is_no_consent(db, talk) -> None:
    line("plain", "Hi! Shall I tell you what solar would save?")
    talking = talk()
    talking.conversation = begin()
    talking.say("yes please")
    assert not talking.conversation.consent


def test_what_came_of_each_line_is_counted(db) -> None:
    line("plain")
    two_days_ago = timezone.now() - timedelta(days=2)
    begun = [begin(at=two_days_ago) for _ in range(4)]
    for one in begun[:3]:
        Message.objects.create(conversation=one, role=Message.Role.VISITOR, text="hi")
        Message.objects.create(conversation=one, role=Message.Role.VISITOR, text="again")
    known = {
        key: {"value": 1, "confidence": 1, "quote": ""} for key in ("zip_code", "monthly_bill")
    }
    Conversation.objects.filter(pk__in=[one.pk for one in begun[:2]]).update(facts=known)
    Conversation.objects.filter(pk=begun[0].pk).update(
        consent={"given": True}, lead=make_lead(email="a@example.com")
    )
    Conversation.objects.filter(pk=begun[1].pk).update(consent={"given": False})
    begin()  # today's may still become anything
    [group] = openings_compared(now=timezone.now())
    assert group.variants[0].counts == {
        "opened": 4,
        "answered": 3,
        "qualified": 2,
        "consent": 1,
        "lead": 1,
    }
    assert not group.is_comparison


def test_lines_are_compared_over_the_days_all_of_them_were_shown(db) -> None:
    line("plain")
    begin(at=timezone.now() - timedelta(days=20))
    line("bold", starts_on=timezone.localdate() - timedelta(days=10))
    [group] = openings_compared(now=timezone.now())
    assert [one.line.code for one in group.variants] == ["plain", "bold"]
    assert [one.counts["opened"] for one in group.variants] == [0, 0]
    assert group.variants[1].comparison.verdict == Verdict.NOT_ENOUGH
    assert not group.is_over


def test_the_first_so_many_decide_and_later_ones_change_nothing(db) -> None:
    line("plain")
    line("bold")
    lead = make_lead(email="a@example.com")
    began = timezone.now() - timedelta(days=20)

    def came(code: str, count: int, leads: int, hour: int) -> None:
        Conversation.objects.bulk_create(
            Conversation(
                market_id="nyc",
                token_digest="x",
                opening=code,
                lead=lead if number < leads else None,
                started_at=began + timedelta(hours=hour),
            )
            for number in range(count)
        )

    came("plain", HORIZON, 20, hour=0)
    came("bold", HORIZON, 60, hour=0)
    came("plain", HORIZON, HORIZON, hour=5)
    [group] = openings_compared(now=timezone.now())
    plain, bold = group.variants
    assert plain.counts["opened"] == bold.counts["opened"] == HORIZON
    assert plain.counts["lead"] == 20
    assert bold.comparison.verdict == Verdict.BETTER
    assert group.is_over


# --- the page -------------------------------------------------------------------------------------

FORM = {
    "code": "bold",
    "market": "nyc",
    "language": "en",
    "text": "Hello! What would you like to know about solar?",
    "buttons": "What would it save me?\n\nI rent",
    "weight": "2",
    "starts_on": "2026-11-27",
    "ends_on": "",
}
ADD = "admin:conversations_openingline_add"


def test_staff_write_a_line(client: Client, mia) -> None:
    client.force_login(mia)
    assert client.post(reverse(ADD), FORM).status_code == 302
    made = OpeningLine.objects.get()
    assert (made.weight, made.suggestions) == (2, ["What would it save me?", "I rent"])


@pytest.mark.parametrize(
    ("field", "words", "why"),
    [
        ("text", "Get free solar today!", "may not be said"),
        ("text", "Save 40% on your bill", "needs a source"),
        ("text", "Use the federal tax credit now", "has ended"),
        ("text", "Call +1 212 555 0100", "no telephone"),
        ("text", "See www.example.com for more", "no link"),
        ("buttons", "Guaranteed savings?", "may not be said"),
        ("buttons", "a\nb\nc\nd\ne", "At most 4"),
    ],
)
def test_what_no_reply_may_say_no_line_may_say(client: Client, mia, field, words, why) -> None:
    client.force_login(mia)
    answered = client.post(reverse(ADD), FORM | {field: words})
    assert why in answered.content.decode()
    assert not OpeningLine.objects.exists()


def test_words_that_were_seen_stay(client: Client, mia) -> None:
    shown = line("plain", suggestions=["What does it cost?"])
    begin()
    client.force_login(mia)
    page = reverse("admin:conversations_openingline_change", args=[shown.pk])
    assert client.post(page, FORM | {"text": "Other words", "weight": "0"}).status_code == 302
    shown.refresh_from_db()
    assert (shown.text, shown.weight) == ("Hi! What would you like to know?", 0)
    assert shown.suggestions == ["What does it cost?"]
    changed = LogEntry.objects.get_for_object(shown).get(action=LogEntry.Action.UPDATE)
    assert (changed.actor, list(changed.changes)) == (mia, ["weight"])
    gone = reverse("admin:conversations_openingline_delete", args=[shown.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 403


def test_the_page_says_that_there_is_no_winner_yet(client: Client, mia) -> None:
    client.force_login(mia)
    page = reverse("admin:conversations_openingline_changelist")
    assert "own greeting" in client.get(page).content.decode()
    line("plain")
    assert "compared with nothing" in client.get(page).content.decode()
    line("bold")
    words = client.get(page).content.decode()
    assert "No winner yet" in words
    assert "Not enough yet: 400 more" in words
