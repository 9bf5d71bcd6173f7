"""The catalogue finds goods as people type them."""

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import AmbiguousCommodity, Catalogue, UnknownCommodity
from marketplace.domain.errors import Rejected

CATALOGUE = Catalogue.from_reference(read_reference())


@pytest.mark.parametrize("typed", ["sau rieng", "Sầu riêng", "SẦU RIÊNG", "sầu  riêng"])
def test_typing_finds_goods_whatever_the_case_and_marks(typed):
    found = [commodity.id for commodity in CATALOGUE.search(typed)]

    assert found[:2] == ["sau-rieng-monthong", "sau-rieng-ri6"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dưa", "dua-"),
        ("mực", "muc-bach-tuoc"),
        ("na", "mang-cau-na"),
        ("pineapple", "khom-"),
        ("lợn", "heo-"),
        ("ngô", "bap-"),
        ("Pangasius", "ca-tra"),
        ("quít đường", "quyt-duong"),
    ],
)
def test_the_best_fit_comes_first(typed, first):
    assert CATALOGUE.search(typed)[0].id.startswith(first)


def test_every_good_is_found_by_its_id_and_its_name():
    for commodity in CATALOGUE.commodities:
        assert CATALOGUE.find(commodity.id) == commodity
        assert CATALOGUE.find(commodity.name_vi.upper()) == commodity
        assert CATALOGUE.commodity(commodity.id) == commodity


def test_a_word_that_fits_several_goods_is_asked_back():
    with pytest.raises(AmbiguousCommodity) as refused:
        CATALOGUE.find("tôm thẻ")

    assert {c.id for c in refused.value.candidates} == {"tom-the-30", "tom-the-50", "tom-the-100"}


@pytest.mark.parametrize("typed", ["", "xyz", "\0", "🐟", "x" * 100_000, "<script>"])
def test_what_is_no_good_is_refused(typed):
    assert CATALOGUE.search(typed) == []
    with pytest.raises(UnknownCommodity) as refused:
        CATALOGUE.find(typed)
    assert len(str(refused.value)) < 200


def test_goods_without_a_grade_are_ungraded():
    assert CATALOGUE.default_grade("trai_cay").id == "xo"
    assert CATALOGUE.default_grade("thuy_san").id == "co-vua"
    assert [grade.rank for grade in CATALOGUE.grades("muoi")] == [1, 2, 3, 4]
    with pytest.raises(Rejected, match="no grade"):
        CATALOGUE.grade("thuy_san", "xo")


def test_weights_are_rounded_up_to_whole_kilograms():
    assert CATALOGUE.commodity("ca-tra").kilograms(15) == 15
    assert CATALOGUE.commodity("vit-trung").kilograms(1_000) == 70
    assert CATALOGUE.commodity("vit-trung").kilograms(1) == 1
    assert CATALOGUE.commodity("tom-giong").kilograms(3_000_000) == 30
    assert CATALOGUE.commodity("tom-giong").kilograms(3_000_001) == 31


def test_chilled_goods_keep_as_long_as_they_do_on_ice():
    assert CATALOGUE.commodity("tom-the-30").shelf_hours == 72
    assert CATALOGUE.commodity("khom-cau-duc").shelf_hours == 120
    assert CATALOGUE.commodity("ca-tra").shelf_hours == pytest.approx(7.2)


@pytest.mark.parametrize(
    ("typed", "some"),
    [
        ("vat tu", {"phan-ure", "thuoc-thu-y"}),
        ("Vật tư nông nghiệp", {"phan-ure", "thuoc-thu-y"}),
        ("trái cây", {"khom-cau-duc", "buoi-nam-roi"}),
        ("con giống", {"heo-giong", "tom-giong"}),
    ],
)
def test_the_name_of_a_group_stands_for_its_goods_where_that_is_asked(typed, some):
    with pytest.raises(AmbiguousCommodity) as asked:
        CATALOGUE.find(typed, in_groups=True)

    found = {good.id for good in asked.value.candidates}
    assert some <= found
    assert "thuoc-cam" not in found


@pytest.mark.parametrize("typed", ["trái", "nông nghiệp", "", "vật"])
def test_half_a_name_is_no_group(typed):
    assert CATALOGUE.of_group(typed) == []


@pytest.mark.parametrize("typed", ["phan bon", "phân bón", "PHÂN BÓN"])
def test_fertilisers_are_asked_for_by_what_all_are_called(typed):
    with pytest.raises(AmbiguousCommodity) as asked:
        CATALOGUE.find(typed)

    found = {good.id for good in asked.value.candidates}
    assert found == {"phan-ure", "phan-dap", "phan-npk", "phan-kali", "phan-huu-co"}


def test_of_goods_called_alike_those_of_the_own_locality_come_first():
    for near, first in (("HG", "khom-cau-duc"), ("KG", "khom-tac-cau")):
        with pytest.raises(AmbiguousCommodity) as asked:
            CATALOGUE.find("khom", near=near)

        assert asked.value.candidates[0].id == first
        assert CATALOGUE.search("khom", near=near)[0].id == first
        assert set(asked.value.candidates) == set(CATALOGUE.search("khom"))
