"""What solar takes off the bill: a year with it beside the same year without. Pure.

Use is the same every month. With net metering a month's surplus is carried to later months, and
what is left when the year is settled is bought at the export rate. With net billing a part of the
yield is used as it comes and the rest is bought at the export rate. Fixed charges stay, and a
customer benefit contribution is due for each kW. Subsidies of the state follow what is bought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.solar.tariffs import Tariff, month_bill

MONTHS = 12


@dataclass(frozen=True)
class Household:
    """The home as its utility sees it."""

    monthly_kwh: Decimal
    sanctioned_load_kw: Decimal
    settlement_month: int = 4  # the year of credits begins here, 1 to 12
    self_consumption: Decimal = Decimal("0.35")  # share of the yield, under net billing


@dataclass(frozen=True)
class YearOfBills:
    """Twelve bills without solar and with it, added up."""

    without_solar: Decimal
    with_solar: Decimal

    @property
    def saved(self) -> Decimal:
        return self.without_solar - self.with_solar


def year_of_bills(
    tariff: Tariff,
    household: Household,
    monthly_production: Sequence[Decimal],
    capacity_kw: Decimal,
) -> YearOfBills:
    """A year's bills at the tariff of today. `monthly_production` in kWh, January first."""
    load = household.sanctioned_load_kw
    without = MONTHS * month_bill(tariff, household.monthly_kwh, load)
    first = household.settlement_month - 1
    yields = [*monthly_production[first:], *monthly_production[:first]]
    if tariff.credits_surplus_fully(capacity_kw):
        billed = _net_metered(tariff, household, yields)
    else:
        billed = _net_billed(tariff, household, yields)
    contribution = MONTHS * tariff.cbc_per_kw_month * capacity_kw
    return YearOfBills(without, billed + contribution)


def savings_by_year(
    tariff: Tariff,
    household: Household,
    monthly_production: Sequence[Decimal],
    capacity_kw: Decimal,
    *,
    years: int,
    degradation_percent: Decimal,
) -> tuple[Decimal, ...]:
    """What is saved in each year: the modules yield less, power gets dearer."""
    remaining, dearer = Decimal(1), Decimal(1)
    saved = []
    for _ in range(years):
        production = [kwh * remaining for kwh in monthly_production]
        bills = year_of_bills(tariff, household, production, capacity_kw)
        saved.append(bills.saved * dearer)
        remaining *= 1 - degradation_percent / 100
        dearer *= 1 + tariff.escalation_percent / 100
    return tuple(saved)


def _net_metered(tariff: Tariff, household: Household, yields: Sequence[Decimal]) -> Decimal:
    billed, credit = Decimal(0), Decimal(0)
    for kwh in yields:
        net = household.monthly_kwh - kwh - credit
        credit = max(Decimal(0), -net)
        billed += month_bill(tariff, max(Decimal(0), net), household.sanctioned_load_kw)
    return billed - credit * tariff.export_rate


def _net_billed(tariff: Tariff, household: Household, yields: Sequence[Decimal]) -> Decimal:
    billed = Decimal(0)
    for kwh in yields:
        used = min(household.monthly_kwh, kwh * household.self_consumption)
        bought = household.monthly_kwh - used
        billed += month_bill(tariff, bought, household.sanctioned_load_kw)
        billed -= (kwh - used) * tariff.export_rate
    return billed
