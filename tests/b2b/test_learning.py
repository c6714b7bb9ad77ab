"""What buyers do and say becomes what is believed: a sale, and a lead, counts once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.b2b.actions.learning import acceptance_learn
from apps.b2b.actions.offering import lead_offer
from apps.b2b.models import BuyerFeedback, Sale
from apps.b2b.selectors import conversion_probability_of
from apps.b2b.statistics import acceptance_rate, conversion_probability, history_mark
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 17, tzinfo=UTC)


def taken(number: int = 1) -> list[Sale]:
    """A lead that so many buyers share."""
    for _ in range(number):
        make_platform(share_limit=number)
    lead_offer(make_sellable(now=NOON).pk, now=NOON, share_up_to=number)
    Sale.objects.update(state="accepted")
    return list(Sale.objects.all())


def say(sale: Sale, *types: str) -> None:
    for number, one in enumerate(types):
        BuyerFeedback.objects.create(
            sale=sale, platform=sale.platform, key=f"{one}-{number}", type=one, way="api"
        )


def test_what_was_praised_first_and_rejected_later_counts_once_as_refused() -> None:
    [sale] = taken()
    say(sale, "contacted", "rejected", "appointment")
    acceptance_learn(NOON)
    platform = sale.platform
    platform.refresh_from_db()
    assert platform.acceptance_samples == 1
    assert platform.acceptance_rate == acceptance_rate(0, 1)


def test_what_converted_was_taken_once() -> None:
    [sale] = taken()
    say(sale, "contacted", "quoted", "converted", "converted")
    acceptance_learn(NOON)
    platform = sale.platform
    platform.refresh_from_db()
    assert platform.acceptance_rate == acceptance_rate(1, 0)
    assert platform.history_mark == history_mark(1, 1)


def test_a_buyer_that_never_bought_is_believed_what_is_assumed() -> None:
    platform = make_platform(acceptance_samples=9)
    assert acceptance_learn(NOON) == 1
    platform.refresh_from_db()
    assert platform.acceptance_samples == 0
    assert platform.acceptance_rate == acceptance_rate(0, 0)


def test_a_lead_is_won_once_whoever_says_so_how_often() -> None:
    one, two = taken(2)
    say(one, "converted", "converted", "lost")
    say(two, "converted", "lost")
    Lead.objects.update(status="won")
    assert conversion_probability_of("premium") == conversion_probability("premium", 1, 0)


def test_a_lead_is_lost_once_where_nobody_won_it() -> None:
    one, two = taken(2)
    say(one, "lost")
    say(two, "lost")
    assert conversion_probability_of("premium") == conversion_probability("premium", 0, 1)


def test_every_turn_of_a_chat_may_ask_and_the_leads_are_counted_once(
    django_assert_num_queries,
) -> None:
    chance = conversion_probability_of("premium")
    with django_assert_num_queries(0):
        assert conversion_probability_of("premium") == chance
