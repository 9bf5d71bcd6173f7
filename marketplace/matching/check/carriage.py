"""Weight of goods and the least that any trips can carry it for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.check.arrivals import arrivals, open_classes
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

if TYPE_CHECKING:
    from marketplace.transport.freight import Freight

Integers = NDArray[np.int64]
Paces = tuple[bool, ...]
"""Of each pace whether it is in time."""

NO_ROAD = -1
_CELLS = 4_000_000  # of a table that is kept
_ROOM = 2  # times what is asked for, so that the next question need not count again
_STEP = 2  # times the largest vehicle: by then costs often repeat themselves
_NEVER = 2**44


def weight(market: Market, commodity: int, quantity: Integers) -> Integers:
    """Kilograms, rounded up."""
    return -(-quantity * int(market.goods.milligrams[commodity]) // 1_000_000)


def least_cost(
    market: Market, commodity: int, lot: Integers, need: Integers, kilograms: Integers
) -> Integers:
    """VND for the cheapest trips that carry so much and arrive in time, handling included.

    ``lot`` and ``need`` are rows that broadcast. `NO_ROAD` where no vehicle can do it.
    """
    freight = market.freights[int(market.goods.carriage[commodity])]
    lot, need, kilograms = np.broadcast_arrays(lot, need, kilograms)
    way = market.lots.place[lot] * freight.trip_cost.shape[2] + market.needs.place[need]
    cost = np.empty(lot.shape, dtype=np.int64)
    for paces, here in _alike(market, commodity, lot, need):
        weighs = kilograms[here]
        trips, column = _trips(freight, paces, way[here], int(weighs.max(initial=0)))
        least = trips.cost(column, weighs) + freight.handling * weighs
        cost[here] = np.where(trips.closed[column], NO_ROAD, least)
    return cost


def _alike(
    market: Market, commodity: int, lot: Integers, need: Integers
) -> Iterator[tuple[Paces, NDArray[np.bool_]]]:
    """Pairs to which the same paces are open; with a single pace there is nothing to choose."""
    if len(market.minutes[int(market.goods.carriage[commodity])]) == 1:
        yield (True,), np.ones(lot.shape, dtype=bool)
        return
    in_time = arrivals(market, commodity, lot, need)
    number = np.zeros(lot.shape, dtype=np.int64)
    for pace, arrives in enumerate(in_time):
        number += arrives * np.int64(1 << pace)
    for one in np.unique(number).tolist():
        yield tuple(bool(one >> pace & 1) for pace in range(len(in_time))), number == one


@dataclass(frozen=True, eq=False)
class _Trips:
    """The least that trips cost on P ways: a table (H + 1, P) of VND for 0 … H granules.

    A granule is what all payloads are multiples of. Beyond the table costs repeat themselves: so
    many granules more as the class carries that is cheapest per granule (``carries``, (P,)), and
    its ``price`` more.
    """

    granule: int
    table: Integers
    carries: Integers
    price: Integers
    closed: NDArray[np.bool_]
    repeats: bool

    def answers(self, kilograms: int) -> bool:
        return self.repeats or kilograms <= (len(self.table) - 1) * self.granule

    def cost(self, way: NDArray[np.intp], kilograms: Integers) -> Integers:
        granules = -(-kilograms // self.granule)
        most, carries = len(self.table) - 1, self.carries[way]
        further = np.maximum(0, -(-(granules - most) // carries))
        cost: Integers = self.table[granules - further * carries, way] + further * self.price[way]
        return cost


_kept: WeakKeyDictionary[Freight, dict[Paces, _Trips]] = WeakKeyDictionary()
"""What is asked a thousand times of one freight is counted once."""


def _trips(
    freight: Freight, paces: Paces, way: NDArray[np.intp], most: int
) -> tuple[_Trips, NDArray[np.intp]]:
    """For all ways if that can be kept, else for those that are asked for; and which one each is."""
    in_time = np.array(paces)[freight.pace]
    classes = np.flatnonzero(in_time) if in_time.any() else np.arange(len(in_time))
    payload, costs = freight.payload[classes], freight.trip_cost[classes]
    costs = np.where(in_time.any(), costs, NO_ROAD).reshape(len(classes), -1)
    granules, kept = -(-most // int(np.gcd.reduce(payload))), _kept.setdefault(freight, {})
    highest = _CELLS // max(1, costs.shape[1])
    known = kept.get(paces)
    if known is None or (not known.answers(most) and len(known.table) <= highest):
        known = kept[paces] = _table_of(payload, costs, min(_ROOM * granules, highest))
    if known.answers(most):
        return known, way
    ways, index = np.unique(way, return_inverse=True)
    return _table_of(payload, costs[:, ways], granules), index


def _table_of(payload: Integers, costs: Integers, last: int) -> _Trips:
    """Until it repeats itself or up to ``last`` granules.

    It does when over as many granules as the largest vehicle carries each cost is that of
    ``carries`` granules fewer and ``price``: every further cost is the least over the vehicles of a
    trip and a cost at most that far back, so it repeats as well.
    """
    granule = int(np.gcd.reduce(payload))
    size, closed = payload // granule, (costs == NO_ROAD).all(axis=0)
    trip = np.where(costs == NO_ROAD, _NEVER, costs)
    every, best = np.arange(trip.shape[1]), np.zeros(trip.shape[1], dtype=np.intp)
    for k in range(1, len(size)):
        best = np.where(trip[k] * size[best] <= trip[best, every] * size[k], k, best)
    carries, price = np.where(closed, 1, size[best]), np.where(closed, 0, trip[best, every])
    table = np.zeros((1, trip.shape[1]), dtype=np.int64)
    repeats = False
    while len(table) <= last and not repeats:
        table = _longer(table, size, trip, min(len(table) + _STEP * int(size.max()), last))
        repeats = bool((_repeats(table, size, carries, price) | closed).all())
    return _Trips(granule, table, carries, price, closed, repeats)


def _longer(table: Integers, size: Integers, trip: Integers, most: int) -> Integers:
    first, longer = len(table), np.zeros((most + 1, table.shape[1]), dtype=np.int64)
    longer[:first] = table
    for granules in range(first, most + 1):
        longer[granules] = (trip + longer[np.maximum(0, granules - size)]).min(axis=0)
    capped: Integers = np.minimum(longer, _NEVER)
    return capped


def _repeats(
    table: Integers, size: Integers, carries: Integers, price: Integers
) -> NDArray[np.bool_]:
    window, last = int(size.max()), len(table)
    if last < 2 * window:
        return np.zeros(table.shape[1], dtype=bool)
    every, rows = np.arange(table.shape[1]), np.arange(last - window, last)[:, None]
    before = table[rows - carries, every] + price
    same: NDArray[np.bool_] = (table[last - window :] == before).all(axis=0)
    return same


def check_freight(market: Market, outcome: Outcome) -> None:
    """The trips carry the weight at the stated cost, nothing does for less, and nobody loses."""
    matches, lots, needs = outcome.matches, market.lots, market.needs
    gain = (needs.bid[matches.need] - lots.ask[matches.lot]) * matches.quantity - matches.freight
    kinds = lots.commodity[matches.lot]
    for commodity in np.unique(kinds).tolist():
        _check_trips(market, outcome, commodity, np.flatnonzero(kinds == commodity))
    if (gain < 0).any():
        raise Refuted(f"match {int(np.argmax(gain < 0))} trades at a loss")
    if sum(gain.tolist()) != outcome.value:
        raise Refuted("the stated value is not what the matches gain")


def _check_trips(market: Market, outcome: Outcome, commodity: int, rows: NDArray[np.intp]) -> None:
    matches = outcome.matches
    freight = market.freights[int(market.goods.carriage[commodity])]
    lot, need = matches.lot[rows], matches.need[rows]
    kilograms = weight(market, commodity, matches.quantity[rows])
    vehicles = len(freight.payload)
    trips, beyond = matches.trips[rows][:, :vehicles], matches.trips[rows][:, vehicles:]
    one = freight.trip_cost[:, market.lots.place[lot], market.needs.place[need]].T
    made = open_classes(market, commodity, lot, need).T
    if (trips < 0).any() or beyond.any() or ((trips > 0) & ~made).any():
        raise Refuted("a match goes by trips that nobody can make in time")
    short = (trips * freight.payload).sum(axis=1) < kilograms
    if short.any():
        raise Refuted(f"the trips of match {int(rows[np.argmax(short)])} do not carry its weight")
    cost = (trips * one).sum(axis=1) + freight.handling * kilograms
    least = least_cost(market, commodity, lot, need, kilograms)
    wrong = (cost != least) | (cost != matches.freight[rows])
    if wrong.any():
        raise Refuted(f"the freight of match {int(rows[np.argmax(wrong)])} is another")
