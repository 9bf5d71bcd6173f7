"""Realistic sheets laid out: header, columns, records, and every other line with its reason."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.domain.errors import Rejected
from marketplace.sheets.files import as_table, read_file
from marketplace.sheets.layout import Sheet, lay_out
from marketplace.sheets.table import Cell, Line, Table
from tests.sheets import bulletins
from tests.sheets.old_fonts import in_tcvn3, in_vni, in_windows
from tests.sheets.traps import workbook


def of(rows: bulletins.Rows, **mapping: str) -> Sheet:
    return lay_out(read_file("a.xlsx", workbook(rows)), mapping=mapping or None)


def meanings(sheet: Sheet) -> list[str | None]:
    return [column.meaning for column in sheet.columns]


def values(sheet: Sheet, meaning: str) -> list[str]:
    return [record.cells[meaning].text for record in sheet.records]


def check_that_lines_add_up(sheet: Sheet) -> None:
    seen = [record.number for record in sheet.records] + [line.number for line in sheet.passed]
    seen += [sheet.header] if sheet.header is not None else []

    assert sorted(seen) == [line.number for line in sheet.table.lines]


def check_bulletin(sheet: Sheet) -> None:
    assert sheet.header == 5
    assert meanings(sheet)[:7] == [
        "ignore",
        "commodity",
        "area",
        None,
        "quantity",
        "ready_on",
        "until",
    ]
    assert meanings(sheet)[7:] == ["place", "producer", "phone", "note"]
    assert [record.number for record in sheet.records] == [10, 11, 16, 17]
    assert [record.cells["quantity"].number for record in sheet.records] == [
        60,
        125,
        28,
        Decimal("12.5"),
    ]
    assert values(sheet, "until") == ["15/12", "15/12", "29/11", "29/11"]
    assert sheet.headers["quantity"] == "Sản lượng Cần tiêu thụ (tấn)"
    assert Counter(line.why for line in sheet.passed) == {
        "title": 4, "header": 2, "section": 4, "total": 3, "note": 1, "blank": 3
    }  # fmt: skip
    check_that_lines_add_up(sheet)


def test_a_bulletin_of_a_department_is_laid_out() -> None:
    sheet = lay_out(read_file("bản tin.xlsx", bulletins.bulletin()))

    check_bulletin(sheet)
    assert values(sheet, "commodity")[2:] == ["Khóm Cầu Đúc"] * 2
    assert [record.sections for record in sheet.records[::2]] == [
        ("Huyện Phụng Hiệp", "Trái cây"),
        ("Thành phố Vị Thanh", "Trái cây"),
    ]


def test_the_same_bulletin_in_an_old_font_is_the_same() -> None:
    sheet = lay_out(read_file("bản tin.xlsx", bulletins.bulletin(in_vni)))

    check_bulletin(sheet)
    assert sheet.table.encoding == "vni"
    assert sheet.records[3].section == "Thành phố Vị Thanh / Trái cây"


def check_call_for_buyers(sheet: Sheet) -> None:
    assert meanings(sheet)[:4] == ["ignore", "commodity", "quantity", "ask"]
    assert meanings(sheet)[4:] == ["window", "place", "phone", "note"]
    assert [name.lower() for name in values(sheet, "commodity")[:2]] == ["khóm cầu đúc", "mít thái"]
    assert values(sheet, "quantity")[:2] == ["5 - 10 tấn mỗi ngày", "hơn 400 tấn"]
    assert values(sheet, "window")[:2] == ["24/11-29/11"] * 2
    assert values(sheet, "place")[:2] == ["xã Hỏa Lựu"] * 2
    assert sheet.records[1].raw["T/gian"] == "-nt-"
    assert [record.number for record in sheet.records] == [2, 3, 4, 5, 7]
    check_that_lines_add_up(sheet)


CALL = bulletins.as_csv(bulletins.CALL_FOR_BUYERS)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CALL.encode(), "utf-8"),
        (CALL.encode("utf-8-sig"), "utf-8-sig"),
        (in_windows(CALL), "windows-1258"),
        (in_tcvn3(CALL).encode("latin-1"), "tcvn3"),
        (in_vni(CALL).encode("cp1252"), "vni"),
        (CALL.replace(";", "\t").encode("utf-16"), "utf-16-le"),
        (CALL.replace(";", "\t").encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_a_call_for_buyers_is_laid_out_in_any_letters(content: bytes, encoding: str) -> None:
    sheet = lay_out(read_file("tìm đầu ra.csv", content))

    check_call_for_buyers(sheet)
    assert sheet.table.encoding == encoding


def test_a_call_for_buyers_is_laid_out_from_a_workbook() -> None:
    sheet = of(bulletins.CALL_FOR_BUYERS)

    check_call_for_buyers(sheet)
    assert sheet.records[0].cells["phone"].number == 900123412
    assert [column.sample for column in sheet.columns[:4]] == [
        "1",
        "Khóm Cầu Đúc",
        "5 - 10 tấn mỗi ngày",
        "7.800đ",
    ]


def test_a_wholesalers_list_is_laid_out() -> None:
    sheet = of(bulletins.WHOLESALE)

    assert meanings(sheet) == ["id", "commodity", "unit", "ask", "grade"]
    assert values(sheet, "unit") == ["Kg", "Bó", "kg", "Trái", "VỈ"]
    assert [record.section for record in sheet.records] == ["RAU ĂN LÁ"] * 3 + ["CỦ QUẢ"] * 2
    assert [(line.number, line.why) for line in sheet.passed] == [
        (1, "title"), (2, "title"), (3, "blank"), (5, "section"), (9, "section"), (11, "header"), (13, "note"),
    ]  # fmt: skip
    check_that_lines_add_up(sheet)


def test_goods_named_by_headings_are_laid_out() -> None:
    sheet = of(bulletins.BY_GOODS)

    assert [record.section for record in sheet.records] == [
        "Khóm Cầu Đúc",
        "Khóm Cầu Đúc",
        "Xoài keo",
    ]
    assert values(sheet, "district") == ["Vị Thanh", "Vị Thanh", "Phong Điền"]
    assert values(sheet, "unit") == ["tấn", "tấn", "kg"]
    assert [line.why for line in sheet.passed] == ["section", "section", "total"]


def test_what_a_person_maps_holds_and_the_rest_is_found() -> None:
    rows = [["Món", "Chừng nào", "SL", "Ghi chú"], ["Khóm", "25/11", 5, "ngọt"]]

    sheet = of(rows, mon="commodity", **{"CHUNG NAO": "ready_on", "ghi chú": "ignore"})

    assert meanings(sheet) == ["commodity", "ready_on", "quantity", "ignore"]
    assert [column.guessed for column in sheet.columns] == [False, False, True, False]
    assert sheet.records[0].raw == {
        "Món": "Khóm",
        "Chừng nào": "25/11",
        "SL": "5",
        "Ghi chú": "ngọt",
    }
    assert "note" not in sheet.records[0].cells


def test_a_meaning_that_is_none_is_refused() -> None:
    with pytest.raises(Rejected, match="nothing that a column can mean"):
        of([["Khóm", 5]], a="màu sắc")


def test_a_list_without_a_header_shows_what_its_columns_are() -> None:
    table = as_table("Khóm\t5 tấn\t7.800đ\txã Hỏa Lựu\t0901234567\n", "text", None)

    sheet = lay_out(table)
    mapped = lay_out(table, mapping={"A": "commodity"})

    assert (sheet.header, meanings(sheet)) == (None, [None, "quantity", "ask", "place", "phone"])
    assert mapped.records[0].cells["commodity"].text == "Khóm"
    check_that_lines_add_up(mapped)


def test_a_unit_line_and_a_two_line_header_without_merged_cells_are_one_header() -> None:
    rows = [
        ["Tên hàng", "Sản lượng", "Thời gian", "", "Giá bán"],
        ["", "(tấn)", "Từ", "Đến", "(đ/kg)"],
        ["Khóm", 5, "1/12", "5/12", 7800],
    ]

    sheet = of(rows)

    assert meanings(sheet) == ["commodity", "quantity", "ready_on", "until", "ask"]
    assert (sheet.headers["quantity"], sheet.headers["ask"]) == (
        "Sản lượng (tấn)",
        "Giá bán (đ/kg)",
    )
    assert len(sheet.records) == 1


def test_two_columns_for_telephones_are_joined_and_two_for_amounts_are_not() -> None:
    rows = [
        ["Tên hàng", "Sản lượng", "Còn tồn", "ĐT", "Di động"],
        ["Khóm", 50, 5, "02923888999", "0901234567"],
        ["Cam", 60, 6, "", 901234567],
    ]

    sheet = of(rows)

    assert meanings(sheet) == ["commodity", None, "quantity", "phone", "phone"]
    assert [column.header for column in sheet.unread] == ["Sản lượng"]
    assert values(sheet, "phone") == ["02923888999; 0901234567", "901234567"]
    assert sheet.records[1].cells["phone"].number == 901234567


def test_an_amount_for_several_merged_rows_is_not_multiplied() -> None:
    table = Table(
        "", "xlsx", None,
        (
            Line(1, tuple(map(Cell, ("Mặt hàng", "Số lượng", "Hộ sản xuất")))),
            Line(2, (Cell("Khóm"), Cell("12", Decimal(12)), Cell("Ông Ba"))),
            Line(3, (Cell(), Cell(), Cell("Bà Tư"))),
        ),
        merged=((2, 3, 0, 0), (2, 3, 1, 1)),
    )  # fmt: skip

    sheet = lay_out(table)

    assert values(sheet, "commodity") == ["Khóm", "Khóm"]
    assert values(sheet, "quantity") == ["12", ""]


@pytest.mark.parametrize(
    "said", ["nt", "-nt-", "n/t", "Như trên", "ditto", '"', "〃", "NT.", "như trên."]
)
def test_as_above_is_filled_in_and_kept_as_it_stood(said: str) -> None:
    sheet = of([["Mặt hàng", "Số lượng", "Xã"], ["Khóm", 5, "Hỏa Lựu"], ["Cam", 6, said]])

    assert values(sheet, "commune") == ["Hỏa Lựu"] * 2
    assert sheet.records[1].raw["Xã"] == said


TOTALS = [
    "Tổng cộng",
    "TỔNG CỘNG:",
    "Cộng",
    "Cộng huyện A",
    "Tong cong",
    "Tổng",
    "Tổng số",
    "Cộng (I+II)",
    "Total",
]


@pytest.mark.parametrize("said", TOTALS)
def test_sums_are_passed_over(said: str) -> None:
    sheet = of([["TT", "Mặt hàng", "Số lượng"], [1, "Khóm", 5], ["", said, 5], [said, "", 5]])

    assert [line.why for line in sheet.passed] == ["total", "total"]


@pytest.mark.parametrize(
    "said", ["Công ty Ba Con", "Cồng nghệ", "Tổng hợp trái cây sấy", "Cộng đồng HTX", "Cá chim"]
)
def test_goods_and_firms_that_begin_like_sums_stay(said: str) -> None:
    sheet = of([["Mặt hàng", "Số lượng", "Hộ"], [said, 5, "Ông Ba"]])

    assert values(sheet, "commodity") == [said]


def test_goods_without_an_amount_are_no_heading_where_lines_are_numbered() -> None:
    sheet = of(
        [["TT", "Mặt hàng", "Số lượng"], [1, "Khóm", 5], [2, "Chôm chôm", ""], [3, "Cam", 4]]
    )

    assert values(sheet, "commodity") == ["Khóm", "Chôm chôm", "Cam"]


def test_groups_may_be_numbered_where_goods_are_not() -> None:
    sheet = of(
        [
            ["TT", "Mặt hàng", "Số lượng"],
            [1, "Trái cây", ""],
            ["-", "Khóm", "5 tấn"],
            [2, "Rau", ""],
        ]
    )

    assert [(record.section, record.raw["Mặt hàng"]) for record in sheet.records] == [
        ("Trái cây", "Khóm")
    ]


@pytest.mark.parametrize("first", ["- Khóm", "Nguồn Việt", "Kỳ Hương", "* Cam"])
def test_goods_that_begin_like_remarks_stay(first: str) -> None:
    sheet = of([["Mặt hàng", "Số lượng", "Xã"], [first, "5 tấn", "Hỏa Lựu"]])

    assert values(sheet, "commodity") == [first]


@pytest.mark.parametrize(
    "row",
    [
        ["Ghi chú: giá tại vườn"],
        ["", "Người lập biểu", "Giám đốc"],
        ["", "", "Hậu Giang, ngày 24 tháng 11 năm 2026"],
        ["Nguồn: Sở NN&MT"],
        ["", "Trang 2/5"],
        ["TM. ỦY BAN NHÂN DÂN"],
        ["Bảng này thay cho bảng trước đây. " * 6],
    ],
)
def test_remarks_and_signatures_are_no_goods(row: list[str]) -> None:
    sheet = of([["Mặt hàng", "Số lượng", "Xã"], ["Khóm", 5, "Hỏa Lựu"], row, ["Cam", 5, "Hỏa Lựu"]])

    assert [line.why for line in sheet.passed] == ["note"]
    assert [record.section for record in sheet.records] == ["", ""]


def test_headings_do_not_pile_up() -> None:
    rows = [["Mặt hàng", "Số lượng"], *[[f"Nhóm {chr(97 + n)}"] for n in range(20)], ["Khóm", 5]]

    assert len(of(rows).records[0].sections) == 5


def test_headings_replace_their_like_and_hold_what_follows_them() -> None:
    rows = [["Mặt hàng", "Số lượng"]]
    for heading in (
        "A. Tỉnh Hậu Giang",
        "Huyện Long Mỹ",
        "Rau màu",
        "Trái cây",
        "Huyện Vị Thủy",
        "B. Tỉnh Cà Mau",
    ):
        rows += [[heading], ["Khóm", 5]]

    sheet = of(rows)

    assert [record.section for record in sheet.records] == [
        "Tỉnh Hậu Giang",
        "Tỉnh Hậu Giang / Huyện Long Mỹ",
        "Tỉnh Hậu Giang / Huyện Long Mỹ / Rau màu",
        "Tỉnh Hậu Giang / Huyện Long Mỹ / Trái cây",
        "Tỉnh Hậu Giang / Huyện Vị Thủy",
        "Tỉnh Cà Mau",
    ]


def test_the_template_of_the_command_line_is_known() -> None:
    columns = [
        "id",
        "commodity",
        "grade",
        "quantity",
        "ask",
        "place",
        "ready_on",
        "until",
        "certificates",
        "whole",
    ]

    sheet = lay_out(
        read_file("LOTS.csv", (",".join(columns) + "\nL1,khom,,5000,7800,x,,,,no\n").encode())
    )

    assert meanings(sheet) == columns


CELLS = st.sampled_from(
    [
        "",
        "",
        "Mặt hàng",
        "SL",
        "Tổng cộng",
        "Huyện A",
        "I",
        "1",
        "nt",
        "5 tấn",
        "Khóm",
        "(2)",
        "Ghi chú: x",
        "7.800đ",
    ]
) | st.text(max_size=5)
ROWS = st.lists(st.lists(CELLS, max_size=5), max_size=12)


@given(ROWS, st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=3))
@settings(max_examples=150, deadline=None)
def test_every_line_is_one_thing_whatever_it_says(
    rows: list[list[str]], merged: list[tuple[int, ...]]
) -> None:
    lines = tuple(Line(n, tuple(Cell(text) for text in row)) for n, row in enumerate(rows, 1))
    ranges = tuple((min(a, b), max(a, b), min(c, d), max(c, d)) for a, b, c, d in merged)

    check_that_lines_add_up(lay_out(Table("", "csv", None, lines, ranges)))
