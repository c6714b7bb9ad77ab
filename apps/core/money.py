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
        """For people: `$1,250.50`, `−$30`, `₹2,75,000`; whole amounts without cents."""
        rounded = round_cents(self.amount)
        amount, sign = abs(rounded), "−" if rounded < 0 else ""
        whole, _, cents = f"{amount:.2f}".partition(".")
        text = grouped(whole, self.currency) + ("" if cents == "00" else f".{cents}")
        return f"{sign}{_SYMBOLS.get(self.currency, self.currency + ' ')}{text}"


def grouped(digits: str, currency: str) -> str:
    """Digits with commas as people of a currency set them: rupees in lakhs, `2,75,000`."""
    head, tail = digits[:-3], digits[-3:]
    size = 2 if currency == "INR" else 3
    groups = [tail]
    while head:
        groups.insert(0, head[-size:])
        head = head[:-size]
    return ",".join(groups)
