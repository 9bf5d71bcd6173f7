"""Each range of prices, proposal and runner-up is where the rules put it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.check.carriage import least_cost, weight
from marketplace.matching.check.market_prices import Reach
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

Integers = NDArray[np.int64]
_NOBODY = -1


def check_proposals(market: Market, outcome: Outcome, parts: list[Reach]) -> None:
    kinds = market.lots.commodity[outcome.matches.lot]
    for part in parts:
        rows = np.flatnonzero(kinds == part.commodity)
        if len(rows):
            at_needs, at_lots = _freights(market, outcome, part, rows)
            for k, row in enumerate(rows.tolist()):
                _check_match(market, outcome, part, row, at_needs[k], at_lots[k])


def _freights(
    market: Market, outcome: Outcome, part: Reach, rows: NDArray[np.intp]
) -> tuple[list[list[tuple[int, int]]], list[list[tuple[int, int]]]]:
    """For each match what it would cost to carry its quantity, or all that is taken or given if that
    is less, from its lot to every need and to its need from every lot: VND and base units."""
    lots, needs, matches = market.lots, market.needs, outcome.matches
    lot, need = matches.lot[rows][:, None], matches.need[rows][:, None]
    quantity = matches.quantity[rows][:, None]

    def costs(i: Integers, j: Integers, some: Integers) -> list[list[tuple[int, int]]]:
        kilograms = weight(market, part.commodity, some)
        cost = least_cost(market, part.commodity, lots.place[i], needs.place[j], kilograms)
        pairs = zip(cost.tolist(), some.tolist(), strict=True)
        return [list(zip(a, b, strict=True)) for a, b in pairs]

    return (
        costs(lot, part.needs[None, :], np.minimum(quantity, needs.quantity[part.needs])),
        costs(part.lots[None, :], need, np.minimum(quantity, lots.quantity[part.lots])),
    )


def _check_match(
    market: Market,
    outcome: Outcome,
    part: Reach,
    row: int,
    at_needs: list[tuple[int, int]],
    at_lots: list[tuple[int, int]],
) -> None:
    matches = outcome.matches
    lot, need = int(matches.lot[row]), int(matches.need[row])
    quantity, freight = int(matches.quantity[row]), int(matches.freight[row])
    ask, bid = int(market.lots.ask[lot]), int(market.needs.bid[need])
    to_seller = _needs_offer(market, outcome, part, lot, need, at_needs)
    to_buyer = _lots_offer(market, outcome, part, lot, need, at_lots, (freight, quantity))
    most = (bid * quantity - freight) // quantity
    low = max(ask, to_seller[1]) if to_seller else ask
    high = min(most, to_buyer[1]) if to_buyer else most
    if (low, high) != (int(matches.low[row]), int(matches.high[row])):
        raise Refuted(f"the range of prices of match {row} is another")
    price = int(matches.price[row])
    if price != _proposal(low, high, ask + int(outcome.lot_price[lot]), ask, most):
        raise Refuted(f"the proposed price of match {row} is another")
    for_seller = (to_seller[0], price - to_seller[1]) if to_seller else (_NOBODY, 0)
    for_buyer = (to_buyer[0], to_buyer[1] - price) if to_buyer else (_NOBODY, 0)
    if for_seller != (int(matches.second_need[row]), int(matches.seller_advantage[row])):
        raise Refuted(f"the need that came second for match {row} is another")
    if for_buyer != (int(matches.second_lot[row]), int(matches.buyer_advantage[row])):
        raise Refuted(f"the lot that came second for match {row} is another")


def _needs_offer(
    market: Market,
    outcome: Outcome,
    part: Reach,
    lot: int,
    need: int,
    costs: list[tuple[int, int]],
) -> tuple[int, int] | None:
    """The next best need and the price that the seller could get there, rounded up."""
    allowed = part.allowed[int(np.searchsorted(part.lots, lot))]
    left = (market.needs.bid - outcome.need_price)[part.needs].tolist()
    listed = market.needs.listed[part.needs].tolist()
    offers = [
        (costs[k][0] // costs[k][1] - left[k], listed[k], int(part.needs[k]))
        for k in np.flatnonzero(allowed).tolist()
        if part.needs[k] != need
    ]
    price, _, second = min(offers, default=(0, 0, _NOBODY))
    return None if second == _NOBODY else (second, -price)


def _lots_offer(
    market: Market,
    outcome: Outcome,
    part: Reach,
    lot: int,
    need: int,
    costs: list[tuple[int, int]],
    ours: tuple[int, int],
) -> tuple[int, int] | None:
    """The next best lot and the price that leaves the buyer as well off as it does, rounded down."""
    allowed = part.allowed[:, int(np.searchsorted(part.needs, need))]
    market_price = (market.lots.ask + outcome.lot_price)[part.lots].tolist()
    listed = market.lots.listed[part.lots].tolist()
    offers = [
        (market_price[k] + _difference(costs[k], ours), listed[k], int(part.lots[k]))
        for k in np.flatnonzero(allowed).tolist()
        if part.lots[k] != lot
    ]
    price, _, second = min(offers, default=(0, 0, _NOBODY))
    return None if second == _NOBODY else (second, price)


def _difference(theirs: tuple[int, int], ours: tuple[int, int]) -> int:
    """Freight per base unit less freight per base unit, rounded down once."""
    return (theirs[0] * ours[1] - ours[0] * theirs[1]) // (theirs[1] * ours[1])


def _proposal(low: int, high: int, market_price: int, ask: int, most: int) -> int:
    if low > high:
        return min(max(market_price, ask), most)
    fifties = range(-(-low // 50) * 50, high + 1, 50)
    return min(fifties, key=lambda p: (abs(2 * p - low - high), p), default=(low + high) // 2)
