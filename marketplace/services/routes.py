"""Ways between places and what they cost, asked in the words that people use."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.places import Place
from marketplace.solving.world import world_of
from marketplace.transport.atlas import Quote

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
    world = world_of(read_reference())
    start, end = world.gazetteer.resolve(origin), world.gazetteer.resolve(destination)
    goods = world.catalogue.find(commodity)
    quote = world.atlas.quote(start.id, end.id, goods, kilograms)
    return Answer(start, end, goods, kilograms, quote)
