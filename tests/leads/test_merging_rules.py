"""Which value stays, as pure rules: nothing that was said is lost, and no choice is made twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.leads import merging
from apps.leads.choices import OPEN_STATUSES, Level
from apps.leads.merging import UNITS, Told, choices, merged_values

DAY = datetime(2026, 11, 1, tzinfo=UTC)
BASE = {
    "market_id": "nyc",
    "status": "new",
    "call_status": "to_call",
    "interest_level": "medium",
    "priority_level": "medium",
    "is_partial": False,
    "behaviour": {},
    "first_touch": {},
    "last_touch": {},
    "first_response_at": None,
}
COLUMNS = [name for columns in UNITS.values() for name in columns if name != "market_id"]


def told(day: int = 0, **values) -> Told:
    return Told(BASE | values, {}, DAY + timedelta(days=day))


def merged(survivor: Told, duplicate: Told, keep=None) -> dict:
    return merged_values(survivor, duplicate, choices(survivor, duplicate, keep))


sides = st.builds(
    lambda day, values: told(day, **values),
    st.integers(0, 9),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(["", "a", "b"]) for name in COLUMNS}),
)


@given(sides, sides)
def test_a_unit_that_anybody_states_is_stated_afterwards(one: Told, other: Told) -> None:
    result = merged(one, other)
    for unit, columns in UNITS.items():
        stated = any(side.says(name) for side in (one, other) for name in columns)
        assert any(result.get(name) for name in columns) or not stated, unit


@given(sides, sides)
def test_every_value_was_said_by_one_of_the_two(one: Told, other: Told) -> None:
    result = merged(one, other)
    for name in COLUMNS:
        assert result[name] in (one.said(name), other.said(name))


@given(sides)
def test_a_lead_merged_with_its_equal_stays_what_it_is(one: Told) -> None:
    result = merged(one, one)
    assert {name: result[name] for name in COLUMNS} == {name: one.said(name) for name in COLUMNS}
    assert not any(choice.differs for choice in choices(one, one))


def test_a_place_is_taken_whole_where_the_two_contradict() -> None:
    one = told(0, postal_code="10021", city="New York", territory_id=1)
    other = told(1, postal_code="11215", address="4 Main St", territory_id=2)
    result = merged(one, other)
    assert (result["postal_code"], result["city"]) == ("11215", None)
    assert (result["address"], result["territory_id"]) == ("4 Main St", 2)


def test_places_that_do_not_contradict_complete_each_other() -> None:
    one = told(0, postal_code="10021", territory_id=1)
    other = told(1, address="4 Main St", territory_id=None)
    result = merged(one, other)
    assert (result["postal_code"], result["address"]) == ("10021", "4 Main St")
    assert result["territory_id"] == 1


def test_where_markets_differ_the_bill_goes_with_the_place() -> None:
    """6,500 rupees must not become 6,500 dollars."""
    one = told(0, postal_code="10021", monthly_bill=None)
    other = told(-1, market_id="india", postal_code="110016", monthly_bill=Decimal(6500))
    result = merged(one, other)
    assert (result["market_id"], result["monthly_bill"]) == ("nyc", None)
    chosen = merged(one, other, {"place": "duplicate"})
    assert (chosen["market_id"], chosen["monthly_bill"]) == ("india", Decimal(6500))


def test_who_works_it_goes_on_unless_somebody_says_otherwise() -> None:
    one, other = told(0, assigned_to_id=1), told(5, assigned_to_id=2)
    assert merged(one, other)["assigned_to_id"] == 1
    assert merged(told(0), other)["assigned_to_id"] == 2
    assert merged(one, other, {"assigned_to": "duplicate"})["assigned_to_id"] == 2


def test_what_follows_by_itself() -> None:
    early, late = DAY, DAY + timedelta(hours=1)
    one = told(
        0, status="contacted", interest_level="low", first_response_at=late, first_touch={"a": "1"}
    )
    other = told(
        3, status="qualified", interest_level="high", first_response_at=early, last_touch={"b": "2"}
    )
    result = merged(one, other)
    assert (result["status"], result["interest_level"]) == ("qualified", "high")
    assert result["first_response_at"] == early
    assert (result["first_touch"], result["last_touch"]) == ({"a": "1"}, {"b": "2"})
    assert merged(told(status="lost"), told(status="unqualified"))["status"] == "lost"


def test_the_words_are_those_of_the_choices() -> None:
    assert tuple(str(status) for status in OPEN_STATUSES) == merging.OPEN
    assert tuple(Level.values) == merging.LEVELS
