"""By which paces goods reach a need in time and fresh enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.market import Market

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
_DAY = 1440


def arrivals(market: Market, commodity: int, lot: Integers, need: Integers) -> Flags:
    """Try every day: some day of collection arrives inside the window with enough freshness.

    (G, …) for rows of lots and needs that broadcast: one table for each pace of the vehicles.
    """
    lots, needs = market.lots, market.needs
    carriage = int(market.goods.carriage[commodity])
    origin, destination = lots.place[lot], needs.place[need]
    minutes = market.minutes[carriage][:, origin, destination]
    limit = int(market.goods.minutes[commodity])
    way = minutes >= 0
    if limit:
        way &= minutes <= limit
    days = minutes // _DAY
    from_day = np.maximum(np.maximum(lots.ready[lot], market.today), needs.first[need] - days)
    to_day = np.minimum(lots.until[lot], needs.until[need] - days)
    waiting = np.where(lots.waits[lot], 0, from_day - lots.ready[lot])
    left = lots.keeps[lot] - waiting * _DAY - minutes
    fresh = (lots.keeps[lot] == 0) | (left >= np.maximum(needs.fresh[need], 1))
    good: Flags = way & (from_day <= to_day) & fresh
    return good


def open_classes(market: Market, commodity: int, lot: Integers, need: Integers) -> Flags:
    """Which classes of vehicles make trips there that arrive in time, (K, …)."""
    freight = market.freights[int(market.goods.carriage[commodity])]
    trip = freight.trip_cost[:, market.lots.place[lot], market.needs.place[need]]
    return arrivals(market, commodity, lot, need)[freight.pace] & (trip >= 0)
