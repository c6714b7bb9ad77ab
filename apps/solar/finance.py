"""Cash, loan and lease side by side: what flows in each year, and what it comes to. Pure.

Flows are amounts at the end of a year; year 0 is the day of the purchase. Exact `Decimal` until
the end, cents half-up once. The payback is the simple one, as anybody can check it: all that is
paid for the system, interest included, less incentives, divided by the first year's savings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from apps.core.money import round_cents
from apps.solar.incentives import Applied

_MONTHS = 12
_HIGHEST_RETURN = 100.0  # 10,000 % a year
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Terms:
    """What money costs. Percentages a year."""

    discount_rate: Decimal
    loan_rate: Decimal
    loan_years: int
    loan_down: Decimal  # percent of what is not paid by grants
    lease_years: int
    lease_escalator: Decimal
    lease_return: Decimal


@dataclass(frozen=True)
class Upkeep:
    """What the system costs to keep, in today's money."""

    maintenance_per_year: Decimal
    maintenance_free_years: int
    inverter_year: int
    inverter_cost: Decimal

    def cost(self, year: int) -> Decimal:
        maintained = self.maintenance_per_year if year > self.maintenance_free_years else Decimal(0)
        return maintained + (self.inverter_cost if year == self.inverter_year else 0)


@dataclass(frozen=True)
class Outcome:
    """One way of paying, over the life of the system.

    `cumulative` is what has come in less what has gone out, year 0 first; its last is
    `savings_25_years`. `irr` is a share a year, None where the flows have none; `payback_years`
    is None where nothing is paid up front, or where the savings never pay it back.
    """

    payback_years: Decimal | None
    npv: Decimal
    irr: Decimal | None
    savings_25_years: Decimal
    first_year_payment: Decimal
    cumulative: tuple[Decimal, ...]


def cash_outcome(
    gross: Decimal,
    applied: Sequence[Applied],
    savings: Sequence[Decimal],
    upkeep: Upkeep,
    terms: Terms,
) -> Outcome:
    """Everything paid on the first day."""
    flows = _owner_flows(applied, savings, upkeep)
    flows[0] -= gross
    net = gross - sum((a.amount for a in applied), Decimal(0))
    return _outcome(flows, terms, _payback(net, savings), Decimal(0))


def loan_outcome(
    gross: Decimal,
    applied: Sequence[Applied],
    savings: Sequence[Decimal],
    upkeep: Upkeep,
    terms: Terms,
) -> Outcome:
    """A loan of what grants do not pay, in equal monthly payments."""
    granted = sum((a.amount for a in applied if a.incentive.is_grant), Decimal(0))
    down = (gross - granted) * terms.loan_down / 100
    yearly = _MONTHS * loan_payment(gross - granted - down, terms.loan_rate, terms.loan_years)
    flows = _owner_flows(applied, savings, upkeep)
    flows[0] -= granted + down  # the grants go straight into the price
    for year in range(1, min(terms.loan_years, len(savings)) + 1):
        flows[year] -= yearly
    later = sum((a.amount for a in applied if not a.incentive.is_grant), Decimal(0))
    paid = down + yearly * terms.loan_years - later
    return _outcome(flows, terms, _payback(paid, savings), yearly)


def lease_outcome(
    gross: Decimal, owners: Sequence[Applied], savings: Sequence[Decimal], terms: Terms
) -> Outcome:
    """A lease: nothing down, upkeep is the owner's. `owners` are the leasing company's incentives,
    which it hands on in the price."""
    net = gross - sum((a.amount for a in owners), Decimal(0))
    first = lease_payment(net, terms)
    flows = [Decimal(0)]
    for year, saved in enumerate(savings):
        rent = first * (1 + terms.lease_escalator / 100) ** year
        flows.append(saved - rent if year < terms.lease_years else Decimal(0))
    return _outcome(flows, terms, None, first)


def loan_payment(principal: Decimal, percent: Decimal, years: int) -> Decimal:
    """The equal payment of each month."""
    months, rate = years * _MONTHS, percent / 100 / _MONTHS
    if rate == 0:
        return principal / months
    return principal * rate / (1 - (1 + rate) ** -months)


def lease_payment(net: Decimal, terms: Terms) -> Decimal:
    """The first year's rent that, growing by the escalator, gives the owner the return wanted."""
    growth = (1 + terms.lease_escalator / 100) / (1 + terms.lease_return / 100)
    worth = sum((growth**year for year in range(terms.lease_years)), Decimal(0))
    return net / (worth / (1 + terms.lease_return / 100))


def net_present_value(flows: Sequence[Decimal], percent: Decimal) -> Decimal:
    factor, total = Decimal(1), Decimal(0)
    for flow in flows:
        total += flow * factor
        factor /= 1 + percent / 100
    return total


def internal_rate_of_return(flows: Sequence[Decimal]) -> Decimal | None:
    """The return a year, as a share. None where the flows have no such rate, or several."""
    if not _has_one_return(flows):
        return None
    amounts = [float(flow) for flow in flows]
    low, high = -0.99, _HIGHEST_RETURN
    for _ in range(200):
        middle = (low + high) / 2
        if sum(amount / (1 + middle) ** year for year, amount in enumerate(amounts)) > 0:
            low = middle
        else:
            high = middle
    return Decimal(str(round(low, 4)))


def _has_one_return(flows: Sequence[Decimal]) -> bool:
    """Whether money first goes out and then comes in, once: by the flows themselves, or by their
    running sum (Norstrom)."""
    return _turns_up_once(flows) or _turns_up_once(list(accumulate(flows)))


def _turns_up_once(amounts: Sequence[Decimal]) -> bool:
    signs = [amount > 0 for amount in amounts if amount != 0]
    changes = sum(before != after for before, after in zip(signs, signs[1:], strict=False))
    return changes == 1 and signs[-1]


def _owner_flows(
    applied: Sequence[Applied], savings: Sequence[Decimal], upkeep: Upkeep
) -> list[Decimal]:
    flows = [Decimal(0), *(saved - upkeep.cost(year + 1) for year, saved in enumerate(savings))]
    for one in applied:
        for year, amount in one.instalments():
            flows[year] += amount
    return flows


def _payback(paid: Decimal, savings: Sequence[Decimal]) -> Decimal | None:
    if savings[0] <= 0:
        return None
    years = (max(paid, Decimal(0)) / savings[0]).quantize(_TENTH)
    return years if years <= len(savings) else None


def _outcome(
    flows: Sequence[Decimal], terms: Terms, payback: Decimal | None, payment: Decimal
) -> Outcome:
    total, cumulative = Decimal(0), []
    for flow in flows:
        total += flow
        cumulative.append(round_cents(total))
    return Outcome(
        payback_years=payback,
        npv=round_cents(net_present_value(flows, terms.discount_rate)),
        irr=internal_rate_of_return(flows),
        savings_25_years=cumulative[-1],
        first_year_payment=round_cents(payment),
        cumulative=tuple(cumulative),
    )
