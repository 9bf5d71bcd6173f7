"""What we write we read back: every number, unit, price, date and place."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.numerals import readings, write
from marketplace.domain.places import Gazetteer, PlaceKind
from marketplace.domain.prices import parse_price
from marketplace.domain.quantities import (
    AmbiguousQuantity,
    parse_quantity,
    spell_base_units,
    spell_quantity,
)
from marketplace.domain.spans import spell_day

REFERENCE = read_reference()
CATALOGUE, GAZETTEER = Catalogue.from_reference(REFERENCE), Gazetteer.from_reference(REFERENCE)
GOODS = st.sampled_from([CATALOGUE.commodity(row.id) for row in REFERENCE.commodities])
BY_WEIGHT = st.sampled_from(
    [CATALOGUE.commodity(row.id) for row in REFERENCE.commodities if row.base_unit == "kg"]
)
KILOGRAMS = {"kg": 1, "ký": 1, "yến": 10, "tạ": 100, "tấn": 1_000, "T": 1_000}
ADDRESSES = [place for place in REFERENCE.places if place.kind is not PlaceKind.JUNCTION]
"""Nobody loads goods at a crossroads."""
NUMBERS = st.decimals(0, 10**12, places=3)
TODAY = date(2026, 11, 26)


def read_or_asked(written: str, commodity: Commodity) -> list[int]:
    """What it means; where it could be something else, what is offered to choose from.

    Three decimals may be thousands, and a tạ of sweet potatoes is 60 kg to some.
    """
    try:
        return [parse_quantity(written, commodity)]
    except AmbiguousQuantity as asked:
        return [reading.quantity for reading in asked.readings]


@given(NUMBERS)
def test_numbers(number: Decimal) -> None:
    assert number in readings(write(number))


@given(GOODS, st.integers(1, 10**8))
def test_quantities(commodity, quantity: int) -> None:
    assert parse_quantity(spell_base_units(quantity, commodity), commodity) == quantity
    assert parse_quantity(spell_quantity(quantity, commodity), commodity) == quantity


@given(BY_WEIGHT, st.integers(1, 10**6), st.sampled_from(sorted(KILOGRAMS)))
def test_units_of_weight(commodity, kilograms: int, unit: str) -> None:
    amount = Decimal(kilograms) / KILOGRAMS[unit]

    for written in (f"{write(amount)} {unit}", f"{write(amount)}{unit}"):
        assert kilograms in read_or_asked(written, commodity)


@given(BY_WEIGHT, st.integers(1, 10**6), st.sampled_from(sorted(KILOGRAMS)))
def test_units_of_weight_in_tenths(commodity, tenths: int, unit: str) -> None:
    amount = Decimal(tenths) / 10
    assume(amount * KILOGRAMS[unit] % 1 == 0)

    assert amount * KILOGRAMS[unit] in read_or_asked(f"{write(amount)} {unit}", commodity)


@given(BY_WEIGHT, st.integers(1_000, 10**9))
def test_prices(commodity, price: int) -> None:
    assert parse_price(f"{write(price)} đ/kg", commodity) == price


@given(st.integers(-3_000, 3_000))
def test_dates(days: int) -> None:
    day = TODAY + timedelta(days=days)

    assert parse_date(spell_day(day), TODAY) == day
    assert parse_date(f"{day:%d-%m-%Y}", TODAY) == day
    assert parse_date(day.isoformat(), TODAY) == day


@pytest.mark.parametrize("place", ADDRESSES, ids=lambda place: place.id)
def test_places(place) -> None:
    assert GAZETTEER.resolve(GAZETTEER.label(GAZETTEER.get(place.id))).id == place.id
