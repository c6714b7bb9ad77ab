"""Counting the conversations of a day: from themselves, as often as one likes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.models import Conversation, SpokenReply
from apps.pipeline.conversation_days import (
    conversation_advice_make,
    conversation_days_count,
    conversations_count_lately,
)
from apps.pipeline.models import ConversationAdvice, ConversationDay
from apps.solar.models import Market
from tests.conversations.conftest import Talk
from tests.factories.b2b import make_platform

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)  # in New York, on a Tuesday
PAGE = "admin:pipeline_conversationday_changelist"


@pytest.fixture
def tuesday(db):
    """A visitor who told bill and place and left at the next question, and one who said nothing."""
    with time_machine.travel(NOON, tick=False):
        visitor = Talk(conversation_open(Visitor("nyc"), now=NOON).conversation)
        visitor.say("I own a house in 11375", "the bill is $300")
        conversation_open(Visitor("nyc"), now=NOON)
        late = NOON + timedelta(hours=11)  # still Tuesday there, Wednesday in UTC
        conversation_open(Visitor("nyc"), now=late)
    return visitor


def count(now: datetime = NOON + timedelta(days=1)) -> ConversationDay:
    conversation_days_count(
        Market.objects.get(code="nyc"), first=date(2026, 11, 24), last=date(2026, 11, 24), now=now
    )
    return ConversationDay.objects.get()


def test_a_day_is_what_its_conversations_are(tuesday) -> None:
    make_platform("sunny")
    reply = tuesday.replies[-1]
    SpokenReply.objects.create(
        message=reply, speaker="openai", outcome="refused", cost_usd=Decimal("0.002")
    )
    day = count()
    assert (day.conversations, day.answered, day.turns) == (3, 1, 2)
    assert day.reply_ms == 0  # the clock of this test stands still
    assert day.asked.keys() >= {"monthly_bill", reply.plan["asks"]}
    assert day.left_at == {reply.plan["asks"]: 1}
    assert (day.held_back, day.cost_usd) == (1, Decimal("0.002"))
    assert (day.consents, day.leads) == (0, 0)
    assert day.potential > 0


def test_who_still_talks_has_not_left(tuesday) -> None:
    assert count(now=NOON + timedelta(minutes=20)).left_at == {}


def test_counting_again_gives_the_same(tuesday) -> None:
    first, again = count(), count()
    columns = [field.name for field in ConversationDay._meta.fields if field.name != "id"]
    assert [getattr(first, one) for one in columns] == [getattr(again, one) for one in columns]


def test_what_is_gone_is_no_longer_counted(tuesday) -> None:
    count()
    Conversation.objects.all().delete()
    conversation_days_count(
        Market.objects.get(code="nyc"), first=date(2026, 11, 24), last=date(2026, 11, 24), now=NOON
    )
    assert not ConversationDay.objects.exists()


def test_the_half_hour_counts_every_market(tuesday) -> None:
    conversation_open(Visitor("india"), now=NOON)
    conversations_count_lately(now=NOON + timedelta(hours=2))
    assert set(ConversationDay.objects.values_list("market", flat=True)) == {"nyc", "india"}


def test_advice_says_since_when_and_goes_when_it_no_longer_holds(db) -> None:
    market = Market.objects.get(code="nyc")
    ConversationDay.objects.create(
        market=market,
        day=date(2026, 11, 24),
        conversations=60,
        answered=60,
        asked={"phone": 60},
        left_at={"phone": 45},
        potential=6_000,
    )
    today = date(2026, 11, 25)
    conversation_advice_make(market, today=today, now=NOON)
    conversation_advice_make(market, today=today, now=NOON + timedelta(hours=1))
    [told] = ConversationAdvice.objects.all()
    assert (told.code, told.at_stake, told.since) == ("leaves:phone", Decimal("4500.00"), NOON)
    ConversationDay.objects.update(left_at={})
    conversation_advice_make(market, today=today, now=NOON)
    assert not ConversationAdvice.objects.exists()


def test_staff_hear_it_with_the_next_answer(api_as, mia) -> None:
    market = Market.objects.get(code="nyc")
    ConversationAdvice.objects.create(
        market=market, code="x", words="Ask later", evidence="42 of 69"
    )
    data = (
        api_as(mia).post("/api/conversation/revenue-optimized/", {"message": "hi"}).json()["data"]
    )
    assert "Ask later" in data["revenue_optimization"]["optimization_recommendations"]


def test_the_page_shows_where_people_leave_and_what_it_costs(client: Client, mia) -> None:
    client.force_login(mia)
    assert "No conversation has been counted" in client.get(reverse(PAGE)).content.decode()
    market = Market.objects.get(code="nyc")
    today = datetime.now(UTC).date()
    ConversationDay.objects.create(
        market=market, day=today, conversations=80, answered=69, asked={"phone": 69},
        left_at={"phone": 42}, potential=6_900,
    )  # fmt: skip
    conversation_advice_make(market, today=today, now=datetime.now(UTC))
    page = client.get(reverse(PAGE)).content.decode()
    assert "61% leave when asked for the phone number" in page
    assert "at stake $4,200" in page


def test_only_whoever_sees_analytics_opens_it(client: Client, sam) -> None:
    client.force_login(sam)
    assert client.get(reverse(PAGE)).status_code == 403
