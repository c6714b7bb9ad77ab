"""Cash, loan and lease, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.solar.finance import (
    Terms,
    Upkeep,
    cash_outcome,
    internal_rate_of_return,
    lease_outcome,
    lease_payment,
    loan_outcome,
    loan_payment,
    net_present_value,
)
from apps.solar.incentives import Applied
from tests.factories.solar import make_incentive

TERMS = Terms(
    discount_rate=Decimal(6),
    loan_rate=Decimal("7.5"),
    loan_years=15,
    loan_down=Decimal(10),
    lease_years=25,
    lease_escalator=Decimal("2.9"),
    lease_return=Decimal(8),
)
NO_UPKEEP = Upkeep(Decimal(0), 0, 13, Decimal(0))
SAVED = [Decimal(1000)] * 25
GRANT = Applied(make_incentive("grant"), Decimal(2000))
ABATEMENT = Applied(make_incentive("abatement", paid_over_years=4), Decimal(4000))


def flows(*amounts: int) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_cash():
    outcome = cash_outcome(Decimal(10_000), [GRANT, ABATEMENT], SAVED, NO_UPKEEP, TERMS)
    assert outcome.payback_years == Decimal("4.0")
    assert outcome.cumulative[:6] == (-8000, -6000, -4000, -2000, 0, 1000)
    assert outcome.savings_25_years == 21_000
    assert outcome.first_year_payment == 0


def test_upkeep_is_paid_when_it_is_due():
    upkeep = Upkeep(Decimal(100), 5, 13, Decimal(700))
    outcome = cash_outcome(Decimal(10_000), [], SAVED, upkeep, TERMS)
    gained = [b - a for a, b in zip(outcome.cumulative, outcome.cumulative[1:], strict=False)]
    assert gained[:5] == [1000] * 5
    assert gained[5] == 900
    assert gained[12] == 200


def test_a_loan_of_what_grants_do_not_pay():
    outcome = loan_outcome(Decimal(12_000), [GRANT], SAVED, NO_UPKEEP, TERMS)
    # 10,000 less 10 % down: 9,000 at 7.5 % over 15 years is 83.43 a month.
    assert outcome.first_year_payment == Decimal("1001.17")
    assert outcome.cumulative[0] == -1000
    assert outcome.payback_years == Decimal("16.0")  # (1,000 + 15 * 1,001.17) / 1,000
    assert outcome.savings_25_years == Decimal("8982.40")  # 25,000 - 1,000 - 180 * 83.4311


def test_a_lease_costs_nothing_up_front():
    outcome = lease_outcome(Decimal(24_500), [], [Decimal(2540)] * 25, TERMS)
    assert outcome.payback_years is None
    assert outcome.irr is None
    assert outcome.cumulative[0] == 0


def test_the_owner_of_a_lease_gets_the_return_wanted():
    first = lease_payment(Decimal(17_150), TERMS)
    rents = [first * Decimal("1.029") ** year for year in range(25)]
    assert net_present_value([Decimal(-17_150), *rents], Decimal(8)) == pytest.approx(
        Decimal(0), abs=Decimal("0.01")
    )


def test_the_credit_of_the_owner_lowers_the_rent():
    credit = Applied(make_incentive("credit", financing=("lease",)), Decimal(7350))
    with_it = lease_outcome(Decimal(24_500), [credit], SAVED, TERMS).first_year_payment
    without = lease_outcome(Decimal(24_500), [], SAVED, TERMS).first_year_payment
    assert with_it == pytest.approx(without * Decimal("0.7"), abs=Decimal("0.01"))


def test_after_the_term_a_lease_neither_costs_nor_saves():
    short = Terms(**{**TERMS.__dict__, "lease_years": 10})
    outcome = lease_outcome(Decimal(10_000), [], SAVED, short)
    assert outcome.cumulative[10] == outcome.cumulative[25]


def test_a_loan_payment_by_the_book():
    assert loan_payment(Decimal(100_000), Decimal(6), 30) == pytest.approx(
        Decimal("599.55"), abs=Decimal("0.01")
    )
    assert loan_payment(Decimal(1200), Decimal(0), 1) == 100


@pytest.mark.parametrize(
    ("amounts", "rate"),
    [
        (flows(-100, 110), "0.1"),
        (flows(-100, 0, 121), "0.1"),
        (flows(-1000, 300, 300, 300, 300), "0.0771"),
        (flows(-1000, *[200] * 12, -100, *[200] * 12), "0.1916"),  # an inverter in between
        (flows(0, 100, 100), None),
        (flows(-100, -10), None),
        (flows(100, -50, 100), None),
    ],
)
def test_internal_rate_of_return(amounts, rate):
    expected = None if rate is None else Decimal(rate)
    found = internal_rate_of_return(amounts)
    assert found == (None if expected is None else pytest.approx(expected, abs=Decimal("0.0005")))


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=25), st.integers(1, 50_000))
def test_at_its_rate_of_return_a_flow_is_worth_nothing(saved, paid):
    amounts = flows(-paid, *saved)
    rate = internal_rate_of_return(amounts)
    if rate is None or rate < Decimal("-0.9") or rate > 90:
        return
    around = [
        net_present_value(amounts, 100 * (rate + step))
        for step in (Decimal("-0.0002"), Decimal("0.0002"))
    ]
    assert around[0] > 0 > around[1]


def test_no_payback_where_nothing_is_saved():
    outcome = cash_outcome(Decimal(10_000), [], [Decimal(0)] * 25, NO_UPKEEP, TERMS)
    assert outcome.payback_years is None
    assert outcome.irr is None


def test_no_payback_beyond_the_life_of_the_system():
    outcome = cash_outcome(Decimal(30_000), [], SAVED, NO_UPKEEP, TERMS)
    assert outcome.payback_years is None
