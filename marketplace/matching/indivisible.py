"""Lots sold as one and needs without splits: each to one counterpart, biggest value first."""

from __future__ import annotations

import numpy as np

from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.pairs import Block
from marketplace.matching.value import credit_per_kilogram


def settle(
    market: Market, block: Block, supply: Integers, demand: Integers
) -> tuple[Indices, Indices, Integers]:
    """Lot, need (rows of the market) and quantity of the matches that cannot be divided.

    ``supply`` and ``demand`` are what the market's rows have left and are taken down. A whole lot
    goes entirely to one need, a need without splits is filled entirely by one lot; pairs are
    taken by descending rank, earlier listed first among equals, as long as both still can.
    """
    a, b = np.nonzero(block.allowed & block.fixed)
    lot, need = block.lots[a], block.needs[b]
    quantity = np.minimum(supply[lot], demand[need])
    order = np.argsort(-_rank(market, block.commodity, lot, need, quantity), kind="stable")
    taken = []
    for k in order.tolist():
        i, j, z = lot[k], need[k], quantity[k]
        if _still_fits(market, int(i), int(j), int(z), supply, demand):
            supply[i] -= z
            demand[j] -= z
            taken.append(k)
    return lot[taken], need[taken], quantity[taken]


def _rank(
    market: Market, commodity: int, lot: Indices, need: Indices, quantity: Integers
) -> Integers:
    weight = market.kilograms(commodity, quantity)
    cost = market.freight_of(commodity).cost(
        market.lots.place[lot], market.needs.place[need], weight
    )
    value = quantity * (market.needs.bid[need] - market.lots.ask[lot]) - cost
    return value + weight * credit_per_kilogram(market, lot, need)


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
