"""An estimate given can be made again to the cent, whatever became of the tables since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from apps.solar.actions import estimate_make, estimate_reproduce, markets_load, yields_prepare
from apps.solar.contracts import EstimateRequest, MarketData
from apps.solar.models import (
    Assumption,
    DataSnapshot,
    EstimateRun,
    Incentive,
    InstallCost,
    Station,
    Tariff,
)
from apps.solar.production import specific_yield
from apps.solar.selectors import forget_tables
from apps.solar.stored import from_json, to_json

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def make(**changed):
    stated = {
        "postal_code": "11215",
        "property_type": "single_family",
        "monthly_bill": Decimal("321.09"),
        "roof_area_m2": Decimal("43.5"),
        "tilt": 27.5,
    }
    return estimate_make(stated | changed, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"financing": "lease", "homeowner": True},
        {"postal_code": "110001", "monthly_kwh": Decimal("613.7")},
        {"postal_code": "", "latitude": 19.07, "longitude": 72.87},
    ],
)
def test_a_run_is_made_again_after_every_table_has_changed(changed):
    run = make(**changed)
    Tariff.objects.update(slabs=[[None, 9]], fixed_charge=99)
    Incentive.objects.update(valid_to=date(2021, 1, 1))
    InstallCost.objects.update(cost_per_kw=1)
    Station.objects.update(ghi=[1] * 12)
    Assumption.objects.update(value=7)
    forget_tables()
    again = estimate_reproduce(run.run_id)
    assert again.result == run.result
    assert again.is_equal
    assert again.production_matches


def test_a_changed_row_makes_another_run():
    first = make(monthly_kwh=Decimal(700))
    Tariff.objects.filter(key="coned-2026").update(fixed_charge=20)
    forget_tables()
    second = make(monthly_kwh=Decimal(700))
    assert second.run_id != first.run_id
    assert second.result["annual_bill_with_solar"] != first.result["annual_bill_with_solar"]


def test_another_day_is_another_run_on_the_same_rows():
    make()
    estimate_make(
        {"postal_code": "11215", "property_type": "single_family", "monthly_bill": Decimal(300)},
        now=datetime(2026, 11, 22, 17, tzinfo=UTC),
    )
    assert EstimateRun.objects.count() == 2
    assert DataSnapshot.objects.count() == 1


def test_today_is_the_day_in_the_market():
    """Half past three at night in New York is still yesterday's evening in the database."""
    run = estimate_make(
        {"postal_code": "11215", "property_type": "condo", "monthly_bill": Decimal(300)},
        now=datetime(2026, 1, 1, 3, 30, tzinfo=UTC),
    )
    assert run.result["purchase_date"] == "2025-12-31"


def test_a_tampered_result_is_noticed():
    run = make()
    row = EstimateRun.objects.get(public_id=run.run_id)
    row.result["net_cost"] += 0.01
    row.save()
    assert not estimate_reproduce(run.run_id).is_equal


def test_words_that_were_put_better_since_are_no_other_estimate():
    run = make()
    row = EstimateRun.objects.get(public_id=run.run_id)
    row.result["advice"][0]["text"] = "As we said it then."
    del row.result["annual_savings_range"]  # nobody said it then
    row.result["assumptions"][0]["unit"] = "a unit as we called it then"
    row.save()
    assert estimate_reproduce(run.run_id).is_equal


def test_what_is_stored_is_read_back_exactly():
    run = EstimateRun.objects.select_related("data").get(public_id=make().run_id)
    request = from_json(EstimateRequest, run.inputs)
    data = from_json(MarketData, run.data.content)
    assert to_json(request) == run.inputs
    assert to_json(data) == run.data.content
    assert request.monthly_bill == Decimal("321.09")


def test_loading_the_tables_twice_changes_nothing():
    before = {model: list(model.objects.order_by("pk").values()) for model in (Tariff, Incentive)}
    markets_load()
    for model, rows in before.items():
        assert list(model.objects.order_by("pk").values()) == rows


def test_a_row_that_staff_checked_later_stays():
    changed = {"fixed_charge": 21, "checked_on": date(2026, 12, 1)}
    Tariff.objects.filter(key="coned-2026").update(**changed)
    Tariff.objects.filter(key="delhi").update(fixed_charge=21)
    markets_load()
    assert Tariff.objects.get(key="coned-2026").fixed_charge == 21
    assert Tariff.objects.get(key="delhi").fixed_charge == 0


@pytest.mark.parametrize("model", [Tariff, Incentive, InstallCost, Station, Assumption])
def test_every_row_says_where_it_comes_from(model):
    rows = list(model.objects.all())
    assert rows
    for row in rows:
        row.full_clean()
        assert row.source
        assert row.checked_on <= date(2026, 11, 21)


def test_the_command_says_whether_it_agrees(capsys):
    run = make()
    call_command("reproduce_estimate", str(run.run_id))
    assert "to the cent" in capsys.readouterr().out
    EstimateRun.objects.update(result={})
    with pytest.raises(CommandError, match="differ"):
        call_command("reproduce_estimate", str(run.run_id))
    with pytest.raises(CommandError, match="no estimate"):
        call_command("reproduce_estimate", "01900000-0000-7000-8000-000000000000")


def test_yields_of_ordinary_roofs_are_made_ready():
    assert yields_prepare(now=NOW) == 3 * Station.objects.count()
    specific_yield.cache_clear()
    make(tilt=20.0)
    assert specific_yield.cache_info().misses == 0
