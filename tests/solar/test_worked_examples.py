"""The worked examples of our fact sheet, 3.2 (New York) and 3.3 (Delhi), through the whole road."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.solar.actions import estimate_make

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def near(value: float) -> object:
    return pytest.approx(value, rel=0.05)


def new_york(**more):
    stated = {
        "postal_code": "11215",
        "property_type": "single_family",
        "monthly_bill": Decimal(400),
        "system_capacity_kw": Decimal(7),
    }
    return estimate_make(stated | more, now=NOW).result


def delhi(kwh: int, **more):
    stated = {
        "postal_code": "110001",
        "property_type": "single_family",
        "monthly_kwh": Decimal(kwh),
        "system_capacity_kw": Decimal(3),
    }
    return estimate_make(stated | more, now=NOW).result


def test_seven_kilowatts_in_new_york():
    result = new_york()
    assert result["gross_cost"] == 24_500
    assert {one["code"]: one["amount"] for one in result["incentives"]} == {
        "ny_state_credit": 5000,
        "nyc_property_tax_abatement": 7350,
    }
    assert result["net_cost"] == near(12_150)
    assert result["annual_production_kwh"] == near(9037)
    assert result["annual_savings"] == near(2540)
    assert result["financing"]["cash"]["payback_years"] == near(4.8)


def test_what_the_weather_makes_of_the_savings_in_new_york():
    """Every kWh more or less is worth the full rate: the home uses more than the roof yields."""
    result = new_york()
    low, high = result["annual_savings_range"]
    kwh = result["annual_production_kwh"]
    assert low == pytest.approx(result["annual_savings"] - 0.10 * kwh * 0.29, abs=0.02)
    assert high == pytest.approx(result["annual_savings"] + 0.08 * kwh * 0.29, abs=0.02)


def test_the_federal_credit_would_have_made_it_cheaper_in_2025():
    before = new_york(purchase_date=datetime(2025, 6, 1, tzinfo=UTC).date())
    assert "us_25d" in {one["code"] for one in before["incentives"]}
    assert before["net_cost"] == 24_500 - 5000 - 7350 - 7350


def test_three_kilowatts_in_delhi():
    result = delhi(500)
    assert result["gross_cost"] == near(190_000)
    assert {one["code"]: one["amount"] for one in result["incentives"]} == {
        "pm_surya_ghar": 78_000,
        "delhi_top_up": 30_000,
    }
    assert result["net_cost"] == near(82_000)
    assert result["annual_production_kwh"] == near(4200)
    assert result["annual_savings"] == near(29_400)
    assert result["financing"]["cash"]["payback_years"] == near(2.8)


def test_a_small_delhi_bill_has_nothing_to_save():
    result = delhi(180, system_capacity_kw=None)
    assert result["annual_bill_without_solar"] == 0
    assert result["annual_savings"] < 1000
    assert result["advice"][0]["code"] == "low_savings"
    assert result["financing"]["cash"]["payback_years"] is None


def test_a_lease_shows_the_owners_side():
    result = new_york(financing="lease")
    assert [one["code"] for one in result["incentives"]] == ["us_48e"]
    assert result["net_cost"] == 17_150
    late = new_york(financing="lease", purchase_date=datetime(2028, 1, 1, tzinfo=UTC).date())
    assert late["incentives"] == []
    rent, dearer = (one["financing"]["lease"]["first_year_payment"] for one in (result, late))
    assert dearer == pytest.approx(rent / 0.7, abs=0.02)
