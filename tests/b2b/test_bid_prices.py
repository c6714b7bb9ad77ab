"""Bid prices: nothing where there is room; where there is none, it is kept for better leads."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.b2b.bid_prices import (
    Bid,
    Limit,
    Supply,
    bid_prices,
    limits_of,
    slices_from,
    solve,
    supplies_of,
)
from apps.b2b.caps import Cap, Use
from apps.b2b.filters import Filters, LeadFacts
from apps.b2b.forecast import ENOUGH, Arrival, Segment, forecast, read_arrival
from apps.b2b.pricing import FIRST_POLICY, Terms, read_policy
from apps.b2b.room import STALE_AFTER, BidPrices, Scarce, read_scarce
from apps.b2b.routing import Buyer, Route, Rule, route

POLICIES = [read_policy("v1", FIRST_POLICY)]
ZONE = "America/New_York"
NOW = datetime(2026, 11, 24, 14, tzinfo=UTC)  # Tuesday, nine in the morning
PREMIUM, BASIC = Segment("premium", "queens"), Segment("basic", "queens")


def lead(number: int = 0, **changed) -> LeadFacts:
    stated = {
        "id": f"l{number}", "market": "nyc", "currency": "USD", "score": 60, "tier": "basic",
        "territory": "queens", "consents": {"call": 1.0},
    }  # fmt: skip
    return LeadFacts(**stated | changed)


def buyer(key: str = "acme", **changed) -> Buyer:
    terms = Terms("standard", Decimal(1), Decimal(1000), changed.pop("bid", None), ZONE)
    stated = {"name": key.title(), "market": "nyc", "currency": "USD", "terms": terms}
    return Buyer(key=key, **stated | {"acceptance": 1.0} | changed)


def ask(one: LeadFacts, buyers: Sequence[Buyer], prices: BidPrices | None, **changed) -> Route:
    return route(
        one, buyers, policies=POLICIES, bid_prices=prices, now=NOW,
        **{"strategy": "optimal"} | changed,
    )  # fmt: skip


def prices(worth: float, **changed) -> BidPrices:
    return BidPrices(NOW, {"acme": (Scarce("its cap a day", worth, **changed),)})


def one_cap(places: float, *supplies: tuple[float, float, float]) -> float:
    """What one more place is worth; supplies are how many, price and acceptance."""
    solved = solve(
        [Supply(BASIC, (many,), (Bid("acme", price, takes),)) for many, price, takes in supplies],
        [Limit("acme", "its cap a day", places, frozenset({0}))],
    )
    return solved.worths[0]


# --- the program ----------------------------------------------------------------------------------


def test_a_place_is_worth_what_the_last_one_brings() -> None:
    assert one_cap(10, (3, 150, 1.0), (4, 60, 1.0)) == 0  # room for all
    assert one_cap(5, (3, 150, 1.0), (4, 60, 1.0)) == pytest.approx(60)
    assert one_cap(2, (3, 150, 1.0), (4, 60, 1.0)) == pytest.approx(150)


def test_what_is_not_taken_gives_its_place_back() -> None:
    assert one_cap(2, (3, 100, 0.5)) == 0
    assert one_cap(1, (3, 100, 0.5)) == pytest.approx(100)


def test_money_is_worth_what_it_could_bring_beyond_other_buyers() -> None:
    supplies = [
        Supply(PREMIUM, (5.0,), (Bid("rich", 200, 1.0), Bid("poor", 50, 1.0))),
    ]
    [worth] = solve(supplies, [Limit("rich", "", 400, frozenset({0}), of_price=True)]).worths
    assert worth == pytest.approx(0.75)


def test_a_cap_elsewhere_and_a_cap_of_later_limit_nothing_now() -> None:
    here = Supply(BASIC, (3.0, 3.0), (Bid("acme", 100, 1.0),))
    limits = [
        Limit("acme", "", 1, frozenset({0, 1}), territory="bronx"),
        Limit("acme", "", 1, frozenset({1}), is_present=False),
    ]
    solved = solve([here], limits)
    assert solved.worths == (0.0, pytest.approx(100))
    assert solved.value == pytest.approx(400)
    assert bid_prices(limits, solved) == {}


def test_nobody_to_sell_to_is_no_error() -> None:
    assert solve([], [Limit("acme", "", 1, frozenset({0}))]).worths == (0.0,)


amounts = st.floats(0, 50, allow_nan=False)
supplies_drawn = st.lists(
    st.builds(
        Supply,
        st.sampled_from([PREMIUM, BASIC, Segment("basic", "bronx")]),
        st.tuples(amounts, amounts),
        st.lists(
            st.builds(Bid, st.sampled_from("abc"), st.floats(1, 400), st.floats(0, 1)),
            max_size=3, unique_by=lambda bid: bid.buyer,
        ).map(tuple),
    ),
    max_size=6,
)  # fmt: skip
limits_drawn = st.lists(
    st.builds(
        Limit,
        st.sampled_from("abc"),
        st.just("a cap"),
        st.floats(0, 100),
        st.sampled_from([frozenset({0}), frozenset({1}), frozenset({0, 1})]),
        st.none() | st.sampled_from(["queens", "bronx"]),
        st.none(),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=40)
@given(supplies=supplies_drawn, limits=limits_drawn)
def test_no_price_is_negative_no_limit_is_broken_and_room_brings_no_less(supplies, limits) -> None:
    solved = solve(supplies, limits)
    for limit, worth, used in zip(limits, solved.worths, solved.used, strict=True):
        assert worth >= 0
        assert used <= limit.capacity + 1e-6 * (1 + limit.capacity)
        if used < limit.capacity - 1e-4 * (1 + limit.capacity):
            assert worth < 1e-6  # what is left over is worth nothing
    at_most = sum(
        sum(one.expected) * max((bid.price * bid.acceptance for bid in one.bids), default=0)
        for one in supplies
    )
    assert -1e-6 <= solved.value <= at_most * (1 + 1e-9) + 1e-6
    more = [limit._replace(capacity=limit.capacity + 1) for limit in limits]
    assert solve(supplies, more).value >= solved.value - 1e-6 * (1 + solved.value)


# --- the router -----------------------------------------------------------------------------------


def test_without_scarcity_it_is_revenue() -> None:
    buyers = [buyer("acme", bid=Decimal(90), acceptance=0.5), buyer("brook", bid=Decimal(60))]
    by_revenue = ask(lead(), buyers, None, strategy="revenue")
    optimal = ask(lead(), buyers, BidPrices(NOW))
    assert [one._replace(room=None) for one in optimal.ranked] == list(by_revenue.ranked)
    assert optimal.reason == by_revenue.reason


def test_a_scarce_buyer_gets_the_better_lead_and_the_other_goes_elsewhere() -> None:
    buyers = [buyer("acme", bid=Decimal(100)), buyer("brook", bid=Decimal(40))]
    worse = ask(lead(), buyers, prices(70))
    assert [one.buyer for one in worse.ranked] == ["brook", "acme"]
    better = ask(lead(score=95, tier="premium"), buyers, prices(70))
    assert [one.buyer for one in better.ranked] == ["acme", "brook"]
    assert better.reason == ("Acme: 143.00, less 70.00 for the room that it takes from later leads")


def test_room_is_kept_from_who_brings_less_than_it_is_worth() -> None:
    found = ask(lead(), [buyer(bid=Decimal(100))], prices(150))
    [refusal] = found.refused[0].refusals
    assert refusal.code == "room"
    assert "150.00" in refusal.words
    assert "110.00" in refusal.words
    assert not found.ranked


@pytest.mark.parametrize("effect", ["only", "prefer"])
def test_rules_go_before_bid_prices(effect: str) -> None:
    rule = Rule("By hand", effect, frozenset({"acme"}))
    found = ask(lead(), [buyer(bid=Decimal(100))], prices(150), rules=[rule])
    assert found.ranked[0].buyer == "acme"


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"territory": "bronx"}, False),
        ({"territory": "queens"}, True),
        ({"until": NOW}, False),
        ({"until": NOW + timedelta(minutes=1)}, True),
    ],
)
def test_a_bid_price_holds_in_its_place_and_until_its_period_ends(changed, kept) -> None:
    found = ask(lead(), [buyer(bid=Decimal(100))], prices(150, **changed))
    assert bool(found.refused) is kept


def test_surge_raises_what_later_leads_would_pay_too() -> None:
    full = buyer(bid=Decimal(100), caps=(Use(Cap("day", 10), 9),))
    [one] = ask(lead(), [full], prices(80)).ranked
    assert one.price is not None
    assert one.room is not None
    assert (one.price.amount, one.room.worth) == (Decimal("165.00"), pytest.approx(120))
    bounded = replace(full, terms=replace(full.terms, ceiling=Decimal(110)))
    [one] = ask(lead(), [bounded], prices(80)).ranked
    assert one.room is not None
    assert one.room.worth == pytest.approx(80)  # nobody pays more than the ceiling


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (None, "nothing was forecast yet"),
        (BidPrices(NOW - STALE_AFTER - timedelta(hours=1), {"acme": (Scarce("", 900.0),)}),
         "the forecast is 4 hours old"),
        (BidPrices(NOW, {"acme": (Scarce("", 900.0),)}, "3 leads are too few"), "3 leads"),
    ],
)  # fmt: skip
def test_without_figures_that_hold_it_is_revenue_and_says_so(stated, words: str) -> None:
    found = ask(lead(), [buyer()], stated)
    assert found.ranked[0].room is None
    assert words in found.reason


@given(
    worth=st.floats(0, 1000),
    score=st.integers(0, 100),
    floor=st.integers(0, 100),
    used=st.integers(0, 4),
)
def test_bid_prices_let_nobody_in_whom_a_rule_keeps_out(worth, score, floor, used) -> None:
    buyers = [
        buyer("acme", filters=Filters(score_min=floor), caps=(Use(Cap("day", 4), used),)),
        buyer("brook", spendable=Decimal(100)),
    ]
    facts = lead(score=score)
    plain = ask(facts, buyers, None, strategy="revenue")
    optimal = ask(facts, buyers, prices(worth))
    assert {one.buyer for one in optimal.ranked} <= {one.buyer for one in plain.ranked}
    assert all(one.room and one.room.worth >= 0 for one in optimal.ranked)
    assert all(0 <= one.marks[0] <= 100 for one in optimal.ranked)


def test_what_is_scarce_comes_back_as_it_was_kept() -> None:
    for one in (Scarce("money", 0.25, of_price=True), Scarce("cap", 12.5, "queens", NOW)):
        assert read_scarce(one.as_json()) == one


# --- the forecast ---------------------------------------------------------------------------------


def arrivals(number: int, *, weeks: float = 4, now: datetime = NOW, **changed) -> list[Arrival]:
    step = timedelta(weeks=weeks) / number
    return [Arrival(lead(n, **changed), now - step * (number - n)) for n in range(number)]


def test_too_few_leads_are_no_forecast() -> None:
    assert forecast(arrivals(ENOUGH - 1), now=NOW, zone=ZONE) is None
    assert forecast(arrivals(ENOUGH), now=NOW, zone=ZONE) is not None


def test_a_segment_goes_on_as_it_was_and_one_lead_is_no_trend() -> None:
    many = arrivals(100)
    expected = forecast(many, now=NOW, zone=ZONE)
    assert expected is not None
    assert expected.rates[BASIC] == (100, pytest.approx(25))
    one_more = [*many, Arrival(lead(tier="premium", territory="bronx"), NOW)]
    expected = forecast(one_more, now=NOW, zone=ZONE)
    assert expected is not None
    assert expected.rates[Segment("premium", "bronx")].a_week < 0.21


def test_a_young_exchange_is_not_taken_for_a_busy_one() -> None:
    expected = forecast(arrivals(20, weeks=0.01), now=NOW, zone=ZONE)
    assert expected is not None
    assert expected.weeks == 1
    assert expected.rates[BASIC].a_week == pytest.approx(20)


def test_leads_are_expected_when_they_came() -> None:
    expected = forecast(arrivals(400), now=NOW, zone=ZONE)
    assert expected is not None
    week = expected.weeks_between(NOW, NOW + timedelta(weeks=1))
    assert week == pytest.approx(1)
    half_hour = expected.weeks_between(NOW, NOW + timedelta(minutes=30))
    assert 0 < half_hour < 0.01
    mornings = [
        Arrival(one.lead, one.at.replace(hour=14) - timedelta(days=n % 28))
        for n, one in enumerate(arrivals(400))
    ]
    expected = forecast(mornings, now=NOW, zone=ZONE)
    assert expected is not None
    morning = expected.weeks_between(NOW, NOW + timedelta(hours=1))
    night = expected.weeks_between(NOW + timedelta(hours=12), NOW + timedelta(hours=13))
    assert morning > 50 * night


def test_a_lead_is_read_from_what_its_route_kept() -> None:
    kept = {
        "id": "x", "market": "nyc", "currency": "USD", "score": 80, "tier": "standard",
        "monthly_bill": "240.50", "offered": ["acme"], "bought": {"acme": 3}, "of_old": 1,
        "certified": ["call"],
    }  # fmt: skip
    found = read_arrival(kept, NOW).lead
    assert found.certified == {"call"}
    assert (found.monthly_bill, found.offered, found.bought) == (Decimal("240.50"), frozenset(), {})


# --- together -------------------------------------------------------------------------------------


def scarce_day(seed: int) -> tuple[list[Arrival], list[Buyer]]:
    """Some forty leads of a day in any order, and buyers with places for half of them."""
    dice = random.Random(seed)
    came = []
    for number in range(40):
        score = dice.choice((55, 62, 74, 82, 93))
        tier = "premium" if score >= 85 else "standard" if score >= 70 else "basic"
        at = NOW.replace(hour=5) + timedelta(minutes=dice.randrange(18 * 60))
        came.append(Arrival(lead(seed * 1000 + number, score=score, tier=tier), at))
    buyers = [
        buyer("acme", bid=Decimal(120), caps=(Use(Cap("day", 9), 0),)),
        buyer("brook", bid=Decimal(100), caps=(Use(Cap("day", 7), 0),), acceptance=0.9),
        buyer("cedar", bid=Decimal(60), caps=(Use(Cap("day", 5), 0),)),
    ]
    return sorted(came, key=lambda one: one.at), buyers


def earned(came: Sequence[Arrival], buyers: Sequence[Buyer], strategy: str, seen: list[Arrival]):
    """What a day brings, with bid prices of the hour; expected acceptance, and no surge."""
    standing = {one.key: one for one in buyers}
    policy = [read_policy("flat", FIRST_POLICY | {"surge": {"from_percent": 100, "factor": "1"}})]
    total, hour, found = 0.0, -1, None
    for one in came:
        if strategy == "optimal" and one.at.hour != hour:
            hour, now = one.at.hour, one.at.replace(minute=0)
            expected = forecast(seen, now=now, zone=ZONE)
            assert expected is not None
            slices = slices_from(now, ZONE)
            supplies = supplies_of(seen, list(standing.values()), expected, slices, policies=policy)
            limits = limits_of(standing.values(), now, slices)
            found = BidPrices(now, bid_prices(limits, solve(supplies, limits)))
        answer = route(one.lead, list(standing.values()), policies=policy, strategy=strategy,
                       bid_prices=found, now=one.at)  # fmt: skip
        if answer.ranked:
            best = answer.ranked[0]
            chosen = standing[best.buyer]
            total += float(best.price.amount) * chosen.acceptance
            [use] = chosen.caps
            assert use.used < use.cap.limit
            standing[best.buyer] = replace(chosen, caps=(Use(use.cap, use.used + 1),))
    return total


def best_afterwards(came: Sequence[Arrival], buyers: Sequence[Buyer]) -> float:
    """What nobody can beat: the program over what really came."""
    policy = [read_policy("flat", FIRST_POLICY | {"surge": {"from_percent": 100, "factor": "1"}})]
    supplies = []
    for one in came:
        ranked = route(one.lead, [replace(b, caps=()) for b in buyers], policies=policy,
                       strategy="revenue", now=one.at).ranked  # fmt: skip
        bids = tuple(Bid(c.buyer, float(c.price.amount) * c.marks[1] / 100, 1.0) for c in ranked)
        supplies.append(Supply(BASIC, (1.0,), bids))
    limits = [Limit(b.key, "", b.caps[0].cap.limit, frozenset({0})) for b in buyers]
    return solve(supplies, limits).value


def test_on_a_scarce_day_it_earns_what_revenue_does_and_more() -> None:
    seen = [
        Arrival(one.lead, one.at - timedelta(days=days))
        for days in range(1, 28)
        for one in scarce_day(days)[0]
    ]
    gains = []
    for seed in (101, 102, 103):
        came, buyers = scarce_day(seed)
        greedy = earned(came, buyers, "revenue", seen)
        optimal = earned(came, buyers, "optimal", seen)
        best = best_afterwards(came, buyers)
        assert greedy <= optimal <= best + 0.01
        gains.append((optimal - greedy) / (best - greedy))
    assert sum(gains) / len(gains) > 0.3  # of what there was to be gained


def test_importing_the_module_does_not_import_scipy() -> None:
    check = "import sys, apps.b2b.bid_prices; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
