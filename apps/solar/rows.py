"""Rows of the models as the plain data that the rules take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from apps.solar import contracts, incentives, models, production, tariffs


def tariff_of(row: models.Tariff) -> tariffs.Tariff:
    return tariffs.Tariff(
        slabs=tuple(tariffs.Slab(_maybe(top), _exact(rate)) for top, rate in row.slabs),
        subsidies=tuple(
            tariffs.Subsidy(_exact(top), _exact(share), _maybe(cap))
            for top, share, cap in row.subsidies
        ),
        **_same(row, tariffs.Tariff, but=("slabs", "subsidies")),
    )


def incentive_of(row: models.Incentive) -> incentives.Incentive:
    return incentives.Incentive(
        territories=tuple(row.territories),
        utilities=tuple(row.utilities),
        property_types=tuple(row.property_types),
        financing=tuple(row.financing),
        per_kw=tuple(incentives.Slab(_exact(top), _exact(amount)) for top, amount in row.per_kw),
        **_same(
            row,
            incentives.Incentive,
            but=("territories", "utilities", "property_types", "financing", "per_kw"),
        ),
    )


def cost_of(row: models.InstallCost) -> contracts.InstallCost:
    return contracts.InstallCost(
        property_types=tuple(row.property_types),
        **_same(row, contracts.InstallCost, but=("property_types",)),
    )


def assumption_of(row: models.Assumption) -> contracts.Assumption:
    return contracts.Assumption(**_same(row, contracts.Assumption))


def station_of(row: models.Station) -> production.Station:
    return production.Station(
        ghi=tuple(float(value) for value in row.ghi),
        temperature=tuple(float(value) for value in row.temperature),
        **_same(row, production.Station, but=("ghi", "temperature")),
    )


def _same(row: Any, kind: Any, but: Sequence[str] = ()) -> dict[str, Any]:
    """The fields that the row and the dataclass have alike."""
    names = (field.name for field in fields(kind))
    return {name: getattr(row, name) for name in names if name not in but}


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def _maybe(number: float | None) -> Decimal | None:
    return None if number is None else _exact(number)
