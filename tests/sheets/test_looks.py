"""What a workbook shows beside its values: units in formats, hidden rows and columns."""

from __future__ import annotations

import io
import struct
import tempfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.imports import RowStatus
from marketplace.domain.places import Gazetteer
from marketplace.sheets.drafting import HIDDEN_ROWS, Terms
from marketplace.sheets.drafts import draft_row
from marketplace.sheets.files import read_file
from marketplace.sheets.layout import Sheet, lay_out
from marketplace.sheets.looks import unit_in_format, unit_shown
from marketplace.sheets.told import record_from_json, record_to_json
from marketplace.sheets.xls_looks import looks_of_xls
from tests.sheets.office import converted
from tests.sheets.traps import SHEET, ods, with_part, workbook

REFERENCE = read_reference()
HEADS = ["Mặt hàng", "Giá vốn", "Sản lượng", "Giá", "Địa chỉ", "Đến ngày", "Tên hộ"]


@pytest.mark.parametrize(
    ("code", "unit", "thousands"),
    [
        ('0.0" tấn"', "tấn", 0),
        ('#,##0" đ/kg"', "đ/kg", 0),
        ('#,##0\\ "kg"', "kg", 0),
        ("0\\k\\g", "kg", 0),
        ('General" kg"', "kg", 0),
        ('"SL: "0.0" tấn"', "tấn", 0),
        ("#,##0\\ [$₫-42A]", "₫", 0),
        ('#,##0.00 "tấn/ngày";-#,##0.00 "tấn/ngày"', "tấn/ngày", 0),
        ('#.##0" nghìn đồng/kg"', "nghìn đồng/kg", 0),
        ('#,##0," tấn"', "tấn", 1),
        ('[>=1000]#,##0," tấn";0" kg"', "", 0),
        ('0" (ước)"', "", 0),
        ('0" hộ"', "", 0),
        ("_(* #,##0_);_(* (#,##0)", "", 0),
        ("dd/mm/yyyy", "", 0),
        ("0%", "", 0),
        ("0000000000", "", 0),
        ("", "", 0),
        ('"', "", 0),
    ],
)
def test_a_unit_is_read_out_of_a_format(code: str, unit: str, thousands: int) -> None:
    found = unit_in_format(code)

    assert found[0] == unit
    assert not unit or found[1] == thousands


@pytest.mark.parametrize(
    ("shown", "unit"),
    [("25,5 tấn", "tấn"), ("7.800 đ/kg", "đ/kg"), ("1.250", ""), ("12 (ước)", ""), ("", "")],
)
def test_a_unit_is_read_out_of_what_is_shown(shown: str, unit: str) -> None:
    assert unit_shown(shown) == unit


