"""The prices at one end of an assignment, recovered from its pairs."""

from __future__ import annotations

import numpy as np

from marketplace.matching.pair_values import Indices, Integers, PairValues
from marketplace.matching.refuted import Refuted


def least_prices(values: PairValues, lot: Indices, need: Indices) -> tuple[Integers, Integers]:
    """The duals at which lots get least and needs most, in whole đồng.

    Needs begin by taking all that their pair is worth; a lot then asks for what the best other need
    would leave it, its own need is left with less, and so on until nothing changes. This is Bellman
    and Ford's search for longest paths from "no partner", which ends after at most one step more
    than there are pairs if the pairs are optimal. Only needs whose price fell in the last step are
    looked at again, so that a long chain of displacements costs one row for each of its steps.
    """
    lots, needs = values.shape
    worth = values.of(lot, need)
    need_price = np.zeros(needs, dtype=np.int64)
    need_price[need] = worth
    lot_price = np.zeros(lots, dtype=np.int64)
    fell = np.arange(needs)
    for _ in range(len(lot) + 2):
        lot_price = np.maximum(lot_price, values.best_offer(fell, need_price[fell]))
        left = worth - lot_price[lot]
        fell = need[left < need_price[need]]
        need_price[need] = left
        if not len(fell):
            break
    alone = np.ones(lots, dtype=bool)
    alone[lot] = False
    if len(fell) or (need_price < 0).any() or lot_price[alone].any():
        raise Refuted("the pairs are not the best that these values allow")
    return lot_price, need_price
