"""Bills of a month, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.solar.tariffs import month_bill, rate_at, use_of_bill
from tests.factories.solar import make_delhi_tariff, make_slabs, make_tariff

DELHI = make_delhi_tariff()
KARNATAKA = make_tariff(
    slabs=make_slabs((None, "5.80")),
    per_kwh_charge=Decimal("0.36"),
    fixed_charge=Decimal(0),
    fixed_charge_per_kw=Decimal(145),
)
NONE = Decimal(0)


@pytest.mark.parametrize(
    ("kwh", "bill"),
    [
        ("0", "0"),
        ("150", "0"),  # the state pays all of it
        ("200", "0"),
        ("201", "347.5875"),  # (600 + 4.5) * 1.15 = 695.175, half of it
        ("400", "925"),  # (600 + 900) * 1.15 = 1725, less 800 at most
        ("401", "1732.475"),  # no subsidy any more: (1500 + 6.5) * 1.15
        ("500", "2472.5"),  # (600 + 900 + 650) * 1.15
        ("800", "4715"),  # (600 + 900 + 2600) * 1.15
        ("1300", "8855"),  # (600 + 900 + 2600 + 2800 + 800) * 1.15
    ],
)
def test_a_month_in_delhi(kwh, bill):
    assert month_bill(DELHI, Decimal(kwh), NONE) == Decimal(bill)


def test_con_edison_bills_280_kwh_with_99_dollars():
    assert month_bill(make_tariff(), Decimal(280), NONE) == Decimal("99.00")


def test_charges_a_kw_of_load_and_a_kwh():
    assert month_bill(KARNATAKA, Decimal(100), Decimal(3)) == Decimal("1051.00")


def test_fixed_charges_are_due_without_any_use():
    assert month_bill(make_tariff(), NONE, NONE) == Decimal("17.80")


@pytest.mark.parametrize(
    ("kwh", "rate"), [("0", "3.45"), ("199", "3.45"), ("200", "5.175"), ("5000", "9.2")]
)
def test_the_rate_of_the_next_kwh_in_delhi(kwh, rate):
    assert rate_at(DELHI, Decimal(kwh)) == Decimal(rate)


def test_a_bill_under_the_fixed_charge_means_no_use():
    assert use_of_bill(make_tariff(), Decimal(10), NONE) == 0


def test_no_bill_in_delhi_means_the_smallest_use():
    assert use_of_bill(DELHI, NONE, NONE) == 0


@pytest.mark.parametrize(
    ("bill", "kwh"), [("925", "400"), ("1200", "400"), ("1724", "400"), ("100", "200")]
)
def test_a_bill_that_no_use_makes_is_taken_for_the_use_below(bill, kwh):
    assert use_of_bill(DELHI, Decimal(bill), NONE) == Decimal(kwh)


@given(st.integers(0, 5000).map(Decimal), st.sampled_from([make_tariff(), KARNATAKA]))
def test_the_use_is_read_back_from_its_bill(kwh, tariff):
    bill = month_bill(tariff, kwh, Decimal(3))
    assert abs(use_of_bill(tariff, bill, Decimal(3)) - kwh) <= Decimal("0.001")


@given(st.integers(401, 5000).map(Decimal))
def test_the_use_is_read_back_beyond_the_subsidy(kwh):
    bill = month_bill(DELHI, kwh, NONE)
    assert abs(use_of_bill(DELHI, bill, NONE) - kwh) <= Decimal("0.001")


@given(st.integers(0, 3000), st.integers(0, 500), st.sampled_from([DELHI, KARNATAKA]))
def test_more_use_never_costs_less(kwh, more, tariff):
    less = month_bill(tariff, Decimal(kwh), NONE)
    assert month_bill(tariff, Decimal(kwh + more), NONE) >= less
