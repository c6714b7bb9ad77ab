"""What a rule asks of a lead: matched, checked, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import InvalidInput
from apps.leads.assignment.conditions import (
    LeadFacts,
    conditions_read,
    conditions_words,
    matches,
)

LEAD = LeadFacts(
    market="nyc",
    territory="nyc/brooklyn",
    source="website-form",
    tier="premium",
    property_type="brownstone",
    language="EN",
    utm_source="Google",
    score=88,
    monthly_bill=Decimal("300.00"),
    postal_code="11215",
)


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"market": ["nyc", "india"]}, True),
        ({"market": ["india"]}, False),
        ({"territory": ["nyc/brooklyn"]}, True),
        ({"territory": ["india/brooklyn"]}, False),
        ({"market": ["nyc"], "tier": ["basic"]}, False),
        ({"score": [88, 88]}, True),
        ({"score": [89, None]}, False),
        ({"score": [None, 87]}, False),
        ({"monthly_bill": [300, None]}, True),
        ({"monthly_bill": [300.01, 400]}, False),
        ({"postal_code": ["104", "112"]}, True),
        ({"postal_code": ["11215"]}, True),
        ({"postal_code": ["11216"]}, False),
        ({"utm_source": ["google"]}, True),
        ({"language": ["en"]}, True),
        ({"property_type": ["Brownstone"]}, False),  # our own words, written one way
        ({"ownership": ["owner"]}, False),  # nobody said so
        ({"something of tomorrow": ["x"]}, False),
    ],
)
def test_a_rule_is_for_leads_for_which_all_of_it_holds(conditions: dict, holds: bool) -> None:
    assert matches(conditions, LEAD) is holds


def test_what_nobody_stated_meets_no_condition() -> None:
    assert not matches({"monthly_bill": [None, 100]}, LeadFacts())
    assert not matches({"postal_code": ["1"]}, LeadFacts())
    assert matches({"score": [0, 10]}, LeadFacts())  # a score of nought is a score


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ({"market": ["nyc", " nyc ", ""]}, {"market": ["nyc"]}),
        ({"market": [], "score": [None, None], "postal_code": [""]}, {}),
        ({"score": ["70", ""]}, {"score": [70, None]}),
        ({"monthly_bill": [Decimal("99.50"), None]}, {"monthly_bill": [99.5, None]}),
    ],
)
def test_the_normal_form(stated: dict, read: dict) -> None:
    assert conditions_read(stated) == read


@pytest.mark.parametrize(
    "stated",
    [
        {"colour": ["gold"]},
        {"market": "nyc"},
        {"market": ["x" * 101]},
        {"market": ["nyc"] * 201},
        {"score": [70]},
        {"score": [80, 70]},
        {"score": ["many", None]},
        {"score": [-1, None]},
        {"monthly_bill": ["NaN", None]},
        {"monthly_bill": ["1e99", None]},
    ],
)
def test_what_is_no_condition_is_refused_by_name(stated: dict) -> None:
    with pytest.raises(InvalidInput) as refused:
        conditions_read(stated)
    assert list(refused.value.details) == list(stated)


def test_conditions_in_words() -> None:
    conditions = {
        "score": [70, None],
        "market": ["nyc", "india"],
        "postal_code": ["112", "113"],
        "monthly_bill": [100, 300],
    }
    assert conditions_words(conditions, {"market": {"nyc": "New York City"}}) == [
        "Market: New York City or india",
        "Postal code begins with 112 or 113",
        "Score 70 and more",
        "Monthly bill 100 to 300",
    ]
    assert conditions_words({"score": [None, 50]}) == ["Score up to 50"]
    assert conditions_words({}) == []


@given(st.lists(st.text(max_size=20), max_size=5), st.integers(0, 100), st.integers(0, 100))
def test_reading_twice_changes_nothing(values: list[str], low: int, high: int) -> None:
    stated = {"utm_campaign": values, "score": sorted([low, high])}
    once = conditions_read(stated)
    assert conditions_read(once) == once