def a_workbook(*, thousands: bool = False, until: str = "05/12/2026") -> bytes:
    """Three lots, the second hidden, and a hidden column; units stand in the formats alone."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        tonnes = book.add_format({"num_format": '#,##0.0," tấn"' if thousands else '0.0" tấn"'})
        price = book.add_format({"num_format": '#,##0" đ/kg"'})
        sheet.write_row(0, 0, HEADS)
        for row in (1, 2, 3):
            sheet.write_row(row, 0, ["Khóm Cầu Đúc", 5000])
            sheet.write_number(row, 2, 25_500 if thousands else 25.5, tonnes)
            sheet.write_number(row, 3, 7800, price)
            sheet.write_row(row, 4, ["Phường Vị Thanh", until, f"Hộ {row}"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
    return file.getvalue()


def an_ods(shown: str = "25,5 tấn") -> bytes:
    def text(said: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'

    def number(value: str, said: str) -> str:
        kind = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {kind}><text:p>{said}</text:p></table:table-cell>"

    goods = (
        text("Khóm Cầu Đúc") + number("5000", "5.000") + number("25.5", shown)
        + number("7800", "7.800 đ/kg") + text("Phường Vị Thanh") + text("05/12/2026")
    )  # fmt: skip
    return ods(
        '<table:table-column/><table:table-column table:visibility="collapse"/>'
        '<table:table-column table:number-columns-repeated="4"/>'
        f"<table:table-row>{''.join(map(text, HEADS))}</table:table-row>"
        f"<table:table-row>{goods}</table:table-row>"
        f'<table:table-row table:visibility="filter">{goods}</table:table-row>'
        f"<table:table-row>{goods}</table:table-row>"
    )


def terms(hidden: str = "") -> Terms:
    return Terms(
        Gazetteer.from_reference(REFERENCE), Catalogue.from_reference(REFERENCE), date(2026, 11, 25),
        choices={HIDDEN_ROWS: hidden} if hidden else {},
    )  # fmt: skip


BOOKS = {"xlsx": a_workbook(), "ods": an_ods()}


@pytest.mark.parametrize("kind", BOOKS)
def test_the_unit_of_a_format_is_read_and_shown(kind: str) -> None:
    sheet = lay_out(read_file(f"a.{kind}", BOOKS[kind]))
    record = sheet.records[0]

    assert record.cells["quantity"].text == "25,5 tấn"
    assert record.cells["quantity"].number == Decimal("25.5")
    drafted = draft_row(record_from_json(2, record_to_json(record), record.raw), terms())
    assert (drafted.understood.quantity_least, drafted.understood.ask_least) == (25_500, 7_800)
    assert drafted.problems == ()


def test_thousands_that_a_format_leaves_out_are_counted() -> None:
    record = lay_out(read_file("a.xlsx", a_workbook(thousands=True))).records[0]

    assert record.cells["quantity"].text == "25,5 tấn"
    assert draft_row(record, terms()).understood.quantity_least == 25_500


def test_what_an_ods_shows_in_thousands_is_no_unit_of_the_value() -> None:
    record = lay_out(read_file("a.ods", an_ods(shown="0,0255 tấn"))).records[0]

    assert record.cells["quantity"].unit == ""


def statuses(sheet: Sheet, terms: Terms) -> list[RowStatus]:
    return [draft_row(record, terms).status for record in sheet.records]


@pytest.mark.parametrize("kind", BOOKS)
def test_hidden_rows_are_asked_once_and_passed_over_or_read(kind: str) -> None:
    sheet = lay_out(read_file(f"a.{kind}", BOOKS[kind]))

    assert [record.hidden for record in sheet.records] == [False, True, False]
    assert statuses(sheet, terms()) == [RowStatus.NEW, RowStatus.ASKED, RowStatus.NEW]
    [problem] = draft_row(sheet.records[1], terms()).problems
    assert problem.key == HIDDEN_ROWS
    assert [value for value, _ in problem.candidates] == ["pass", "read"]
    assert statuses(sheet, terms(hidden="pass"))[1] == RowStatus.PASSED
    assert statuses(sheet, terms(hidden="read")) == [RowStatus.NEW] * 3
    kept = record_from_json(3, record_to_json(sheet.records[1]), {})
    assert draft_row(kept, terms()).status == RowStatus.ASKED


@pytest.mark.parametrize("kind", BOOKS)
def test_a_hidden_column_counts_only_if_somebody_says_so(kind: str) -> None:
    table = read_file(f"a.{kind}", BOOKS[kind])

    [cost] = [column for column in lay_out(table).columns if column.hidden]
    assert (cost.header, cost.meaning, cost.unseen) == ("Giá vốn", None, True)
    assert cost.sample.startswith("5")
    assert "Giá vốn" not in {k for r in lay_out(table).records for k, v in r.raw.items() if v}
    said = lay_out(table, mapping={"Giá vốn": "ask", "Giá": "ignore"})
    assert said.records[0].cells["ask"].number == 5000


@pytest.fixture(scope="module")
def an_xls(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("xls") / "a.xlsx"
    path.write_bytes(a_workbook())
    return converted(path, "xls").read_bytes()


def test_an_xls_tells_the_same(an_xls: bytes) -> None:
    sheet = lay_out(read_file("a.xls", an_xls))

    assert sheet.records[0].cells["quantity"].text == "25,5 tấn"
    assert [record.hidden for record in sheet.records] == [False, True, False]
    assert [column.header for column in sheet.columns if column.hidden] == ["Giá vốn"]


@given(st.lists(st.tuples(st.integers(0, 8_000), st.integers(0, 255)), min_size=1, max_size=40))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_damaged_xls_has_looks_or_none(an_xls: bytes, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(an_xls)
    for at, byte in changes:
        damaged[at % len(damaged)] = byte
    with tempfile.NamedTemporaryFile(suffix=".xls") as file:
        file.write(damaged)
        file.flush()

        with suppress(ValueError, LookupError, struct.error):
            assert looks_of_xls(Path(file.name), "Sheet1").units is not None


def test_an_odd_workbook_is_read_without_its_looks() -> None:
    odd = workbook()
    for part in ("xl/_rels/workbook.xml.rels",):
        odd = with_part(odd, part, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/'
                        b'2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats'
                        b'.org/officeDocument/2006/relationships/worksheet" Target="/' + SHEET.encode()
                        + b'"/></Relationships>')  # fmt: skip

    assert read_file("a.xlsx", odd).hidden_rows == ()
