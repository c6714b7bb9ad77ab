"""Loading the tables that ship with the product, making estimates, and making them again."""

from __future__ import annotations

from django.db import transaction

from apps.solar.models import (
    Assumption,
    Incentive,
    InstallCost,
    Market,
    PostalArea,
    Station,
    Tariff,
    Territory,
)
from apps.solar.tables import rows_of, rows_write


@transaction.atomic
def markets_load() -> dict[str, int]:
    """Write the tables of `data/` to the database. Repeatable; returns the rows of each table.

    A row that staff changed in the admin is written over: what should stay is changed in the file.
    Estimates already given keep the rows they were made from.
    """
    loaded = {
        "markets": rows_write(Market, ["code"], list(rows_of("markets.csv", Market))),
        "territories": rows_write(
            Territory, ["market", "code"], list(rows_of("territories.csv", Territory))
        ),
    }
    keys = {
        (market, code): pk
        for pk, market, code in Territory.objects.values_list("pk", "market_id", "code")
    }
    areas = [
        row | {"territory_id": keys[row["market_id"], row.pop("territory")]}
        for row in rows_of("postal_areas_*.csv", PostalArea)
    ]
    loaded["postal areas"] = rows_write(PostalArea, ["market", "prefix"], areas)
    for name, model, key in (
        ("tariffs", Tariff, ["key"]),
        ("incentives", Incentive, ["key"]),
        ("install_costs", InstallCost, ["key"]),
        ("stations", Station, ["market", "code"]),
        ("assumptions", Assumption, ["market", "name"]),
    ):
        rows = list(rows_of(f"{name}.csv", model))
        loaded[name.replace("_", " ")] = rows_write(model, key, rows)
    return loaded
