"""The tables of `data/`: CSV files on one side, rows of the models on the other."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import models

DATA_DIR = Path(__file__).parent / "data"


def rows_of(pattern: str, model: type[models.Model]) -> Iterator[dict[str, Any]]:
    """The rows of the files that match, as `model` takes them. `market` names a Market's code."""
    for path in sorted(DATA_DIR.glob(pattern)):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield {_column(name): _reader(model, name)(text) for name, text in row.items()}


def rows_write(
    model: type[models.Model], key: Sequence[str], rows: Sequence[dict[str, Any]]
) -> int:
    """Insert the rows, or update those that are there by `key`. Returns how many were given."""
    if not rows:
        return 0
    changed = {name.removesuffix("_id") for name in rows[0]} - set(key)
    model._default_manager.bulk_create(
        [model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=list(key),
        update_fields=sorted(changed),
    )
    return len(rows)


def rows_not_newer(
    model: type[models.Model], key: Sequence[str], rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Those of the rows that nobody has checked, in the database, on a later day."""
    columns = [_column(name) for name in key]
    checked = {
        tuple(values): day
        for *values, day in model._default_manager.values_list(*columns, "checked_on")
    }
    return [
        row
        for row in rows
        if (day := checked.get(tuple(row[column] for column in columns))) is None
        or str(day) <= row["checked_on"]
    ]


def _column(name: str) -> str:
    return "market_id" if name == "market" else name


def _reader(model: type[models.Model], name: str) -> Callable[[str], Any]:
    """How a cell of this column is read: an empty cell means "not known" where a row may say so."""
    field = model._meta.get_field(name)
    if isinstance(field, models.JSONField):
        return json.loads
    if field.null:
        return lambda text: text or None
    return str
