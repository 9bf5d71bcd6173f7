"""The list is found in a workbook that has other sheets before it."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from marketplace.sheets.opening import open_sheet
from marketplace.sheets.workbooks import NoSuchSheet


def a_workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return target.getvalue()


COVER = ("Bìa", [["BÁO CÁO TUẦN 48"], ["Kính gửi: Sở NN&MT"]])
GUIDE = ("Hướng dẫn", [["Cột", "Cách ghi"], ["Mặt hàng", "tên như trong danh mục"]])
GOODS = ("Danh sách", [["Mặt hàng", "Số lượng"], ["Khóm", "5 tấn"]])


def test_the_list_is_found_behind_cover_and_instructions() -> None:
    sheet = open_sheet("a.xlsx", a_workbook(COVER, GUIDE, GOODS))

    assert (sheet.table.sheet, len(sheet.records)) == ("Danh sách", 1)


def test_a_sheet_that_is_named_is_taken() -> None:
    content = a_workbook(COVER, GOODS)

    assert open_sheet("a.xlsx", content, sheet="Bìa").header is None
    with pytest.raises(NoSuchSheet):
        open_sheet("a.xlsx", content, sheet="Tổng")


def test_without_a_list_it_is_the_first_with_anything() -> None:
    assert open_sheet("a.xlsx", a_workbook(("Trống", []), COVER)).table.sheet == "Bìa"


def test_a_text_is_opened_likewise_with_what_columns_mean() -> None:
    sheet = open_sheet(
        "a.csv", "Món;Ký\nKhóm;500".encode(), mapping={"Món": "commodity", "Ký": "quantity"}
    )

    assert sheet.records[0].cells["quantity"].text == "500"
