"""How much any outcome whatsoever could be worth."""

from __future__ import annotations

import numpy as np

from marketplace.matching.market import Integers, Market
from marketplace.matching.pairs import Block


def need_prices(block: Block, lot_price: Integers) -> Integers:
    """What goes with these prices of the lots: for each need the most that a lot leaves it."""
    left = np.where(block.allowed, block.margin - lot_price[:, None], 0)
    price: Integers = left.max(axis=0, initial=0)
    return price


def bound(market: Market, block: Block, lot_price: Integers) -> int:
    """VND that no outcome of this block can exceed, whatever whole prices >= 0 stand for the lots.

    A match of z base units gains at most z × margin <= z × (u + v). No lot trades more than it
    has and no need more than it wants, so all matches together gain at most sum(q u) + sum(r v):
    weak duality.
    """
    supply = market.lots.quantity[block.lots].tolist()
    demand = market.needs.quantity[block.needs].tolist()
    need_price = need_prices(block, lot_price).tolist()
    offered = sum(q * u for q, u in zip(supply, lot_price.tolist(), strict=True))
    wanted = sum(r * v for r, v in zip(demand, need_price, strict=True))
    return int(offered + wanted)
