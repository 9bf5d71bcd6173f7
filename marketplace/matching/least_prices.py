"""The prices at one end of an assignment, recovered from its pairs."""

from __future__ import annotations

import numpy as np

from marketplace.matching.pair_values import Indices, Integers, PairValues
from marketplace.matching.refuted import Refuted

_GUIDED = 100  # steps at most
_NEAREST = 4  # of those that wait every fourth
_MANY = 60  # with fewer it takes longer to choose than to look


def least_prices(
    values: PairValues, lot: Indices, need: Indices, near: Integers | None = None
) -> tuple[Integers, Integers]:
    """The duals at which lots get least and needs most, in whole đồng.

    Needs begin by taking all that their pair is worth; a lot then asks for what the best other need
    would leave it, its own need is left with less, and so on until nothing changes. This is Bellman
    and Ford's search for longest paths from "no partner", which ends after at most one step more
    than there are pairs if the pairs are optimal. Only needs whose price fell since they were last
    looked at are looked at again, so that a long chain of displacements costs one row for each of
    its steps.

    ``near`` (L,) are prices of the lots not far from duals, or those of the other end. With them those
    needs are looked at first whose lots have come nearest to these prices: as in Dijkstra's search
    with these as potentials, they will hardly change any more. Whatever these prices are, the end
    is the same.
    """
    lots, needs = values.shape
    worth = left = values.of(lot, need)
    need_price = np.zeros(needs, dtype=np.int64)
    need_price[need] = worth
    lot_price = values.best_offer(np.arange(needs), need_price)
    waiting = np.zeros(len(lot), dtype=bool)
    for step in range(len(lot) + 2 + _GUIDED):
        before, left = left, worth - lot_price[lot]
        waiting |= left < before
        pairs = waiting.nonzero()[0]
        if not len(pairs):
            break
        if near is not None and len(pairs) > _MANY and step < _GUIDED:
            pairs = _nearest(pairs, near[lot[pairs]] - lot_price[lot[pairs]])
        waiting[pairs] = False
        lot_price = np.maximum(lot_price, values.best_offer(need[pairs], left[pairs]))
    need_price[need] = left
    alone = np.ones(lots, dtype=bool)
    alone[lot] = False
    if waiting.any() or (left < 0).any() or lot_price[alone].any():
        raise Refuted("the pairs are not the best that these values allow")
    return lot_price, need_price


def _nearest(pairs: Indices, away: Integers) -> Indices:
    few = len(pairs) // _NEAREST
    nearest: Indices = pairs[np.argpartition(away, few - 1)[:few]]
    return nearest
