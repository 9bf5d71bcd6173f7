"""A row says what it means: read where it is clear, asked where it is not, never guessed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.places import Gazetteer
from marketplace.domain.price_ranges import PriceRange, spell_price_range
from marketplace.domain.rates import Amount, spell_amount
from marketplace.domain.spans import spell_day
from marketplace.sheets.table import Cell, Record
from marketplace.sheets.understanding import understand

REFERENCE = read_reference()
GAZETTEER = Gazetteer.from_reference(REFERENCE)
CATALOGUE = Catalogue.from_reference(REFERENCE)
TODAY = date(2026, 11, 25)


def a_row(*, section="", headers=None, choices=None, locality=None, **cells):
    """What a row with these cells, by meaning, is understood as; the rest of it is clear."""
    usual = {"commodity": "Khóm Cầu Đúc", "quantity": "5 tấn", "place": "Xã Hỏa Lựu"}
    known = {k: v if isinstance(v, Cell) else Cell(v) for k, v in (usual | cells).items()}
    return understand(
        Record(1, known, {}, section),
        gazetteer=GAZETTEER,
        catalogue=CATALOGUE,
        today=TODAY,
        headers=headers or {},
        choices=choices or {},
        locality=locality,
    )


def asked(understood):
    return {
        problem.code: [value for value, _ in problem.candidates] for problem in understood.problems
    }


def test_a_whole_row_of_a_bulletin():
    row = a_row(
        quantity="25,5 - 30", unit="tấn", ask="7.800đ/kg", place="Xã Hỏa Lựu, TP Vị Thanh", grade="Loại I",
        ready_on="24/11-29/11", phone=Cell("912345678", Decimal(912345678)), note="hàng đạt VietGAP",
        producer="HTX Thạnh Thắng",
    )  # fmt: skip

    assert row.problems == ()
    assert (row.commodity, row.grade, row.unit) == ("khom-cau-duc", "loai-1", "kg")
    assert (row.quantity_least, row.quantity_most, row.per) == (25_500, 30_000, None)
    assert (row.ask_least, row.ask_most) == (7_800, 7_800)
    assert (row.ready_on, row.until) == (date(2026, 11, 24), date(2026, 11, 29))
    assert (row.place, row.phones) == ("C31338", ("0912345678",))
    assert (row.certificates, row.producer) == ({"vietgap"}, "HTX Thạnh Thắng")


def test_a_rate_with_a_range_of_prices():
    row = a_row(commodity="Lúa OM 18", quantity="5 - 10 tấn mỗi ngày", ask="6.000 -6.150")

    assert (row.commodity, row.quantity_least, row.quantity_most, row.per) == (
        "lua-om18", 5_000, 10_000, "day",
    )  # fmt: skip
    assert (row.ask_least, row.ask_most) == (6_000, 6_150)


def test_numbers_of_the_file_are_what_they_are():
    row = a_row(quantity=Cell("2.4", Decimal("2.4")), unit="tấn", ask=Cell("7,800", Decimal(7800)))
    exact = a_row(quantity=Cell("1.125", Decimal("1.125")), unit="tấn")

    assert (row.quantity_least, row.ask_least, row.problems) == (2_400, 7_800, ())
    assert (exact.quantity_least, exact.problems) == (1_125, ())


def test_a_number_that_a_spreadsheet_spoiled_is_asked_back():
    row = a_row(quantity=Cell("1.25", Decimal("1.25")), unit="kg", ask=Cell("7.8", Decimal("7.8")))

    assert asked(row) == {"quantity_not_whole": ["1.250 kg"], "ask_unreadable": ["7.800 đ/kg"]}


def test_headers_say_the_units():
    headers = {"quantity": "Sản lượng/ngày (tấn)", "ask": "Giá bán (1.000 đ/kg)"}

    row = a_row(quantity="2,4", ask="7,8", headers=headers)

    assert (row.quantity_least, row.per, row.ask_least) == (2_400, "day", 7_800)


def test_the_column_of_the_template_is_in_base_units():
    row = a_row(quantity="1250", headers={"quantity": "quantity"})

    assert (row.quantity_least, row.problems) == (1_250, ())


def test_sections_say_half_of_what_is_meant():
    row = a_row(commodity="OM18", commune="Vị Trung", place="", section="Lúa / Huyện Vị Thủy")
    rest = a_row(commodity="", place="", section="Khóm Cầu Đúc / Châu Thành, Sóc Trăng")

    assert (row.commodity, row.place) == ("lua-om18", "C31441")
    assert (rest.commodity, rest.place) == ("khom-cau-duc", "D942")


def test_a_heading_that_may_name_several_goods_is_asked_and_one_for_all_fruit_is_none():
    row = a_row(commodity="", section="Trái cây / Khóm")

    assert asked(row) == {"commodity_ambiguous": ["khom-cau-duc", "khom-tac-cau"]}
    assert a_row(commodity="", section="Trái cây").commodity is None


def test_a_number_alone_is_asked_for_its_unit():
    row = a_row(quantity="25")

    assert asked(row) == {"unit_missing": ["kg", "tấn"]}
    assert a_row(quantity="25", choices={"unit": "tấn"}).quantity_least == 25_000


def test_a_holder_is_asked_for_its_weight_once_for_all_rows():
    [problem] = a_row(quantity="10", unit="Bó").problems
    [other] = a_row(quantity="10 thùng").problems

    assert (problem.field, problem.code, problem.asks) == ("unit", "unit_weight", True)
    answers = {problem.key: "0,5 kg"}
    assert a_row(quantity="10", unit="bó", choices=answers).quantity_least == 5
    assert a_row(quantity="10 bó", choices=answers).quantity_least == 5
    assert a_row(quantity="10 tấn", choices=answers).quantity_least == 10_000
    assert asked(a_row(quantity="10 thùng", choices=answers)) == {"unit_weight": []}
    assert a_row(quantity="10 thùng", choices=answers | {other.key: "20 kg"}).quantity_least == 200


def test_a_gia_of_paddy_is_20_or_22_kilograms():
    row = a_row(commodity="Lúa OM18", quantity="200 giạ")

    assert asked(row) == {"unit_weight": ["20 kg", "22 kg"]}
    chosen = a_row(commodity="Lúa OM18", quantity="200 giạ", choices={"unit": "20 kg"})
    assert chosen.quantity_least == 4_000


@pytest.mark.parametrize(
    ("cells", "code", "candidates"),
    [
        ({"place": "Huyện Châu Thành"}, "place_ambiguous", ["D892", "D905", "D933", "D942"]),
        ({"place": "", "district": "Phú Tân"}, "place_ambiguous", ["D888", "D972"]),
        ({"place": "", "commune": "Phú Hội", "district": "An Phú"}, "place_ambiguous", ["C30337", "C30346"]),
        ({"place": "xã Hoa Luuu, TP Vị Thanh"}, "place_partly_known", ["D930"]),
        ({"place": "Paris"}, "place_unknown", []),
        ({"place": ""}, "missing", []),
        ({"commodity": "ST25"}, "commodity_ambiguous", ["gao-st25", "lua-st25"]),
        ({"commodity": "me"}, "commodity_ambiguous", ["me-vung"]),
        ({"commodity": "Bưởi hồng"}, "commodity_ambiguous", ["buoi-nam-roi", "buoi-da-xanh"]),
        ({"commodity": "Xe máy"}, "commodity_unknown", []),
        ({"commodity": ""}, "missing", []),
        ({"quantity": "1,250 tấn"}, "quantity_ambiguous", ["1,25 tấn", "1.250 tấn"]),
        ({"quantity": "5 lần"}, "quantity_unreadable", []),
        ({"quantity": ""}, "missing", []),
        ({"ask": "78"}, "ask_unusual", ["7.800 đ/kg", "78 đ/kg"]),
        ({"ask": "rẻ"}, "ask_unreadable", []),
        ({"until": "hôm nào đó"}, "until_unreadable", []),
        ({"ready_on": "24/11", "until": "20/11"}, "days_reversed", []),
        ({"ready_on": Cell("24.1", Decimal("24.1"))}, "ready_on_ambiguous", ["2027-01-24", "2026-10-24"]),
        ({"phone": "091234"}, "phone_unreadable", []),
        ({"certificates": "đang làm VietGAP"}, "certificate_unclear", ["vietgap", "-"]),
        ({"grade": "hộp 10"}, "grade_unreadable", ["loai-1", "loai-2", "xo", "che-bien", "-"]),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked(cells, code, candidates):
    row = a_row(**cells)

    assert asked(row) == {code: candidates}
    assert all(problem.error.reason for problem in row.problems)


def test_every_answer_settles_its_question():
    rows = [
        {"place": "Huyện Châu Thành"}, {"place": "xã Hoa Luuu, TP Vị Thanh"}, {"commodity": "ST25"},
        {"quantity": "1,250 tấn"}, {"quantity": "1,250 - 2.000 tấn"}, {"quantity": "25"}, {"ask": "78"},
        {"commodity": "Khoai lang", "quantity": "3 tạ"}, {"ask": Cell("7.8", Decimal("7.8"))},
        {"commodity": "trứng vịt", "quantity": "9 trứng", "ask": "250"},
        {"ready_on": Cell("24.1", Decimal("24.1"))}, {"certificates": "đang làm VietGAP"},
        {"grade": "hộp 10"}, {"commune": "Phú Hội", "place": "An Giang"},
    ]  # fmt: skip
    for cells in rows:
        [problem] = a_row(**cells).problems
        for value, label in problem.candidates:
            assert label
            assert a_row(**cells, choices={problem.field: value}).problems == ()


def test_the_same_answer_serves_every_row_that_says_the_same():
    [problem] = a_row(place="Châu Thành").problems
    answers = {problem.key: "D942"}

    assert a_row(place=" châu  thành ", choices=answers).place == "D942"
    assert a_row(place="Vị Thanh", choices=answers).place == "D930"


def test_an_answer_under_one_heading_is_none_under_another():
    [problem] = a_row(commodity="Loại 1", section="Xoài").problems
    answers = {problem.key: "xoai-hoa-loc"}

    again = a_row(commodity="loại 1", section="Xoài", choices=answers)
    elsewhere = a_row(commodity="Loại 1", section="Bưởi", choices=answers)

    assert again.commodity == "xoai-hoa-loc"
    assert elsewhere.commodity is None


def test_an_answer_to_an_amount_serves_its_own_row_only():
    [problem] = a_row(commodity="Khoai lang", quantity="3 tạ").problems

    assert problem.key is None


def test_a_price_beside_a_holder_is_not_taken_for_one_per_kilogram():
    row = {"quantity": "100", "unit": "Thùng", "ask": "78.000"}

    assert asked(a_row(**row)) == {"unit_weight": []}
    weighed = a_row(**row, choices={"unit": "10 kg"})
    assert (weighed.quantity_least, weighed.ask_least) == (1_000, 7_800)
    light = a_row(quantity="100", unit="Bó", ask="3.900", choices={"unit": "0,5 kg"})
    assert asked(light) == {"ask_ambiguous": ["3.900 đ/kg", "7.800 đ/kg"]}


def test_a_cross_in_a_column_of_one_certificate():
    headers = {"certificates": "Chứng nhận VietGAP"}

    assert a_row(certificates="x", headers=headers).certificates == {"vietgap"}
    assert a_row(certificates="không", headers=headers).certificates == set()


def test_days_come_from_one_column_or_two_or_the_season():
    assert a_row(window="7–12/2027").until == date(2027, 12, 31)
    assert a_row(until="cuối tháng 12").ready_on == date(2026, 12, 21)
    assert a_row(ready_on="tháng 12").until == date(2026, 12, 31)
    assert a_row(ready_on="1/12", until=Cell("", None, date(2026, 12, 5))).until == date(
        2026, 12, 5
    )
    assert a_row(season="tháng 12").until == date(2026, 12, 31)
    assert a_row(ready_on=Cell("46350", Decimal(46350))).ready_on == date(2026, 11, 24)
    assert a_row(until="5/12").ready_on is None


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"place": "ấp 5", "commune": "Vị Trung", "district": "Vị Thủy"}, "C31441"),
        ({"place": "Hậu Giang", "district": "Vị Thanh"}, "D930"),
        ({"place": "Sóc Trăng", "district": "Châu Thành"}, "D942"),
        ({"place": "Xã Vị Trung", "district": "Vị Thủy"}, "C31441"),
        ({"place": "", "commune": "Long Phú", "district": "Long Phú"}, "C31639"),
        ({"place": "chợ đầu mối Bình Điền"}, "M_BINHDIEN"),
    ],
)
def test_a_place_stands_in_up_to_three_columns(cells, place):
    row = a_row(**cells)

    assert (row.place, row.problems) == (place, ())


def test_two_numbers_and_one_in_the_column_of_names():
    assert a_row(phone="0912345678/0987654321").phones == ("0912345678", "0987654321")
    assert a_row(contact="Anh Ba 0912.345.678").phones == ("0912345678",)


@settings(max_examples=60, deadline=None)
@given(
    good=st.sampled_from(CATALOGUE.commodities),
    place=st.sampled_from(GAZETTEER.places),
    ends=st.lists(st.integers(1, 10**8), min_size=2, max_size=2),
    days=st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), min_size=2, max_size=2),
)
def test_every_lot_that_we_write_we_read_back(good, place, ends, days):
    least, most = sorted(ends)
    first, last = sorted(days)
    row = a_row(
        commodity=good.id,
        quantity=spell_amount(Amount(least, most), good),
        ask=spell_price_range(PriceRange(good.ask_low, good.ask_high), good),
        place=place.id,
        ready_on=spell_day(first),
        until=spell_day(last),
    )

    assert row.problems == ()
    assert (row.commodity, row.place) == (good.id, place.id)
    assert (row.quantity_least, row.quantity_most) == (least, most)
    assert (row.ask_least, row.ask_most) == (good.ask_low, good.ask_high)
    assert (row.ready_on, row.until) == (first, last)


@settings(max_examples=60, deadline=None)
@given(
    cells=st.dictionaries(
        st.sampled_from(["commodity", "quantity", "unit", "ask", "place", "commune", "district", "until",
                         "window", "phone", "certificates", "note", "grade", "season", "contact"]),
        st.text(max_size=30),
    ),
    section=st.text(max_size=20),
)  # fmt: skip
def test_any_letters_are_understood_or_asked(cells, section):
    for problem in a_row(section=section, **cells).problems:
        assert problem.code.startswith((problem.field, "missing", "days", "certificate"))
        assert str(problem.error)


def test_what_one_piece_weighs_is_asked_for_each_good():
    """An answer to 120 con of pig must not weigh 2.000 con of chicken."""
    [pigs] = a_row(commodity="Heo hơi", quantity="120 con", ask="").problems
    [hens] = a_row(commodity="Gà thả vườn", quantity="2.000 con", ask="").problems

    assert pigs.key != hens.key
    answers = {pigs.key: "100 kg"}
    assert a_row(commodity="Heo hơi", quantity="120 con", choices=answers).quantity_least == 12_000
    assert asked(a_row(commodity="Gà thả vườn", quantity="2.000 con", ask="", choices=answers)) == {
        "unit_weight": []
    }


def test_a_department_means_places_of_its_own_locality():
    anywhere = a_row(place="Vĩnh Trung")

    assert len(asked(anywhere)["place_ambiguous"]) == 2
    assert a_row(place="Vĩnh Trung", locality="HG").place == "C31459"
    assert len(asked(a_row(place="Vĩnh Trung", locality="BL"))["place_ambiguous"]) == 2
    assert a_row(place="Thuận Hưng").place != a_row(place="Thuận Hưng", locality="HG").place
    assert a_row(place="Chợ Bình Điền", locality="HG").place == "M_BINHDIEN"


def test_a_good_that_only_begins_alike_is_not_offered():
    assert "commodity_unknown" in asked(a_row(commodity="Củ sắn"))


def test_what_is_no_whole_amount_is_asked_with_the_whole_ones_around_it():
    assert asked(a_row(quantity="1,250.5 kg")) == {"quantity_ambiguous": ["1.250 kg", "1.251 kg"]}
    assert asked(a_row(quantity="1.250,5 kg"))["quantity_not_whole"][:2] == ["1.250 kg", "1.251 kg"]


def test_goods_of_the_own_locality_are_asked_first():
    for locality, first in (("HG", "khom-cau-duc"), ("KG", "khom-tac-cau")):
        row = a_row(commodity="khóm", locality=locality)
        assert asked(row)["commodity_ambiguous"][0] == first
    assert len(asked(a_row(commodity="khóm"))["commodity_ambiguous"]) == 2
