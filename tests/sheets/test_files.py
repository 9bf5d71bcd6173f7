"""Files of every kind come in as the same table, cell by cell."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from marketplace.domain.errors import Rejected
from marketplace.sheets.files import UnusableCharacter, read_file, sheets_of
from marketplace.sheets.guard import TooLarge
from marketplace.sheets.table import Cell, Table, letter
from marketplace.sheets.workbooks import NoSuchSheet
from tests.sheets.office import converted
from tests.sheets.old_fonts import in_tcvn3
from tests.sheets.traps import ods, workbook

PIECES = st.text(st.characters(codec=None), max_size=12)


def a_workbook(path: Path) -> Path:
    """Three sheets: a blank one, goods with dates, merged cells and a gap, and a hidden one."""
    book = xlsxwriter.Workbook(str(path))
    day, moment, hour = (
        book.add_format({"num_format": pattern})
        for pattern in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm")
    )
    book.add_worksheet("Trống")
    sheet = book.add_worksheet("Tổng hợp")
    sheet.merge_range("B2:D2", "NÔNG SẢN CẦN TIÊU THỤ")
    sheet.write_row("A4", ["Khóm", 5, 0.1 + 0.2, -5, "+84 901", 1e21])
    sheet.write_datetime("G4", datetime.fromisoformat("2026-11-25"), day)
    sheet.write_datetime("H4", datetime.fromisoformat("2026-11-25T07:30"), moment)
    sheet.write_datetime("I4", time(7, 30), hour)
    sheet.write_string("J4", "một\nhai")
    sheet.merge_range("A6:A8", "Cam sành")
    hidden = book.add_worksheet("ẩn")
    hidden.write("A1", "x")
    hidden.hide()
    book.close()
    return path


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in table.lines]


def check_what_a_workbook_holds(table: Table) -> None:
    goods = table.lines[2].cells

    assert table.sheet == "Tổng hợp"
    assert [line.number for line in table.lines] == [2, 3, 4, 5, 6]
    assert [cell.number for cell in goods[1:4]] == [5, Decimal("0.3"), -5]
    assert [cell.text for cell in goods[:6]] == ["Khóm", "5", "0,3", "-5", "+84 901", "1E+21"]
    assert [cell.day for cell in goods[6:9]] == [date(2026, 11, 25), date(2026, 11, 25), None]
    assert [cell.text for cell in goods[6:]] == [
        "25/11/2026",
        "25/11/2026 07:30",
        "07:30",
        "một\nhai",
    ]
    assert sorted(table.merged) == [(2, 2, 1, 3), (6, 8, 0, 0)]


def test_an_xlsx_is_read_with_numbers_days_and_merged_cells(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "bảng.xlsx")

    check_what_a_workbook_holds(read_file(path.name, path))
    assert sheets_of(path.name, path.read_bytes()) == ("Trống", "Tổng hợp")


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_what_libreoffice_saves_is_the_same(ending: str, tmp_path: Path) -> None:
    path = converted(a_workbook(tmp_path / "b.xlsx"), ending)

    check_what_a_workbook_holds(read_file(path.name, path))


def test_an_ods_is_read_without_libreoffice() -> None:
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    merged = cell.format(' table:number-rows-spanned="2" table:number-columns-spanned="1"', "Cam")
    row = "<table:table-row>{}</table:table-row>"
    table = read_file("a.ods", ods(row.format(merged) + row.format(cell.format("", "Quýt"))))

    assert (texts(table), table.merged) == ([["Cam"], ["Quýt"]], ((1, 2, 0, 0),))


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "b.xlsx")

    assert texts(read_file("b.xlsx", path, sheet="ẩn")) == [["x"]]
    with pytest.raises(NoSuchSheet):
        read_file("b.xlsx", path, sheet="Không có")


def test_cells_in_an_old_font_are_read_and_named() -> None:
    rows = [[in_tcvn3(text) for text in ("Khóm Cầu Đúc", "xã Hỏa Lựu")], ["Tổng", 5]]

    table = read_file("a.xlsx", workbook(rows))
    as_it_is = read_file("a.xlsx", workbook(rows), encoding="utf-8")

    assert texts(table) == [["Khóm Cầu Đúc", "xã Hỏa Lựu"], ["Tổng", "5"]]
    assert table.encoding == "tcvn3"
    assert texts(as_it_is)[0] == rows[0]


@pytest.mark.parametrize(
    "text",
    [
        "Khóm;5,5;7.800\r\nCam;3,25;9.000\r\n",
        'Khóm,"5,5",7.800\nCam,"3,25",9.000\n',
        "Khóm\t5,5\t7.800\rCam\t3,25\t9.000",
        "sep=;\nKhóm;5,5;7.800\nCam;3,25;9.000",
        "\n\nKhóm|5,5|7.800\nCam|3,25|9.000\n\n\n",
    ],
)
def test_the_sign_between_columns_is_found(text: str) -> None:
    table = read_file("a.csv", text.encode())

    assert texts(table) == [["Khóm", "5,5", "7.800"], ["Cam", "3,25", "9.000"]]
    assert (table.kind, table.encoding) == ("csv", "utf-8")


def test_line_numbers_are_those_of_the_spreadsheet() -> None:
    table = read_file("a.csv", b'\n"a\nb";1\n\nc;2\n;;\n')

    assert [(line.number, len(line.cells)) for line in table.lines] == [(2, 2), (3, 0), (4, 2)]


def test_a_quotation_mark_alone_is_a_sign_for_as_above() -> None:
    table = read_file("a.csv", 'Khóm\t5\n"\t6\n"\t"\n7" \t8'.encode())

    assert texts(table) == [["Khóm", "5"], ['"', "6"], ['"', '"'], ['7" ', "8"]]


def test_a_quotation_mark_that_nobody_closed_swallows_nothing() -> None:
    table = read_file("a.csv", 'Khóm;5\n"Cam;6\nQuýt;7\n'.encode())

    assert texts(table) == [["Khóm", "5"], ['"Cam', "6"], ["Quýt", "7"]]


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_file("a.csv", b"a;" * 400_000)
    with pytest.raises(TooLarge):
        read_file("a.csv", b"a" * 400_000)
    with pytest.raises(TooLarge, match="5 MB"):
        read_file("a.csv", b"a" * 9_000_000)


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_the_names_that_spreadsheets_show(column: int, name: str) -> None:
    assert letter(column) == name


def test_a_sign_that_cannot_be_kept_is_named_with_its_place() -> None:
    with pytest.raises(UnusableCharacter) as refused:
        read_file("a.csv", b"Cam;1\nQu\0yt;2")

    assert refused.value.params == {"row": 2, "column": "A", "code": "U+0000"}


def plain(text: str) -> str:
    """What we keep of a text: composed, line breaks alike."""
    return unicodedata.normalize("NFC", re.sub(r"\r\n?|\x0b", "\n", text))


def read_or_refused(name: str, content: bytes, encoding: str | None) -> Table | None:
    """None where it was refused, with a text that can be shown."""
    try:
        return read_file(name, content, encoding=encoding)
    except Rejected as refusal:
        assert str(refusal)  # noqa: PT017  either is lawful
        return None


@given(st.lists(PIECES.filter(bool), min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_any_text_in_a_workbook_comes_back_or_is_refused(pieces: list[str]) -> None:
    row = ["đầu", *pieces, "cuối"]
    try:
        content = workbook([row])
    except UnicodeEncodeError:
        reject()  # half a pair, which no file can hold

    if table := read_or_refused("a.xlsx", content, "utf-8"):
        assert texts(table) == [[plain(text) for text in row]]


@given(st.lists(PIECES, max_size=6), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=120, deadline=None)
def test_any_text_in_a_csv_comes_back_or_is_refused(pieces: list[str], codec: str) -> None:
    row = ["đầu", *pieces, "cuối"]
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL).writerow(row)
    content = target.getvalue().encode(codec, "surrogatepass")
    encoding = "utf-16-le" if codec == "utf-16" else codec

    if table := read_or_refused("a.csv", content, encoding):
        assert texts(table) == [[plain(text) for text in row]]


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.txt", "a.xls", "a.xlsx", "a.ods"]))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    table = read_or_refused(name, content, None)

    assert table is None or all(type(c) is Cell for line in table.lines for c in line.cells)


NUMBERS = st.integers(-(10**15) + 1, 10**15 - 1) | st.decimals(
    -(10**9), 10**9, places=5, allow_nan=False
)
DAYS = st.dates(date(1900, 3, 1), date(9999, 12, 31))


@given(st.lists(NUMBERS, min_size=1, max_size=100), st.lists(DAYS, max_size=100))
@settings(max_examples=10, deadline=None)
def test_any_number_and_day_comes_back(numbers: list[int | Decimal], days: list[date]) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, numbers)
    for column, each in enumerate(days):
        sheet.write_datetime(1, column, each, day)
    book.close()

    lines = read_file("a.xlsx", target.getvalue()).lines

    assert [cell.number for cell in lines[0].cells] == numbers
    assert [cell.day for line in lines[1:] for cell in line.cells] == days
    assert [cell.text for line in lines[1:] for cell in line.cells] == [
        f"{each:%d/%m/%Y}" for each in days
    ]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_letters_of_every_plane_come_back(name: str) -> None:
    codes = (*range(0x20, 0x7F), *range(0xA0, 0x2100), *range(0x2100, 0x110000, 41))
    usable = "".join(chr(c) for c in codes if not 0xD800 <= c < 0xE000 and not is_noncharacter(c))
    row = [f"|{usable[at : at + 90]}|" for at in range(0, len(usable), 90)]
    quoted = ";".join('"' + text.replace('"', '""') + '"' for text in row)

    table = read_file(name, workbook([row]) if name == "a.xlsx" else quoted.encode())

    assert texts(table) == [[plain(text) for text in row]]


def is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
