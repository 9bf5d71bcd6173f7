"""Who may trade with whom, what a base unit could gain at best, and the bound that follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.check.carriage import NO_ROAD, least_cost, weight
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
_DAY = 1440


@dataclass(frozen=True, eq=False)
class Reach:
    """One commodity: rows of its lots and needs, and for each pair (L, N) whether the two may
    trade, whether only the whole quantity will do, and the best gain per base unit, rounded up."""

    commodity: int
    lots: NDArray[np.intp]
    needs: NDArray[np.intp]
    allowed: Flags
    indivisible: Flags
    margin: Integers

    def allowed_pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        a, b = np.nonzero(self.allowed)
        return self.lots[a], self.needs[b]


def reach(market: Market, commodity: int) -> Reach:
    lots = np.flatnonzero((market.lots.commodity == commodity) & (market.lots.quantity > 0))
    needs = np.flatnonzero((market.needs.commodity == commodity) & (market.needs.quantity > 0))
    i, j = lots[:, None], needs[None, :]
    suits = _suits(market, i, j) & _arrives(market, commodity, i, j) & _fits(market, i, j)
    indivisible = market.lots.whole[i] | ~market.needs.splits[j]
    margin = np.zeros(suits.shape, dtype=np.int64)
    allowed = np.zeros(suits.shape, dtype=bool)
    a, b = np.nonzero(suits)
    margin[a, b], allowed[a, b] = _margins(market, commodity, lots[a], needs[b], indivisible[a, b])
    return Reach(commodity, lots, needs, allowed, indivisible, margin)


def _suits(market: Market, i: Integers, j: Integers) -> Flags:
    lots, needs = market.lots, market.needs
    suits: Flags = (
        (lots.organisation[i] != needs.organisation[j])
        & lots.eligible[i]
        & needs.eligible[j]
        & (lots.grade[i] <= needs.grade[j])
        & ((lots.certificates[i] & needs.certificates[j]) == needs.certificates[j])
    )
    return suits


def _arrives(market: Market, commodity: int, i: Integers, j: Integers) -> Flags:
    """Try every day: some day of collection arrives inside the window with enough freshness."""
    lots, needs = market.lots, market.needs
    carriage = int(market.goods.carriage[commodity])
    minutes = market.minutes[carriage][lots.place[i], needs.place[j]]
    trip = market.freights[carriage].trip_cost[:, lots.place[i], needs.place[j]]
    way = (trip != NO_ROAD).any(axis=0) & (minutes >= 0)
    limit = int(market.goods.minutes[commodity])
    if limit:
        way &= minutes <= limit
    days = minutes // _DAY
    from_day = np.maximum(np.maximum(lots.ready[i], market.today), needs.first[j] - days)
    to_day = np.minimum(lots.until[i], needs.until[j] - days)
    waiting = np.where(lots.waits[i], 0, from_day - lots.ready[i])
    left = lots.keeps[i] - waiting * _DAY - minutes
    fresh = (lots.keeps[i] == 0) | (left >= np.maximum(needs.fresh[j], 1))
    good: Flags = way & (from_day <= to_day) & fresh
    return good


def _fits(market: Market, i: Integers, j: Integers) -> Flags:
    offered, wanted = market.lots.quantity[i], market.needs.quantity[j]
    return (
        (~market.lots.whole[i] | (offered <= wanted))
        & (market.needs.splits[j] | (offered >= wanted))
        & (np.minimum(offered, wanted) >= market.needs.minimum[j])
    )


def _margins(
    market: Market, commodity: int, lot: Integers, need: Integers, indivisible: Flags
) -> tuple[Integers, Flags]:
    """The cheapest delivery per kilogram is all that the two can trade, or one full vehicle."""
    freight = market.freights[int(market.goods.carriage[commodity])]
    milligrams = int(market.goods.milligrams[commodity])
    common = int(np.gcd(milligrams, 1_000_000))
    unit, per = milligrams // common, 1_000_000 // common
    spread = market.needs.bid[need] - market.lots.ask[lot]
    most = np.minimum(market.lots.quantity[lot], market.needs.quantity[need])
    origin, destination = market.lots.place[lot], market.needs.place[need]
    kilograms = weight(market, commodity, most)
    all_of_it = least_cost(market, commodity, origin, destination, kilograms)
    down = unit * all_of_it // (per * kilograms)
    up = -(-unit * all_of_it // (per * kilograms))
    for payload, trips in zip(freight.payload.tolist(), freight.trip_cost, strict=True):
        full = trips[origin, destination]
        cost = full + freight.handling * payload
        used = (full != NO_ROAD) & (payload <= kilograms)
        down = np.where(used, np.minimum(down, unit * cost // (per * payload)), down)
        up = np.where(used, np.minimum(up, -(-unit * cost // (per * payload))), up)
    gain = spread * most - all_of_it
    margin = np.where(indivisible, -(-gain // most), spread - down)
    return margin, np.where(indivisible, gain >= 0, up <= spread)


def check_bound(market: Market, outcome: Outcome, parts: list[Reach]) -> None:
    """Weak duality in whole numbers, once for every lot and need."""
    if outcome.lot_price.shape != (len(market.lots),):
        raise Refuted("there is not one price for each lot")
    if outcome.need_price.shape != (len(market.needs),):
        raise Refuted("there is not one price for each need")
    lot_price = np.zeros(len(market.lots), dtype=np.int64)
    need_price = np.zeros(len(market.needs), dtype=np.int64)
    for part in parts:
        lot_price[part.lots] = outcome.lot_price[part.lots]
        left = np.where(part.allowed, part.margin - lot_price[part.lots][:, None], 0)
        need_price[part.needs] = np.maximum(0, left.max(axis=0))
    if (outcome.lot_price < 0).any() or (outcome.lot_price != lot_price).any():
        raise Refuted("a lot has a price below 0, or one where nobody wants its commodity")
    if (outcome.need_price != need_price).any():
        raise Refuted("the needs' prices are not what those of the lots leave them")
    offered = zip(market.lots.quantity.tolist(), lot_price.tolist(), strict=True)
    wanted = zip(market.needs.quantity.tolist(), need_price.tolist(), strict=True)
    if sum(q * u for q, u in offered) + sum(r * v for r, v in wanted) != outcome.bound:
        raise Refuted("the stated bound is not what the prices prove")
    if outcome.value > outcome.bound:
        raise Refuted("the value exceeds the bound")
