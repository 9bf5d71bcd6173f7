"""A price without a unit: taken where one reading alone is possible, asked about where two are."""

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.bare_prices import PerhapsEach, UnclearPrice, check_each, resolve_bare
from marketplace.domain.commodities import Catalogue
from marketplace.domain.packs import parse_pack, parse_price_each
from marketplace.domain.prices import BarePrice, parse_price

CATALOGUE = Catalogue.from_reference(read_reference())
EGGS = CATALOGUE.commodity("vit-trung")  # 2.200 – 3.000 ₫ for one, priced per chục
SWEET_POTATO = CATALOGUE.commodity("khoai-lang")
PIGS = CATALOGUE.commodity("heo-hoi")  # 48.000 – 60.000 ₫/kg
DUCKS = CATALOGUE.commodity("vit-thit")


def meant(typed, beside, goods):
    with pytest.raises(BarePrice) as bare:
        parse_price(typed, goods)
    return resolve_bare(bare.value, beside, goods)


@pytest.mark.parametrize(
    ("typed", "beside", "goods", "price"),
    [
        ("2500", "5000 trứng", EGGS, 2_500),
        ("2500", "", EGGS, 2_500),
        ("25.000", "5000 trứng", EGGS, 2_500),
        ("25k", "500 chục", EGGS, 2_500),
        ("3.500", "5 nghìn trứng", EGGS, 3_500),  # a little dear; the amount says for what
        ("20.000", "500 chục", EGGS, 2_000),
        ("5.000", "3 tấn", SWEET_POTATO, 5_000),
        ("300.000", "3 tấn", SWEET_POTATO, 5_000),
    ],
)
def test_the_only_possible_reading_is_taken(typed, beside, goods, price):
    assert meant(typed, beside, goods) == price


@pytest.mark.parametrize(
    ("typed", "beside", "prices"),
    [
        ("3.500", "", [350, 3_500]),
        ("3.500", "nhiều", [350, 3_500]),
        ("250.000", "5000 trứng", [25_000, 250_000]),  # neither is usual
    ],
)
def test_where_both_or_none_are_possible_the_person_chooses(typed, beside, prices):
    with pytest.raises(UnclearPrice) as unclear:
        meant(typed, beside, EGGS)

    assert [reading.price for reading in unclear.value.readings] == prices
    assert [reading.unit for reading in unclear.value.readings] == ["chục", "trứng"]


@pytest.mark.parametrize(
    ("price", "typed", "beside", "goods", "spelled", "share"),
    [
        (5_500_000, "5500000", "20 con", PIGS, "5.500.000 đ/con", None),
        (5_500_000, "5,5tr", "20 con, mỗi con 100 kg", PIGS, "5.500.000 đ/con", 55_000),
        (180_000, "180000", "200 con, mỗi con 3 kg", DUCKS, "180.000 đ/con", 60_000),
        (900_000, "900000", "4 thùng x 16 kg", PIGS, "900.000 đ/thùng", 56_250),
    ],
)
def test_far_too_much_for_a_kilogram_is_asked_for_each(price, typed, beside, goods, spelled, share):
    with pytest.raises(PerhapsEach) as perhaps:
        check_each(price, typed, beside, parse_pack(beside, goods), goods)

    assert (perhaps.value.spelled, perhaps.value.share) == (spelled, share)


@pytest.mark.parametrize(
    ("price", "typed", "beside"),
    [
        (55_000, "55000", "20 con, mỗi con 100 kg"),
        (55_000, "55000", "20 con"),
        (5_500_000, "5500000", "2 tấn"),
        (5_500_000, "5500000/kg", "20 con, mỗi con 100 kg"),
        (5_500_000, "5500000", "20 con, mỗi con 1000 kg"),  # 5.500 ₫/kg is no price of pigs either
    ],
)
def test_nothing_is_asked_where_it_cannot_be_for_each(price, typed, beside):
    check_each(price, typed, beside, parse_pack(beside, PIGS), PIGS)


def test_a_price_for_each_bag_needs_no_further_unit():
    bags = parse_pack("100 bao x 50 kg", SWEET_POTATO)

    assert parse_price_each("250.000 đ/bao", bags, SWEET_POTATO) == 250_000
