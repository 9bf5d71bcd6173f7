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
            for_seller, for_buyer = _elsewhere(market, outcome, part, rows)
            for k, row in enumerate(rows.tolist()):
                _check_match(market, outcome, row, for_seller[k], for_buyer[k])


def _elsewhere(
    market: Market, outcome: Outcome, part: Reach, rows: NDArray[np.intp]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Per match the runner-up and the VND to be had there with this quantity, on either side."""
    lots, needs, matches = market.lots, market.needs, outcome.matches
    lot, need = matches.lot[rows][:, None], matches.need[rows][:, None]
    quantity = matches.quantity[rows][:, None]
    kilograms = weight(market, part.commodity, quantity)
    x, y = np.searchsorted(part.lots, lot[:, 0]), np.searchsorted(part.needs, need[:, 0])

    def gain(i: Integers, j: Integers, taken: Integers) -> Integers:
        cost = least_cost(market, part.commodity, lots.place[i], needs.place[j], kilograms)
        return (needs.bid[j] - lots.ask[i] - taken) * quantity - cost

    at_needs = gain(lot, part.needs[None, :], outcome.need_price[part.needs][None, :])
    at_lots = gain(part.lots[None, :], need, outcome.lot_price[part.lots][None, :])
    return (
        _second(market.needs.listed, part.needs, at_needs, part.allowed[x], y),
        _second(market.lots.listed, part.lots, at_lots, part.allowed[:, y].T, x),
    )


def _second(
    listed: Integers,
    rows: NDArray[np.intp],
    gain: Integers,
    allowed: NDArray[np.bool_],
    partner: NDArray[np.intp],
) -> list[tuple[int, int]]:
    found = []
    for k in range(len(partner)):
        others = [c for c in np.flatnonzero(allowed[k]).tolist() if c != partner[k]]
        best = max(others, key=lambda c: (gain[k, c], -listed[rows[c]]), default=None)
        found.append((_NOBODY, 0) if best is None else (int(rows[best]), int(gain[k, best])))
    return found


def _check_match(
    market: Market,
    outcome: Outcome,
    row: int,
    for_seller: tuple[int, int],
    for_buyer: tuple[int, int],
) -> None:
    matches = outcome.matches
    lot, need = int(matches.lot[row]), int(matches.need[row])
    quantity, freight = int(matches.quantity[row]), int(matches.freight[row])
    ask, bid = int(market.lots.ask[lot]), int(market.needs.bid[need])
    low = ask + -(-max(0, for_seller[1]) // quantity)
    high = (bid * quantity - freight - max(0, for_buyer[1])) // quantity
    if (low, high) != (int(matches.low[row]), int(matches.high[row])):
        raise Refuted(f"the range of prices of match {row} is another")
    price = int(matches.price[row])
    most = (bid * quantity - freight) // quantity
    if price != _proposal(low, high, ask + int(outcome.lot_price[lot]), ask, most):
        raise Refuted(f"the proposed price of match {row} is another")
    kept = (price - ask) * quantity, (bid - price) * quantity - freight
    for name, (who, gain), here in (("need", for_seller, kept[0]), ("lot", for_buyer, kept[1])):
        side = "seller" if name == "need" else "buyer"
        advantage = 0 if who == _NOBODY else (here - gain) // quantity
        stated = getattr(matches, f"second_{name}")[row], getattr(matches, f"{side}_advantage")[row]
        if stated != (who, advantage):
            raise Refuted(f"the {name} that came second for match {row} is another")


def _proposal(low: int, high: int, market_price: int, ask: int, most: int) -> int:
    if low > high:
        return min(max(market_price, ask), most)
    fifties = range(-(-low // 50) * 50, high + 1, 50)
    return min(fifties, key=lambda p: (abs(2 * p - low - high), p), default=(low + high) // 2)
