"""How good a lead is: rules as tables, promises as properties."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.scoring import LeadFacts, Parameters, score_lead, tier_of

PARAMETERS = Parameters()

# The worked example of the requirements: the owner of a co-op in Manhattan, a bill of $400.
WORKED_EXAMPLE = LeadFacts(
    market="nyc", ownership="owner", monthly_bill=400, service="core", property_type="co_op"
)


def optional(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


any_facts = st.builds(
    LeadFacts,
    market=st.sampled_from(["nyc", "india", "elsewhere", ""]),
    ownership=st.sampled_from(["owner", "renter", "", "?"]),
    monthly_bill=optional(st.floats(0, 100_000)),
    service=st.sampled_from(["core", "served", "outside", ""]),
    property_type=st.sampled_from([*PARAMETERS.property_type, ""]),
    engagement_minutes=optional(st.floats(0, 1440)),
    technical_questions=optional(st.integers(0, 100)),
    objections_resolved=optional(st.floats(0, 1)),
    sentiment=optional(st.floats(-1, 1)),
    timeline=st.sampled_from([*PARAMETERS.timeline, ""]),
    credit_range=st.sampled_from([*PARAMETERS.credit_range, ""]),
    decision_maker=st.sampled_from([*PARAMETERS.decision_maker, ""]),
    compares_offers=optional(st.booleans()),
    adoption_index=optional(st.integers(0, 100)),
    income_rank=optional(st.integers(0, 100)),
    demand_index=optional(st.integers(0, 100)),
    month=optional(st.integers(1, 12)),
)


def total(facts: LeadFacts) -> int:
    return score_lead(facts, PARAMETERS).total


def test_the_worked_example_is_premium() -> None:
    score = score_lead(WORKED_EXAMPLE, PARAMETERS)
    # 0.40 x (45 + 30 + 10 + 13) + 0.30 x 80 + 0.20 x 80 + 0.10 x 70 = 86.2
    assert (score.total, score.tier) == (86, "premium")
    assert dict(score.parts) == {"base": 98.0, "behaviour": 80.0, "timing": 80.0, "market": 70.0}


@given(any_facts)
def test_a_score_lies_between_0_and_100_and_explains_itself(facts: LeadFacts) -> None:
    score = score_lead(facts, PARAMETERS)
    assert 0 <= score.total <= 100
    assert score.tier == tier_of(score.total, PARAMETERS)
    assert score.total <= score.uncapped
    parts = {part: [f for f in score.factors if f.part == part] for part in PARAMETERS.weights}
    assert all(len(factors) == 4 for factors in parts.values())
    assert sum(f.points for f in parts["base"]) == pytest.approx(score.parts["base"], abs=0.1)
    for part in ("behaviour", "timing", "market"):
        mean = sum(f.points for f in parts[part]) / 4
        assert mean == pytest.approx(score.parts[part], abs=0.1)
    assert all(0 <= f.points <= f.maximum for f in score.factors)


@given(any_facts, st.floats(0, 100_000), st.floats(0, 100_000))
def test_a_higher_bill_never_lowers_a_score(facts: LeadFacts, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert total(dataclasses.replace(facts, monthly_bill=low)) <= total(
        dataclasses.replace(facts, monthly_bill=high)
    )


@given(any_facts, st.sampled_from(["renter", "", "?"]))
def test_confirmed_ownership_never_lowers_a_score(facts: LeadFacts, before: str) -> None:
    assert total(dataclasses.replace(facts, ownership=before)) <= total(
        dataclasses.replace(facts, ownership="owner")
    )


@given(any_facts)
def test_an_earlier_timeline_never_lowers_a_score(facts: LeadFacts) -> None:
    order = ["researching", "within_year", "within_6_months", "within_3_months", "immediate"]
    totals = [total(dataclasses.replace(facts, timeline=timeline)) for timeline in order]
    assert totals == sorted(totals)


@given(any_facts)
def test_caps(facts: LeadFacts) -> None:
    assert total(dataclasses.replace(facts, ownership="renter")) <= 69
    assert total(dataclasses.replace(facts, ownership="")) <= 84


@given(any_facts)
def test_the_same_facts_give_the_same_score_after_storing_the_model(facts: LeadFacts) -> None:
    stored = Parameters.from_json(PARAMETERS.to_json())
    assert score_lead(facts, stored) == score_lead(facts, PARAMETERS)


@pytest.mark.parametrize(
    ("points", "tier"),
    [
        (100, "premium"),
        (85, "premium"),
        (84, "standard"),
        (70, "standard"),
        (69, "basic"),
        (50, "basic"),
        (49, "unqualified"),
        (0, "unqualified"),
    ],
)
def test_tier_edges(points: int, tier: str) -> None:
    assert tier_of(points, PARAMETERS) == tier


@pytest.mark.parametrize(
    ("market", "bill", "points"),
    [
        ("nyc", 300, 30),
        ("nyc", 299.99, 22),
        ("nyc", 200, 22),
        ("nyc", 199.99, 12),
        ("nyc", 100, 12),
        ("nyc", 99.99, 4),
        ("nyc", 0, 4),
        ("nyc", None, 12),
        ("india", 6000, 30),
        ("india", 5999, 22),
        ("india", 300, 4),
    ],
)
def test_bill_points(market: str, bill: float | None, points: int) -> None:
    score = score_lead(LeadFacts(market=market, monthly_bill=bill), PARAMETERS)
    assert [f.points for f in score.factors if f.name == "monthly_bill"] == [points]


@pytest.mark.parametrize(
    ("field", "stated", "points"),
    [
        ("ownership", "owner", 45),
        ("ownership", "renter", 0),
        ("ownership", "", 20),
        ("service", "core", 10),
        ("service", "served", 7),
        ("service", "outside", 0),
        ("service", "", 5),
        ("property_type", "single_family", 15),
        ("property_type", "condo", 14),
        ("property_type", "co_op", 13),
        ("property_type", "", 8),
    ],
)
def test_base_points(field: str, stated: str, points: int) -> None:
    name = {"service": "territory"}.get(field, field)
    score = score_lead(LeadFacts(**{field: stated}), PARAMETERS)
    assert [f.points for f in score.factors if f.name == name] == [points]


def test_a_renter_is_offered_community_solar_even_below_the_cap() -> None:
    score = score_lead(LeadFacts(ownership="renter"), PARAMETERS)
    assert score.offer_community_solar
    assert not score_lead(WORKED_EXAMPLE, PARAMETERS).offer_community_solar


def test_a_cap_is_named_only_when_it_held_the_score_down() -> None:
    best = dataclasses.replace(WORKED_EXAMPLE, ownership="", timeline="immediate")
    assert score_lead(best, PARAMETERS).cap == ""
    lifted = dataclasses.replace(PARAMETERS, cap_ownership_unknown=60)
    assert score_lead(best, lifted).cap == "ownership_unknown"
    assert score_lead(best, lifted).total == 60
