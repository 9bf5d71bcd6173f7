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
_WORST = -(2**62)
_CELLS = 1_000_000  # matches × counterparts that are looked at together

_STATED = (
    "lot",
    "need",
    "quantity",
    "freight",
    "low",
    "high",
    "price",
    "second_need",
    "seller_advantage",
    "second_lot",
    "buyer_advantage",
)

Offer = tuple[int, int] | None
"""Who, and at which price."""


def check_proposals(market: Market, outcome: Outcome, parts: list[Reach]) -> None:
    kinds = market.lots.commodity[outcome.matches.lot]
    for part in parts:
        rows = np.flatnonzero(kinds == part.commodity)
        few = max(1, _CELLS // max(len(part.lots), len(part.needs)))
        for first in range(0, len(rows), few):
            _check_matches(market, outcome, part, rows[first : first + few])


def _check_matches(market: Market, outcome: Outcome, part: Reach, rows: NDArray[np.intp]) -> None:
    matches = outcome.matches
    to_seller = _needs_offer(market, outcome, part, rows)
    to_buyer = _lots_offer(market, outcome, part, rows)
    stated = zip(*(getattr(matches, name)[rows].tolist() for name in _STATED), strict=True)
    for row, seller, buyer, said in zip(rows.tolist(), to_seller, to_buyer, stated, strict=True):
        _check_match(market, outcome, row, seller, buyer, said)


def _check_match(
    market: Market,
    outcome: Outcome,
    row: int,
    to_seller: Offer,
    to_buyer: Offer,
    said: tuple[int, ...],
) -> None:
    lot, need, quantity, freight, stated_low, stated_high, price, *second = said
    ask, bid = int(market.lots.ask[lot]), int(market.needs.bid[need])
    most = (bid * quantity - freight) // quantity
    low = max(ask, to_seller[1]) if to_seller else ask
    high = min(most, to_buyer[1]) if to_buyer else most
    if (low, high) != (stated_low, stated_high):
        raise Refuted(f"the range of prices of match {row} is another")
    told = (int(market.needs.told_low[need]) * quantity - freight) // quantity
    if price != _proposal(low, high, ask + int(outcome.lot_price[lot]), ask, told):
        raise Refuted(f"the proposed price of match {row} is another")
    for_seller = [to_seller[0], price - to_seller[1]] if to_seller else [_NOBODY, 0]
    for_buyer = [to_buyer[0], to_buyer[1] - price] if to_buyer else [_NOBODY, 0]
    if for_seller != second[:2]:
        raise Refuted(f"the need that came second for match {row} is another")
    if for_buyer != second[2:]:
        raise Refuted(f"the lot that came second for match {row} is another")


def _needs_offer(
    market: Market, outcome: Outcome, part: Reach, rows: NDArray[np.intp]
) -> list[Offer]:
    """The next best need and the price that the seller could get there, rounded up."""
    lot, needs = outcome.matches.lot[rows], _by_listing(part.needs, market.needs.listed)
    some = np.minimum(outcome.matches.quantity[rows][:, None], market.needs.quantity[needs])
    cost = _cost(market, part, lot[:, None], needs, some)
    price = (market.needs.bid - outcome.need_price)[needs] - cost // some
    allowed = part.allowed[np.searchsorted(part.lots, lot)][:, np.searchsorted(part.needs, needs)]
    others = allowed & (needs != outcome.matches.need[rows][:, None])
    best = np.where(others, price, _WORST).argmax(axis=1)
    return _offers(others, price, best, needs)


def _lots_offer(
    market: Market, outcome: Outcome, part: Reach, rows: NDArray[np.intp]
) -> list[Offer]:
    """The next best lot and the price that leaves the buyer as well off as it does, rounded down."""
    need, lots = outcome.matches.need[rows], _by_listing(part.lots, market.lots.listed)
    quantity, freight = outcome.matches.quantity[rows], outcome.matches.freight[rows]
    some = np.minimum(quantity[:, None], market.lots.quantity[lots])
    cost = _cost(market, part, lots, need[:, None], some)
    dearer = _difference(cost, some, freight[:, None], quantity[:, None])
    price = (market.lots.ask + outcome.lot_price)[lots] + dearer
    allowed = part.allowed[np.searchsorted(part.lots, lots)]
    others = allowed[:, np.searchsorted(part.needs, need)].T & (
        lots != outcome.matches.lot[rows][:, None]
    )
    best = np.where(others, price, -_WORST).argmin(axis=1)
    return _offers(others, price, best, lots)


def _by_listing(rows: NDArray[np.intp], listed: Integers) -> NDArray[np.intp]:
    """Among equals the one that is listed first comes second for a match."""
    return rows[np.argsort(listed[rows])]


def _cost(
    market: Market, part: Reach, lot: Integers, need: Integers, quantity: Integers
) -> Integers:
    return least_cost(market, part.commodity, lot, need, weight(market, part.commodity, quantity))


def _offers(
    others: NDArray[np.bool_], price: Integers, best: NDArray[np.intp], who: NDArray[np.intp]
) -> list[Offer]:
    there = others[np.arange(len(best)), best].tolist()
    prices = price[np.arange(len(best)), best].tolist()
    told = zip(there, who[best].tolist(), prices, strict=True)
    return [(row, offer) if one else None for one, row, offer in told]


def _difference(cost: Integers, some: Integers, freight: Integers, quantity: Integers) -> Integers:
    """Freight per base unit less freight per base unit, rounded down once."""
    dearest = max(int(abs(cost).max(initial=0)), int(freight.max(initial=0)))
    largest = max(int(some.max(initial=1)), int(quantity.max(initial=1)))
    if dearest * largest * 2 >= 2**63 or largest * largest >= 2**63:
        cost, some = cost.astype(object), some.astype(object)
        freight, quantity = freight.astype(object), quantity.astype(object)
    exact = (cost * quantity - freight * some) // (some * quantity)
    return np.asarray(exact, dtype=np.int64)


def _proposal(low: int, high: int, market_price: int, ask: int, told: int) -> int:
    """``told`` is what the bid leaves after freight, of a sealed one the step below it."""
    if low > high:
        return max(ask, min(market_price, told))
    if told < high:
        high = told if told > low else low
    fifties = range(-(-low // 50) * 50, high + 1, 50)
    return min(fifties, key=lambda p: (abs(2 * p - low - high), p), default=(low + high) // 2)
