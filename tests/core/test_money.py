"""Amounts add up exactly and round like an invoice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.money import Money, round_cents

amounts = st.decimals(-(10**9), 10**9, places=4)


@given(amounts)
def test_rounding_moves_by_half_a_cent_at_most_and_is_idempotent(amount: Decimal) -> None:
    rounded = round_cents(amount)
    assert abs(rounded - amount) <= Decimal("0.005")
    assert rounded.as_tuple().exponent == -2
    assert round_cents(rounded) == rounded
    assert round_cents(-amount) == -rounded


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.0149", "0.01"),
        ("-0.005", "-0.01"),
        ("2.5", "2.50"),
    ],
)
def test_halves_go_away_from_zero(amount: str, rounded: str) -> None:
    assert str(round_cents(Decimal(amount))) == rounded


@given(amounts, amounts)
def test_a_sum_is_exact_in_any_order(one: Decimal, other: Decimal) -> None:
    a, b = Money(one, "USD"), Money(other, "USD")
    assert a + b == b + a == Money(one + other, "USD")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="INR to USD"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "INR")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1250", "USD", "$1,250"),
        ("1250.5", "USD", "$1,250.50"),
        ("99999.999", "INR", "₹1,00,000"),
        ("27500000.5", "INR", "₹2,75,00,000.50"),
        ("650", "INR", "₹650"),
        ("7", "EUR", "EUR 7"),
        ("-30", "USD", "−$30"),
        ("-0.004", "USD", "$0"),
    ],
)
def test_for_people(amount: str, currency: str, text: str) -> None:
    assert str(Money(Decimal(amount), currency)) == text
