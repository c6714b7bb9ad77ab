"""Files as people have them: every encoding, delimiter and kind of Excel they come in."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from apps.core.errors import InvalidInput
from apps.integrations.imports import sheets
from apps.integrations.imports.sheets import read_sheet

TEXT = "name;email;note\nZoë Núñez;zoe@example.com;a,b\n\nMax;max@example.com;\n"


def rows_of(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    sheet = read_sheet(content)
    return sheet.columns, list(sheet.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding) -> None:
    columns, rows = rows_of(TEXT.encode(encoding))
    assert columns == ["name", "email", "note"]
    assert rows == [
        (2, ["Zoë Núñez", "zoe@example.com", "a,b"]),
        (4, ["Max", "max@example.com", ""]),  # its line in the file, past the empty one
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter) -> None:
    lines = [["name", "email"], ["Feldman, Grace" if delimiter != "," else "Grace", "g@x.com"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode()
    assert rows_of(content)[1] == [(2, lines[1])]


def test_a_cell_may_hold_lines_and_quotes() -> None:
    content = b'name,note\nGrace,"says ""hi""\nand bye"\n'
    assert rows_of(content)[1] == [(2, ["Grace", 'says "hi"\nand bye'])]


def test_short_and_long_rows_fit_the_header() -> None:
    assert rows_of(b"a,b\n1\n1,2,3\n")[1] == [(2, ["1", ""]), (3, ["1", "2"])]


def excel(*lines: list) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_a_broken_sheet(content: bytes) -> bytes:
    """The same file, but its rows break off in the middle."""
    whole, broken = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name in whole.namelist():
            part = whole.read(name)
            archive.writestr(name, part[: len(part) // 2] if "worksheets" in name else part)
    return broken.getvalue()


def test_excel() -> None:
    content = excel(["name", "phone", "own", "on"], ["Grace", 2125550142.0, True, date(2026, 1, 2)])
    columns, rows = rows_of(content)
    assert columns == ["name", "phone", "own", "on"]
    [(number, cells)] = rows
    assert (number, cells[:3]) == (2, ["Grace", "2125550142", "yes"])
    assert cells[3].startswith("2026-01-02")


def test_an_apostrophe_that_guards_a_formula_is_not_part_of_the_text() -> None:
    content = b"name,phone\n'=Grace,'+12125550142\nO'Hara,'tis\n"
    assert [cells for _, cells in rows_of(content)[1]] == [
        ["=Grace", "+12125550142"],
        ["O'Hara", "'tis"],
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04 no zip", "damaged before its first line"),
        (b"\xd0\xcf\x11\xe0 old", "xlsx"),
        (b"\x00\x01\x02\x00", "neither CSV nor Excel"),
        (b"grace@example.com,Grace\nmax@example.com,Max\n", "first line must name"),
        (b",".join(b"c%d" % n for n in range(101)) + b"\n1", "more than 100 columns"),
        (b"a,b\n" + b"x" * 200_000, "cannot be read"),
    ],
)
def test_what_is_no_file_of_rows_is_said_in_words(content, words) -> None:
    with pytest.raises(InvalidInput, match=words):
        rows_of(content)


def test_columns_of_one_name_are_told_apart() -> None:
    columns, _ = rows_of(b"Phone,Phone,,Column 3,Phone\n1,2,3,4,5\n")
    assert columns == ["Phone", "Phone (2)", "Column 3", "Column 3 (2)", "Phone (3)"]


def test_a_damaged_excel_file_says_so_and_where() -> None:
    whole = excel(["name"], *([f"Person {number}"] for number in range(2_000)))
    for content in (whole[: len(whole) // 2], with_a_broken_sheet(whole)):
        with pytest.raises(InvalidInput, match="damaged"):
            rows_of(content)
    with pytest.raises(InvalidInput, match=r"damaged after line \d+: open it"):
        rows_of(with_a_broken_sheet(whole))


def test_an_archive_that_is_no_excel_file() -> None:
    with io.BytesIO() as memory:
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr("readme.txt", "Hello")
        with pytest.raises(InvalidInput, match="neither CSV nor Excel"):
            rows_of(memory.getvalue())


def test_too_many_rows(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert len(rows_of(b"a\n1\n2\n")[1]) == 2
    with pytest.raises(InvalidInput, match="split it"):
        rows_of(b"a\n1\n2\n3\n")


def test_a_bomb_is_not_unpacked(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "_MOST_UNZIPPED", 1000)
    with pytest.raises(InvalidInput, match="too large"):
        rows_of(excel(["a"], ["b"]))


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(content) -> None:
    try:
        columns, rows = rows_of(content)
    except InvalidInput:
        return
    assert all(len(cells) == len(columns) for _, cells in rows)
