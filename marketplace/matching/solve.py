"""A whole market from its arrays to its outcome, one commodity after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.assignment import Assignment, assign
from marketplace.matching.bound import bound, need_prices
from marketplace.matching.indivisible import settle
from marketplace.matching.loads import Loads, loads
from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import NOBODY, CreditEffect, LeftOut, Matches, Outcome, Pass
from marketplace.matching.pairs import Block, pairs
from marketplace.matching.plan import plan
from marketplace.matching.prices import prices
from marketplace.matching.reasons import Priced, reasons
from marketplace.matching.value import LoadValues, credit_per_kilogram, load_values

Progress = Callable[[int, int], None]
_LOADS = 2000  # of one commodity on one side, about
_PASSES = 8  # what is left after that many is not worth a vehicle


@dataclass(frozen=True, eq=False)
class _Assigned:
    """One pass over one block."""

    lot_loads: Loads
    need_loads: Loads
    values: LoadValues
    assignment: Assignment


@dataclass(frozen=True, eq=False)
class _Solved:
    """One block: duals of its lots and needs, its matches and how they came about."""

    block: Block
    lot_price: Integers
    need_price: Integers
    bound: int
    matches: Matches
    passes: list[_Assigned]


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
    return _rows_as_given(_outcome(ordered, solved), lot_rows, need_rows)


def _solve_block(market: Market, block: Block) -> _Solved:
    prices_plan = plan(
        np.where(block.allowed, block.margin, 0),
        market.lots.quantity[block.lots],
        market.needs.quantity[block.needs],
    )
    lot_price = np.rint(prices_plan.lot_price).astype(np.int64).clip(min=0)
    need_price = need_prices(block, lot_price)
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    settled = settle(market, block, supply, demand)
    passes = _assign_loads(market, block, supply, demand)
    matches = _matches(market, block, settled, passes, lot_price, need_price)
    return _Solved(block, lot_price, need_price, bound(market, block, lot_price), matches, passes)


def _assign_loads(
    market: Market, block: Block, supply: Integers, demand: Integers
) -> list[_Assigned]:
    """Plan, cut and assign what can be divided, then what is left, until nothing is gained.

    ``supply`` and ``demand`` of the market's rows are taken down.
    """
    passes: list[_Assigned] = []
    while len(passes) < _PASSES:
        assigned = _assign_once(market, block, supply, demand)
        pairs_made = assigned.assignment
        if not len(pairs_made.lot):
            break
        moved = assigned.values.quantity[pairs_made.lot, pairs_made.need]
        np.subtract.at(supply, assigned.lot_loads.owner[pairs_made.lot], moved)
        np.subtract.at(demand, assigned.need_loads.owner[pairs_made.need], moved)
        passes.append(assigned)
    return passes


def _assign_once(market: Market, block: Block, supply: Integers, demand: Integers) -> _Assigned:
    # What could not be settled as a whole stays out of the loads.
    offered = np.where(market.lots.whole[block.lots], 0, supply[block.lots])
    wanted = np.where(market.needs.splits[block.needs], demand[block.needs], 0)
    flows = plan(_ranked_margin(market, block), offered, wanted)
    size = _load_size(market, block, offered, wanted)
    minimum = market.needs.minimum[block.needs]
    lot_loads, need_loads = loads(flows, offered, wanted, minimum, size)
    lot_loads = Loads(block.lots[lot_loads.owner], lot_loads.quantity)
    need_loads = Loads(block.needs[need_loads.owner], need_loads.quantity)
    values = load_values(market, block, lot_loads, need_loads)
    return _Assigned(lot_loads, need_loads, values, assign(values.rank))


def _ranked_margin(market: Market, block: Block) -> NDArray[np.float64]:
    """The margin with the credit: what the plan ranks by."""
    numerator, denominator = market.weight_of_unit(block.commodity)
    credit = credit_per_kilogram(market, block.lots[:, None], block.needs)
    ranked = block.margin + credit * (numerator / denominator)
    return np.where(block.allowed & ~block.fixed, ranked, 0.0)


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
    settled: tuple[Indices, Indices, Integers],
    passes: list[_Assigned],
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
    block: Block, settled: tuple[Indices, Indices, Integers], passes: list[_Assigned]
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


def _outcome(market: Market, solved: list[_Solved]) -> Outcome:
    matches = _all_matches(market, solved)
    lot_price = np.zeros(len(market.lots), dtype=np.int64)
    need_price = np.zeros(len(market.needs), dtype=np.int64)
    for block in solved:
        lot_price[block.block.lots] = block.lot_price
        need_price[block.block.needs] = block.need_price
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    np.subtract.at(supply, matches.lot, matches.quantity)
    np.subtract.at(demand, matches.need, matches.quantity)
    priced = [Priced(s.block, s.lot_price, s.need_price, _traded(s)) for s in solved]
    return Outcome(
        matches=matches,
        passes=_all_passes(solved),
        lot_price=lot_price,
        need_price=need_price,
        value=_value(market, matches),
        bound=sum(s.bound for s in solved),
        credit=_credit_effect(market, solved),
        left_out=reasons(market, priced, supply, demand),
        blocks=len(solved),
    )


def _traded(solved: _Solved) -> Integers:
    block, matches = solved.block, solved.matches
    traded = np.zeros(block.margin.shape, dtype=np.int64)
    rows = np.searchsorted(block.lots, matches.lot), np.searchsorted(block.needs, matches.need)
    traded[rows] = matches.quantity
    return traded


def _value(market: Market, matches: Matches) -> int:
    spread = market.needs.bid[matches.need] - market.lots.ask[matches.lot]
    return sum((spread * matches.quantity - matches.freight).tolist())


def _all_matches(market: Market, solved: list[_Solved]) -> Matches:
    vehicles = max((len(freight.payload) for freight in market.freights), default=0)
    columns = {}
    for column in fields(Matches):
        parts = [getattr(s.matches, column.name) for s in solved]
        if column.name == "trips":
            parts = [np.pad(part, ((0, 0), (0, vehicles - part.shape[1]))) for part in parts]
            parts.append(np.zeros((0, vehicles), dtype=np.int64))
        columns[column.name] = np.concatenate([*parts, np.zeros(0, np.int64)][: len(parts) or 1])
    order = np.lexsort((columns["need"], columns["lot"]))
    return Matches(**{name: column[order] for name, column in columns.items()})


def _all_passes(solved: list[_Solved]) -> tuple[Pass, ...]:
    """The first passes of all commodities as one, the second ones as another, and so on."""
    longest = max((len(s.passes) for s in solved), default=0)
    return tuple(
        _joined([s.passes[number] for s in solved if number < len(s.passes)])
        for number in range(longest)
    )


def _joined(parts: list[_Assigned]) -> Pass:
    before_lot = np.cumsum([0, *(len(part.lot_loads) for part in parts)])
    before_need = np.cumsum([0, *(len(part.need_loads) for part in parts)])
    return Pass(
        lot_owner=np.concatenate([part.lot_loads.owner for part in parts]),
        lot_quantity=np.concatenate([part.lot_loads.quantity for part in parts]),
        need_owner=np.concatenate([part.need_loads.owner for part in parts]),
        need_quantity=np.concatenate([part.need_loads.quantity for part in parts]),
        lot_load=np.concatenate(
            [part.assignment.lot + n for part, n in zip(parts, before_lot, strict=False)]
        ),
        need_load=np.concatenate(
            [part.assignment.need + n for part, n in zip(parts, before_need, strict=False)]
        ),
        lot_price=np.concatenate([part.assignment.lot_low for part in parts]),
        need_price=np.concatenate([part.assignment.need_high for part in parts]),
        value=sum(_value_of(part, part.assignment) for part in parts),
    )


def _value_of(part: _Assigned, assignment: Assignment) -> int:
    return int(part.values.value[assignment.lot, assignment.need].sum())


def _credit_effect(market: Market, solved: list[_Solved]) -> CreditEffect:
    """The same loads assigned once more, ranked by value alone."""
    cost = kilograms = 0
    for block in solved:
        for part in block.passes:
            without = assign(part.values.value)
            cost += _value_of(part, without) - _value_of(part, part.assignment)
            kilograms += _moved(market, block, part, part.assignment)
            kilograms -= _moved(market, block, part, without)
    return CreditEffect(cost, kilograms)


def _moved(market: Market, solved: _Solved, part: _Assigned, assignment: Assignment) -> int:
    quantity = part.values.quantity[assignment.lot, assignment.need]
    return int(market.kilograms(solved.block.commodity, quantity).sum())


def _rows_as_given(outcome: Outcome, lots: Indices, needs: Indices) -> Outcome:
    """The outcome of the market in order of listing, in the rows of the market as given."""
    lot_price, need_price = np.empty_like(outcome.lot_price), np.empty_like(outcome.need_price)
    lot_price[lots], need_price[needs] = outcome.lot_price, outcome.need_price
    return replace(
        outcome,
        matches=_matches_as_given(outcome.matches, lots, needs),
        passes=tuple(
            replace(p, lot_owner=lots[p.lot_owner], need_owner=needs[p.need_owner])
            for p in outcome.passes
        ),
        lot_price=lot_price,
        need_price=need_price,
        left_out=tuple(_left_out_as_given(record, lots, needs) for record in outcome.left_out),
    )


def _matches_as_given(matches: Matches, lots: Indices, needs: Indices) -> Matches:
    return replace(
        matches,
        lot=lots[matches.lot],
        need=needs[matches.need],
        second_lot=np.append(lots, NOBODY)[matches.second_lot],
        second_need=np.append(needs, NOBODY)[matches.second_need],
    )


def _left_out_as_given(record: LeftOut, lots: Indices, needs: Indices) -> LeftOut:
    mine, other = (lots, needs) if record.side == "lot" else (needs, lots)
    return replace(
        record,
        row=int(mine[record.row]),
        counterpart=int(np.append(other, NOBODY)[record.counterpart]),
    )
