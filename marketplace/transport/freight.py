"""What it costs to carry a quantity: the cheapest combination of trips of whole vehicles."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marketplace.transport.combinations import KEPT, NO_ROAD, Combinations, Indices, Integers

_DEAREST_TRIP = 2**32  # VND
_LARGEST_TRIP = 2**18  # kilograms
_PACES = 62  # bits


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
    def combinations(self) -> Combinations | None:
        """All pairs of places, unless they are too many to be kept."""
        classes, *ends = self.trip_cost.shape
        if ends[0] * ends[1] > KEPT:
            return None
        return Combinations.of(self.payload, self.trip_cost.reshape(classes, -1))

    def combinations_between(self, cell: Indices) -> tuple[Combinations, Indices]:
        """The pairs of places that are asked for, and which of them each cell is."""
        classes, *ends = self.trip_cost.shape
        used = np.zeros(ends[0] * ends[1], dtype=bool)
        used[cell] = True
        combinations = Combinations.of(self.payload, self.trip_cost.reshape(classes, -1)[:, used])
        return combinations, (np.cumsum(used) - 1)[cell]

    def cost(self, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike) -> Integers:
        """VND for bringing so many kilograms from origin to destination, both ends' handling included.

        The arguments are indices and integers that broadcast. `NO_ROAD` where there is no way.
        Never less for more kilograms, and never more for a quantity than for its parts.
        """
        wanted = _Wanted.of(self, origin, destination, kilograms)
        cost = (
            wanted.full * wanted.combinations.price[wanted.pair] + self.handling * wanted.kilograms
        )
        for here, column, covering in wanted.combinations.coverings(wanted.pair, wanted.rest):
            cost[here] += covering.table[wanted.rest[here], column]
        cost[(wanted.kilograms > 0) & ~wanted.reachable] = NO_ROAD
        return cost.reshape(wanted.shape)

    def trips(self, origin: ArrayLike, destination: ArrayLike, kilograms: ArrayLike) -> Integers:
        """How many trips of each vehicle that cheapest combination has, (..., K).

        Among equally cheap combinations the one with the larger vehicles first. All 0 without a way.
        """
        wanted = _Wanted.of(self, origin, destination, kilograms)
        trips = np.zeros((wanted.pair.size, len(self.payload)), dtype=np.int64)
        for here, column, covering in wanted.combinations.coverings(wanted.pair, wanted.rest):
            trips[here] = covering.unfold(column, wanted.rest[here])
        trips[np.arange(len(trips)), wanted.combinations.best[wanted.pair]] += wanted.full
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
class _Wanted:
    """The cells of a question about freight, flat: the pair of places of each and what to carry."""

    shape: tuple[int, ...]
    kilograms: Integers  # (n,)
    combinations: Combinations
    pair: Indices  # (n,) of the combinations
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
        combinations = freight.combinations
        if combinations is None:
            combinations, pair = freight.combinations_between(pair)
        granules = -(-weight // combinations.granule)
        enough, step = combinations.enough[pair], combinations.carries[pair]
        full = np.where(granules >= enough, (granules - enough) // step + 1, 0)
        rest = np.maximum(0, granules - full * step)
        lost = ~combinations.reachable[pair]
        full[lost] = rest[lost] = 0
        return cls(a.shape, weight, combinations, pair, rest, full)

    @property
    def reachable(self) -> NDArray[np.bool_]:
        return self.combinations.reachable[self.pair]


def _refuse_weights(weight: Integers, freight: Freight) -> None:
    if not weight.size:
        return
    if weight.min() < 0:
        raise ValueError("nothing weighs less than 0 kg")
    dearest = int(freight.trip_cost.max(initial=0)) + freight.handling + 1
    if int(weight.max()) * dearest * 2 >= 2**63:
        raise OverflowError("the freight of such a weight does not fit 64 bits")
