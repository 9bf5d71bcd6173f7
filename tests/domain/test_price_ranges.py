"""Prices are read as lists give them, with the unit that stands beside or above them."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.price_ranges import (
    AmbiguousPrice,
    PriceRange,
    parse_price_range,
    slipped,
    spell_price_range,
)
from marketplace.domain.quantities import UnknownWeight

CATALOGUE = Catalogue.from_reference(read_reference())
PINEAPPLE = CATALOGUE.commodity("khom-cau-duc")
PADDY = CATALOGUE.commodity("lua-om18")
PORK = CATALOGUE.commodity("heo-hoi")
EGGS = CATALOGUE.commodity("vit-trung")
SWEET_POTATO = CATALOGUE.commodity("khoai-lang")


@pytest.mark.parametrize(
    ("typed", "goods", "least", "most"),
    [
        ("7.800đ/kg", PINEAPPLE, 7_800, 7_800), ("62 nghìn", PORK, 62_000, 62_000),
        ("6.000 -6.150", PADDY, 6_000, 6_150), ("6.000-6.150 đ/kg", PADDY, 6_000, 6_150),
        ("60-65k", PORK, 60_000, 65_000), ("60 - 65 nghìn đồng/kg", PORK, 60_000, 65_000),
        ("6.000 - 6,2k", PADDY, 6_000, 6_200), ("6-6,2 nghìn", PADDY, 6_000, 6_200),
        ("từ 6.000 đến 6.150", PADDY, 6_000, 6_150), ("7.000 đ - 8.000 đ", PINEAPPLE, 7_000, 8_000),
        ("trên 7.000", PADDY, 7_000, None), ("tối đa 7.000 đ/kg", PADDY, None, 7_000),
        ("giá 7.800 đ/kg tại vườn", PINEAPPLE, 7_800, 7_800), ("7800 (tại ruộng)", PADDY, 7_800, 7_800),
        ("giá thỏa thuận", PADDY, None, None), ("", PADDY, None, None), ("TT", PADDY, None, None),
    ],
)  # fmt: skip
def test_prices_as_they_are_written(typed, goods, least, most):
    assert parse_price_range(typed, goods) == PriceRange(least, most)


@pytest.mark.parametrize(
    ("typed", "goods", "unit", "of_goods", "price"),
    [
        ("7.800", PINEAPPLE, "đ/kg", "", 7_800), ("7,8", PINEAPPLE, "1.000đ/kg", "", 7_800),
        ("7,8", PINEAPPLE, "nghìn đồng/kg", "", 7_800), ("7.800", PINEAPPLE, "tại vườn", "", 7_800),
        ("7.800", PINEAPPLE, "", "tấn", 7_800), ("7.800.000", PINEAPPLE, "", "tấn", 7_800),
        ("2.500", EGGS, "đồng/quả", "", 2_500), ("25.000", EGGS, "", "chục", 2_500),
        ("25.000", EGGS, "", "", 2_500), ("2.500", EGGS, "", "", 2_500),
        ("300.000", SWEET_POTATO, "", "", 5_000), ("5.000", SWEET_POTATO, "", "tấn", 5_000),
    ],
)  # fmt: skip
def test_of_two_units_it_is_the_one_in_which_the_price_is_usual(
    typed, goods, unit, of_goods, price
):
    found = parse_price_range(typed, goods, unit=unit, of_goods=of_goods)

    assert found == PriceRange(price, price)


def test_where_neither_unit_makes_it_usual_it_is_asked():
    with pytest.raises(AmbiguousPrice) as asked:
        parse_price_range("250", EGGS)

    assert asked.value.prices == (PriceRange(25, 25), PriceRange(250, 250))


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("abc 5 x", ""), ("7.000-6.000", ""), ("0", ""), ("-5", ""),
     ("7,8", ""), ("5\0", ""), ("9" * 9_999, "")],
)  # fmt: skip
def test_what_is_no_price_is_refused(typed, unit):
    with pytest.raises(Rejected) as refused:
        parse_price_range(typed, PINEAPPLE, unit=unit)

    assert refused.value.field == "ask"


@pytest.mark.parametrize(
    ("typed", "unit", "of_goods", "price"),
    [
        ("3.900 đ/bó", "", "", 7_800), ("3.900", "đ/bó", "", 7_800), ("78.000", "", "Thùng", 7_800),
        ("3.900", "", "kg", 3_900), ("7.800 đ/kg", "", "Bó", 7_800), ("3,9 - 4", "nghìn đ/bó", "", 7_800),
    ],
)  # fmt: skip
def test_a_price_per_holder_needs_what_it_holds(typed, unit, of_goods, price):
    weights = {"bo": "0,5 kg", "thung": "10 kg"}
    found = parse_price_range(typed, PINEAPPLE, unit=unit, of_goods=of_goods, each=weights)

    assert found.least == price


@pytest.mark.parametrize(
    ("typed", "unit", "of_goods"),
    [("3.900 đ/bó", "", ""), ("3.900", "đ/bó", ""), ("3.900", "", "Bó")],
)
def test_a_price_per_holder_of_unknown_weight_is_asked_about(typed, unit, of_goods):
    with pytest.raises(UnknownWeight):
        parse_price_range(typed, PINEAPPLE, unit=unit, of_goods=of_goods)


def test_a_price_that_a_spreadsheet_took_for_a_fraction():
    assert slipped("7,8", PINEAPPLE) == 7_800
    assert slipped("7,8123", PINEAPPLE) is None


@settings(max_examples=150, deadline=None)
@given(
    good=st.sampled_from(CATALOGUE.commodities),
    ends=st.lists(st.integers(1, 10**10), min_size=2, max_size=2),
    shape=st.sampled_from(["both", "least", "most", "same", "none"]),
)
def test_every_price_that_we_write_we_read_back(good, ends, shape):
    least, most = sorted(ends)
    price = {
        "both": PriceRange(least, most),
        "least": PriceRange(least, None),
        "most": PriceRange(None, most),
        "same": PriceRange(most, most),
        "none": PriceRange(None, None),
    }[shape]

    assert parse_price_range(spell_price_range(price, good), good) == price


@settings(max_examples=150, deadline=None)
@given(typed=st.text(max_size=40) | st.text("0123456789.,- /đếnkgđồnghìtr", max_size=25))
def test_any_text_is_a_price_or_refused(typed):
    with suppress(Rejected):
        price = parse_price_range(typed, EGGS)
        assert price.least is None or price.least > 0
