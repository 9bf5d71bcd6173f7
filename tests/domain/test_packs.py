"""Amounts by the piece of goods that are weighed: by the head, the bag, the bottle; prices for each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import write
from marketplace.domain.packs import Pack, heads_told, is_price_each, parse_pack, parse_price_each

CATALOGUE = Catalogue.from_reference(read_reference())
PIG, COW = CATALOGUE.commodity("heo-hoi"), CATALOGUE.commodity("bo-thit")
UREA, PIGLET = CATALOGUE.commodity("phan-ure"), CATALOGUE.commodity("heo-giong")


@pytest.mark.parametrize(
    "typed",
    [
        "50 con, mỗi con 98 kg",
        "50 CON x 98kg",
        "khoảng 50 con × 98 kg",
        "50 con (98 kg/con)",
        "50 con 98 kg mỗi con",
        "50 con, mỗi con nặng khoảng 98 kí",
        "50 con, cộng 4.900 kg",
        "50 con = 4,9 tấn",
    ],
)
def test_animals_are_told_by_the_head(typed: str) -> None:
    assert parse_pack(typed, PIG) == Pack(50, "con", 4_900)
    assert heads_told(typed, PIG) == 50


@pytest.mark.parametrize(
    "typed",
    [
        "50 con",  # what does one weigh?
        "50 con 98 kg",  # each, or together?
        "0 con x 98 kg",
        "50 con x 0 kg",
        "50 con x 1,250 kg",  # read in two ways
        "5-6 con x 98 kg",
        "50 con x 98 ngày",
        "98 kg",
        "con x kg",
        "9" * 200 + " con x 98 kg",
        "",
    ],
)
def test_what_is_not_clear_is_not_guessed(typed: str) -> None:
    assert parse_pack(typed, PIG) is None


def test_bags_are_no_animals_and_goods_counted_by_the_piece_need_no_weight() -> None:
    assert parse_pack("100 bao x 50 kg", UREA) == Pack(100, "bao", 5_000)
    assert heads_told("100 bao x 50 kg", UREA) is None
    assert parse_pack("80 con, mỗi con 15 kg", PIGLET) is None


def test_a_price_for_each_becomes_one_per_kilogram() -> None:
    cows = Pack(3, "con", 1_050)

    for typed in ("25 triệu/con", "25.000.000 đ mỗi con", "25tr/con"):
        assert parse_price_each(typed, cows, COW) == 25_000_000
    assert cows.share(25_000_000) == 71_429
    assert parse_price_each("70.000/kg", cows, COW) is None
    assert parse_price_each("25 triệu/bao", cows, COW) is None
    assert parse_price_each("thỏa thuận/con", cows, COW) is None
    assert is_price_each("25 triệu/con", COW)
    assert not is_price_each("70.000/kg", COW)
    with pytest.raises(Rejected):
        parse_price_each("-5/con", cows, COW)


@given(st.integers(1, 10_000), st.integers(1, 900), st.integers(100, 90_000))
def test_what_is_said_of_all_of_them_and_of_each_agrees(heads: int, each: int, ask: int) -> None:
    said = parse_pack(f"{write(heads)} con, mỗi con {write(each)} kg", PIG)

    assert said == Pack(heads, "con", heads * each)
    assert said == parse_pack(f"{write(heads)} con, cộng {write(heads * each)} kg", PIG)
    assert said is not None
    assert said.share(ask * each) == ask


def test_a_number_of_animals_alone_says_how_many_there_are() -> None:
    assert heads_told("khoảng 1.200 con", PIG) == 1_200
    assert heads_told("50", PIG) is None
    assert heads_told("5 tấn", PIG) is None
    assert heads_told("50-60 con", PIG) is None
