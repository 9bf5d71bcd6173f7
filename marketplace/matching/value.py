"""What it is worth to let one load of a lot and one of a need meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.loads import Loads
from marketplace.matching.market import Integers, Market
from marketplace.matching.pairs import Block


@dataclass(frozen=True, eq=False)
class LoadValues:
    """For each load of a lot and each of a need, (A, B); 0 where the two may not meet.

    quantity : base units that would change hands
    value : VND that both sides together gain
    rank : the same with the credit
    """

    quantity: Integers
    value: Integers
    rank: Integers


def load_values(market: Market, block: Block, lot_loads: Loads, need_loads: Loads) -> LoadValues:
    """Loads of the block's lots and needs, whose owners are the market's rows.

    kg × (bid − ask) − freight of the smaller of the two loads. No pair at a loss, none below the
    need's smallest acceptable quantity, none that would leave open less than that.
    """
    lots, needs = market.lots, market.needs
    shape = len(lot_loads), len(need_loads)
    rows = np.searchsorted(block.lots, lot_loads.owner)
    columns = np.searchsorted(block.needs, need_loads.owner)
    a, b = np.nonzero((block.allowed & ~block.fixed)[rows][:, columns])
    i, j = lot_loads.owner[a], need_loads.owner[b]
    quantity = np.minimum(lot_loads.quantity[a], need_loads.quantity[b])
    left = need_loads.quantity[b] - quantity
    fits = (quantity >= needs.minimum[j]) & ((left == 0) | (left >= needs.minimum[j]))
    a, b, i, j, quantity = a[fits], b[fits], i[fits], j[fits], quantity[fits]
    weight = market.kilograms(block.commodity, quantity)
    cost = market.freight_of(block.commodity).cost(lots.place[i], needs.place[j], weight)
    value = quantity * (needs.bid[j] - lots.ask[i]) - cost
    rank = value + weight * credit_per_kilogram(market, i, j)
    table = LoadValues(*(np.zeros(shape, dtype=np.int64) for _ in range(3)))
    good = value >= 0
    table.quantity[a[good], b[good]] = quantity[good]
    table.value[a[good], b[good]] = value[good]
    table.rank[a[good], b[good]] = rank[good]
    return table


def credit_per_kilogram(market: Market, lot: Integers, need: Integers) -> Integers:
    """The market's credit, a quarter less for each of the two prices that nobody named."""
    quarters = 4 - market.lots.reference[lot].astype(np.int64) - market.needs.reference[need]
    return np.asarray(market.credit * quarters // 4, dtype=np.int64)
