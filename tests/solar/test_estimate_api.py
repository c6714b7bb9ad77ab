"""The calculator's doors: what they take, refuse and answer."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.solar.models import EstimateRun

pytestmark = pytest.mark.django_db
HOME = {"postal_code": "11215", "monthly_bill": 400, "property_type": "single_family"}
FIELDS = {
    "run_id",
    "model_version",
    "market",
    "currency",
    "system_capacity_kw",
    "annual_production_kwh",
    "monthly_production_kwh",
    "specific_yield_kwh_per_kwp",
    "production_range_kwh",
    "annual_savings",
    "gross_cost",
    "incentives",
    "net_cost",
    "financing",
    "co2_kg_per_year",
    "advice",
    "assumptions",
}


@pytest.fixture
def ask(api):
    def asked(**fields):
        return api.post("/api/solar/estimate/", fields, format="json")

    return asked


@pytest.fixture
def estimate(ask):
    def made(**fields):
        response = ask(**HOME | fields)
        assert response.status_code == 200, response.json()
        return response.json()["data"]

    return made


def codes(data) -> list[str]:
    return [one["code"] for one in data["advice"]]


def test_an_estimate_holds_what_was_promised(ask):
    response = ask(**HOME)
    body = response.json()
    assert response.status_code == 200
    assert body["status"] == "success"
    data = body["data"]
    assert data.keys() >= FIELDS
    assert (data["market"], data["currency"]) == ("nyc", "USD")
    assert len(data["monthly_production_kwh"]) == 12
    low, high = data["production_range_kwh"]
    assert low < data["annual_production_kwh"] < high
    low, high = data["annual_savings_range"]
    assert low < data["annual_savings"] < high
    for one in data["incentives"]:
        assert one.keys() >= {"code", "name", "amount", "source", "valid_from", "valid_to"}
    for way in ("cash", "loan", "lease"):
        assert data["financing"][way].keys() >= {
            "payback_years",
            "npv",
            "irr",
            "savings_25_years",
        }
    for one in data["assumptions"]:
        assert one.keys() >= {"name", "value", "unit", "source"}
        assert one["source"]


def test_the_same_under_v1(api):
    assert api.post("/api/v1/solar/estimate/", HOME, format="json").status_code == 200


def test_the_months_add_up_and_so_does_the_price(estimate):
    data = estimate()
    assert sum(data["monthly_production_kwh"]) == pytest.approx(data["annual_production_kwh"])
    off = sum(one["amount"] for one in data["incentives"])
    assert data["net_cost"] == pytest.approx(data["gross_cost"] - off)


def test_new_york_within_five_percent_of_pvwatts(ask):
    data = ask(
        latitude=40.7128,
        longitude=-74.0060,
        monthly_kwh=1000,
        property_type="single_family",
        system_capacity_kw=10,
        tilt=20,
        azimuth=180,
        losses_percent=14,
    ).json()["data"]
    assert data["annual_production_kwh"] == pytest.approx(12_913.5, rel=0.05)
    assert data["territory"] == "manhattan"


def test_production_is_linear_in_the_capacity(estimate):
    one, ten = (estimate(system_capacity_kw=kw)["annual_production_kwh"] for kw in (1, 10))
    assert ten == pytest.approx(10 * one, abs=0.7)


def test_a_point_near_no_place_of_ours_says_what_is_covered(ask):
    response = ask(latitude=48.85, longitude=2.35, monthly_bill=100, property_type="condo")
    assert response.status_code == 400
    (words,) = response.json()["error"]["details"]["latitude"]
    assert "New York City" in words
    assert "India" in words


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"postal_code": "90210"}, "postal_code"),
        ({"postal_code": "nowhere"}, "postal_code"),
        ({"postal_code": ""}, "postal_code"),
        ({"postal_code": "110001", "market": "nyc"}, "postal_code"),
        ({"market": "mars"}, "market"),
        ({"postal_code": None, "latitude": 40.7}, "postal_code"),
        ({"postal_code": "", "latitude": 40.7}, "longitude"),
        ({"postal_code": "", "longitude": -74}, "latitude"),
        ({"latitude": 91}, "latitude"),
        ({"latitude": "nan"}, "latitude"),
        ({"monthly_bill": None}, "monthly_bill"),
        ({"monthly_bill": -1}, "monthly_bill"),
        ({"monthly_bill": "lots"}, "monthly_bill"),
        ({"monthly_bill": 10_000_000}, "monthly_bill"),
        ({"monthly_kwh": "Infinity"}, "monthly_kwh"),
        ({"property_type": "castle"}, "property_type"),
        ({"property_type": None}, "property_type"),
        ({"system_capacity_kw": 0}, "system_capacity_kw"),
        ({"roof_area_m2": 0}, "roof_area_m2"),
        ({"tilt": 91}, "tilt"),
        ({"azimuth": 361}, "azimuth"),
        ({"losses_percent": 100}, "losses_percent"),
        ({"shading": "dark"}, "shading"),
        ({"purchase_date": "21.11.2026"}, "purchase_date"),
        ({"purchase_date": "2019-12-31"}, "purchase_date"),
        ({"financing": "barter"}, "financing"),
        ({"homeowner": "maybe"}, "homeowner"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(ask, changed, field):
    response = ask(**HOME | changed)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert list(error["details"]) == [field]
    assert not EstimateRun.objects.exists()


def test_a_pin_code_says_the_market(estimate):
    data = estimate(postal_code="560 001", monthly_bill=3000)
    assert (data["market"], data["currency"]) == ("india", "INR")
    assert data["territory"] == "karnataka"
    assert any("Bengaluru" in one["unit"] for one in data["assumptions"])


def test_a_postal_code_in_hindi_digits_is_one(estimate):
    assert estimate(postal_code="४११ ००१", monthly_bill=3000)["territory"] == "maharashtra"
    assert estimate(postal_code="११२१५")["territory"] == "brooklyn"


def test_the_same_question_is_the_same_run(estimate):
    assert estimate()["run_id"] == estimate()["run_id"]
    assert EstimateRun.objects.count() == 1
    assert estimate(tilt=30)["run_id"] != estimate()["run_id"]


def test_numbers_with_the_noise_of_binary_fractions_are_taken(estimate):
    assert estimate(system_capacity_kw=0.1 + 0.2)["system_capacity_kw"] == 0.3


def test_a_stated_use_goes_before_the_bill(estimate):
    assert estimate(monthly_kwh=600)["monthly_consumption_kwh"] == 600


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"homeowner": False}, "community_solar"),
        ({"property_type": "apartment"}, "community_solar"),
        ({"property_type": "condo"}, "board_approval"),
        ({"property_type": "co_op"}, "board_approval"),
        ({"property_type": "brownstone"}, "landmark_review"),
        ({"property_type": "brownstone", "monthly_bill": 450}, "usual_roof"),
        ({"property_type": "commercial"}, "commercial_tariff"),
        ({"roof_area_m2": 30}, "roof_too_small"),
        ({"roof_area_m2": 5}, "roof_too_small"),
        ({"roof_area_m2": 30, "system_capacity_kw": 9}, "roof_too_small"),
        ({"shading": "heavy"}, "heavy_shade"),
        ({"azimuth": 0}, "poor_direction"),
        ({"system_capacity_kw": 24}, "oversized"),
        ({"system_capacity_kw": 30, "monthly_kwh": 9000}, "surplus_credit"),
        ({"monthly_kwh": 9000}, "size_limit"),
        ({"monthly_bill": 25}, "low_savings"),
        ({"monthly_bill": 0}, "low_savings"),
        ({"postal_code": "411001", "monthly_kwh": 90}, "oversized"),
        ({"postal_code": "11691"}, "check_tariff"),
        ({"postal_code": "110001", "monthly_kwh": 150}, "low_savings"),
        ({"postal_code": "110001", "homeowner": False}, "owner_consent"),
        ({"postal_code": "800001", "monthly_kwh": 300}, "check_tariff"),
        ({"purchase_date": "2026-11-21"}, "incentive_ended"),
    ],
)
def test_advice(estimate, changed, code):
    assert code in codes(estimate(**changed))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "community_solar"),
        ({}, "board_approval"),
        ({}, "low_savings"),
        ({}, "heavy_shade"),
        ({"roof_area_m2": 500}, "roof_too_small"),
        ({"property_type": "apartment", "homeowner": True}, "community_solar"),
        ({"homeowner": False, "postal_code": "110001"}, "community_solar"),
        ({"purchase_date": "2025-12-31"}, "incentive_ended"),
        ({"azimuth": 0, "tilt": 5}, "poor_direction"),
    ],
)
def test_advice_that_would_be_out_of_place(estimate, changed, code):
    assert code not in codes(estimate(**changed))


def test_somebody_who_rents_is_promised_no_incentive(estimate):
    data = estimate(homeowner=False)
    assert data["incentives"] == []
    assert data["net_cost"] == data["gross_cost"]


def test_shade_takes_its_part(estimate):
    clear, heavy = (estimate(system_capacity_kw=5, shading=s) for s in ("none", "heavy"))
    ratio = heavy["annual_production_kwh"] / clear["annual_production_kwh"]
    assert ratio == pytest.approx(0.75, abs=0.01)
    assert heavy["losses_percent"] == 35.5


def test_only_assumptions_that_were_used_are_shown(estimate):
    names = {one["name"] for one in estimate(tilt=30, shading="some")["assumptions"]}
    assert "shading_some_percent" in names
    assert not names & {"tilt", "shading_heavy_percent", "self_consumption_percent"}


def test_the_fixed_charge_shown_is_what_is_due_with_charges_for_the_load(estimate):
    data = estimate(postal_code="560001", monthly_kwh=500)
    shown = {one["name"]: one["value"] for one in data["assumptions"]}
    assert shown["fixed_charge"] == 3 * 145
    assert data["annual_bill_without_solar"] == 12 * (500 * 6.16 + 3 * 145)


def test_limits_apply_by_address(api, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"public": "2/m"}
    answers = [api.post("/api/solar/estimate/", HOME, format="json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"]


def test_incentives_of_a_day(api):
    body = api.get("/api/solar/incentives/?market=nyc&date=2025-12-31").json()
    assert body["data"]["date"] == "2025-12-31"
    assert "us_25d" in {one["code"] for one in body["data"]["results"]}
    body = api.get("/api/solar/incentives/?market=nyc&date=2026-01-01").json()
    found = {one["code"]: one for one in body["data"]["results"]}
    assert "us_25d" not in found
    assert found["ny_sun"]["is_counted"] is False
    assert found["ny_state_credit"]["cap"] == 5000


def test_incentives_today_in_the_market_of_the_setting(api):
    data = api.get("/api/solar/incentives/").json()["data"]
    assert data["market"] == "nyc"
    assert data["count"] == len(data["results"])


@pytest.mark.parametrize(
    ("query", "field"),
    [("market=mars", "market"), ("date=yesterday", "date"), ("date=", "date")],
)
def test_a_bad_question_about_incentives(api, query, field):
    response = api.get(f"/api/solar/incentives/?{query}")
    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == [field]


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    postal_code=st.sampled_from(["11215", "10021", "11691", "110001", "600001", "800001"]),
    monthly_bill=st.integers(0, 100_000),
    property_type=st.sampled_from(["single_family", "brownstone", "co_op", "commercial"]),
    system_capacity_kw=st.none() | st.integers(1, 1000),
    roof_area_m2=st.none() | st.integers(1, 2000),
    losses_percent=st.sampled_from([0, 14, 90]),
    shading=st.sampled_from(["none", "some", "heavy"]),
    purchase_date=st.dates(
        min_value=date(2020, 1, 1),
        max_value=date(2045, 12, 31),
    ).map(str),
    financing=st.sampled_from(["cash", "loan", "lease"]),
    homeowner=st.none() | st.booleans(),
)
def test_any_home_gets_figures_that_agree(ask, **fields):
    response = ask(**fields)
    assert response.status_code == 200, response.json()
    data = response.json()["data"]
    assert 0 <= data["net_cost"] <= data["gross_cost"]
    saved = data["annual_bill_without_solar"] - data["annual_bill_with_solar"]
    assert data["annual_savings"] == pytest.approx(saved, abs=0.011)
    for outcome in data["financing"].values():
        assert outcome["savings_25_years"] == outcome["cumulative_savings"][-1]
        assert len(outcome["cumulative_savings"]) == 26


def test_starting_up_does_not_import_pvlib():
    check = (
        "import django, sys; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(sorted({'pvlib', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", check], text=True).strip() == "[]"
