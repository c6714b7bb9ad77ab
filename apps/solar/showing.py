"""Showing a stored estimate to people: what was asked, what we said, what it rests on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.core.money import Money
from apps.core.staff.statements import Statement, statements


def inputs_of(inputs: Mapping[str, Any]) -> list[Statement]:
    """What the visitor stated."""
    return list(statements(dict(inputs)))


def figures_of(result: Mapping[str, Any]) -> list[Statement]:
    """The figures the visitor was shown, with their units."""
    low, high = result["production_range_kwh"]
    cash = result["financing"]["cash"]
    lines = [
        Statement("System", f"{result['system_capacity_kw']:g} kW"),
        Statement("Production", f"{result['annual_production_kwh']:,.0f} kWh a year"),
        Statement("Production, range", f"{low:,.0f} to {high:,.0f} kWh a year"),
        Statement("Saves", f"{_money(result, 'annual_savings')} a year"),
        Statement("Cost", _money(result, "gross_cost")),
        *(
            Statement(one["name"], f"− {_amount(one['amount'], result)}")
            for one in result["incentives"]
        ),
        Statement("Cost after incentives", _money(result, "net_cost")),
    ]
    if cash["payback_years"] is not None:
        lines.append(Statement("Paid back, cash", f"after {cash['payback_years']:g} years"))
    return lines + [Statement("Advice", one["text"]) for one in result["advice"]]


def assumptions_of(result: Mapping[str, Any]) -> list[Statement]:
    """Every assumption with its source."""
    return [
        Statement(
            str(one["name"]).replace("_", " "), f"{one['value']} {one['unit']} ({one['source']})"
        )
        for one in result["assumptions"]
    ]


def _money(result: Mapping[str, Any], name: str) -> str:
    return _amount(result[name], result)


def _amount(amount: float, result: Mapping[str, Any]) -> str:
    return str(Money(Decimal(str(amount)), result["currency"]))
