"""What it costs to carry a quantity: the cheapest combination of trips of whole vehicles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_ROAD = -1
_DEAREST_TRIP = 2**32  # VND
_LARGEST_TRIP = 2**18  # kilograms
_NEVER = 2**44  # what a trip costs that nobody can make; times the largest payload inside int64
_CELLS = 4_000_000  # cells of a table of combinations that are held in memory at once
_PACES = 62  # bits
_KEPT = 4_000_000  # cells of a table that is kept for the next question

Integers = NDArray[np.int64]
Indices = NDArray[np.intp]


def _one_pace() -> Integers:
    """Stands for zeros until the freight is made."""
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Freight:
    """The tariff of one transport need between A origins and B destinations.

    Vehicles, surcharge and payload factor are applied already. Attributes:

    vehicles : (K,) names, as ``28t``
    payload : (K,) kilograms that one trip carries
    trip_cost : (K, A, B) VND for one trip, `NO_ROAD` where there is no way for that vehicle
    handling : VND per kilogram for loading and unloading together
    pace : (K,) which of G tables of minutes each class keeps to; one for all if it is left out
    """

    vehicles: tuple[str, ...]
    payload: Integers
    trip_cost: Integers
    handling: int
    pace: Integers = field(default_factory=_one_pace)

    def __post_init__(self) -> None:
        if not len(self.pace):
            object.__setattr__(self, "pace", np.zeros(len(self.payload), dtype=np.int64))
        if self.trip_cost.ndim != 3 or not (
            len(self.vehicles) == len(self.payload) == len(self.trip_cost)
        ):
            raise ValueError("trip_cost must be (vehicles, origins, destinations)")
        if not (len(self.payload) and self.payload.min() > 0) or (np.diff(self.payload) < 0).any():
            raise ValueError("payloads must be positive and ascend")
        if self.payload.max() >= _LARGEST_TRIP or self.trip_cost.max(initial=0) >= _DEAREST_TRIP:
            raise ValueError("such trips are beyond what is counted exactly")
        if self.trip_cost.min(initial=0) < NO_ROAD or self.handling < 0:
            raise ValueError("nothing costs less than 0 VND")
        if self.pace.shape != self.payload.shape or not (self.pace >= 0).all():
            raise ValueError("each vehicle keeps to one pace")
        if self.pace.max() >= _PACES:
            raise ValueError("such many paces are beyond what is told apart")

    def only(self, paces: int) -> Freight:
        """The same freight without the vehicles whose pace has no bit in ``paces``.

        They stay among the classes, without a way. What is asked for again is kept.
        """
        open_ = (paces >> self.pace) & 1 == 1
        if open_.all():
            return self
        if paces not in self._parts:
            trip_cost = np.where(open_[:, None, None], self.trip_cost, NO_ROAD)
            self._parts[paces] = replace(self, trip_cost=trip_cost)
        return self._parts[paces]

    @cached_property
    def _parts(self) -> dict[int, Freight]:
        return {}

    @cached_property
    def ways(self) -> _Ways | None:
        """All pairs of places, unless they are too many to be kept."""
        classes, *ends = self.trip_cost.shape
        if ends[0] * ends[1] > _KEPT:
            return None
        return _Ways.of(self.payload, self.trip_cost.reshape(classes, -1))

    @cached_property
    def covering(self) -> _Covering | None:
        """What answers every question, unless it is too large to be kept."""
        if self.ways is None or (self.ways.height + 1) * len(self.ways.best) > _KEPT:
            return None
        return self.ways.covering(0, len(self.ways.best), self.ways.height)

    def ways_between(self, cell: Indices) -> tuple[_Ways, Indices]:
        """The pairs of places that are asked for, and which of them each cell is."""
        classes, *ends = self.trip_cost.shape
        used = np.zeros(ends[0] * ends[1], dtype=bool)
        used[cell] = True
        ways = _Ways.of(self.payload, self.trip_cost.reshape(classes, -1)[:, used])
        return ways, (np.cumsum(used) - 1)[cell]

    def cost(self, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike) -> Integers:
        """VND for bringing so many kilograms from origin to destination, both ends' handling included.

        The arguments are indices and integers that broadcast. `NO_ROAD` where there is no way.
        Never less for more kilograms, and never more for a quantity than for its parts.
        """
        wanted = _Wanted.of(self, origin, destination, kilograms)
        cost = wanted.full * wanted.ways.price[wanted.pair] + self.handling * wanted.kilograms
        for here, covering in wanted.parts():
            cost[here] += covering.table[wanted.rest[here], wanted.pair[here] - covering.first]
        cost[(wanted.kilograms > 0) & ~wanted.reachable] = NO_ROAD
        return cost.reshape(wanted.shape)

    def trips(self, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike) -> Integers:
        """How many trips of each vehicle that cheapest combination has, (..., K).

        Among equally cheap combinations the one with the larger vehicles first. All 0 without a way.
        """
        wanted = _Wanted.of(self, origin, destination, kilograms)
        trips = np.zeros((wanted.pair.size, len(self.payload)), dtype=np.int64)
        for here, covering in wanted.parts():
            trips[here] = covering.unfold(wanted.pair[here] - covering.first, wanted.rest[here])
        trips[np.arange(len(trips)), wanted.ways.best[wanted.pair]] += wanted.full
        trips[~wanted.reachable] = 0
        return trips.reshape((*wanted.shape, len(self.payload)))

    def cheapest_per_kilogram(
        self, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike
    ) -> tuple[Integers, Integers]:
        """Cost and weight of the delivery of 1 … ``kilograms`` that is cheapest per kilogram.

        That is ``kilograms`` itself or one full vehicle that carries no more. Proof: let trips with
        costs c and payloads p be the cheapest way to carry q <= ``kilograms``. Then
        cost / q >= sum(c) / sum(p) >= c' / p' for the trip in it that is cheapest per kilogram. If
        p' <= ``kilograms``, that vehicle alone, full, is no dearer per kilogram. If p' is larger, it
        carries all ``kilograms`` for c' <= cost, again no dearer per kilogram. Handling is the same
        for every kilogram. By the same steps the winner's trip is the cheapest way to carry it.
        """
        shape = np.broadcast_shapes(*(np.shape(x) for x in (origin, destination, kilograms)))
        a, b, most = (np.broadcast_to(x, shape) for x in (origin, destination, kilograms))
        weight = np.array(most, dtype=np.int64)
        if weight.size and weight.min() < 1:
            raise ValueError("there is no delivery of less than one kilogram")
        whole = self.cost(a, b, weight)
        no_road = whole == NO_ROAD
        cost = whole - self.handling * weight
        for payload, price in zip(self.payload, self.trip_cost, strict=True):
            trip = price[a, b]
            better = (payload <= most) & (trip != NO_ROAD) & (trip * weight < cost * payload)
            cost = np.where(better, trip, cost)
            weight = np.where(better, payload, weight)
        cost = np.where(no_road, NO_ROAD, cost + self.handling * weight)
        return cost, weight


@dataclass(frozen=True, eq=False)
class _Ways:
    """P pairs of places, and for each what one trip of every vehicle costs.

    Attributes:

    granule : kilograms that all payloads are multiples of
    size : (K,) granules per trip
    trip : (K, P) VND, `_NEVER` where there is no way
    best, carries, price : (P,) the class that is cheapest per granule, its size, its trip
    enough : (P,) from how many granules on a trip of that class is part of the cheapest way
    reachable : (P,)
    """

    granule: int
    size: Integers
    trip: Integers
    best: Indices
    carries: Integers
    price: Integers
    enough: Integers
    reachable: NDArray[np.bool_]

    @classmethod
    def of(cls, payload: Integers, trip_cost: Integers) -> _Ways:
        granule = int(np.gcd.reduce(payload))
        size = payload // granule
        trip = np.where(trip_cost == NO_ROAD, _NEVER, trip_cost)
        best = _cheapest_class(size, trip)
        return cls(
            granule=granule,
            size=size,
            trip=trip,
            best=best,
            carries=size[best],
            price=trip[best, np.arange(trip.shape[1])],
            enough=_where_the_best_class_is_needed(size, trip, best),
            reachable=(trip_cost != NO_ROAD).any(axis=0),
        )

    @property
    def height(self) -> int:
        """Granules beyond which a trip of the best class is always part of it."""
        return int((self.enough + self.carries)[self.reachable].max(initial=0))

    def covering(self, first: int, last: int, height: int) -> _Covering:
        part = slice(first, last)
        table = _table(self.size, self.trip[:, part], height)
        return _Covering(first, self.size, self.trip[:, part], table)


@dataclass(frozen=True, eq=False)
class _Covering:
    """The cheapest ways to cover n granules with trips, for pairs of places from ``first`` on.

    ``size`` (K,) granules per trip, ``trip`` (K, P) VND, ``table`` (N + 1, P) VND for covering
    0 … N granules.
    """

    first: int
    size: Integers
    trip: Integers
    table: Integers

    def unfold(self, pair: Indices, granules: Integers) -> Integers:
        """The trips of each class behind the cells (granules, pair) of the table, (len(pair), K)."""
        trips = np.zeros((len(pair), len(self.size)), dtype=np.int64)
        left = granules.copy()
        while (open_ := np.flatnonzero(left > 0)).size:
            here, now = pair[open_], left[open_]
            after = np.maximum(0, now - self.size[:, None])
            total = self.trip[:, here] + self.table[after, here]
            fits = total == self.table[now, here]
            largest = len(self.size) - 1 - np.argmax(fits[::-1], axis=0)
            trips[open_, largest] += 1
            left[open_] = after[largest, np.arange(len(open_))]
        return trips


@dataclass(frozen=True, eq=False)
class _Wanted:
    """The cells of a question about freight, flat: the pair of places of each and what to carry."""

    shape: tuple[int, ...]
    kilograms: Integers  # (n,)
    ways: _Ways
    pair: Indices  # (n,) of the ways
    rest: Integers  # (n,) granules that the cheapest combination of any trips carries, and
    full: Integers  # (n,) trips of the best class beside it
    known: _Covering | None  # of all the ways, to any height

    @classmethod
    def of(
        cls, freight: Freight, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike
    ) -> _Wanted:
        a, b, kg = np.broadcast_arrays(origin, destination, kilograms)
        weight = kg.astype(np.int64).ravel()
        _refuse_weights(weight, freight)
        pair = np.ravel_multi_index((a.ravel(), b.ravel()), freight.trip_cost.shape[1:])
        ways, known = freight.ways, freight.covering
        if ways is None or known is None:
            ways, pair = freight.ways_between(pair)
        granules = -(-weight // ways.granule)
        enough, step = ways.enough[pair], ways.carries[pair]
        full = np.where(granules >= enough, (granules - enough) // step + 1, 0)
        rest = np.maximum(0, granules - full * step)
        lost = ~ways.reachable[pair]
        full[lost] = rest[lost] = 0
        return cls(a.shape, weight, ways, pair, rest, full, known)

    @property
    def reachable(self) -> NDArray[np.bool_]:
        return self.ways.reachable[self.pair]

    def parts(self) -> Iterator[tuple[Indices, _Covering]]:
        """Cells, and the table that answers them."""
        if self.known is not None:
            yield np.arange(self.pair.size), self.known
            return
        height = int(self.rest.max(initial=0))
        width = max(1, _CELLS // (height + 1))
        for first in range(0, len(self.ways.best), width):
            here = np.flatnonzero((self.pair >= first) & (self.pair < first + width))
            yield here, self.ways.covering(first, first + width, height)


def _refuse_weights(weight: Integers, freight: Freight) -> None:
    if not weight.size:
        return
    if weight.min() < 0:
        raise ValueError("nothing weighs less than 0 kg")
    dearest = int(freight.trip_cost.max(initial=0)) + freight.handling + 1
    if int(weight.max()) * dearest * 2 >= 2**63:
        raise OverflowError("the freight of such a weight does not fit 64 bits")


def _cheapest_class(size: Integers, trip: Integers) -> Indices:
    """The class with the least cost per granule for each pair (P,), the larger of equals."""
    best = np.zeros(trip.shape[1], dtype=np.intp)
    columns = np.arange(trip.shape[1])
    for k in range(1, len(size)):
        better = trip[k] * size[best] <= trip[best, columns] * size[k]
        best = np.where(better, k, best)
    return best


def _where_the_best_class_is_needed(size: Integers, trip: Integers, best: Indices) -> Integers:
    """From how many granules on some cheapest combination has a trip of the best class, (P,).

    Let the best class carry B granules for c, and let a combination carry S granules by other classes.
    Two arguments, each enough:

    * If S >= c (B - 1) p / (C B - c p) for each other class (p granules for C), the other trips cost at
      least c (S + B - 1) / B, so ceil(S / B) trips of the best class are no dearer.
    * Among any B trips of other classes some carry together a multiple of B (pigeonhole on the sums of
      the first 1, 2, … of them), so trips of the best class can replace these.

    So the others carry less than the smaller of the two limits; who wants more needs the best class.
    """
    columns = np.arange(trip.shape[1])
    carries, costs = size[best], trip[best, columns]
    other = np.arange(len(size))[:, None] != best
    excess = trip * carries - costs * size[:, None]  # 0 for one that is as cheap per granule
    slope = costs.astype(np.float64) * (carries - 1) * size[:, None]
    by_price = np.where(other, slope / np.maximum(excess, 2**-40), 0).max(axis=0)
    by_count = (carries - 1) * np.where(other, size[:, None], 0).max(axis=0)
    limit: Integers = np.ceil(np.minimum(by_price * (1 + 2**-40), by_count)).astype(np.int64)
    return limit + 1


def _table(size: Integers, trip: Integers, height: int) -> Integers:
    """Least VND for covering 0 … height granules, (height + 1, P)."""
    table = np.zeros((height + 1, trip.shape[1]), dtype=np.int64)
    for n in range(1, height + 1):
        row = table[n]
        np.add(trip[0], table[max(0, n - int(size[0]))], out=row)
        for k in range(1, len(size)):
            np.minimum(row, trip[k] + table[max(0, n - int(size[k]))], out=row)
    return table
