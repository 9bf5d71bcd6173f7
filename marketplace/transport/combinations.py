"""Combinations of whole vehicles: what is cheapest for every quantity between pairs of places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NO_ROAD = -1
KEPT = 4_000_000
"""Cells of a table that is kept for the next question."""
_NEVER = 2**44  # what a trip costs that nobody can make; times the largest payload inside int64
_CELLS = 4_000_000  # cells of a table of combinations that are held in memory at once

Integers = NDArray[np.int64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Combinations:
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
    def of(cls, payload: Integers, trip_cost: Integers) -> Combinations:
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
    ) -> Iterator[tuple[Indices, Indices, Covering]]:
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

    def _keep(self, level: int, height: int) -> Covering | None:
        """The kept table of a level, at least so high; None if it is too large to be kept."""
        kept, (complete, pairs) = self._kept.get(level), self._levels[level]
        if kept is not None and len(kept.table) > height:
            return kept
        others = sum(one.table.size for known, one in self._kept.items() if known != level)
        height = min(complete, 2 ** int(height).bit_length())
        if others + (height + 1) * len(pairs) > KEPT:
            return None
        self._kept[level] = self._covering(pairs, height)
        return self._kept[level]

    def _covering(self, pairs: Indices, height: int) -> Covering:
        trip = self.trip[:, pairs]
        return Covering(self.size, trip, _table(self.size, trip, height))

    @cached_property
    def _kept(self) -> dict[int, Covering]:
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
class Covering:
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
    at_once = int(size.min())  # rows of which none builds on another
    for first in range(1, height + 1, at_once):
        rows = table[first : first + at_once]
        after = np.maximum(0, np.arange(first, first + len(rows)) - size[:, None])
        (trip[:, None] + table[after]).min(axis=0, out=rows)
    return table
