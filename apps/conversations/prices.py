"""What a model costs, and where that is written: what staff entered, else what ships."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.conversations.models import SpeechPrice
from apps.conversations.providers.base import Usage
from apps.core.clock import company_time

_MILLION = 1_000_000
_REMEMBER_SECONDS = 60.0
_remembered: dict[tuple[str, str], tuple[float, Price]] = {}
_FOLDERS = Path(__file__).with_name("providers")


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, and in words what says so."""

    input_usd: Decimal
    output_usd: Decimal
    source: str

    def of(self, usage: Usage) -> Decimal:
        """What a call cost, in US dollars."""
        spent = usage.input_tokens * self.input_usd + usage.output_tokens * self.output_usd
        return spent / _MILLION

    @property
    def words(self) -> str:
        """ "$0.40 in, $1.60 out for a million tokens: openai.com/api/pricing, 2026-11-27"."""
        asked = f"${_plain(self.input_usd)} in, ${_plain(self.output_usd)} out"
        return f"{asked} for a million tokens: {self.source}"[:200]


def _plain(amount: Decimal) -> str:
    """ "0.40", and "0.0375" where cents do not hold it."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount.normalize():f}"


def price_of(vendor: str, model: str) -> Price:
    """Today's price, remembered for a minute. A model without one counts as the dearest we know of.

    Told apart by vendor: the same model costs differently elsewhere.
    """
    until, price = _remembered.get((vendor, model), (0.0, None))
    if price is None or time.monotonic() > until:
        price = _entered(vendor, model) or _shipped(vendor, model)
        _remembered[vendor, model] = (time.monotonic() + _REMEMBER_SECONDS, price)
    return price


def prices_forget() -> None:
    """Read again what staff have just changed; other processes do within a minute."""
    _remembered.clear()


def _entered(vendor: str, model: str) -> Price | None:
    known = SpeechPrice.objects.filter(
        vendor=vendor, model=model, valid_from__lte=company_time(timezone.now()).date()
    )
    row = known.order_by("-valid_from").first()
    if row is None:
        return None
    return Price(row.input_usd, row.output_usd, f"{row.source}, {row.valid_from}")


def _shipped(vendor: str, model: str) -> Price:
    prices = dict(prices_shipped(vendor))
    if model in prices:
        return prices[model]
    dearest = max(prices.values(), key=lambda price: price.output_usd)
    source = f"no price is known, so the dearest of {dearest.source}"
    return Price(dearest.input_usd, dearest.output_usd, source)


def prices_shipped(vendor: str) -> Iterator[tuple[str, Price]]:
    """The models of a vendor's list as it ships, with their prices."""
    table = _table(vendor)
    checked: date = table["checked_on"]
    for model, price in table["models"].items():
        yield (
            model,
            Price(
                Decimal(price["input"]), Decimal(price["output"]), f"{table['source']}, {checked}"
            ),
        )


@cache
def _table(vendor: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDERS / vendor / "prices.toml").read_text(encoding="utf-8"))
