"""Ways between places and what they cost, asked in the words that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import DatabaseError

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Commodity
from marketplace.domain.conditions import Restriction
from marketplace.domain.errors import Rejected
from marketplace.domain.places import Place
from marketplace.domain.reference import Reference
from marketplace.models.reference import is_set_up, reference_on
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
    day: date | None
    """On which what officers have stated counts; None: by the data files alone."""
    conditions: int
    """In force on that day, anywhere."""
    restrictions: tuple[Restriction, ...]
    """That these goods meet at either end."""


def quote_route(
    origin: str, destination: str, commodity: str, kilograms: int, *, today: date | None
) -> Answer:
    """The cheapest way to bring goods from one place to another, both named as people name them.

    With what officers have stated for ``today``, where a database is set up; None: by the data files
    alone. Raises `UnknownPlace`, `AmbiguousPlace`, `UnknownCommodity`, `AmbiguousCommodity`, `NoRoute`,
    and `Rejected` where there is a database that does not answer.
    """
    if not 0 < kilograms <= MOST_KILOGRAMS:
        raise Rejected("Quantity must be more than 0, such as 25,5 tấn", field="quantity")
    day, reference = _reference(today)
    world = world_of(reference)
    start, end = world.gazetteer.resolve(origin), world.gazetteer.resolve(destination)
    goods = world.catalogue.find(commodity)
    quote = world.atlas.quote(start.id, end.id, goods, kilograms)
    return Answer(
        origin=start,
        destination=end,
        commodity=goods,
        kilograms=kilograms,
        quote=quote,
        day=day,
        conditions=len(reference.conditions),
        restrictions=world.movement.between(goods, start.id, end.id),
    )


def _reference(today: date | None) -> tuple[date | None, Reference]:
    try:
        if today is not None and is_set_up():
            return today, reference_on(today)
    except DatabaseError as error:
        raise Rejected(
            "The database does not answer, or is of another version. Try --as-data: it needs none."
        ) from error
    return None, read_reference()
