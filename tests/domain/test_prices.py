"""Prices are read as people write them, per base unit, and slips of a zero are noticed."""

import random
from contextlib import suppress

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.prices import UnusualPrice, check_usual, parse_price

CATALOGUE = Catalogue.from_reference(read_reference())
PINEAPPLE = CATALOGUE.commodity("khom-cau-duc")
EGGS = CATALOGUE.commodity("vit-trung")
SWEET_POTATO = CATALOGUE.commodity("khoai-lang")
POMELO = CATALOGUE.commodity("buoi-nam-roi")


@pytest.mark.parametrize(
    "typed",
    [
        "7.800", "7800", "7800 đ/kg", "7.800đ", "7.800 đồng/kg", "7.800 ₫/kg", "7.800 VND/kg",
        "7,8 nghìn", "7.8 nghìn", "7,8k", "7k8", "7 ngàn 8", "7,800", "7,8 triệu/tấn", "7.800 mỗi kg",
    ],
)  # fmt: skip
def test_one_price_in_many_spellings(typed):
    assert parse_price(typed, PINEAPPLE) == 7_800


@pytest.mark.parametrize(
    "typed", ["", " ", "-", "thỏa thuận", "Thoả thuận", "giá thỏa thuận", "TT"]
)
def test_a_price_may_be_left_to_be_agreed(typed):
    assert parse_price(typed, PINEAPPLE) is None


@pytest.mark.parametrize(
    ("typed", "goods", "price"),
    [
        ("25.000 đ/chục", EGGS, 2_500),
        ("25k/chục", EGGS, 2_500),
        ("2.500 đ/quả", EGGS, 2_500),
        ("300.000 đ/tạ 60 kg", SWEET_POTATO, 5_000),
        ("5.000/kg", SWEET_POTATO, 5_000),
        ("200.000 đ/tạ 60 kg", SWEET_POTATO, 3_333),
        ("1,2 triệu", CATALOGUE.commodity("cua-gach"), 1_200_000),
        ("1 triệu rưỡi", CATALOGUE.commodity("cua-gach"), 1_500_000),
    ],
)
def test_prices_are_per_base_unit(typed, goods, price):
    assert parse_price(typed, goods) == price


@pytest.mark.parametrize(
    ("typed", "goods", "message"),
    [
        ("abc", PINEAPPLE, "no price"), ("65-70k", PINEAPPLE, "no price"), ("1e9", PINEAPPLE, "no"),
        ("7.8", PINEAPPLE, "no price"),
        ("7.800,5", PINEAPPLE, "no price"), ("7 xe", PINEAPPLE, "no price"),
        ("0", PINEAPPLE, "more than 0"), ("-5", PINEAPPLE, "more than 0"),
        ("25.000", EGGS, "priced per chục"), ("300.000 đ/tạ", SWEET_POTATO, "priced per tạ 60 kg"),
        ("\0", PINEAPPLE, "characters"), ("9" * 100_000, PINEAPPLE, "Longer"),
        ("9" * 30, PINEAPPLE, "no price"), ("🐟", PINEAPPLE, "no price"),
        ("<script>", PINEAPPLE, "no price"),
    ],
)  # fmt: skip
def test_what_is_no_price_is_refused(typed, goods, message):
    with pytest.raises(Rejected, match=message) as refused:
        parse_price(typed, goods, field="bid")

    assert refused.value.field == "bid"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("price", "suggested"),
    [
        (115_000, 11_500),
        (250_001, 25_000),
        (1_150, 11_500),
        (900, 9_000),
        (115, 11_500),
        (12, 12_000),
    ],
)
def test_a_slip_of_a_zero_is_noticed(price, suggested):
    with pytest.raises(UnusualPrice, match=r"usually 9\.000 – 25\.000 ₫/kg") as refused:
        check_usual(price, POMELO)

    assert refused.value.suggested == suggested


def test_no_price_is_offered_where_none_with_other_zeros_is_usual():
    with pytest.raises(UnusualPrice, match=r"Check the price\.") as refused:
        check_usual(150_000, PINEAPPLE)

    assert refused.value.suggested is None


@pytest.mark.parametrize("commodity", CATALOGUE.commodities, ids=lambda c: c.id)
def test_usual_prices_are_usual_and_ten_times_outside_is_not(commodity):
    for price in (commodity.ask_low, commodity.usual_ask, commodity.ask_high):
        check_usual(price, commodity)
    for price in (10 * commodity.ask_high + 1, (commodity.ask_low - 1) // 10):
        with pytest.raises(UnusualPrice):
            check_usual(price, commodity)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_typed_breaks_the_reader(seed):
    rng = random.Random(seed)
    pieces = [
        "5",
        "0",
        ".",
        ",",
        " ",
        "-",
        "k",
        "tr",
        "đ",
        "₫",
        "/",
        "kg",
        "chục",
        "rưỡi",
        "🐟",
        "\0",
    ]
    for _ in range(300):
        typed = "".join(rng.choices(pieces, k=rng.randint(0, 9)))
        for goods in (PINEAPPLE, EGGS, SWEET_POTATO):
            with suppress(Rejected):
                price = parse_price(typed, goods)
                assert price is None or price > 0
