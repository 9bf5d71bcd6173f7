"""Quantities are read as people write them, and nothing is guessed in silence."""

import random
from contextlib import suppress

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.quantities import (
    AmbiguousQuantity,
    MissingUnit,
    parse_quantity,
    spell_base_units,
    spell_quantity,
)

CATALOGUE = Catalogue.from_reference(read_reference())
PINEAPPLE = CATALOGUE.commodity("khom-cau-duc")
FRY = CATALOGUE.commodity("tom-giong")
EGGS = CATALOGUE.commodity("vit-trung")
COCONUT = CATALOGUE.commodity("dua-kho")
SWEET_POTATO = CATALOGUE.commodity("khoai-lang")


@pytest.mark.parametrize(
    ("typed", "kilograms"),
    [
        ("25,5 tấn", 25_500), ("3 tạ", 300), ("1.250 kg", 1_250), ("1250kg", 1_250), ("12 ký", 12),
        ("1.250 tấn", 1_250_000), ("1.250,5 tấn", 1_250_500), ("0,25 tấn", 250), ("0.5 tấn", 500),
        ("1 tấn 2", 1_200), ("1 tấn rưỡi", 1_500), ("2 tạ rưỡi", 250), ("nửa tấn", 500),
        ("1 tấn 200 kg", 1_200), ("1 tấn 2 tạ", 1_200), ("1 tấn 250", 1_250), ("5 T", 5_000),
        ("khoảng 5 tấn", 5_000), ("~5 tấn", 5_000), ("5 TẤN.", 5_000), ("25 500 kg", 25_500),
        ("1,250,000 kg", 1_250_000), ("5 yến", 50), ("5 tan", 5_000), ("00012 kg", 12),
    ],
)  # fmt: skip
def test_weights(typed, kilograms):
    assert parse_quantity(typed, PINEAPPLE) == kilograms


@pytest.mark.parametrize(
    ("typed", "goods", "pieces"),
    [
        ("2.000 con", FRY, 2_000), ("1,5 triệu con", FRY, 1_500_000), ("2 triệu", FRY, 2_000_000),
        ("500 nghìn con", FRY, 500_000), ("2 vạn con", FRY, 20_000),
        ("2.000 trứng", EGGS, 2_000), ("100 chục", EGGS, 1_000), ("50 chục trứng", EGGS, 500),
        ("1.000 quả", EGGS, 1_000), ("500 hột", EGGS, 500), ("1 thiên", EGGS, 1_000),
        ("10 chục", COCONUT, 120), ("1.200 trái", COCONUT, 1_200),
        ("20 cặp", CATALOGUE.commodity("hoa-kieng"), 40),
        ("20 lít", CATALOGUE.commodity("mat-ong"), 20),
    ],
)  # fmt: skip
def test_pieces(typed, goods, pieces):
    assert parse_quantity(typed, goods) == pieces


