"""Which incentives a purchase gets, and how much each is. Pure.

Order of calculation: grants first (rebates and subsidies, paid at once), then credits and
abatements on their own basis: the price, or the price less the grants. No incentive is more than
its cap or than what is left to pay. One that requires another is given only with it. Of several
rows of one code the one made for the territory wins, and then the one that began last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.core.money import round_cents


@dataclass(frozen=True)
class Slab:
    """`amount` for each kW up to `up_to_kw`."""

    up_to_kw: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Incentive:
    """An incentive and its formula. Empty tuples mean "all". See `models.Incentive`."""

    key: str
    code: str
    name: str
    kind: str
    territories: tuple[str, ...]
    utilities: tuple[str, ...]
    property_types: tuple[str, ...]
    financing: tuple[str, ...]
    percent: Decimal
    basis: str
    per_kw: tuple[Slab, ...]
    fixed_amount: Decimal
    cap: Decimal | None
    paid_over_years: int
    requires: str
    is_counted: bool
    note: str
    valid_from: date | None
    valid_to: date | None
    source: str
    checked_on: date
    confidence: str

    def is_valid_on(self, day: date) -> bool:
        """From the first day to the last, both included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def fits_home(self, *, territory: str, utility: str, property_type: str) -> bool:
        return (
            (not self.territories or territory in self.territories)
            and (not self.utilities or utility in self.utilities)
            and (not self.property_types or property_type in self.property_types)
        )

    @property
    def is_grant(self) -> bool:
        return self.paid_over_years == 0


@dataclass(frozen=True)
class Purchase:
    """What is bought, by whom, where and when."""

    day: date
    territory: str
    utility: str
    property_type: str
    financing: str
    capacity_kw: Decimal
    gross_cost: Decimal


@dataclass(frozen=True)
class Applied:
    """An incentive somebody gets: cents, half-up."""

    incentive: Incentive
    amount: Decimal

    def instalments(self) -> list[tuple[int, Decimal]]:
        """(year, amount): year 0 is the day of the purchase."""
        years = self.incentive.paid_over_years
        if years == 0:
            return [(0, self.amount)]
        return [(year, self.amount / years) for year in range(1, years + 1)]


def incentives_eligible(incentives: Sequence[Incentive], purchase: Purchase) -> list[Incentive]:
    """Those whose day, place, kind of home and way of paying fit, counted or only shown."""
    fitting = [incentive for incentive in incentives if _fits(incentive, purchase)]
    by_code: dict[str, Incentive] = {}
    for incentive in sorted(fitting, key=_precedence):
        by_code[incentive.code] = incentive
    chosen = sorted(by_code.values(), key=lambda incentive: incentive.key)
    return [i for i in chosen if not i.requires or i.requires in by_code]


def incentives_apply(incentives: Sequence[Incentive], purchase: Purchase) -> tuple[Applied, ...]:
    """What this purchase gets, grants first. The sum is never more than the price."""
    eligible = [i for i in incentives_eligible(incentives, purchase) if i.is_counted]
    left = net_of_grants = purchase.gross_cost
    applied = []
    for incentive in sorted(eligible, key=lambda i: (not i.is_grant, i.key)):
        basis = purchase.gross_cost if incentive.basis == "gross" else net_of_grants
        amount = min(_amount(incentive, purchase.capacity_kw, basis), left)
        left -= amount
        if incentive.is_grant:
            net_of_grants -= amount
        applied.append(Applied(incentive, amount))
    return tuple(applied)


def _precedence(incentive: Incentive) -> tuple[bool, date, str]:
    return bool(incentive.territories), incentive.valid_from or date.min, incentive.key


def _fits(incentive: Incentive, purchase: Purchase) -> bool:
    return (
        incentive.is_valid_on(purchase.day)
        and purchase.financing in incentive.financing
        and incentive.fits_home(
            territory=purchase.territory,
            utility=purchase.utility,
            property_type=purchase.property_type,
        )
    )


def _amount(incentive: Incentive, capacity_kw: Decimal, basis: Decimal) -> Decimal:
    amount = incentive.fixed_amount + basis * incentive.percent / 100
    below = Decimal(0)
    for slab in incentive.per_kw:
        top = min(capacity_kw, slab.up_to_kw)
        amount += max(Decimal(0), top - below) * slab.amount
        below = max(below, top)
    return round_cents(amount if incentive.cap is None else min(amount, incentive.cap))
