"""The range of prices of each match, the proposal, and who came second on either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import NOBODY
from marketplace.matching.pairs import Block

ROUND_PRICE = 50  # VND: what people bargain in
_NONE = -(2**62)


@dataclass(frozen=True, eq=False)
class Prices:
    """One row per match; meanings as in `marketplace.matching.outcome.Matches`."""

    low: Integers
    high: Integers
    price: Integers
    second_need: Integers
    seller_advantage: Integers
    second_lot: Integers
    buyer_advantage: Integers


def prices(
    market: Market,
    block: Block,
    lot: Indices,
    need: Indices,
    quantity: Integers,
    freight: Integers,
    lot_price: Integers,
    need_price: Integers,
) -> Prices:
    """Prices of matches of one block; ``lot`` and ``need`` index the block, the duals belong to it.

    The range goes from what the seller could get from his next best need at these prices to what
    leaves the buyer as well off as with his next best lot (Shapley & Shubik 1971; Rochford 1984),
    with this match's quantity and real freight, rounded inwards to whole đồng. Whole vehicles can
    leave it empty; then the market price is proposed, as far as nobody loses.
    """
    ask = market.lots.ask[block.lots]
    bid = market.needs.bid[block.needs]
    most = (bid[need] * quantity - freight) // quantity
    for_seller, second_need = _elsewhere_for_seller(market, block, lot, need, quantity, need_price)
    for_buyer, second_lot = _elsewhere_for_buyer(market, block, lot, need, quantity, lot_price)
    low = ask[lot] + -(-np.maximum(0, for_seller) // quantity)
    high = (bid[need] * quantity - freight - np.maximum(0, for_buyer)) // quantity
    market_price = ask[lot] + lot_price[lot]
    price = np.where(low <= high, _proposal(low, high), np.clip(market_price, ask[lot], most))
    gain = (price - ask[lot]) * quantity
    left = (bid[need] - price) * quantity - freight
    return Prices(
        low=low,
        high=high,
        price=price,
        second_need=np.where(second_need == NOBODY, NOBODY, block.needs[second_need]),
        seller_advantage=np.where(second_need == NOBODY, 0, (gain - for_seller) // quantity),
        second_lot=np.where(second_lot == NOBODY, NOBODY, block.lots[second_lot]),
        buyer_advantage=np.where(second_lot == NOBODY, 0, (left - for_buyer) // quantity),
    )


def _proposal(low: Integers, high: Integers) -> Integers:
    """The multiple of 50 nearest the middle that lies inside, the lower of two; else the middle."""
    twice = low + high
    below = twice // 2 // ROUND_PRICE * ROUND_PRICE
    above = below + ROUND_PRICE
    nearer = np.where(twice - 2 * below <= 2 * above - twice, below, above)
    other = below + above - nearer
    inside = (nearer >= low) & (nearer <= high)
    other_inside = (other >= low) & (other <= high)
    return np.where(inside, nearer, np.where(other_inside, other, twice // 2))


def _elsewhere_for_seller(
    market: Market,
    block: Block,
    lot: Indices,
    need: Indices,
    quantity: Integers,
    need_price: Integers,
) -> tuple[Integers, Integers]:
    """VND that the seller would gain with all of this quantity at the next best need, and which."""
    everyone = np.arange(len(block.needs))
    cost = _freight(market, block, lot[:, None], everyone, quantity[:, None])
    bid = market.needs.bid[block.needs]
    ask = market.lots.ask[block.lots[lot]][:, None]
    gain = (bid - ask - need_price) * quantity[:, None] - cost
    return _best(gain, block.allowed[lot], need)


def _elsewhere_for_buyer(
    market: Market,
    block: Block,
    lot: Indices,
    need: Indices,
    quantity: Integers,
    lot_price: Integers,
) -> tuple[Integers, Integers]:
    """VND that the buyer would keep with all of this quantity from the next best lot, and which."""
    everyone = np.arange(len(block.lots))
    cost = _freight(market, block, everyone, need[:, None], quantity[:, None])
    ask = market.lots.ask[block.lots]
    bid = market.needs.bid[block.needs[need]][:, None]
    gain = (bid - ask - lot_price) * quantity[:, None] - cost
    return _best(gain, block.allowed.T[need], lot)


def _freight(
    market: Market, block: Block, lot: Indices, need: Indices, quantity: Integers
) -> Integers:
    return market.freight_of(block.commodity).cost(
        market.lots.place[block.lots[lot]],
        market.needs.place[block.needs[need]],
        market.kilograms(block.commodity, quantity),
    )


def _best(
    gain: Integers, allowed: NDArray[np.bool_], partner: Indices
) -> tuple[Integers, Integers]:
    """The greatest gain in each row except the partner's, and its column; the first of equals."""
    rows = np.arange(len(partner))
    others = allowed.copy()
    others[rows, partner] = False
    column = np.where(others, gain, _NONE).argmax(axis=1)
    there = others.any(axis=1)
    best = np.where(there, gain[rows, column], 0)
    return best, np.where(there, column, NOBODY)
