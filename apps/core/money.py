"""Amounts of money: `Decimal`, cents half-up, never a float, never without a currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_SYMBOLS = {"USD": "$", "INR": "₹"}


def round_cents(amount: Decimal) -> Decimal:
    """`amount` with two decimals, halves away from zero, as invoices are rounded."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Money:
    """An amount in a currency (ISO 4217). Amounts of two currencies do not add up."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError(f"Cannot add {other.currency} to {self.currency}.")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        """For people: `$1,250.00`; whole amounts without cents."""
        amount = round_cents(self.amount)
        text = f"{amount:,.0f}" if amount == amount.to_integral() else f"{amount:,.2f}"
        return f"{_SYMBOLS.get(self.currency, self.currency + ' ')}{text}"
