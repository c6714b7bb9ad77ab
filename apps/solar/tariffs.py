"""What a home pays its utility for a month. Pure; amounts exact, in the market's money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_MOST_KWH = Decimal(1_000_000)  # no home's month: where the search for a use ends
_FINE_ENOUGH = Decimal("0.0005")  # kWh
_NEAR_ENOUGH = Decimal("0.05")  # of a bill: more than any rate makes of _FINE_ENOUGH


@dataclass(frozen=True)
class Slab:
    """`rate` for each kWh of a month up to `up_to`; None: for all the others."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True)
class Subsidy:
    """The state pays `share` of the bill of a month of at most `up_to` kWh, but not over `cap`."""

    up_to: Decimal
    share: Decimal
    cap: Decimal | None


@dataclass(frozen=True)
class Tariff:
    """A utility's tariff for homes. Rates a kWh, charges a month. See `models.Tariff`."""

    key: str
    name: str
    utility: str
    slabs: tuple[Slab, ...]
    per_kwh_charge: Decimal
    fixed_charge: Decimal
    fixed_charge_per_kw: Decimal
    surcharge_percent: Decimal
    subsidies: tuple[Subsidy, ...]
    net_metering: str
    net_metering_limit_kw: Decimal | None
    export_rate: Decimal
    cbc_per_kw_month: Decimal
    escalation_percent: Decimal
    valid_from: date | None
    valid_to: date | None
    source: str
    checked_on: date
    confidence: str

    def credits_surplus_fully(self, capacity_kw: Decimal) -> bool:
        """Whether each kWh a system of this size sends out takes one off the bill."""
        limit = self.net_metering_limit_kw
        return self.net_metering == "net_metering" and (limit is None or capacity_kw <= limit)


def month_bill(tariff: Tariff, kwh: Decimal, sanctioned_load_kw: Decimal) -> Decimal:
    """The bill of a month in which `kwh` were bought; fixed charges are due without any."""
    energy, below = kwh * tariff.per_kwh_charge, Decimal(0)
    for slab in tariff.slabs:
        top = kwh if slab.up_to is None else min(kwh, slab.up_to)
        energy += max(Decimal(0), top - below) * slab.rate
        below = top
    bill = (energy + fixed_of(tariff, sanctioned_load_kw)) * (1 + tariff.surcharge_percent / 100)
    return bill - _subsidy(tariff, kwh, bill)


def fixed_of(tariff: Tariff, sanctioned_load_kw: Decimal) -> Decimal:
    """What is due in a month whatever is used, before surcharges."""
    return tariff.fixed_charge + tariff.fixed_charge_per_kw * sanctioned_load_kw


def rate_at(tariff: Tariff, kwh: Decimal) -> Decimal:
    """What the next kWh costs in a month of `kwh`, surcharges in, subsidies aside."""
    slab = next(s for s in tariff.slabs if s.up_to is None or kwh < s.up_to)
    return (slab.rate + tariff.per_kwh_charge) * (1 + tariff.surcharge_percent / 100)


def is_bill(tariff: Tariff, amount: Decimal, sanctioned_load_kw: Decimal) -> bool:
    """Whether a month's use, however large a building, makes a bill as high as `amount`."""
    return amount <= month_bill(tariff, _MOST_KWH, sanctioned_load_kw)


def use_of_bill(tariff: Tariff, bill: Decimal, sanctioned_load_kw: Decimal) -> Decimal:
    """The kWh of a month with this bill: the smallest, where several have it.

    A subsidy that ends makes the bill jump. For a bill inside the jump, which no use makes, the
    use just below it is taken: less is then promised to be saved.
    """
    low, high = Decimal(0), _MOST_KWH
    if month_bill(tariff, low, sanctioned_load_kw) >= bill:
        return low
    while high - low > _FINE_ENOUGH:
        middle = (low + high) / 2
        if month_bill(tariff, middle, sanctioned_load_kw) >= bill:
            high = middle
        else:
            low = middle
    jumps = month_bill(tariff, high, sanctioned_load_kw) - bill > _NEAR_ENOUGH
    return (low if jumps else high).quantize(Decimal("0.001"))


def _subsidy(tariff: Tariff, kwh: Decimal, bill: Decimal) -> Decimal:
    for subsidy in tariff.subsidies:
        if kwh <= subsidy.up_to:
            paid = bill * subsidy.share
            return paid if subsidy.cap is None else min(paid, subsidy.cap)
    return Decimal(0)
