"""How far places are from each other, and what it costs to bring goods from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.network import ROAD
from marketplace.domain.places import Place, PlaceKind
from marketplace.domain.stretches import Stage
from marketplace.models.reference import current_reference
from marketplace.solving import hits
from marketplace.solving.stages import stages_of
from marketplace.solving.world import World, world_of
from marketplace.transport.atlas import Quote

OUTSIDE = (PlaceKind.MARKET, PlaceKind.PORT, PlaceKind.BORDER)
Understood = TypeVar("Understood")


@dataclass(frozen=True)
class Leg:
    """Distance, duration and freight between two places; all None where no road is open."""

    km: float | None
    hours: float | None
    per_tonne: int | None
    by_boat: bool = False
    """What carries most of it, as kilometres and hours are those of that."""


@dataclass(frozen=True)
class Matrix:
    """Seats of the seven in rows, other places in columns."""

    origins: Sequence[Place]
    destinations: Sequence[Place]
    legs: Sequence[Sequence[Leg]]


@dataclass(frozen=True)
class Distances:
    """Between the seven seats, and from them to markets, ports and border gates."""

    goods: Commodity
    kilograms: int
    seats: Matrix
    outside: Matrix


@dataclass(frozen=True)
class Stop:
    """A place on the way and the stretch that begins there, joined while the road stays the same."""

    place: str
    road: str
    km: float
    hours: float
    mode: str = ROAD
    papers: tuple[str, ...] = ()
    """What priority lanes on it ask to carry."""


@dataclass(frozen=True)
class Way:
    """A quote and how the way runs."""

    origin: Place
    destination: Place
    goods: Commodity
    quote: Quote
    stops: tuple[Stop, ...]
    """The last one is the place of arrival."""
    stages: tuple[Stage, ...]
    """The same by road and water, to be drawn."""
    other: tuple[Stage, ...]
    """The way of `Quote.alternative`, if there is one."""
    other_stops: tuple[Stop, ...]
    """The same in words."""


def distances(goods: str, kilograms: int) -> Distances:
    """Freight is that of ``kilograms`` of the goods in one delivery, as `flask route` gives it.

    Raises `UnknownCommodity` or `AmbiguousCommodity`.
    """
    world = _world()
    commodity = world.catalogue.find(goods)
    seats = [world.gazetteer.get(locality.seat) for locality in world.reference.localities]
    outside = [place for place in world.gazetteer.places if place.kind in OUTSIDE]
    return Distances(
        commodity,
        kilograms,
        _matrix(world, commodity, kilograms, seats, seats),
        _matrix(world, commodity, kilograms, seats, outside),
    )


def way(origin: str, destination: str, goods: str, kilograms: int) -> Way:
    """The cheapest way between places that people named. `Rejected` names the field at fault."""
    world = _world()
    start = _understood(world.gazetteer.resolve, origin, "origin")
    end = _understood(world.gazetteer.resolve, destination, "destination")
    commodity = _understood(world.catalogue.find, goods, "goods")
    quote = world.atlas.quote(start.id, end.id, commodity, kilograms)
    other = quote.alternative
    return Way(
        start,
        end,
        commodity,
        quote,
        tuple(_stops(world, quote, start, end)),
        stages_of(world.reference, quote.route),
        stages_of(world.reference, other.route) if other else (),
        tuple(_stops(world, other, start, end)) if other else (),
    )


def hindered(origin: str, destination: str, goods: str, kilograms: int) -> tuple[hits.Stop, ...]:
    """What stops the way that would be taken if nothing held today; as `way` otherwise."""
    world = _world()
    start, end = world.gazetteer.resolve(origin), world.gazetteer.resolve(destination)
    return hits.hindering(world, start.id, end.id, world.catalogue.find(goods), kilograms)


def _world() -> World:
    return world_of(current_reference())


def _understood(read: Callable[[str], Understood], typed: str, field: str) -> Understood:
    try:
        return read(typed)
    except Rejected as error:
        raise Rejected(error.reason, field=field, **error.params) from error


def _matrix(
    world: World,
    goods: Commodity,
    kilograms: int,
    origins: Sequence[Place],
    destinations: Sequence[Place],
) -> Matrix:
    a, b = [place.id for place in origins], [place.id for place in destinations]
    km, hours = world.atlas.distance(a, b)
    freight = world.atlas.freight(goods.transport_need, goods.group, a, b)
    rows = [[row] * len(b) for row in range(len(a))]
    columns = [list(range(len(b))) for _ in a]
    cost = freight.cost(rows, columns, kilograms)
    trips = freight.trips(rows, columns, kilograms) * freight.payload
    legs = [
        [_leg(*figures, kilograms) for figures in zip(*line, strict=True)]
        for line in zip(km.tolist(), hours.tolist(), cost.tolist(), strict=True)
    ]
    for row, column in np.argwhere(_mostly_by_boat(freight.vehicles, trips)).tolist():
        vehicle = freight.vehicles[int(trips[row, column].argmax())]
        route = world.atlas.route(a[row], b[column], vehicle)
        by_boat = replace(legs[row][column], km=route.km, hours=route.hours, by_boat=True)
        legs[row][column] = by_boat
    return Matrix(origins, destinations, legs)


def _mostly_by_boat(vehicles: Sequence[str], carried: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(A, B) of kilograms by class, (A, B, K)."""
    boats = np.array([vehicle.startswith("boat") for vehicle in vehicles])
    most: NDArray[np.bool_] = carried[..., boats].sum(axis=2) > carried[..., ~boats].sum(axis=2)
    return most


def _leg(km: float, hours: float, cost: int, kilograms: int) -> Leg:
    if cost < 0:
        return Leg(None, None, None)
    return Leg(km, hours, (2000 * cost + kilograms) // (2 * kilograms))


def _stops(world: World, quote: Quote, start: Place, end: Place) -> list[Stop]:
    names = world.node_names | {start.id: start.name, end.id: end.name}
    joined: list[Stop] = []
    for link in quote.route.links:
        km, hours = link.metres / 1000, link.seconds / 3600
        papers = (link.paper,) if link.paper else ()
        if joined and (joined[-1].road, joined[-1].mode) == (link.road, link.mode):
            last = joined.pop()
            papers = tuple(dict.fromkeys((*last.papers, *papers)))
            last = replace(last, km=last.km + km, hours=last.hours + hours, papers=papers)
            joined.append(last)
        else:
            joined.append(Stop(names[link.start], link.road, km, hours, link.mode, papers))
    return [*joined, Stop(end.name, "", 0, 0)]
