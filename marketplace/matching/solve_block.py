"""One commodity from its pairs to its matches: plan, loads, assignment, prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marketplace.matching import journeys
from marketplace.matching.assignment import assign
from marketplace.matching.bound import bound, need_prices
from marketplace.matching.collect import SolvedBlock
from marketplace.matching.credit_effects import AssignedLoads, credit_effects
from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.indivisible import (
    NOTHING_SETTLED,
    Settled,
    has_rules,
    settle,
    settle_biggest_first,
)
from marketplace.matching.loads import Loads, loads
from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import Matches
from marketplace.matching.pairs import Block
from marketplace.matching.plan import Plan, nothing_flows, plan
from marketplace.matching.prices import prices
from marketplace.matching.value import load_values

_LOADS = 2000  # of one commodity on one side, about
_PASSES = 8  # what is left after that many is not worth a vehicle
_HURRIED_ROUNDS = 9  # of a plan: counted, so that the answer is always the same


def solve_block(market: Market, block: Block, deadline: Deadline = NEVER) -> SolvedBlock:
    """Duals and matches of one commodity, by two programs. Raises `OutOfTime`.

    The first prices: it is of the whole block, without the credit and without the rules that no
    flow can bend, so that its duals bound every outcome and are market prices. The second keeps
    those rules and ranks with the credit; where there are none, the first one's flows will do,
    because the loads are ranked with the credit anyway.
    """
    prices_plan = plan(
        np.where(block.allowed, block.margin, 0),
        market.lots.quantity[block.lots],
        market.needs.quantity[block.needs],
        deadline,
    )
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    settled, flows = NOTHING_SETTLED, prices_plan
    if has_rules(market, block):
        settled, flows = settle(market, block, supply, demand, prices_plan, deadline)
    passes = _assign_loads(market, block, supply, demand, flows)
    return _solved(market, block, prices_plan, settled, passes)


def hurry_block(market: Market, block: Block) -> SolvedBlock:
    """The same with little work: a bound that holds, and matches that are allowed.

    Any prices bound every outcome, so those of a plan will do that was not brought to its end. What
    cannot be divided is settled biggest value first, and there is one pass.
    """
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    priced = flows = plan(
        np.where(block.allowed, block.margin, 0),
        supply[block.lots],
        demand[block.needs],
        rounds=_HURRIED_ROUNDS,
    )
    settled = NOTHING_SETTLED
    if has_rules(market, block):
        settled = settle_biggest_first(market, block, supply, demand, priced)
        offered, wanted = _divisible(market, block, supply, demand)
        gain = np.where(block.allowed & ~block.fixed, block.margin, 0)
        flows = plan(gain, offered, wanted, rounds=_HURRIED_ROUNDS)
    passes = _assign_loads(market, block, supply, demand, flows, most=1)
    return replace(_solved(market, block, priced, settled, passes), hurried=True)


def _solved(
    market: Market, block: Block, priced: Plan, settled: Settled, passes: list[AssignedLoads]
) -> SolvedBlock:
    lot_price = np.rint(priced.lot_price).astype(np.int64).clip(min=0)
    need_price = need_prices(block, lot_price)
    matches = _matches(market, block, settled, passes, lot_price, need_price)
    return SolvedBlock(
        block=block,
        lot_price=lot_price,
        need_price=need_price,
        bound=bound(market, block, lot_price),
        matches=matches,
        passes=passes,
        effects=credit_effects(market, block.commodity, passes),
    )


def _assign_loads(
    market: Market,
    block: Block,
    supply: Integers,
    demand: Integers,
    first: Plan,
    most: int = _PASSES,
) -> list[AssignedLoads]:
    """Cut along the plan and assign what can be divided, then what is left, until nothing is gained.

    ``supply`` and ``demand`` of the market's rows are taken down.
    """
    passes: list[AssignedLoads] = []
    flows = first
    while len(passes) < most:
        offered, wanted = _divisible(market, block, supply, demand)
        assigned = _assign_once(market, block, offered, wanted, flows)
        pairs_made = assigned.assignment
        if not len(pairs_made.lot):
            break
        moved = assigned.values.quantity[pairs_made.lot, pairs_made.need]
        np.subtract.at(supply, assigned.lot_loads.owner[pairs_made.lot], moved)
        np.subtract.at(demand, assigned.need_loads.owner[pairs_made.need], moved)
        passes.append(assigned)
        flows = nothing_flows(first.lot_price, first.need_price)
    return passes


def _divisible(
    market: Market, block: Block, supply: Integers, demand: Integers
) -> tuple[Integers, Integers]:
    """What could not be settled as a whole stays out of the loads."""
    return (
        np.where(market.lots.whole[block.lots], 0, supply[block.lots]),
        np.where(market.needs.splits[block.needs], demand[block.needs], 0),
    )


def _assign_once(
    market: Market, block: Block, offered: Integers, wanted: Integers, flows: Plan
) -> AssignedLoads:
    size = _load_size(market, block, offered, wanted)
    minimum = market.needs.minimum[block.needs]
    lot_loads, need_loads = loads(flows, offered, wanted, minimum, size)
    near = np.rint(flows.lot_price[lot_loads.owner] * lot_loads.quantity).astype(np.int64)
    lot_loads = Loads(block.lots[lot_loads.owner], lot_loads.quantity)
    need_loads = Loads(block.needs[need_loads.owner], need_loads.quantity)
    values = load_values(market, block, lot_loads, need_loads)
    return AssignedLoads(lot_loads, need_loads, values, assign(values.rank, near=near))


def _load_size(market: Market, block: Block, offered: Integers, wanted: Integers) -> int:
    """Base units that the largest vehicle carries, at least one.

    Where that would be thousands of loads, as many vehicles together as keep their number down.
    """
    numerator, denominator = market.weight_of_unit(block.commodity)
    payload = int(market.freight_of(block.commodity).payload.max())
    vehicle = max(1, payload * denominator // numerator)
    most = max(int(offered.sum()), int(wanted.sum()))
    return vehicle * max(1, -(-most // (vehicle * _LOADS)))


def _matches(
    market: Market,
    block: Block,
    settled: Settled,
    passes: list[AssignedLoads],
    lot_price: Integers,
    need_price: Integers,
) -> Matches:
    """All loads of a lot and a need together, with the freight that they cost together."""
    lot, need, quantity, whole = _together(block, settled, passes)
    weight = market.kilograms(block.commodity, quantity)
    delivery = market, block.commodity, block.lots[lot], block.needs[need], weight
    cost = journeys.cost(*delivery)
    price = prices(market, block, lot, need, quantity, cost, lot_price, need_price)
    return Matches(
        lot=block.lots[lot],
        need=block.needs[need],
        quantity=quantity,
        freight=cost,
        trips=journeys.trips(*delivery),
        settled=whole,
        **vars(price),
    )


def _together(
    block: Block, settled: Settled, passes: list[AssignedLoads]
) -> tuple[Indices, Indices, Integers, Integers]:
    """Rows of the block, quantity and whether it was settled whole, by lot and then by need."""
    quantity = np.zeros(block.margin.shape, dtype=np.int64)
    whole = np.zeros(block.margin.shape, dtype=np.int64)
    lot, need, amount = settled
    here = np.searchsorted(block.lots, lot), np.searchsorted(block.needs, need)
    quantity[here], whole[here] = amount, 1
    for done in passes:
        a, b = done.assignment.lot, done.assignment.need
        lot = np.searchsorted(block.lots, done.lot_loads.owner[a])
        need = np.searchsorted(block.needs, done.need_loads.owner[b])
        np.add.at(quantity, (lot, need), done.values.quantity[a, b])
    lot, need = np.nonzero(quantity)
    return lot, need, quantity[lot, need], whole[lot, need]
