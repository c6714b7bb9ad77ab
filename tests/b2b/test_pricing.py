"""Prices: inside floor and ceiling, monotone in quality, and their sum can be followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.b2b.pricing import (
    BUYER_TIERS,
    FIRST_POLICY,
    Price,
    Terms,
    policy_for,
    price_lead,
    quarter_of,
    read_policy,
)
from apps.b2b.snapshot import active_policies
from apps.core.money import round_cents

POLICY = read_policy("v1", FIRST_POLICY)
FRIDAY_10 = datetime(2026, 11, 27, 15, tzinfo=UTC)  # 10:00 in New York
FRIDAY_14 = datetime(2026, 11, 27, 19, tzinfo=UTC)
FRIDAY_20 = datetime(2026, 11, 28, 1, tzinfo=UTC)
SATURDAY_10 = datetime(2026, 11, 28, 15, tzinfo=UTC)


def price(score: int = 70, *, tier: str = "premium", fullest: float = 0.0,
          now: datetime = FRIDAY_20, **terms) -> Price:  # fmt: skip
    stated = {"floor": Decimal(1), "ceiling": Decimal(10_000), "zone": "America/New_York"} | terms
    return price_lead(score=score, market="nyc", currency="USD", terms=Terms(tier, **stated),
                      fullest=fullest, policy=POLICY, quarter=quarter_of(now))  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "250.00"),
        ({"tier": "standard"}, "125.00"),
        ({"tier": "volume"}, "75.00"),
        ({"tier": "direct"}, "180.00"),
        ({"score": 80}, "300.00"),
        ({"score": 90}, "325.00"),
        ({"score": 89}, "300.00"),
        ({"score": 79}, "250.00"),
        ({"fullest": 0.8}, "375.00"),
        ({"fullest": 0.79}, "250.00"),
        ({"now": FRIDAY_10}, "275.00"),
        ({"now": FRIDAY_14}, "300.00"),
        ({"now": SATURDAY_10}, "225.00"),
        ({"bid": Decimal(100), "score": 90}, "130.00"),
        ({"score": 90, "fullest": 0.9, "now": FRIDAY_14}, "585.00"),
    ],
)
def test_the_table_of_the_design(changed: dict, expected: str) -> None:
    assert price(**changed).amount == Decimal(expected)


def test_the_clock_is_the_buyers() -> None:
    assert price(now=FRIDAY_14, zone="Asia/Kolkata").amount == Decimal("225.00")  # Saturday there


def test_a_bound_is_said() -> None:
    low, high = price(floor=Decimal(300)), price(ceiling=Decimal(90))
    assert (low.amount, low.bound, low.before_bounds) == (300, "floor", 250)
    assert (high.amount, high.bound) == (90, "ceiling")


any_price = {
    "tier": st.sampled_from(BUYER_TIERS),
    "fullest": st.floats(0, 1),
    "now": st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (made aware)
    "zone": st.sampled_from(["America/New_York", "Asia/Kolkata", "UTC"]),
    "bid": st.none() | st.decimals(1, 900, places=2),
}


@given(score=st.integers(0, 100), floor=st.decimals(1, 500, places=2),
       room=st.decimals(0, 500, places=2), **any_price)  # fmt: skip
def test_it_is_inside_floor_and_ceiling_and_its_factors_multiply(score, floor, room, **rest):
    made = price(score, floor=floor, ceiling=floor + room, **rest)
    assert floor <= made.amount <= floor + room
    product = Decimal(1)
    for factor in made.factors:
        product *= factor.value
    assert round_cents(product) == made.before_bounds
    assert (made.amount == made.before_bounds) == (made.bound == "")


@given(one=st.integers(0, 100), two=st.integers(0, 100), **any_price)
def test_a_better_lead_never_costs_less(one, two, **rest):
    lower, higher = sorted((one, two))
    assert price(lower, **rest).amount <= price(higher, **rest).amount


@given(st.uuids())
def test_the_same_lead_is_always_priced_by_the_same_policy(lead_id) -> None:
    trial = read_policy("v2", FIRST_POLICY, share=30)
    chosen = {policy_for(str(lead_id), [POLICY, trial]).version for _ in range(3)}
    assert len(chosen) == 1


def test_a_trial_gets_about_its_share() -> None:
    trial = read_policy("v2", FIRST_POLICY, share=30)
    got = sum(policy_for(f"lead-{n}", [POLICY, trial]) is trial for n in range(2000))
    assert 500 < got < 700


@pytest.mark.parametrize(
    "broken",
    [
        {"base": {"USD": {"premium": "1"}}},
        {"weekend": "0"},
        {"weekend": "NaN"},
        {"surge": {}},
        {"hours": {"morning": [9], "afternoon": [12, 17, "1.2"]}},
    ],
)
def test_a_policy_that_cannot_price_is_refused(broken: dict) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_policy("v", FIRST_POLICY | broken)


def test_an_hour_begins_on_the_hour_also_where_zones_are_half_an_hour_off() -> None:
    nine = datetime(2026, 11, 27, 3, 30, tzinfo=UTC)  # 9:00 in Kolkata
    before = nine - timedelta(minutes=1)
    assert price(now=nine, zone="Asia/Kolkata").amount == Decimal("275.00")
    assert price(now=before, zone="Asia/Kolkata").amount == Decimal("250.00")


def test_where_surge_begins_is_a_setting_unless_the_version_says_it(db, settings) -> None:
    settings.SURGE_PRICING_THRESHOLD = 0.5
    [policy] = active_policies()
    assert policy.surge_from == 0.5
    stated = read_policy("v2", FIRST_POLICY | {"surge": {"from_percent": 90, "factor": "2"}})
    assert stated.surge_from == 0.9
