"""Leads as a file: the same columns in CSV and Excel, row after row, however many there are.

Columns are a promise: programs read them by name. New ones go to the end.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from apps.leads.models import Lead

Cell = str | int | float | Decimal | None

_ROWS_AT_ONCE = 1000
_BYTES_AT_ONCE = 64 * 1024
# What a spreadsheet takes for the beginning of a formula, in every width it may be typed in.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PHONE = re.compile(r"\+\d+")


def _plain(name: str) -> Callable[[Lead], Any]:
    return lambda lead: getattr(lead, name)


COLUMNS: dict[str, Callable[[Lead], Any]] = {
    "id": lambda lead: str(lead.public_id),
    **{
        name: _plain(name)
        for name in ("status", "score", "tier", "first_name", "last_name", "email", "phone")
    },
    "company": _plain("company"),
    "market": _plain("market_id"),
    "territory": lambda lead: lead.territory.code if lead.territory else "",
    **{name: _plain(name) for name in ("address", "city", "state", "postal_code")},
    **{
        name: _plain(name)
        for name in ("property_type", "ownership", "roof_type", "roof_age", "shading")
    },
    "monthly_bill": _plain("monthly_bill"),
    "currency": lambda lead: lead.market.currency,
    **{
        name: _plain(name)
        for name in (
            "utility",
            "estimated_capacity",
            "timeline",
            "decision_maker",
            "credit_range",
            "service_type",
            "call_status",
            "interest_level",
            "priority_level",
            "lost_reason",
        )
    },
    "source": lambda lead: lead.source.slug,
    "owner": lambda lead: lead.assigned_to.username if lead.assigned_to else "",
    "utm_source": lambda lead: lead.first_touch.get("utm_source", ""),
    "utm_campaign": lambda lead: lead.first_touch.get("utm_campaign", ""),
    "created_at": lambda lead: lead.created_at.isoformat(timespec="seconds"),
    "updated_at": lambda lead: lead.updated_at.isoformat(timespec="seconds"),
}


def safe_cell(value: Any) -> Cell:
    """A value no spreadsheet runs as a formula: such a text gets an apostrophe before it.

    Numbers stay numbers, and a telephone number stays as it is: it can only be that number.
    """
    if value is None or isinstance(value, int | float | Decimal):
        return value
    text = str(value)
    if text.lstrip(" ").startswith(_FORMULA) and not _PHONE.fullmatch(text):
        return f"'{text}"
    return text


def lead_rows(leads: QuerySet[Lead]) -> Iterator[list[Cell]]:
    """The header, then a row for each lead, through a cursor of the database."""
    yield list(COLUMNS)
    leads = leads.select_related("market", "territory", "source", "assigned_to")
    leads = leads.defer("original_data", "behaviour", "score_detail")
    for lead in leads.iterator(chunk_size=_ROWS_AT_ONCE):
        yield [safe_cell(value(lead)) for value in COLUMNS.values()]


class _Line:
    """A file whose `write` hands back what it was given: what `csv` needs to make single lines."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterator[list[Cell]]) -> Iterator[bytes]:
    """CSV in UTF-8 with the mark by which Excel knows it, line by line."""
    writer = csv.writer(_Line())
    yield b"\xef\xbb\xbf"
    for row in rows:
        yield writer.writerow(row).encode("utf-8", "replace")


def as_xlsx(rows: Iterator[list[Cell]]) -> Iterator[bytes]:
    """An Excel file. Written to disk row by row first, for its end says where all things are."""
    from openpyxl import Workbook  # noqa: PLC0415 (only who exports to Excel waits for it)

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Leads")
    for row in rows:
        sheet.append([_printable(cell) for cell in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_BYTES_AT_ONCE):
            yield piece


def _printable(cell: Cell) -> Cell:
    """Excel files hold no control characters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", cell) if isinstance(cell, str) else cell


FORMATS: dict[str, tuple[str, Callable[[Iterator[list[Cell]]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
