"""Reading a file of rows as people have it: CSV of any kind, or Excel. Pure; rows one by one."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.contacts.identity import read_email
from apps.core.errors import InvalidInput
from apps.core.json_data import clean_text

MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 5_000
_MOST_UNZIPPED = 200 * 1024 * 1024
_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMULA = "=+-@＝＋－＠"

Row = list[str]


class InvalidSheet(InvalidInput):
    """This is no file of rows, or a part of it cannot be read: says which, in words."""


@dataclass(frozen=True)
class Sheet:
    """The names of the columns, and the rows below with their line numbers, to be read once."""

    columns: Row
    rows: Iterator[tuple[int, Row]]


def read_sheet(content: bytes) -> Sheet:
    """A file as a sheet. Raises InvalidSheet, in words, for what is none: also from its rows."""
    if not content.strip():
        raise InvalidSheet("The file is empty.")
    if content.startswith(b"PK"):
        lines = _excel(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidSheet("This is an old Excel file (.xls): save it as .xlsx or CSV.")
    else:
        lines = _csv(content)
    numbered = ((number, row) for number, row in enumerate(lines, start=1) if any(row))
    first = next(numbered, None)
    if first is None:
        raise InvalidSheet("The file is empty.")
    columns = _named(first[1])
    return Sheet(columns, _fitted(numbered, len(columns)))


def _named(header: Row) -> Row:
    """Names of columns. Raises InvalidSheet when the first line is somebody's data."""
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MOST_COLUMNS:
        raise InvalidSheet(f"The file has more than {MOST_COLUMNS} columns.")
    if any(read_email(cell) for cell in header):
        raise InvalidSheet("The first line must name the columns; here it holds a person.")
    names: Row = []
    for place, name in enumerate(header, start=1):
        names.append(_told_apart(name[:100] or f"Column {place}", names))
    return names


def _told_apart(name: str, others: Row) -> str:
    """A name that no column before has, so that neither is lost: “Phone”, “Phone (2)”."""
    numbered = (f"{name} ({number})" for number in range(2, MOST_COLUMNS + 2))
    return name if name not in others else next(one for one in numbered if one not in others)


def _fitted(numbered: Iterator[tuple[int, Row]], width: int) -> Iterator[tuple[int, Row]]:
    """Rows as wide as the header. Raises InvalidSheet past MOST_ROWS."""
    for count, (number, row) in enumerate(numbered):
        if count >= MOST_ROWS:
            raise InvalidSheet(f"The file has more than {MOST_ROWS:,} rows: split it.")
        yield number, [*row[:width], *[""] * (width - len(row))]


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    if "\x00" in text[:1000]:
        raise InvalidSheet("This is neither CSV nor Excel.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidSheet(f"Line {reader.line_num} cannot be read: {error}.") from error
        yield [_cell(value) for value in row]


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, else UTF-8 if it is, else what Excel on Windows writes."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """What parts the first lines into the most columns, the same number in each."""
    head = text[:100_000].splitlines(keepends=True)[:_SNIFFED_LINES]

    def order(delimiter: str) -> tuple[int, int]:
        try:
            rows = [row for row in csv.reader(head, delimiter=delimiter) if row]
        except csv.Error:
            return 0, 0
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows) if width > 1 else 0, width)

    return max(_DELIMITERS, key=order)


def _excel(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 (only who sends Excel waits for it)

    number = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNZIPPED:
                raise InvalidSheet("The file is too large once it is unpacked.")
            if "[Content_Types].xml" not in archive.namelist():
                raise InvalidSheet("This is neither CSV nor Excel.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            number += 1
            yield [_cell(value) for value in row[: MOST_COLUMNS + 1]]
    except InvalidSheet:
        raise
    except Exception as error:  # the reader names no errors of its own: any part may be damaged
        where = f"after line {number}" if number else "before its first line"
        raise InvalidSheet(
            f"This Excel file is damaged {where}: open it, and save it again as .xlsx or CSV."
        ) from error


def _cell(value: Any) -> str:
    """A cell as text: numbers as people write them, no apostrophe that only guards a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
    text = clean_text(str(value)[: 2 * LONGEST_CELL]).strip()[:LONGEST_CELL]
    return text[1:] if text[:1] == "'" and text[1:].lstrip()[:1] in _FORMULA and text[1:] else text
