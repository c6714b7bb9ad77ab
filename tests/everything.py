"""Every row of every table, to compare before and after."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

Rows = dict[str, dict[Any, dict[str, Any]]]


def every_row(*, but: Collection[str] = ()) -> Rows:
    """What the database holds: table → key → columns. `but` names tables to leave out."""
    found: Rows = {}
    with connection.cursor() as cursor:
        tables = [
            table
            for table in connection.introspection.table_names(cursor)
            if table not in but and not table.startswith(("django_", "auth_"))
        ]
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column.name for column in cursor.description]
            rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
            found[table] = {row.get("id", row.get("code", str(row))): row for row in rows}
    return found


def differences(before: Rows, after: Rows) -> dict[str, Any]:
    """What differs: table and key → both sides."""
    return {
        f"{table} {key}": (before[table].get(key), after[table].get(key))
        for table in before
        for key in before[table].keys() | after[table].keys()
        if before[table].get(key) != after[table].get(key)
    }
