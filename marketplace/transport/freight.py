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
        for here, column, covering in wanted.ways.coverings(wanted.pair, wanted.rest):
            cost[here] += covering.table[wanted.rest[here], column]
        cost[(wanted.kilograms > 0) & ~wanted.reachable] = NO_ROAD
        return cost.reshape(wanted.shape)

    def trips(self, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike) -> Integers:
        """How many trips of each vehicle that cheapest combination has, (..., K).

        Among equally cheap combinations the one with the larger vehicles first. All 0 without a way.
        """
        wanted = _Wanted.of(self, origin, destination, kilograms)
        trips = np.zeros((wanted.pair.size, len(self.payload)), dtype=np.int64)
        for here, column, covering in wanted.ways.coverings(wanted.pair, wanted.rest):
            trips[here] = covering.unfold(column, wanted.rest[here])
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

    def coverings(
        self, pair: Indices, granules: Integers
    ) -> Iterator[tuple[Indices, Indices, _Covering]]:
        """Which of the cells each table answers, the column of each of these in it, the table.

        Pairs that need tables of about the same height stand in one. They grow with what is asked
        and are kept for the next question, unless they are too large.
        """
        for level in np.unique(self._level[pair]).tolist():
            here = np.flatnonzero(self._level[pair] == level)
            height = int(granules[here].max())
            kept = self._keep(level, height)
            if kept is not None:
                yield here, self._column[pair[here]], kept
                continue
            used, column = np.unique(pair[here], return_inverse=True)
            width = max(1, _CELLS // (height + 1))
            for first in range(0, len(used), width):
                inside = (column >= first) & (column < first + width)
                covering = self._covering(used[first : first + width], height)
                yield here[inside], column[inside] - first, covering

    def _keep(self, level: int, height: int) -> _Covering | None:
        """The kept table of a level, at least so high; None if it is too large to be kept."""
        kept, (complete, pairs) = self._kept.get(level), self._levels[level]
        if kept is not None and len(kept.table) > height:
            return kept
        others = sum(one.table.size for known, one in self._kept.items() if known != level)
        height = min(complete, 2 ** int(height).bit_length())
        if others + (height + 1) * len(pairs) > _KEPT:
            return None
        self._kept[level] = self._covering(pairs, height)
        return self._kept[level]

    def _covering(self, pairs: Indices, height: int) -> _Covering:
        trip = self.trip[:, pairs]
        return _Covering(self.size, trip, _table(self.size, trip, height))

    @cached_property
    def _kept(self) -> dict[int, _Covering]:
        return {}

    @cached_property
    def _level(self) -> Integers:
        """(P,) the power of two that what is left for the table stays below."""
        complete = np.where(self.reachable, self.enough + self.carries, 1)
        return np.ceil(np.log2(complete)).astype(np.int64)

    @cached_property
    def _levels(self) -> dict[int, tuple[int, Indices]]:
        """Of each level the height at which its table is complete, and its pairs."""
        levels = np.unique(self._level).tolist()
        return {level: (2**level, np.flatnonzero(self._level == level)) for level in levels}

    @cached_property
    def _column(self) -> Indices:
        """(P,) where each pair stands among those of its level."""
        column = np.empty(len(self.best), dtype=np.intp)
        for _, pairs in self._levels.values():
            column[pairs] = np.arange(len(pairs))
        return column


@dataclass(frozen=True, eq=False)
class _Covering:
    """The cheapest ways to cover n granules with trips, for P pairs of places.

    ``size`` (K,) granules per trip, ``trip`` (K, P) VND, ``table`` (N + 1, P) VND for covering
    0 … N granules.
    """

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

    @classmethod
    def of(
        cls, freight: Freight, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike
    ) -> _Wanted:
        a, b, kg = np.broadcast_arrays(origin, destination, kilograms)
        weight = kg.astype(np.int64).ravel()
        _refuse_weights(weight, freight)
        pair = np.ravel_multi_index((a.ravel(), b.ravel()), freight.trip_cost.shape[1:])
        ways = freight.ways
        if ways is None:
            ways, pair = freight.ways_between(pair)
        granules = -(-weight // ways.granule)
        enough, step = ways.enough[pair], ways.carries[pair]
        full = np.where(granules >= enough, (granules - enough) // step + 1, 0)
        rest = np.maximum(0, granules - full * step)
        lost = ~ways.reachable[pair]
        full[lost] = rest[lost] = 0
        return cls(a.shape, weight, ways, pair, rest, full)

    @property
    def reachable(self) -> NDArray[np.bool_]:
        return self.ways.reachable[self.pair]


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

    Let the best class carry B granules for c, and another one p granules for C, which is e = C - c p / B
    more than at the best price. Of the cheapest combinations take one with the most trips of the best
    class. Then its other trips

    * cost together less than c (B - 1) / B more than at the best price, for ceil(S / B) trips of the best
      class carry the S granules that they carry, for at most c (S + B - 1) / B;
    * are fewer than B / gcd(B, p) of each class, for so many carry a multiple of B;
    * are fewer than B in all, for among B trips some carry together a multiple of B (pigeonhole on the
      sums of the first 1, 2, … of them).

    The most that they can carry under the first two is a knapsack whose items may be cut: the best
    bargains first (Dantzig 1957).
    """
    columns = np.arange(trip.shape[1])
    carries, costs = size[best], trip[best, columns]
    other = np.arange(len(size))[:, None] != best
    dearer = (trip * carries - costs * size[:, None]) / carries  # exact until it is divided
    fewer = np.where(other, carries // np.gcd(carries, size[:, None]) - 1, 0)
    bargains = np.argsort(np.where(other, dearer / size[:, None], np.inf), axis=0)
    left, carried = costs * (carries - 1) / carries, np.zeros(len(columns))
    for k in bargains:
        price = dearer[k, columns]
        trips = np.minimum(fewer[k, columns], left / np.maximum(price, 2**-20))
        carried += trips * size[k]
        left = np.maximum(left - trips * price, 0.0)
    by_count = (carries - 1) * np.where(other, size[:, None], 0).max(axis=0)
    limit: Integers = np.ceil(np.minimum(carried * (1 + 2**-30), by_count)).astype(np.int64)
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
