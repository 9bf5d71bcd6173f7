"""Put the results of the blocks together into one outcome."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import chain

import numpy as np

from marketplace.matching.credit_effects import ALL, AssignedLoads, Effects, in_total
from marketplace.matching.market import Indices, Integers, Market
from marketplace.matching.outcome import (
    CREDITS,
    NOBODY,
    LeftOut,
    Matches,
    Outcome,
    Pass,
)
from marketplace.matching.pairs import Block
from marketplace.matching.reasons import reasons, reasons_of_block


@dataclass(frozen=True, eq=False)
class SolvedBlock:
    """One block: duals of its lots and needs, its matches and how they came about."""

    block: Block
    lot_price: Integers
    need_price: Integers
    bound: int
    matches: Matches
    passes: list[AssignedLoads]
    effects: Effects
    hurried: bool = False


def collect(market: Market, solved: list[SolvedBlock]) -> Outcome:
    """One outcome of all blocks, with what is left out and why."""
    matches = _all_matches(market, solved)
    lot_price = np.zeros(len(market.lots), dtype=np.int64)
    need_price = np.zeros(len(market.needs), dtype=np.int64)
    for block in solved:
        lot_price[block.block.lots] = block.lot_price
        need_price[block.block.needs] = block.need_price
    effects = in_total([s.effects for s in solved])
    return Outcome(
        matches=matches,
        passes=_all_passes(solved),
        lot_price=lot_price,
        need_price=need_price,
        value=sum(_gains(market, matches).tolist()),
        bound=sum(s.bound for s in solved),
        credit=effects[ALL],
        credits=tuple(effects[name] for name in CREDITS),
        left_out=_left_out(market, solved, matches),
        blocks=len(solved),
        hurried=tuple(s.block.commodity for s in solved if s.hurried),
    )


def _left_out(market: Market, solved: list[SolvedBlock], matches: Matches) -> tuple[LeftOut, ...]:
    """Block after block: so much of it is Python that two threads would wait for each other."""
    of_blocks = (reasons_of_block(market, s.block, s.matches) for s in solved)
    return reasons(market, chain.from_iterable(of_blocks), matches)


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
        value=sum(_value_of(part) for part in parts),
    )


def _value_of(part: AssignedLoads) -> int:
    return int(part.values.value[part.assignment.lot, part.assignment.need].sum())


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
