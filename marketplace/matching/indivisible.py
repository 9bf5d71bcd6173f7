"""Lots sold as one and needs without splits: each to one counterpart, or to none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import journeys
from marketplace.matching.choose import choose
from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.market import Flags, Indices, Integers, Market
from marketplace.matching.pairs import Block
from marketplace.matching.plan import Plan
from marketplace.matching.rules_program import Flows, Pairs, Rules
from marketplace.matching.value import credit_per_kilogram

Settled = tuple[Indices, Indices, Integers]
"""Lot, need (rows of the market) and quantity of matches that cannot be divided."""
NOTHING_SETTLED: Settled = (
    np.zeros(0, dtype=np.intp),
    np.zeros(0, dtype=np.intp),
    np.zeros(0, dtype=np.int64),
)

_PROMISING = 8  # pairs looked at for each lot and each need


def has_rules(market: Market, block: Block) -> bool:
    """Whether something in the block can only be had whole, or not in small quantities."""
    return bool(block.fixed.any() or (market.needs.minimum[block.needs] > 1).any())


def settle(
    market: Market,
    block: Block,
    supply: Integers,
    demand: Integers,
    near: Plan,
    deadline: Deadline = NEVER,
) -> tuple[Settled, Plan]:
    """The matches that cannot be divided, and what is to flow beside them.

    ``supply`` and ``demand`` are what the market's rows have left and are taken down by the former.
    A whole lot goes entirely to one need, a need without splits is filled entirely by one lot.
    They are chosen together with the flows (`choose`) among the pairs that promise
    most at the plan's duals (``near``). Raises `OutOfTime`.
    """
    lots, needs = block.lots, block.needs
    pairs = _fixed_pairs(market, block, supply, demand, near)
    flows = _divisible_flows(market, block, supply, demand, near)
    minimum = np.minimum(market.needs.minimum[needs], demand[needs])
    rules = Rules(supply[lots], demand[needs], np.where(minimum > 1, minimum, 0))
    made, quantity = choose(pairs, flows, rules, deadline)
    settled = _take(market, block, pairs.take(made), supply, demand)
    flowing = quantity > 0
    beside = Plan(
        flows.lot[flowing],
        flows.need[flowing],
        quantity[flowing],
        near.lot_price,
        near.need_price,
    )
    return settled, beside


def settle_biggest_first(
    market: Market, block: Block, supply: Integers, demand: Integers, near: Plan
) -> Settled:
    """The matches that cannot be divided, taken as they come, without a program."""
    return _take(market, block, _fixed_pairs(market, block, supply, demand, near), supply, demand)


def _fixed_pairs(
    market: Market, block: Block, supply: Integers, demand: Integers, near: Plan
) -> Pairs:
    a, b = np.nonzero(block.allowed & block.fixed)
    lot, need = block.lots[a], block.needs[b]
    quantity = np.minimum(supply[lot], demand[need])
    weight = market.kilograms(block.commodity, quantity)
    cost = journeys.cost(market, block.commodity, lot, need, weight)
    value = quantity * (market.needs.bid[need] - market.lots.ask[lot]) - cost
    rank = value + weight * credit_per_kilogram(market, lot, need)
    pairs = Pairs(a, b, quantity, rank)
    elsewhere = quantity * (near.lot_price[a] + near.need_price[b])
    return pairs.take(_most_promising(a, b, rank - elsewhere))


def _divisible_flows(
    market: Market, block: Block, supply: Integers, demand: Integers, near: Plan
) -> Flows:
    a, b = np.nonzero(block.allowed & ~block.fixed)
    lot, need = block.lots[a], block.needs[b]
    most = np.minimum(supply[lot], demand[need])
    numerator, denominator = market.weight_of_unit(block.commodity)
    credit = credit_per_kilogram(market, lot, need) * (numerator / denominator)
    gain = block.margin[a, b] + credit
    keep = _most_promising(a, b, gain - near.lot_price[a] - near.need_price[b])
    return Flows(a[keep], b[keep], most[keep], gain[keep])


def _most_promising(lot: Indices, need: Indices, left: NDArray[np.float64]) -> Flags:
    """The first few of each lot and of each need by what they leave at the plan's prices.

    Where many leave the same each side begins at another counterpart: else all would crowd at the
    first few of them.
    """
    promising = np.zeros(len(lot), dtype=bool)
    for side, other in ((lot, need), (need, lot)):
        turn = (other - side) % (int(other.max(initial=0)) + 1)
        order = np.lexsort((turn, -left, side))
        first = np.searchsorted(side[order], side[order])
        promising[order[np.arange(len(order)) - first < _PROMISING]] = True
    return promising


def _take(
    market: Market, block: Block, pairs: Pairs, supply: Integers, demand: Integers
) -> Settled:
    """By descending rank, earlier listed first among equals, as long as both still can."""
    taken = []
    for k in np.argsort(-pairs.rank, kind="stable").tolist():
        i, j = int(block.lots[pairs.lot[k]]), int(block.needs[pairs.need[k]])
        quantity = int(pairs.quantity[k])
        if _still_fits(market, i, j, quantity, supply, demand):
            supply[i] -= quantity
            demand[j] -= quantity
            taken.append(k)
    return block.lots[pairs.lot[taken]], block.needs[pairs.need[taken]], pairs.quantity[taken]


def _still_fits(
    market: Market, lot: int, need: int, quantity: int, supply: Integers, demand: Integers
) -> bool:
    minimum = int(market.needs.minimum[need])
    left = int(demand[need]) - quantity
    return (
        int(supply[lot]) >= quantity
        and quantity >= minimum
        and (left == 0 or left >= max(minimum, 1))
        and (not market.lots.whole[lot] or int(supply[lot]) == quantity)
        and (bool(market.needs.splits[need]) or left == 0)
    )
