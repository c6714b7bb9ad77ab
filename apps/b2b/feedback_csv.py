"""A buyer's feedback as a file: one line for each lead. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

COLUMNS = (
    "lead_id",
    "feedback_type",
    "feedback_id",
    "feedback_score",
    "feedback_reason",
    "conversion_value",
    "buyer_notes",
)
MOST_LINES = 10_000


@dataclass(frozen=True)
class Line:
    """A line: what it states, or what is wrong with it."""

    number: int
    stated: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def read_feedback(data: bytes) -> Iterator[Line]:
    """The lines of a CSV file with a heading, separated by commas or semicolons.

    Raises ValueError for what is no such file.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("The file is not UTF-8.") from error
    heading = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in heading else ",")
    names = {(name or "").strip().lower() for name in rows.fieldnames or ()}
    missing = {"lead_id", "feedback_type"} - names
    if missing:
        raise ValueError(f"The heading lacks: {', '.join(sorted(missing))}.")
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES + 1:
            raise ValueError(f"More than {MOST_LINES} lines: split the file.")
        yield _line(number, row)


def _line(number: int, row: dict[str | Any, Any]) -> Line:
    said = {
        str(name).strip().lower(): str(value or "").strip()
        for name, value in row.items()
        if name is not None
    }
    stated: dict[str, Any] = {name: said.get(name, "") for name in COLUMNS}
    try:
        stated["lead_id"] = UUID(stated["lead_id"])
    except ValueError:
        return Line(number, problem="lead_id is not one of our ids")
    stated["feedback_type"] = stated["feedback_type"].lower()
    for name, most in (("feedback_score", Decimal(10)), ("conversion_value", Decimal(10) ** 9)):
        try:
            amount = Decimal(stated[name]) if stated[name] else None
        except InvalidOperation:
            return Line(number, problem=f"{name} is not a number")
        if amount is not None and not (amount.is_finite() and 0 <= amount <= most):
            return Line(number, problem=f"{name} is out of bounds")
        stated[name] = amount
    return Line(number, stated)
