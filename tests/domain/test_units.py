"""Every spelling of a unit that was seen in real lists is read, or refused with a reason."""

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.quantities import UnknownWeight, UnreadableQuantity
from marketplace.domain.rates import Amount, parse_amount
from marketplace.domain.units import UnitKind, kind_of_unit, one_unit

CATALOGUE = Catalogue.from_reference(read_reference())
PINEAPPLE = CATALOGUE.commodity("khom-cau-duc")
COCONUT = CATALOGUE.commodity("dua-kho")
EGGS = CATALOGUE.commodity("vit-trung")

SEEN = {
    UnitKind.MEASURE: ["Kg", "kg", "tấn", "nghìn tấn"],
    UnitKind.HOLDER: [
        "Bó", "bịch", "Bịch", "Chai", "chai", "Cành", "cái", "Cái", "Cây", "cây", "Ea", "Gói", "GÓI", "gói",
        "hủ", "Hủ", "Hũ", "Hộp", "hộp", "Lon", "Lá", "Lít", "lọ", "Miếng", "Phần", "quả", "Quả", "Trái",
        "trái", "Vắt", "Vỉ", "VỈ", "Xấp", "ổ", "Ổ", "chục", "thùng", "giạ", "bao",
    ],
    UnitKind.OTHER: ["Lần", "lần", "Ngày", "công đất", "tạ/ha", "đồng/bao"],
}  # fmt: skip
"""For goods that are weighed: the spellings of a wholesaler's list of 772 items and of bulletins."""


@pytest.mark.parametrize(("kind", "unit"), [(kind, unit) for kind in SEEN for unit in SEEN[kind]])
def test_each_spelling_seen_measures_holds_or_is_no_unit_of_goods(kind, unit):
    assert kind_of_unit(unit, PINEAPPLE) == kind


@pytest.mark.parametrize("unit", SEEN[UnitKind.HOLDER])
def test_what_only_holds_goods_is_asked_for_its_weight(unit):
    with pytest.raises(UnknownWeight, match="How many kg is one of these") as asked:
        parse_amount("10", PINEAPPLE, unit=unit)

    assert asked.value.params["typed"] == f"10 {unit}"
    assert parse_amount("10", PINEAPPLE, unit=unit, each="0,5 kg") == Amount(5, 5)
    assert parse_amount(f"12 {unit}", PINEAPPLE, each="1,5 kg") == Amount(18, 18)


@pytest.mark.parametrize("unit", SEEN[UnitKind.OTHER])
def test_what_is_no_unit_of_goods_is_refused_with_the_reason(unit):
    with pytest.raises(UnreadableQuantity, match=r"no unit of goods|per area") as refused:
        parse_amount("10", PINEAPPLE, unit=unit)

    assert not isinstance(refused.value, UnknownWeight)


def test_a_rate_as_unit_says_how_often():
    assert parse_amount("5", PINEAPPLE, unit="tấn mỗi ngày") == Amount(5_000, 5_000, "day")


def test_a_piece_counts_goods_that_are_sold_by_the_piece():
    assert kind_of_unit("Trái", COCONUT) == UnitKind.MEASURE
    assert parse_amount("40", COCONUT, unit="quả / trái") == Amount(40, 40)
    assert one_unit("quả / trái", COCONUT) == "qua"


@pytest.mark.parametrize(("good", "pieces"), [(COCONUT, 12), (EGGS, 10)])
def test_a_chuc_is_ten_or_twelve_as_the_catalogue_says(good, pieces):
    assert parse_amount("3", good, unit="chục") == Amount(3 * pieces, 3 * pieces)


def test_a_weight_that_is_none_is_refused():
    with pytest.raises(Rejected):
        parse_amount("10", PINEAPPLE, unit="bó", each="nặng")
