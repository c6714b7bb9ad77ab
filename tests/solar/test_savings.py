"""A year of bills with solar and without, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.solar.savings import Household, savings_by_year, year_of_bills
from tests.factories.solar import make_delhi_tariff, make_slabs, make_tariff


def home(kwh: int | str, **more) -> Household:
    return Household(Decimal(kwh), Decimal(0), **more)


def even(kwh: int | str) -> list[Decimal]:
    return [Decimal(kwh)] * 12


def test_each_kwh_takes_the_full_rate_off_the_bill():
    bills = year_of_bills(make_tariff(), home(1000), even(500), Decimal(5))
    assert bills.without_solar == 12 * Decimal("307.80")
    assert bills.saved == 6000 * Decimal("0.29")


def test_fixed_charges_and_the_benefit_contribution_stay():
    tariff = make_tariff(cbc_per_kw_month=Decimal("0.96"))
    bills = year_of_bills(tariff, home(500), even(500), Decimal(7))
    assert bills.with_solar == 12 * Decimal("17.80") + Decimal("80.64")


def test_surplus_of_summer_pays_for_winter():
    summer = [*[Decimal(0)] * 3, *[Decimal(200)] * 6, *[Decimal(0)] * 3]
    bills = year_of_bills(make_tariff(), home(100), summer, Decimal(1))
    assert bills.with_solar == 12 * Decimal("17.80")


def test_credits_end_with_the_year():
    """From January on, winter is billed before summer has sent anything out."""
    summer = [*[Decimal(0)] * 3, *[Decimal(200)] * 6, *[Decimal(0)] * 3]
    bills = year_of_bills(make_tariff(), home(100, settlement_month=1), summer, Decimal(1))
    assert bills.with_solar == 12 * Decimal("17.80") + 300 * Decimal("0.29")


def test_what_is_left_at_the_end_is_bought_at_the_export_rate():
    tariff = make_tariff(export_rate=Decimal("0.05"))
    bills = year_of_bills(tariff, home(100), even(150), Decimal(1))
    assert bills.with_solar == 12 * Decimal("17.80") - 600 * Decimal("0.05")


def test_net_billing_credits_only_what_is_used_at_once():
    tariff = make_tariff(net_metering="net_billing", export_rate=Decimal("0.10"))
    household = home(1000, self_consumption=Decimal("0.35"))
    bills = year_of_bills(tariff, household, even(400), Decimal(4))
    assert bills.saved == 12 * (140 * Decimal("0.29") + 260 * Decimal("0.10"))


@pytest.mark.parametrize(("capacity", "saved"), [("25", "1392.00"), ("25.01", "487.20")])
def test_above_the_limit_net_metering_ends(capacity, saved):
    tariff = make_tariff(net_metering_limit_kw=Decimal(25))
    bills = year_of_bills(tariff, home(1000), even(400), Decimal(capacity))
    assert bills.saved == Decimal(saved)


def test_solar_takes_off_the_dearest_slab_first():
    tariff = make_tariff(slabs=make_slabs((100, "3"), (None, "10")), fixed_charge=Decimal(0))
    bills = year_of_bills(tariff, home(150), even(60), Decimal(1))
    assert bills.saved == 12 * (50 * 10 + 10 * 3)


def test_a_delhi_home_under_200_units_has_no_bill_to_save():
    bills = year_of_bills(make_delhi_tariff(), home(150), even(100), Decimal(1))
    assert bills.without_solar == 0
    assert bills.saved == 0


def test_a_delhi_home_at_500_units_falls_under_the_free_ones():
    bills = year_of_bills(make_delhi_tariff(), home(500), even(350), Decimal(3))
    assert bills.saved == 12 * Decimal("2472.5")


def test_years_yield_less_and_cost_more():
    years = savings_by_year(
        make_tariff(),
        home(1000),
        even(500),
        Decimal(5),
        years=3,
        degradation_percent=Decimal("0.5"),
    )
    first = 6000 * Decimal("0.29")
    assert years[0] == first
    assert years[1] == pytest.approx(first * Decimal("0.995") * Decimal("1.03"))
    assert years[2] == pytest.approx(first * Decimal("0.990025") * Decimal("1.0609"))


@given(
    st.lists(st.integers(0, 3000).map(Decimal), min_size=12, max_size=12),
    st.integers(0, 3000).map(Decimal),
    st.sampled_from(["net_metering", "net_billing"]),
)
def test_solar_without_charges_of_its_own_never_costs(production, use, rule):
    tariff = make_tariff(net_metering=rule, export_rate=Decimal("0.05"))
    assert year_of_bills(tariff, home(str(use)), production, Decimal(5)).saved >= 0
