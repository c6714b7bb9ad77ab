"""The rows that were not taken in, as a file to mend and send again."""

from __future__ import annotations

from collections.abc import Iterator

from apps.integrations.imports.models import Import, ImportRow
from apps.leads.export import Cell, as_csv, safe_cell


def failed_rows_csv(found: Import) -> Iterator[bytes]:
    """CSV with the columns of the file, the line each row stood in, and why it failed."""
    return as_csv(_rows(found))


def _rows(found: Import) -> Iterator[list[Cell]]:
    yield [safe_cell(name) for name in (*found.columns, "line", "problem")]
    failed = found.rows.filter(state=ImportRow.State.FAILED).order_by("number")
    for row in failed.iterator(chunk_size=1000):
        yield [safe_cell(cell) for cell in (*row.cells, row.number, row.reason)]
