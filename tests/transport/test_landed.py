"""Freight of many deliveries at once is the very freight of each."""

from __future__ import annotations

import random

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.transport.atlas import Atlas, NoRoute
from marketplace.transport.landed import Delivery, freight_of, per_unit

REFERENCE = read_reference()
ATLAS = Atlas.from_reference(REFERENCE)
CATALOGUE = Catalogue.from_reference(REFERENCE)


def quoted(delivery: Delivery) -> int | None:
    kilograms = delivery.commodity.kilograms(delivery.quantity)
    if kilograms is None:
        return None
    try:
        return ATLAS.quote(
            delivery.origin, delivery.destination, delivery.commodity, kilograms
        ).cost
    except NoRoute:
        return None


@pytest.mark.parametrize("seed", range(5))
def test_many_deliveries_cost_what_each_is_quoted(seed):
    chance = random.Random(seed)
    deliveries = [
        Delivery(
            chance.choice(CATALOGUE.commodities),
            chance.randint(1, 60_000),
            chance.choice(REFERENCE.places).id,
            chance.choice(REFERENCE.places).id,
        )
        for _ in range(40)
    ]

    assert freight_of(ATLAS, deliveries) == [quoted(delivery) for delivery in deliveries]


def test_no_deliveries_cost_nothing():
    assert freight_of(ATLAS, []) == []


def test_freight_per_unit_is_rounded_half_up():
    assert [per_unit(*pair) for pair in ((5, 2), (4, 3), (5, 3), (0, 7))] == [3, 1, 2, 0]
