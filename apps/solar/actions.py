"""Loading the market tables that ship with the product."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models, transaction

from apps.solar.models import Market, PostalArea, Territory

DATA_DIR = Path(__file__).parent / "data"


@transaction.atomic
def markets_load() -> dict[str, int]:
    """Write the tables of `data/` to the database. Repeatable; returns the rows of each table.

    A row that staff changed in the admin is written over: what should stay is changed in the file.
    """
    loaded = {"markets": _upsert(Market, ["code"], list(_rows("markets.csv")))}
    territories = list(_rows("territories.csv"))
    loaded["territories"] = _upsert(Territory, ["market", "code"], territories)
    keys = {
        (market, code): pk
        for pk, market, code in Territory.objects.values_list("pk", "market_id", "code")
    }
    areas = [
        row | {"territory_id": keys[row["market_id"], row.pop("territory")]}
        for file in sorted(DATA_DIR.glob("postal_areas_*.csv"))
        for row in _rows(file.name)
    ]
    loaded["postal areas"] = _upsert(PostalArea, ["market", "prefix"], areas)
    return loaded


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA_DIR / name).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            # An empty cell of a number means "not known"; of a text it means an empty text.
            yield {
                {"market": "market_id"}.get(key, key): (
                    None if value == "" and key.endswith(("_index", "_rank")) else value
                )
                for key, value in row.items()
            }


def _upsert(model: type[models.Model], key: list[str], rows: list[dict[str, Any]]) -> int:
    changed = [name for name in rows[0] if name.removesuffix("_id") not in key and name not in key]
    model._default_manager.bulk_create(
        [model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=key,
        update_fields=[name.removesuffix("_id") for name in changed],
    )
    return len(rows)
