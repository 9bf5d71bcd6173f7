"""Put the results of the blocks together into one outcome."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from marketplace.matching.assignment import Assignment
from marketplace.matching.best_pairs import best_pairs
from marketplace.matching.left_over import Traded
from marketplace.matching.loads import Loads
from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import (
    CREDITS,
    NOBODY,
    CreditEffect,
    LeftOut,
    Matches,
    Outcome,
    Pass,
)
from marketplace.matching.pair_values import read_values
from marketplace.matching.pairs import Block
from marketplace.matching.reasons import reasons
from marketplace.matching.value import LoadValues, credit_per_kilogram

_NO_EFFECT = CreditEffect(0, 0)

Made = tuple[Indices, Indices]  # loads of lots and of needs that are paired


@dataclass(frozen=True, eq=False)
class AssignedLoads:
    """One pass over one block."""

    lot_loads: Loads
    need_loads: Loads
    values: LoadValues
    assignment: Assignment


@dataclass(frozen=True, eq=False)
class SolvedBlock:
    """One block: duals of its lots and needs, its matches and how they came about."""

    block: Block
    lot_price: Integers
    need_price: Integers
    bound: int
    matches: Matches
    passes: list[AssignedLoads]
    hurried: bool = False


def collect(market: Market, solved: list[SolvedBlock]) -> Outcome:
    """One outcome of all blocks, with what is left out and why."""
    matches = _all_matches(market, solved)
    lot_price = np.zeros(len(market.lots), dtype=np.int64)
    need_price = np.zeros(len(market.needs), dtype=np.int64)
    for block in solved:
        lot_price[block.block.lots] = block.lot_price
        need_price[block.block.needs] = block.need_price
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    np.subtract.at(supply, matches.lot, matches.quantity)
    np.subtract.at(demand, matches.need, matches.quantity)
    traded = [_traded(block) for block in solved]
    credit, credits_ = _credit_effects(market, solved)
    return Outcome(
        matches=matches,
        passes=_all_passes(solved),
        lot_price=lot_price,
        need_price=need_price,
        value=sum(_gains(market, matches).tolist()),
        bound=sum(s.bound for s in solved),
        credit=credit,
        credits=credits_,
        left_out=reasons(market, traded, supply, demand),
        blocks=len(solved),
        hurried=tuple(s.block.commodity for s in solved if s.hurried),
    )


def _traded(solved: SolvedBlock) -> Traded:
    block, matches = solved.block, solved.matches
    cells = np.searchsorted(block.lots, matches.lot), np.searchsorted(block.needs, matches.need)
    traded, settled = (np.zeros(block.margin.shape, dtype=np.int64) for _ in range(2))
    traded[cells] = matches.quantity
    settled[cells] = matches.quantity * matches.settled
    return Traded(block, traded, settled)


def _gains(market: Market, matches: Matches) -> Integers:
    """VND that both sides of each match gain together."""
    spread = market.needs.bid[matches.need] - market.lots.ask[matches.lot]
    return spread * matches.quantity - matches.freight


def _all_matches(market: Market, solved: list[SolvedBlock]) -> Matches:
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


def _all_passes(solved: list[SolvedBlock]) -> tuple[Pass, ...]:
    """The first passes of all commodities as one, the second ones as another, and so on."""
    longest = max((len(s.passes) for s in solved), default=0)
    return tuple(
        _joined([s.passes[number] for s in solved if number < len(s.passes)])
        for number in range(longest)
    )


def _joined(parts: list[AssignedLoads]) -> Pass:
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
        value=sum(_value_of(part, (part.assignment.lot, part.assignment.need)) for part in parts),
    )


def _value_of(part: AssignedLoads, made: Made) -> int:
    return int(part.values.value[made].sum())


def _credit_effects(
    market: Market, solved: list[SolvedBlock]
) -> tuple[CreditEffect, tuple[CreditEffect, ...]]:
    """Of all credits together, and of each beside the others."""
    lots, nothing = market.lots, np.zeros(len(market.lots), dtype=np.int64)
    without = {
        "moved": replace(market, credit=0),
        "soon": replace(market, lots=replace(lots, soon=nothing)),
        "waited": replace(market, lots=replace(lots, waited=nothing)),
    }
    given = {"moved": market.credit > 0, "soon": lots.soon.any(), "waited": lots.waited.any()}
    each = [_effect(without[name], solved) if given[name] else _NO_EFFECT for name in CREDITS]
    if sum(map(bool, given.values())) < 2:
        alone = (effect for effect, name in zip(each, CREDITS, strict=True) if given[name])
        return next(alone, _NO_EFFECT), tuple(each)
    none = replace(market, lots=replace(lots, soon=nothing, waited=nothing), credit=0)
    return _effect(none, solved), tuple(each)


def _effect(without: Market, solved: list[SolvedBlock]) -> CreditEffect:
    """The same loads assigned once more, ranked by the credits of the market ``without`` some."""
    cost = kilograms = 0
    for block in solved:
        for part in block.passes:
            made = part.assignment.lot, part.assignment.need
            rank = read_values(_rank(without, block.block.commodity, part))
            other = best_pairs(rank, part.assignment.lot_high)
            cost += _value_of(part, other) - _value_of(part, made)
            kilograms += _moved(without, block, part, made) - _moved(without, block, part, other)
    return CreditEffect(cost, kilograms)


def _rank(market: Market, commodity: int, part: AssignedLoads) -> Integers:
    a, b = np.nonzero(part.values.quantity)
    rank = np.zeros_like(part.values.value)
    weight = market.kilograms(commodity, part.values.quantity[a, b])
    credit = credit_per_kilogram(market, part.lot_loads.owner[a], part.need_loads.owner[b])
    rank[a, b] = part.values.value[a, b] + weight * credit
    return rank


def _moved(market: Market, solved: SolvedBlock, part: AssignedLoads, made: Made) -> int:
    return int(market.kilograms(solved.block.commodity, part.values.quantity[made]).sum())


def in_rows_as_given(outcome: Outcome, lots: Indices, needs: Indices) -> Outcome:
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
    mine, theirs = (lots, needs) if record.side == "lot" else (needs, lots)
    nearest = (replace(near, counterpart=int(theirs[near.counterpart])) for near in record.nearest)
    return replace(record, row=int(mine[record.row]), nearest=tuple(nearest))
