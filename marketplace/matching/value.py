"""What it is worth to let one load of a lot and one of a need meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching import journeys
from marketplace.matching.loads import Loads
from marketplace.matching.market import Indices, Integers, Market
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
    lot_kinds, of_lot = _kinds(lot_loads)
    need_kinds, of_need = _kinds(need_loads)
    tables = _values_of_kinds(market, block, lot_kinds, need_kinds)
    return LoadValues(*(table[of_lot][:, of_need] for table in tables))


def _kinds(loads: Loads) -> tuple[Loads, Indices]:
    """Loads of one owner and quantity stand together and are alike; which kind each one is."""
    new = np.ones(len(loads), dtype=bool)
    new[1:] = (np.diff(loads.owner) != 0) | (np.diff(loads.quantity) != 0)
    return Loads(loads.owner[new], loads.quantity[new]), np.cumsum(new) - 1


def _values_of_kinds(
    market: Market, block: Block, lot_loads: Loads, need_loads: Loads
) -> tuple[Integers, Integers, Integers]:
    lots, needs = market.lots, market.needs
    rows = np.searchsorted(block.lots, lot_loads.owner)
    columns = np.searchsorted(block.needs, need_loads.owner)
    a, b = np.nonzero((block.allowed & ~block.fixed)[rows][:, columns])
    i, j = lot_loads.owner[a], need_loads.owner[b]
    quantity = np.minimum(lot_loads.quantity[a], need_loads.quantity[b])
    left = need_loads.quantity[b] - quantity
    fits = (quantity >= needs.minimum[j]) & ((left == 0) | (left >= needs.minimum[j]))
    a, b, i, j, quantity = a[fits], b[fits], i[fits], j[fits], quantity[fits]
    weight = market.kilograms(block.commodity, quantity)
    cost = journeys.cost(market, block.commodity, i, j, weight)
    value = quantity * (needs.bid[j] - lots.ask[i]) - cost
    rank = value + weight * credit_per_kilogram(market, i, j)
    good = value >= 0
    cells = a[good], b[good]
    table = np.zeros((3, len(lot_loads), len(need_loads)), dtype=np.int64)
    table[0][cells], table[1][cells], table[2][cells] = quantity[good], value[good], rank[good]
    return table[0], table[1], table[2]


def credit_per_kilogram(market: Market, lot: Integers, need: Integers) -> Integers:
    """All credits together of pairs of a lot and a need, rows of the market."""
    unnamed = market.lots.reference[lot].astype(np.int64) + market.needs.reference[need]
    credit = market.credit + market.lots.soon[lot] + market.lots.waited[lot]
    return _where_unnamed(credit, unnamed)


def table_of_credits(market: Market, credit: Integers, lot: Integers, need: Integers) -> Integers:
    """This ``credit`` of each lot (A,) with each need (B,), (A, B)."""
    unnamed = market.lots.reference[lot].astype(np.int64)[:, None] + np.arange(2)
    return _where_unnamed(credit[:, None], unnamed)[:, market.needs.reference[need].astype(np.intp)]


def _where_unnamed(credit: Integers, prices: Integers) -> Integers:
    """A quarter less for each of the two ``prices`` that nobody named."""
    return np.asarray(credit * (4 - prices) // 4, dtype=np.int64)
