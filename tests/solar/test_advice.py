"""What the sentences beside an estimate say, where a code alone would not show it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.solar.actions import estimate_make

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def advised(**stated) -> tuple[dict[str, str], dict]:
    result = estimate_make({"property_type": "single_family"} | stated, now=NOW).result
    return {one["code"]: one["text"] for one in result["advice"]}, result


def test_what_pays_back_in_time_but_earns_less_than_money_elsewhere_is_said_to_be_little():
    """A flat in Delhi below 400 units: enough is saved, in time, and it is still a poor buy."""
    said, result = advised(
        postal_code="110001", property_type="apartment", monthly_bill=Decimal(600), homeowner=True
    )
    cash = result["financing"]["cash"]
    assert result["annual_savings"] > 6000
    assert cash["payback_years"] <= 15
    assert cash["npv"] < 0
    assert "8 % a year" in said["low_savings"]


def test_whoever_has_the_smallest_system_already_is_told_of_no_smaller_one():
    smallest, result = advised(postal_code="411001", monthly_kwh=Decimal(90))
    assert result["system_capacity_kw"] == 1
    assert "smaller one" not in smallest["oversized"]
    larger, _ = advised(
        postal_code="411001", monthly_kwh=Decimal(90), system_capacity_kw=Decimal(2)
    )
    assert "smaller one" in larger["oversized"]


def test_amounts_in_advice_are_whole():
    said, result = advised(postal_code="11215", monthly_bill=Decimal("31.17"))
    assert f"about ${round(result['annual_savings'])} in" in said["low_savings"]


@pytest.mark.parametrize(("postal_code", "has_another_way"), [("10021", True), ("411001", False)])
def test_who_waits_for_a_board_hears_of_another_way_only_where_there_is_one(
    postal_code, has_another_way
):
    said, _ = advised(postal_code=postal_code, property_type="co_op", monthly_bill=Decimal(3000))
    assert ("community solar" in said["board_approval"]) is has_another_way


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "December 31, 2025"), ("es", "31 de diciembre de 2025"), ("hi", "31 दिसंबर 2025")],
)
def test_the_day_an_incentive_ended_reads_as_a_day(language, day):
    stated = {"postal_code": "11215", "property_type": "condo", "monthly_bill": Decimal(200)}
    advice = estimate_make(stated, language=language, now=NOW).result["advice"]
    assert day in next(one["text"] for one in advice if one["code"] == "incentive_ended")


def test_no_amount_of_money_among_the_assumptions_is_without_its_currency():
    _, result = advised(postal_code="411001", monthly_kwh=Decimal(300))
    units = {one["name"]: one["unit"] for one in result["assumptions"]}
    for name in ("inverter_cost_per_kw", "maintenance_per_kw_year", "install_cost_per_kw"):
        assert units[name].startswith("INR"), name