@pytest.mark.parametrize(
    ("typed", "goods", "readings"),
    [
        ("1.2500 tấn", PINEAPPLE, [1_250, 12_500_000]),
        ("1,250.5 tấn", PINEAPPLE, [1_250, 1_250_500]),
        ("1,250 tấn", PINEAPPLE, [1_250, 1_250_000]),
        ("1,250 kg", PINEAPPLE, [1_250]),
        ("3 tạ", SWEET_POTATO, [180, 300]),
        ("3 chục", FRY, [30, 36]),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_back(typed, goods, readings):
    with pytest.raises(AmbiguousQuantity, match="two ways") as refused:
        parse_quantity(typed, goods)

    assert [reading.quantity for reading in refused.value.readings] == readings
    assert refused.value.field == "quantity"


def test_a_reading_chosen_is_clear():
    with pytest.raises(AmbiguousQuantity) as refused:
        parse_quantity("1,250.5 tấn", PINEAPPLE)

    for reading in refused.value.readings:
        assert parse_quantity(reading.words, PINEAPPLE) == reading.quantity


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("abc", "cannot be read"), ("", "cannot be read"), ("tấn", "cannot be read"),
        ("25500", "Write the unit too: 25.500 kg"), ("0,3333", "number and a unit"),
        ("1.5.2 tấn", "cannot be read"), ("1,5,2 tấn", "cannot be read"),
        ("0", "more than 0"), ("0 tấn", "more than 0"), ("-5", "more than 0"),
        ("−5 tấn", "more than 0"), ("0,0 kg", "more than 0"),
        ("1e9 tấn", "more than a province's harvest"),
        ("9999999999999999999999 kg", "more than a province's harvest"),
        ("5–10 tấn mỗi ngày", "per day"), ("5 tấn/tuần", "per day"),
        ("5-10 tấn", "range"), ("5 đến 10 tấn", "range"),
        ("1.250,5 kg", "whole number"), ("10 con", "counted in kg"), ("5 bao", "counted in kg"),
        ("<script>alert(1)</script>", "cannot be read"), ("🐟 5 tấn", "cannot be read"),
        ("5🐟tấn", "cannot be read"), ("5\0 tấn", "Some characters"), ("\x1b[31m5 tấn", "characters"),
        ("x" * 100_000, "Longer than"), ("9" * 100_000 + " kg", "Longer than"),
        ("5 tấn " * 8 + "xoài", "cannot be read"), ("1e99999 kg", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(typed, message):
    with pytest.raises(Rejected, match=message) as refused:
        parse_quantity(typed, PINEAPPLE)

    assert refused.value.field == "quantity"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("typed", "goods", "meant"),
    [
        ("1250", PINEAPPLE, [1_250]),
        ("25", PINEAPPLE, [25, 25_000]),
        ("25,5", PINEAPPLE, [25_500]),
        ("1250", EGGS, [1_250]),
    ],
)
def test_a_number_alone_is_asked_for_its_unit(typed, goods, meant):
    with pytest.raises(MissingUnit) as refused:
        parse_quantity(typed, goods)

    assert [reading.quantity for reading in refused.value.readings] == meant
    for reading in refused.value.readings:
        assert parse_quantity(reading.words, goods) == reading.quantity


def test_a_dot_before_one_or_two_digits_is_the_fraction():
    assert parse_quantity("25.5 tonnes", PINEAPPLE) == 25_500
    assert parse_quantity("1.25 tấn", PINEAPPLE) == 1_250


def test_eggs_are_not_sold_by_weight():
    with pytest.raises(Rejected, match="counted in trứng"):
        parse_quantity("5 kg", EGGS)


def test_quantities_are_read_back_in_words():
    assert spell_quantity(25_500, PINEAPPLE) == "25,5 tấn"
    assert spell_base_units(25_500, PINEAPPLE) == "25.500 kg"
    assert spell_quantity(850, PINEAPPLE) == "850 kg"
    assert spell_quantity(2_000, EGGS) == "2.000 trứng"


@pytest.mark.parametrize("commodity", CATALOGUE.commodities, ids=lambda c: c.id)
def test_what_is_spelled_is_read_back(commodity):
    rng = random.Random(commodity.id)
    for _ in range(40):
        quantity = rng.randint(1, 10 ** rng.randint(1, 9))
        spelled = spell_base_units(quantity, commodity)
        assert parse_quantity(spelled, commodity) == quantity
        assert parse_quantity(spell_quantity(quantity, commodity), commodity) == quantity


@pytest.mark.parametrize("seed", range(20))
def test_nothing_typed_breaks_the_reader(seed):
    rng = random.Random(seed)
    pieces = ["5", "0", ".", ",", " ", "-", "tấn", "kg", "tạ", "chục", "rưỡi", "e9", "/", "🐟", "\0",
              "nửa", "mỗi ngày", "con", "k", "١", "½", "\u0301", "x"]  # fmt: skip
    for _ in range(300):
        typed = "".join(rng.choices(pieces, k=rng.randint(0, 9)))
        for goods in (PINEAPPLE, EGGS, SWEET_POTATO):
            with suppress(Rejected):
                assert parse_quantity(typed, goods) > 0
