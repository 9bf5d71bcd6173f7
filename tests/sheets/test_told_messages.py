"""Lines as people send them, with tone marks, without, and with half of them: understood, or asked.

Each line stands beside what must be understood of it; a field that has to be asked stands there as
the answers that are offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.places import Gazetteer
from marketplace.domain.text import fold
from marketplace.sheets.drafting import Terms
from marketplace.sheets.drafts import draft_row
from marketplace.sheets.layout import Sheet, lay_out
from marketplace.sheets.message import read_message
from marketplace.sheets.understanding import Understood, understand
from marketplace.sheets.vocabulary import KnownWords

REFERENCE = read_reference()
GAZETTEER = Gazetteer.from_reference(REFERENCE)
CATALOGUE = Catalogue.from_reference(REFERENCE)
KNOWN = KnownWords(GAZETTEER, CATALOGUE)
TODAY = date(2026, 11, 25)
OFFICER = Actor(1, 1, Role.OFFICER, "HG", "Sở")
VI_THANH, HOA_LUU, KE_SACH, CAN_THO, VINH_CHAU = "D930", "C31338", "D943", "D916", "D950"
KHOM, KHOMS = "khom-cau-duc", ["khom-cau-duc", "khom-tac-cau"]
DUA = [*KHOMS, "dua-kho", "dua-uong", "dua-hau", "dua-luoi", "dua-leo"]
GIA = ["20 giạ", "20 tấn", "20 kg"]


def asked_price(dong: str) -> list[str]:
    return [f"{dong} đ/kg", "-"]


@dataclass(frozen=True)
class Told:
    """What a line must be understood as; a list where it must be asked, ``...`` where it says nothing."""

    line: str
    goods: Any
    quantity: Any
    ask: Any = ...
    place: Any = ...
    phones: tuple[str, ...] = ()
    days: tuple[date | None, date | None] = (None, None)
    per: str | None = None
    grade: str | None = None
    note: str = ""


def kg(least: int, most: int | None = None) -> tuple[int, int]:
    return least, least if most is None else most


TABLE = [
    # With tone marks
    Told("Bán 5 tấn khóm Cầu Đúc giá 7.800đ/kg tại Vị Thanh", KHOM, kg(5_000), kg(7_800), VI_THANH),
    Told("khóm Cầu Đúc 5t giá 7k8, xã Hỏa Lựu", KHOM, kg(5_000), kg(7_800), HOA_LUU),
    Told("mít Thái 0,5 tấn giá 9.500 sđt 0912.345.678 anh Bảy", "mit-thai", kg(500), kg(9_500),
         phones=("0912345678",)),
    Told("Khóm Cầu Đúc 5-10t/ngày giá 7k8", KHOM, kg(5_000, 10_000), kg(7_800), per="day"),
    Told("40.000 trứng vịt/ngày 2.300đ/trứng", "vit-trung", kg(40_000), kg(2_300), per="day"),
    Told("5 tấn khóm Cầu Đúc mỗi ngày, 7k8", KHOM, kg(5_000), kg(7_800), per="day"),
    Told("lúa OM 18 20t giá 6tr25/tấn, Cần Thơ", "lua-om18", kg(20_000), kg(6_250), CAN_THO),
    Told("khóm cầu đúc 1 tấn rưỡi giá 7k8", KHOM, kg(1_500), kg(7_800)),
    Told("khóm cầu đúc 1t2 7k8", KHOM, kg(1_200), kg(7_800)),
    Told("khóm Cầu Đúc 1 tấn 200 kg, giá 7k8", KHOM, kg(1_200), kg(7_800)),
    Told("năm tấn khóm Cầu Đúc giá 7k8", KHOM, kg(5_000), kg(7_800)),
    Told("xoài cát Hòa Lộc loại 1 2 tấn 45k", "xoai-hoa-loc", kg(2_000), kg(45_000), grade="loai-1"),
    Told("tôm thẻ 50 con/kg 2 tấn giá 120k", "tom-the-50", kg(2_000), kg(120_000)),
    Told("nhãn Ido 3t giá từ 15k đến 17k", "nhan-ido", kg(3_000), kg(15_000, 17_000)),
    Told("dừa khô 5000 trái 60k/chục", "dua-kho", kg(5_000), kg(5_000)),
    Told("mít Thái 5 tấn ngày mai cắt giá 9k", "mit-thai", kg(5_000), kg(9_000), note="cắt",
         days=(date(2026, 11, 26), date(2026, 11, 26))),
    Told("Cần mua 20 tấn lúa ST25 giá 9k, giao Cần Thơ", "lua-st25", kg(20_000), kg(9_000), CAN_THO,
         note="Cần mua"),
    Told("[10:32, 25/11/2026] Chị Lan: bán 2 tấn ổi nữ hoàng 6k", "oi-nu-hoang", kg(2_000), kg(6_000)),
    Told("dừa 500 trái", ["dua-kho", "dua-uong"], ...),
    Told("dưa 2 tấn 5k", ["dua-hau", "dua-luoi", "dua-leo"], ...),
    # Without
    Told("ban 5 tan khom gia 7800 lay tai vi thanh", KHOMS, ..., place=VI_THANH),
    Told("khom cau duc 5 tan gia 7.800", KHOM, kg(5_000), kg(7_800)),
    Told("lua om18 20t 6200d", "lua-om18", kg(20_000), kg(6_200)),
    Told("khom cau duc 5t 7k8 vi thanh", KHOM, kg(5_000), kg(7_800), VI_THANH),
    Told("khom cau duc hoa luu 5 tan 7k8", KHOM, kg(5_000), kg(7_800), HOA_LUU),
    Told("hanh tim vinh chau 5 tan 15k", "hanh-tim", kg(5_000), kg(15_000)),
    Told("hanh la 500kg 12k vinh chau", "hanh-la", kg(500), kg(12_000), VINH_CHAU),
    Told("gao st25 1t 20k/kg ap 3 xa hoa luu vi thanh", "gao-st25", kg(1_000), kg(20_000), HOA_LUU),
    Told("can tim mua 10 tan buoi da xanh 20k giao can tho", "buoi-da-xanh", kg(10_000), kg(20_000), CAN_THO,
         note="can tim mua"),
    Told("khom cau duc 5-10 tan/ngay tu 1/12 den 20/12 gia 7800", KHOM, kg(5_000, 10_000), kg(7_800),
         per="day", days=(date(2026, 12, 1), date(2026, 12, 20))),
    Told("khom cau duc 5 tan tu 1/12-20/12", KHOM, kg(5_000), days=(date(2026, 12, 1), date(2026, 12, 20))),
    Told("mit thai 3 tan 9k LH 0901234567", "mit-thai", kg(3_000), kg(9_000), phones=("0901234567",)),
    Told("ban lua om 5451 20 tan gia 5900 lh 0909 111 222 - 0918 333 444", "lua-om5451", kg(20_000), kg(5_900),
         phones=("0909111222", "0918333444")),
    Told("con 5 tan khom cau duc 7k8", KHOM, kg(5_000), kg(7_800)),
    Told("vit con 500 con gia 15k/con", "ga-vit-con", kg(500), kg(15_000)),
    Told("chuoi gia 500 kg", "chuoi-cau-cau-gia", kg(500)),
    Told("chuoi gia 500kg gia 6000", "chuoi-cau-cau-gia", kg(500), kg(6_000)),
    Told("buoi nam roi 3 tan loai 1 12k ke sach", "buoi-nam-roi", kg(3_000), kg(12_000), KE_SACH, grade="loai-1"),
    Told("khom cau duc 5 tan gia thoa thuan lay o hoa luu", KHOM, kg(5_000), place=HOA_LUU),
    Told("cam sanh 10 tan gia 4k2 giao tai vuon", "cam-sanh", kg(10_000), kg(4_200), note="giao tai vuon"),
    Told("cam sanh 5 tan tro len 5k", "cam-sanh", (5_000, None), kg(5_000)),
    Told("cam sanh 5 tan gia 6 ngan 2", "cam-sanh", kg(5_000), kg(6_200)),
    Told("cam sanh 5 tan 5000d 1kg", "cam-sanh", kg(5_000), kg(5_000)),
    Told("cam sanh vuon 3 cong 5 tan 5k nga bay", "cam-sanh", kg(5_000), kg(5_000), "D931", note="vuon 3 cong"),
    Told("ca tra size 800g-1kg 100 tan 28k", "ca-tra", kg(100_000), kg(28_000), note="size 800g-1kg"),
    Told("cam sanh 5 tan cuoi thang 12 gia 5k", "cam-sanh", kg(5_000), kg(5_000),
         days=(date(2026, 12, 21), date(2026, 12, 31))),
    Told("duoc 10 tan lua ST25 gia 8tr/tan hoa luu", "lua-st25", kg(10_000), kg(8_000), HOA_LUU),
    Told("cam sanh duoc 5 tan gia 5k", "cam-sanh", kg(5_000), kg(5_000)),
    Told("duoc 500 cay", "go-tram-than", kg(500)),
    Told("1 thien trung vit 2500", "vit-trung", kg(1_000), ["2.500 đ/trứng", "-"]),
    Told("2 thiên hột gà giá 2500", "trung-ga", kg(2_000), kg(2_500)),
    Told("ho anh Ba 5 tan khom cau duc", KHOM, kg(5_000)),
    # With half of them, greetings and pictures
    Told("ban 5 tấn khom Cầu Đúc giá 7800 lay tai vi thanh", KHOM, kg(5_000), kg(7_800), VI_THANH),
    Told("🍍🍍 Khóm Cầu Đúc 5t 👉 7k8 ☎️ 0901 234 567", KHOM, kg(5_000), kg(7_800), phones=("0901234567",)),
    Told("chao anh em co 5 tan khom cau duc gia 7k8", KHOM, kg(5_000), kg(7_800)),
    Told("Dạ em chào anh chị, em có 5 tấn mít Thái giá 9k", "mit-thai", kg(5_000), kg(9_000)),
    Told("alo ban gap 3 tan mit thai 9k lh 0918222333 c lan", "mit-thai", kg(3_000), kg(9_000),
         phones=("0918222333",)),
    # What has to be asked
    Told("dua 2 tan 5k", DUA, ...),
    Told("lua om18 20 gia 6200", "lua-om18", GIA, asked_price("6.200")),
    Told("khom cau duc 20 gia 7800", KHOM, GIA, asked_price("7.800")),
    Told("nam tan khom cau duc 7k8", KHOM, ["5 tấn", "5 kg"], kg(7_800)),
    Told("khom cau duc 5 tan hiep 7k8", KHOM, ["5 tấn", "5 kg"], kg(7_800), "D904"),
    Told("khóm cầu đúc 5 tấn 7800", KHOM, kg(5_000), asked_price("7.800")),
    Told("lua om18 20 6200", "lua-om18", ["kg", "tấn"], asked_price("6.200")),
    Told("khom cau duc 5 tan gia 7.8", KHOM, kg(5_000), ["7.800 đ/kg"]),
    Told("khom cau duc 5 tan gia 78", KHOM, kg(5_000), ["7.800 đ/kg", "78 đ/kg"]),
    Told("cam 3 tan 5k", ["cam-sanh", "cam-xoan", "cam-gao", "thuc-an-ca-tra", "thuc-an-tom", "thuc-an-heo"],
         ...),
    Told("toi 2 tan 40k vinh chau", ["toi-vinh-chau"], ..., place=VINH_CHAU),
    Told("lua om18 50 gia", "lua-om18", ["20 kg", "22 kg"]),
    Told("khom cau duc 5t 7k8, mit thai 3t 9k", KHOM, [], kg(7_800), note="mit thai 3t 9k"),
    Told("heo hoi 20 con 100kg 62k", "heo-hoi", ["20 con", "100kg"], kg(62_000), note="100kg"),
    Told("lua om18 100 bao 50kg 6200d/kg", "lua-om18", ["100 bao", "50kg"], kg(6_200), note="50kg"),
    Told("cam sanh 2 tan/2 ngay 5k", "cam-sanh", [], kg(5_000)),
    Told("mit thai 5 tan 9k loai 1, loai 2 5k", "mit-thai", kg(5_000), asked_price("9.000"), grade="loai-1",
         note="loai 2 5k"),
]  # fmt: skip


def rows(text: str) -> tuple[Sheet, list[Understood]]:
    sheet = lay_out(read_message(text, known=KNOWN))
    found = [
        understand(
            record, gazetteer=GAZETTEER, catalogue=CATALOGUE, today=TODAY, headers=sheet.headers
        )
        for record in sheet.records
    ]
    return sheet, found


def understood(row: Understood) -> dict[str, Any]:
    """By field: what was understood, or the answers that are offered, or ``...``."""
    ends = {
        "quantity": (row.quantity_least, row.quantity_most),
        "ask": (row.ask_least, row.ask_most),
    }
    found = {
        "goods": row.commodity or ...,
        "place": row.place or ...,
        **{name: ... if each == (None, None) else each for name, each in ends.items()},
    }
    for problem in row.problems:
        field = {"commodity": "goods", "unit": "quantity"}.get(problem.field, problem.field)
        if problem.code != "missing":
            found[field] = [value for value, _ in problem.candidates]
    return found


@pytest.mark.parametrize("told", TABLE, ids=lambda told: told.line)
def test_a_line_is_understood_or_asked(told: Told) -> None:
    _, [row] = rows(told.line)

    found = understood(row)
    if isinstance(told.goods, list):  # the catalogue grows
        assert set(told.goods) <= set(found.pop("goods"))
    assert found == {name: getattr(told, name) for name in found}
    assert (row.phones, row.per, row.grade) == (told.phones, told.per, told.grade)
    assert (row.ready_on, row.until) == told.days
    assert row.note == told.note


def without_marks(line: str) -> str:
    """The line as somebody types it who has no tone marks."""
    return "".join(fold(c) if c.isalpha() else c for c in line)


@pytest.mark.parametrize(
    "told", [told for told in TABLE if told.line != without_marks(told.line)], ids=lambda t: t.line
)
def test_without_its_marks_a_line_says_the_same_or_is_asked(told: Told) -> None:
    _, [marked] = rows(told.line)
    _, [bare] = rows(without_marks(told.line))

    wanted, found = understood(marked), understood(bare)
    for name, value in found.items():
        left_open = value is ... and (name != "ask" or isinstance(found["goods"], list))
        assert value == wanted[name] or isinstance(value, list) or left_open


@pytest.mark.parametrize(
    "line",
    ["cảm ơn em", "con hang khong em", "hang dep gia re", "Dạ em gửi", "🍍🍍🍍", "ok em nhe"],
)
def test_what_offers_nothing_is_no_row(line: str) -> None:
    sheet, found = rows(line)

    assert (found, [line.why for line in sheet.passed]) == ([], ["note"])


@pytest.mark.parametrize(
    ("line", "whose", "offered"),
    [
        ("chu bay 2 tan xoai cat 25k vi thuy", "chu bay", ""),
        ("bac sau ban 300kg ca that lat 65k long my", "", "bac sau"),
        ("Nguyễn Văn Tư cần bán 2 tấn chanh", "", "Nguyễn Văn Tư"),
        ("HTX Tân Long có 5 tấn khóm", "", "HTX Tân Long"),
        ("nha ong sau co 2 tan chanh", "", "nha ong sau"),
        ("mít Thái 5 tấn", "", ""),
        ("duoc 10 tan lua ST25", "", ""),
    ],
)
def test_who_is_named_before_the_goods_is_offered_as_whose_they_are(
    line: str, whose: str, offered: str
) -> None:
    record = lay_out(read_message(line, known=KNOWN)).records[0]
    terms = Terms(GAZETTEER, CATALOGUE, TODAY, actor=OFFICER)

    drafted = draft_row(record, terms)

    asked = [problem for problem in drafted.problems if problem.field == "producer"]
    assert drafted.understood.producer == whose
    assert [value for each in asked for value, _ in each.candidates] == (
        [offered] if offered else []
    )
    assert bool(asked) is not bool(whose)


def test_two_goods_in_one_line_are_refused_with_why() -> None:
    _, [row] = rows("khom cau duc 5t 7k8, mit thai 3t 9k")

    [problem] = [each for each in row.problems if each.field == "quantity"]
    assert "5t; 3t" in str(problem.error)


def test_a_question_mark_in_a_cell_is_asked() -> None:
    sheet = lay_out(
        read_message("Tên hàng\tSL\tGiá\tĐịa chỉ\nKhóm Cầu Đúc?\t5 tấn ?\t7800?\tvi thanh?")
    )
    [record] = sheet.records

    row = understand(record, gazetteer=GAZETTEER, catalogue=CATALOGUE, today=TODAY)

    assert {p.field: [value for value, _ in p.candidates] for p in row.problems} == {
        "commodity": ["khom-cau-duc"], "place": [VI_THANH],
    }  # fmt: skip
    answered = understand(
        record, gazetteer=GAZETTEER, catalogue=CATALOGUE, today=TODAY,
        choices={"commodity": "khom-cau-duc", "place": VI_THANH},
    )  # fmt: skip
    assert {p.field: p.candidates[0][0] for p in answered.problems} == {
        "quantity": "5 tấn", "ask": "7.800 đ/kg",
    }  # fmt: skip


WORDS = sorted({word for told in TABLE for word in told.line.split()})


@given(st.lists(st.sampled_from([*WORDS, "\n", ",", ";"]), max_size=14).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_any_words_in_any_order_are_read_or_refused(text: str) -> None:
    try:
        sheet, found = rows(text)
    except Rejected:
        return

    assert len(found) == len(sheet.records)
    for record in sheet.records:
        line = (
            record.cells["line"].text
            if "line" in record.cells
            else record.raw.get("Nguyên văn", "")
        )
        assert not line or line in text
