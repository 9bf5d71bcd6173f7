"""A whole market from its arrays to its outcome, one commodity after the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from marketplace.matching.assignment import assign
from marketplace.matching.bound import bound, need_prices
from marketplace.matching.collect import AssignedLoads, SolvedBlock, collect, in_rows_as_given
from marketplace.matching.indivisible import NOTHING_SETTLED, Settled, has_rules, settle
from marketplace.matching.loads import Loads, loads
from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import Matches, Outcome
from marketplace.matching.pairs import Block, pairs
from marketplace.matching.plan import Plan, plan
from marketplace.matching.prices import prices
from marketplace.matching.value import load_values

Progress = Callable[[int, int], None]
_LOADS = 2000  # of one commodity on one side, about
_PASSES = 8  # what is left after that many is not worth a vehicle


def solve(market: Market, progress: Progress | None = None) -> Outcome:
    """Decide who sells how much to whom, at which price, and why the others do not.

    The same market gives the same outcome, in whatever order its rows stand: they are solved in
    the order of listing. ``progress`` is called with the number of commodities done and of all.
    """
    ordered, lot_rows, need_rows = market.in_order()
    blocks = pairs(ordered)
    solved = []
    for done, block in enumerate(blocks):
        if progress:
            progress(done, len(blocks))
        solved.append(_solve_block(ordered, block))
    if progress:
        progress(len(blocks), len(blocks))
    return in_rows_as_given(collect(ordered, solved), lot_rows, need_rows)


def _solve_block(market: Market, block: Block) -> SolvedBlock:
    """Duals and matches of one commodity, by two programs.

    The first prices: it is of the whole block, without the credit and without the rules that no
    flow can bend, so that its duals bound every outcome and are market prices. The second ranks
    with the credit and keeps those rules. Neither can stand in for the other.
    """
    prices_plan = plan(
        np.where(block.allowed, block.margin, 0),
        market.lots.quantity[block.lots],
        market.needs.quantity[block.needs],
    )
    lot_price = np.rint(prices_plan.lot_price).astype(np.int64).clip(min=0)
    need_price = need_prices(block, lot_price)
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    settled, flows = NOTHING_SETTLED, prices_plan
    if has_rules(market, block):
        settled, flows = settle(market, block, supply, demand, prices_plan)
    passes = _assign_loads(market, block, supply, demand, flows)
    matches = _matches(market, block, settled, passes, lot_price, need_price)
    return SolvedBlock(
        block, lot_price, need_price, bound(market, block, lot_price), matches, passes
    )


def _assign_loads(
    market: Market, block: Block, supply: Integers, demand: Integers, first: Plan
) -> list[AssignedLoads]:
    """Cut along the plan and assign what can be divided, then what is left, until nothing is gained.

    ``supply`` and ``demand`` of the market's rows are taken down.
    """
    passes: list[AssignedLoads] = []
    flows = first
    while len(passes) < _PASSES:
        # What could not be settled as a whole stays out of the loads.
        offered = np.where(market.lots.whole[block.lots], 0, supply[block.lots])
        wanted = np.where(market.needs.splits[block.needs], demand[block.needs], 0)
        assigned = _assign_once(market, block, offered, wanted, flows)
        pairs_made = assigned.assignment
        if not len(pairs_made.lot):
            break
        moved = assigned.values.quantity[pairs_made.lot, pairs_made.need]
        np.subtract.at(supply, assigned.lot_loads.owner[pairs_made.lot], moved)
        np.subtract.at(demand, assigned.need_loads.owner[pairs_made.need], moved)
        passes.append(assigned)
        flows = first.without_flows()
    return passes


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
    freight = market.freight_of(block.commodity)
    journey = (
        market.lots.place[block.lots[lot]],
        market.needs.place[block.needs[need]],
        market.kilograms(block.commodity, quantity),
    )
    cost = freight.cost(*journey)
    price = prices(market, block, lot, need, quantity, cost, lot_price, need_price)
    return Matches(
        lot=block.lots[lot],
        need=block.needs[need],
        quantity=quantity,
        freight=cost,
        trips=freight.trips(*journey),
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
