"""The range of prices of each match, the proposal, and who came second on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from marketplace.matching import journeys
from marketplace.matching.market import Flags, Indices, Integers, Market
from marketplace.matching.outcome import NOBODY
from marketplace.matching.pairs import Block

ROUND_PRICE = 50  # VND: what people bargain in
_NONE = -(2**62)
_ROOM = 2**62


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
    with real freight, at this match's quantity or all that the other takes or gives, if that is
    less. So it begins above the market price only where the next best takes another quantity or
    nothing: at the quantities that it may trade no pair gains more than its margin. Ends are
    rounded inwards to whole đồng. What is proposed lies in the middle, of which a sealed bid is only
    known by the step below it: otherwise the seller, who knows the other end where nobody else is
    there, could work the bid out. Whole vehicles can leave the range empty; then the market price
    is proposed, as far as nobody loses, by the same step.
    """
    ask, bid = market.lots.ask[block.lots[lot]], market.needs.bid[block.needs[need]]
    most = (bid * quantity - freight) // quantity
    at_needs = _price_elsewhere(market, block, lot, quantity, need_price)
    at_lots = _price_like_elsewhere(market, block, need, quantity, freight, lot_price)
    at_needs, second_need = _best(at_needs, block.allowed[lot], need, best=1)
    at_lots, second_lot = _best(at_lots, block.allowed.T[need], lot, best=-1)
    low = np.where(second_need == NOBODY, ask, np.maximum(ask, at_needs))
    high = np.where(second_lot == NOBODY, most, np.minimum(most, at_lots))
    told = (market.needs.told_low[block.needs[need]] * quantity - freight) // quantity
    middle = _proposal(low, np.minimum(high, np.maximum(low, told)))
    on_market = np.clip(ask + lot_price[lot], ask, np.maximum(ask, told))
    price = np.where(low <= high, middle, on_market)
    return Prices(
        low=low,
        high=high,
        price=price,
        second_need=np.where(second_need == NOBODY, NOBODY, block.needs[second_need]),
        seller_advantage=np.where(second_need == NOBODY, 0, price - at_needs),
        second_lot=np.where(second_lot == NOBODY, NOBODY, block.lots[second_lot]),
        buyer_advantage=np.where(second_lot == NOBODY, 0, at_lots - price),
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


def _price_elsewhere(
    market: Market, block: Block, lot: Indices, quantity: Integers, need_price: Integers
) -> Integers:
    """What the seller of each match could get from each need of the block, rounded up, (M, N)."""
    everyone = np.arange(len(block.needs))
    some = np.minimum(quantity[:, None], market.needs.quantity[block.needs])
    cost = _freight(market, block, lot[:, None], everyone, some)
    return market.needs.bid[block.needs] - need_price - cost // some


def _price_like_elsewhere(
    market: Market,
    block: Block,
    need: Indices,
    quantity: Integers,
    freight: Integers,
    lot_price: Integers,
) -> Integers:
    """The price at which the buyer is as well off as with each lot of the block, down, (M, L).

    ask + dual + its freight per base unit − ours per base unit, without rounding in between.
    """
    everyone = np.arange(len(block.lots))
    some = np.minimum(quantity[:, None], market.lots.quantity[block.lots])
    cost = _freight(market, block, everyone, need[:, None], some)
    theirs, their_rest = np.divmod(cost, some)
    ours, our_rest = (x[:, None] for x in np.divmod(freight, quantity))
    borrow = _less(their_rest, some, our_rest, quantity[:, None])
    return market.lots.ask[block.lots] + lot_price + theirs - ours - borrow


def _less(rest: Integers, whole: Integers, other_rest: Integers, other: Integers) -> Flags:
    """Where rest / whole < other_rest / other; in Python's numbers if int64 has no room."""
    less: Flags
    if int(whole.max(initial=0)) * int(other.max(initial=0)) < _ROOM:
        less = rest * other < other_rest * whole
    else:
        less = (rest.astype(object) * other < other_rest.astype(object) * whole).astype(bool)
    return less


def _freight(
    market: Market, block: Block, lot: Indices, need: Indices, quantity: Integers
) -> Integers:
    weight = market.kilograms(block.commodity, quantity)
    return journeys.cost(market, block.commodity, block.lots[lot], block.needs[need], weight)


def _best(
    price: Integers, allowed: Flags, partner: Indices, best: Literal[1, -1]
) -> tuple[Integers, Integers]:
    """The highest (lowest) price in each row except the partner's, and its column."""
    rows = np.arange(len(partner))
    others = allowed.copy()
    others[rows, partner] = False
    column = np.where(others, best * price, _NONE).argmax(axis=1)
    there = others.any(axis=1)
    return np.where(there, price[rows, column], 0), np.where(there, column, NOBODY)
