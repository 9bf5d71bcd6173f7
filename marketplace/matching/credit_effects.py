"""What credits cost and moved: the loads of a block assigned once more, ranked without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.assignment import Assignment
from marketplace.matching.best_pairs import best_pairs
from marketplace.matching.loads import Loads
from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import CREDITS, CreditEffect
from marketplace.matching.pair_values import read_values
from marketplace.matching.value import LoadValues, table_of_credits

ALL = "all"
NO_EFFECT = CreditEffect(0, 0)

Effects = dict[str, CreditEffect]
"""Of each of `CREDITS` beside the others, and of `ALL` together."""


@dataclass(frozen=True, eq=False)
class AssignedLoads:
    """One pass over one block."""

    lot_loads: Loads
    need_loads: Loads
    values: LoadValues
    assignment: Assignment


def credit_effects(market: Market, commodity: int, passes: list[AssignedLoads]) -> Effects:
    """All passes over the block of a commodity together."""
    return in_total([_of_pass(market, commodity, part) for part in passes])


def in_total(parts: list[Effects]) -> Effects:
    return {
        name: CreditEffect(
            cost=sum(part[name].cost for part in parts),
            kilograms=sum(part[name].kilograms for part in parts),
        )
        for name in (*CREDITS, ALL)
    }


def _of_pass(market: Market, commodity: int, part: AssignedLoads) -> Effects:
    """Loads without a credit are ranked alike with it and without: those are not assigned again."""
    owner = part.lot_loads.owner
    given = {
        "moved": np.full(len(owner), market.credit),
        "soon": market.lots.soon[owner],
        "waited": market.lots.waited[owner],
    }
    together = sum(given.values(), np.zeros(len(owner), dtype=np.int64))
    known = {together.tobytes(): NO_EFFECT}
    weight = market.kilograms(commodity, part.values.quantity)
    effects = {}
    for name, taken in (given | {ALL: together}).items():
        left = together - taken
        if left.tobytes() not in known:
            known[left.tobytes()] = _effect(market, part, weight, left)
        effects[name] = known[left.tobytes()]
    return effects


def _effect(
    market: Market, part: AssignedLoads, weight: Integers, credit: Integers
) -> CreditEffect:
    """Beside the loads assigned with this ``credit`` (A,), VND per kilogram of each lot's load.

    weight : (A, B) kilograms of each pair
    """
    per_kilogram = table_of_credits(market, credit, part.lot_loads.owner, part.need_loads.owner)
    rank = read_values(part.values.value + weight * per_kilogram)
    made = part.assignment.lot, part.assignment.need
    other = best_pairs(rank, part.assignment.lot_high)
    return CreditEffect(
        cost=_sum(part.values.value, other) - _sum(part.values.value, made),
        kilograms=_sum(weight, made) - _sum(weight, other),
    )


def _sum(table: Integers, pairs: tuple[Indices, Indices]) -> int:
    return int(table[pairs].sum())
