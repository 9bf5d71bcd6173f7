"""Messages and pasted cells become tables of which nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.domain.errors import Rejected
from marketplace.sheets.guard import TooLarge
from marketplace.sheets.layout import Sheet, lay_out
from marketplace.sheets.message import read_message
from marketplace.sheets.vocabulary import Vocabulary
from tests.sheets.old_fonts import in_vni
from tests.sheets.test_layout import check_that_lines_add_up

MESSAGE = """Chào cả nhà, HTX em hôm nay có hàng:
- 5 tấn khóm Cầu Đúc loại 1, giá 7.800đ/kg, tại xã Hỏa Lựu, TP Vị Thanh, ngọt
- Mít Thái 2 - 3 tấn/ngày giá 9.000, từ 24/11 đến 29/11, LH 0901 234 567

[25/11/2026 10:32] Anh Ba: cần mua 400 kg lươn thịt 62 ngàn/kg
1. Trứng vịt 40.000 trứng/ngày, 2.300đ/trứng, từ 1/12
Cần bán gấp hơn 10 tấn cam sành ở Phụng Hiệp giá 4k2, giao tại vườn
Dưa hấu 25k/kg số lượng nhiều
Lấy hàng tại xã Tân Tiến. LH chú Bảy 0918222333"""


def of(text: str) -> Sheet:
    return lay_out(read_message(text))


def said(sheet: Sheet, number: int) -> dict[str, str]:
    [record] = [each for each in sheet.records if each.number == number]
    return {meaning: cell.text for meaning, cell in record.cells.items() if not cell.blank}


def test_a_message_is_cut_into_columns() -> None:
    sheet = of(MESSAGE)

    assert said(sheet, 2) == {
        "commodity": "khóm Cầu Đúc loại 1",
        "quantity": "5 tấn",
        "ask": "7.800đ/kg",
        "place": "xã Hỏa Lựu, TP Vị Thanh",
        "note": "ngọt",
        "phone": "0918222333",
        "contact": "chú Bảy",
    }
    assert said(sheet, 3)["window"] == "từ 24/11 đến 29/11"
    assert said(sheet, 3)["quantity"] == "2 - 3 tấn/ngày"
    assert said(sheet, 6) | {"place": ""} == {
        "commodity": "Trứng vịt",
        "quantity": "40.000 trứng/ngày",
        "ask": "2.300đ/trứng",
        "window": "từ 1/12",
        "phone": "0918222333",
        "contact": "chú Bảy",
        "place": "",
    }
    assert said(sheet, 7)["quantity"] == "hơn 10 tấn"
    assert said(sheet, 7)["ask"] == "4k2"
    assert said(sheet, 8)["commodity"] == "Dưa hấu"
    check_that_lines_add_up(Sheet(sheet.table, 0, (), sheet.records, sheet.passed))


def test_what_a_message_says_once_holds_for_goods_that_say_nothing_else() -> None:
    sheet = of(MESSAGE)

    assert said(sheet, 3)["phone"] == "0901 234 567"
    assert "contact" not in said(sheet, 3)
    assert (said(sheet, 5)["contact"], said(sheet, 5).get("phone")) == ("Anh Ba", None)
    assert [said(sheet, n)["place"] for n in (2, 3, 7)] == [
        "xã Hỏa Lựu, TP Vị Thanh", "xã Tân Tiến", "Phụng Hiệp",
    ]  # fmt: skip


def test_two_contacts_are_not_given_to_goods() -> None:
    sheet = of("Khóm 5 tấn\nLH 0901234567\nhoặc 0918222333")

    assert said(sheet, 1) == {"commodity": "Khóm", "quantity": "5 tấn"}


def test_who_wants_to_buy_is_remarked() -> None:
    assert said(of(MESSAGE), 5)["note"] == "cần mua"


def test_a_line_with_a_colon_heads_those_below_it() -> None:
    sheet = of("Xoài cát Chu:\n5 tấn giá 12.000-15.000đ/kg\n300kg giá 9k")

    assert [record.section for record in sheet.records] == ["Xoài cát Chu"] * 2
    assert [record.cells["quantity"].text for record in sheet.records] == ["5 tấn", "300kg"]


@pytest.mark.parametrize(
    ("greeting", "first"),
    [
        ("Chào em, chị báo hàng nhé:\n", 2),
        ("Dạ em gửi:\n", 2),
        ("Chào em, chị báo hàng nhé: ", 1),
        ("Chào em, ", 1),
    ],
)
def test_greetings_name_nobody_and_head_nothing(greeting: str, first: int) -> None:
    sheet = of(f"{greeting}Khóm Cầu Đúc 5 tấn giá 7.800")

    assert said(sheet, first) == {"commodity": "Khóm Cầu Đúc", "quantity": "5 tấn", "ask": "7.800"}
    assert sheet.records[0].section == ""


def test_goods_without_an_amount_are_a_row_and_no_remark() -> None:
    lines = "lúa ST25 chín chục công, Vị Thủy\nCảm ơn em\nGạo ST25:\n5 tấn giá 12.000"

    class OfRice(Vocabulary):
        def names_goods(self, text: str) -> bool:
            return "ST25" in text

    sheet = lay_out(read_message(lines, known=OfRice()))

    assert [record.number for record in sheet.records] == [1, 4]
    assert said(sheet, 1) == {"commodity": "lúa ST25 chín chục công", "note": "Vị Thủy"}


def test_the_whole_line_is_kept() -> None:
    raw = of(MESSAGE).records[0].raw

    assert raw["Nguyên văn"] == MESSAGE.split("\n")[1]


def test_pasted_cells_are_a_table() -> None:
    sheet = of('Tên hàng\tSL\tGiá\nKhóm\t5 tấn\t7.800\nCam\t"1 tấn\n200"\t4.000\n')

    assert (sheet.table.kind, sheet.header) == ("text", 1)
    assert [record.cells["quantity"].text for record in sheet.records] == ["5 tấn", "1 tấn\n200"]


@pytest.mark.parametrize("sign", ["|", ";"])
def test_lines_cut_by_the_same_sign_are_cells(sign: str) -> None:
    sheet = of("Tên hàng;SL\nKhóm;5 tấn".replace(";", sign))

    assert [record.cells["commodity"].text for record in sheet.records] == ["Khóm"]


def test_a_message_in_an_old_font_is_read() -> None:
    sheet = of(in_vni("Bán 5 tấn khóm Cầu Đúc tại xã Hỏa Lựu"))

    assert said(sheet, 1)["place"] == "xã Hỏa Lựu"
    assert sheet.table.encoding == "vni"


def test_nothing_pasted_is_an_empty_table() -> None:
    assert of("").records == ()
    assert of(" \n \n").passed == ()


def test_what_is_too_long_for_a_message_is_refused_and_a_long_line_passed_over() -> None:
    with pytest.raises(TooLarge):
        of("a " * 200_000)

    assert [line.why for line in of("123 " * 1_000).passed] == ["note"]


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*MESSAGE.split(" "), "\n", "\t"])).map(" ".join)
)
@settings(max_examples=150, deadline=None)
def test_any_message_is_read_or_refused(text: str) -> None:
    try:
        sheet = of(text)
    except Rejected:
        return

    seen = [record.number for record in sheet.records] + [line.number for line in sheet.passed]
    assert sorted([*seen, *([] if sheet.header is None else [sheet.header])]) == [
        line.number for line in sheet.table.lines
    ]
