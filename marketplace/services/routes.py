"""Ways between places and what they cost, asked in the words that people use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.places import Gazetteer, Place
from marketplace.transport.atlas import Atlas, Quote

MOST_KILOGRAMS = 10**9


@dataclass(frozen=True)
class Answer:
    """A quote with what the question was understood to mean."""

    origin: Place
    destination: Place
    commodity: Commodity
    kilograms: int
    quote: Quote


def quote_route(origin: str, destination: str, commodity: str, kilograms: int) -> Answer:
    """The cheapest way to bring goods from one place to another, both named as people name them.

    Raises `UnknownPlace`, `AmbiguousPlace`, `UnknownCommodity`, `AmbiguousCommodity`, `NoRoute`.
    """
    if not 0 < kilograms <= MOST_KILOGRAMS:
        raise Rejected("Quantity must be more than 0, such as 25,5 tấn", field="quantity")
    gazetteer, catalogue, atlas = _reference()
    start, end = gazetteer.resolve(origin), gazetteer.resolve(destination)
    goods = catalogue.find(commodity)
    return Answer(start, end, goods, kilograms, atlas.quote(start.id, end.id, goods, kilograms))


@cache
def _reference() -> tuple[Gazetteer, Catalogue, Atlas]:
    reference = read_reference()
    return (
        Gazetteer.from_reference(reference),
        Catalogue.from_reference(reference),
        Atlas.from_reference(reference),
    )
