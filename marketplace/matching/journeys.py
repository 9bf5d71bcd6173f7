"""Which vehicles bring goods from a lot to a need in time, and what the cheapest of their trips cost.

Classes of vehicles that are equally fast keep to one *pace*: all trucks to one, large boats to
another. A pair may use exactly the classes whose pace arrives in time, and its freight is the
cheapest combination of their trips. Arguments ``lot`` and ``need`` are rows of the market that
broadcast, all of one commodity.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marketplace.matching.market import MINUTES_A_DAY, NO_LIMIT, Flags, Indices, Integers, Market
from marketplace.matching.obstacles import Obstacle, mark
from marketplace.transport.freight import Freight

_FAR = 2**40  # minutes


def obstacles(market: Market, commodity: int, lot: Indices, need: Indices) -> Integers:
    """0 where some pace arrives in time; else what stands in the way of the fastest one there is."""
    each = _of_each_pace(market, commodity, lot, need)
    if len(each) > 1:
        told = _of_pace(each, _fastest(market, commodity, lot, need))
        return np.where((each == 0).any(axis=0), 0, told)
    alone: Integers = each[0]
    return alone


def minutes(market: Market, commodity: int, lot: Indices, need: Indices) -> Integers:
    """Of the fastest vehicles that have a way there."""
    of_paces = market.minutes[int(market.goods.carriage[commodity])][
        :, market.lots.place[lot], market.needs.place[need]
    ]
    if len(of_paces) > 1:
        return _of_pace(of_paces, _fastest(market, commodity, lot, need))
    alone: Integers = of_paces[0]
    return alone


def cost(
    market: Market, commodity: int, lot: Indices, need: Indices, kilograms: Integers
) -> Integers:
    """VND for the cheapest trips of the pair's vehicles, as `Freight.cost`.

    Where no vehicle arrives in time: with those of the fastest pace, of which the obstacles tell.
    """
    freight = market.freight_of(commodity)
    if market.paces(commodity) == 1:
        return freight.cost(market.lots.place[lot], market.needs.place[need], kilograms)
    lot, need, kilograms = np.broadcast_arrays(lot, need, kilograms)
    found = np.empty(lot.shape, dtype=np.int64)
    for here, part, ends in _parts(market, commodity, lot, need):
        found[here] = part.cost(*ends, kilograms[here])
    return found


def trips(
    market: Market, commodity: int, lot: Indices, need: Indices, kilograms: Integers
) -> Integers:
    """How many trips of each class that are, (..., K), as `Freight.trips`."""
    freight = market.freight_of(commodity)
    if market.paces(commodity) == 1:
        return freight.trips(market.lots.place[lot], market.needs.place[need], kilograms)
    lot, need, kilograms = np.broadcast_arrays(lot, need, kilograms)
    found = np.empty((*lot.shape, len(freight.payload)), dtype=np.int64)
    for here, part, ends in _parts(market, commodity, lot, need):
        found[here] = part.trips(*ends, kilograms[here])
    return found


def cheapest_per_kilogram(
    market: Market, commodity: int, lot: Indices, need: Indices, kilograms: Integers
) -> tuple[Integers, Integers]:
    """Cost and weight of the cheapest delivery of no more than so many kilograms, as in `Freight`."""
    freight = market.freight_of(commodity)
    if market.paces(commodity) == 1:
        ends = market.lots.place[lot], market.needs.place[need]
        return freight.cheapest_per_kilogram(*ends, kilograms)
    lot, need, kilograms = np.broadcast_arrays(lot, need, kilograms)
    price, weight = (np.empty(lot.shape, dtype=np.int64) for _ in range(2))
    for here, part, ends in _parts(market, commodity, lot, need):
        price[here], weight[here] = part.cheapest_per_kilogram(*ends, kilograms[here])
    return price, weight


def _parts(
    market: Market, commodity: int, lot: Indices, need: Indices
) -> Iterator[tuple[Flags, Freight, tuple[Indices, Indices]]]:
    """Pairs that may use the same paces, the freight of these alone, and the pairs' places."""
    freight = market.freight_of(commodity)
    paces = _paces(market, commodity, lot, need)
    for bits in np.unique(paces).tolist():
        here = paces == bits
        ends = market.lots.place[lot[here]], market.needs.place[need[here]]
        yield here, freight.only(bits), ends


def _paces(market: Market, commodity: int, lot: Indices, need: Indices) -> Integers:
    """The bit of each pace that arrives in time; of the fastest alone if none does."""
    each = _of_each_pace(market, commodity, lot, need)
    bit = (1 << np.arange(len(each))).reshape(-1, *[1] * (each.ndim - 1))
    paces: Integers = np.where(each == 0, bit, 0).sum(axis=0)
    late = paces == 0
    if late.any():
        paces[late] = 1 << _fastest(market, commodity, lot[late], need[late])
    return paces


def _minutes(market: Market, commodity: int, lot: Indices, need: Indices) -> Integers:
    """By pace, (G, …), -1 where no vehicle that keeps to it has a way."""
    carriage = int(market.goods.carriage[commodity])
    table: Integers = market.open_minutes[carriage][
        :, market.lots.place[lot], market.needs.place[need]
    ]
    return table


def _fastest(market: Market, commodity: int, lot: Indices, need: Indices) -> Indices:
    """The pace that is first there, of those that have a way."""
    of_paces = _minutes(market, commodity, lot, need)
    first: Indices = np.where(of_paces < 0, _FAR, of_paces).argmin(axis=0)
    return first


def _of_pace(table: Integers, pace: Indices) -> Integers:
    found: Integers = np.take_along_axis(table, pace[None], axis=0)[0]
    return found


def _of_each_pace(market: Market, commodity: int, lot: Indices, need: Indices) -> Integers:
    """The way there, and a day on which goods leave, arrive inside the window and are still fresh.

    (G, …) bits of `Obstacle`, at most one for each pace.

    Goods leave in the morning: a journey of less than 24 hours arrives on the same day. Freshness
    is best on the first day of collection that arrives in the window, so only that day is tried.
    """
    lots, needs = market.lots, market.needs
    travels = _minutes(market, commodity, lot, need)
    no_route = travels < 0
    days = travels // MINUTES_A_DAY
    ready, keeps = lots.ready[lot], lots.keeps[lot]
    leaves = np.maximum(np.maximum(ready, market.today), needs.first[need] - days)
    late = leaves > np.minimum(lots.until[lot], needs.until[need] - days)
    waited = np.where(lots.waits[lot], 0, leaves - ready) * MINUTES_A_DAY
    left = keeps - waited - travels
    stale = (keeps != NO_LIMIT) & ((left <= 0) | (left < needs.fresh[need]))
    limit = market.goods.minutes[commodity]
    too_far = (limit != NO_LIMIT) & (travels > limit)
    return (
        mark(no_route, Obstacle.NO_ROUTE)
        | mark(late & ~no_route, Obstacle.WINDOW)
        | mark((stale | too_far) & ~late & ~no_route, Obstacle.FRESHNESS)
    )
