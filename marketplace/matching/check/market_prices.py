"""Who may trade with whom, what a base unit could gain at best, and the bound that follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.check.arrivals import open_classes
from marketplace.matching.check.carriage import least_cost, weight
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


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
    suits = _suits(market, i, j) & _fits(market, i, j)
    suits &= open_classes(market, commodity, i, j).any(axis=0)
    indivisible = market.lots.whole[i] | ~market.needs.splits[j]
    margin = np.zeros(suits.shape, dtype=np.int64)
    allowed = np.zeros(suits.shape, dtype=bool)
    a, b = np.nonzero(suits)
    margin[a, b], allowed[a, b] = _margins(market, commodity, lots[a], needs[b], indivisible[a, b])
    return Reach(commodity, lots, needs, allowed, indivisible, margin)


def _suits(market: Market, i: Integers, j: Integers) -> Flags:
    lots, needs = market.lots, market.needs
    papers = needs.certificates[j] | lots.leaving[i] | needs.entering[j]
    suits: Flags = (
        (lots.organisation[i] != needs.organisation[j])
        & lots.eligible[i]
        & needs.eligible[j]
        & (lots.grade[i] <= needs.grade[j])
        & ((lots.certificates[i] & papers) == papers)
        & (needs.takes_expected[j] | ~lots.expected[i])
    )
    return suits


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
    all_of_it = least_cost(market, commodity, lot, need, kilograms)
    down = unit * all_of_it // (per * kilograms)
    up = -(-unit * all_of_it // (per * kilograms))
    classes = open_classes(market, commodity, lot, need)
    for payload, trips, open_ in zip(
        freight.payload.tolist(), freight.trip_cost, classes, strict=True
    ):
        cost = trips[origin, destination] + freight.handling * payload
        used = open_ & (payload <= kilograms)
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
