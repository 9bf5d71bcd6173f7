"""Which open proposals a round replaces: few, and each for more than a stated gain.

For each commodity of which proposals are open the market is solved as it is, with all that they hold
kept from it. Its prices say what a kilogram of a proposal's lot, and one of its need, could gain with
others. Where that is more than what the proposal gains, its quantity comes back on the market for a
trial, one proposal for each listing that draws it, and the market is solved again.

What differs then falls into parts that touch no common lot or need, so that each can be taken alone.
A part is taken if it gains more than the stated sum for every proposal that it withdraws. Proposals
that were not withdrawn are held again, and so on until every proposal whose quantity is back is one
that moves. Then the new prices say whether more is worth a trial. Prices only choose what to try; the
comparison of whole markets decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import Market, Outcome, solve
from marketplace.matching.pairs import Block, pairs
from marketplace.solving.assemble import Index, assemble
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import ListingId
from marketplace.solving.standing import Standing, released
from marketplace.solving.world import World

MOST_SOLVED = 8
"""Times that one commodity is solved to find out what may move."""

Node = tuple[str, ListingId]


class Trade(NamedTuple):
    """So much of a lot for a need."""

    lot: ListingId
    need: ListingId
    quantity: int


@dataclass(frozen=True)
class Move:
    """Proposals that are withdrawn together, what comes instead, and VND that this gains."""

    withdrawn: tuple[Standing, ...]
    instead: tuple[Trade, ...]
    gain: int

    def is_worth(self, amount: int) -> bool:
        """Whether it gains more than ``amount`` for each proposal that it withdraws."""
        return bool(self.withdrawn) and self.gain > amount * len(self.withdrawn)


def moves(frozen: Frozen, world: World, begun: Callable[[], None]) -> tuple[Move, ...]:
    """What the round moves. ``begun`` is called before every market that is solved for it."""
    goods = {lot.id: lot.commodity for lot in frozen.lots}
    open_ones: defaultdict[str, list[Standing]] = defaultdict(list)
    for match in frozen.standing:
        if match.open:
            open_ones[goods[match.lot]].append(match)
    found: list[Move] = []
    for commodity in sorted(open_ones):
        market = _Commodity(commodity, open_ones[commodity], frozen, world, begun)
        found += _moves_of(market, frozen.move_gain)
    return tuple(found)


def _moves_of(market: _Commodity, amount: int) -> tuple[Move, ...]:
    kept = market.solved(())
    best = _Trial((), (), kept, 0)
    in_vain: set[int] = set()
    one_by_one = False
    while market.solved_so_often < MOST_SOLVED:
        left = [p for p in market.proposals if p not in best.back and p.match not in in_vain]
        drawn = market.drawn_elsewhere(best.solved, left, amount)
        if not drawn:
            break
        drawn = drawn[:1] if one_by_one else drawn
        trial = _tried(market, kept, (*best.back, *drawn), amount)
        if trial and trial.score > best.score:
            best = trial
        elif len(drawn) > 1:
            one_by_one = True
        else:
            in_vain.add(drawn[0].match)
    return best.moves


@dataclass(frozen=True)
class _Trial:
    """Moves, and the market that they come out of: with ``back``, and nothing else, on it again.

    ``score`` is VND gained beyond the stated sum for each of them.
    """

    moves: tuple[Move, ...]
    back: tuple[Standing, ...]
    solved: _Solved
    score: int


def _tried(
    market: _Commodity, kept: _Solved, back: tuple[Standing, ...], amount: int
) -> _Trial | None:
    """The parts worth their moves, once nothing else than their proposals is back on the market."""
    while back and market.solved_so_often < MOST_SOLVED:
        solved = market.solved(back)
        parts = differences(kept.trades, back, solved.trades)
        good = tuple(part for part in parts if part.is_worth(amount))
        moving = {match.match for part in good for match in part.withdrawn}
        if len(moving) == len(back):
            gain = solved.value - kept.value - sum(match.gain for match in back)
            return _Trial(good, back, solved, gain - amount * len(back))
        back = tuple(match for match in back if match.match in moving)
    return None


@dataclass(frozen=True)
class _Solved:
    """One market of one commodity: its trades with their gains."""

    trades: dict[Trade, int]
    market: Market
    index: Index
    outcome: Outcome

    @property
    def value(self) -> int:
        return sum(self.trades.values())


class _Commodity:
    """The round's market of one commodity, to be solved with this or that back on it."""

    def __init__(
        self,
        commodity: str,
        proposals: Sequence[Standing],
        frozen: Frozen,
        world: World,
        begun: Callable[[], None],
    ) -> None:
        self.proposals = proposals
        self._lots = [lot for lot in frozen.lots if lot.commodity == commodity]
        self._needs = [need for need in frozen.needs if need.commodity == commodity]
        self._day, self._world, self._begun = frozen.day, world, begun
        self.solved_so_often = 0

    def solved(self, back: Iterable[Standing]) -> _Solved:
        """With what these hold back on the market."""
        self._begun()
        self.solved_so_often += 1
        market, index = self._assembled(back)
        outcome = solve(market)
        return _Solved(trades_of(outcome, market, index), market, index, outcome)

    def drawn_elsewhere(
        self, solved: _Solved, proposals: Sequence[Standing], amount: int
    ) -> tuple[Standing, ...]:
        """Those whose lot and need could together gain so much more with others, the most first.

        One of all that the same listing draws.
        """
        if self._block is None:
            return ()
        of_lots, of_needs = _elsewhere(self._block, solved)
        nobody = _Elsewhere(0, None)
        drawn = []
        for match in proposals:
            at_lot, at_need = of_lots.get(match.lot, nobody), of_needs.get(match.need, nobody)
            more = match.quantity * (at_lot.gain + at_need.gain) - match.gain
            if more > amount:
                drawn.append((-more, match.match, match, {at_lot.by, at_need.by} - {None}))
        chosen, taken = [], set[Node | None]()
        for _, _, match, by in sorted(drawn, key=lambda one: one[:2]):
            if not by & taken:
                chosen.append(match)
                taken |= by
        return tuple(chosen)

    @cached_property
    def _block(self) -> Block | None:
        """What could be paired if all proposals were back on the market."""
        market, _ = self._assembled(self.proposals)
        blocks = pairs(market)
        return blocks[0] if blocks else None

    def _assembled(self, back: Iterable[Standing]) -> tuple[Market, Index]:
        lots, needs = released(self._lots, self._needs, back)
        world = self._world
        return assemble(
            lots, needs, world.atlas, world.catalogue, self._day, movement=world.movement
        )


class _Elsewhere(NamedTuple):
    """VND that a base unit could gain with the open listing ``by``, at that one's price."""

    gain: int
    by: Node | None


def _elsewhere(
    block: Block, solved: _Solved
) -> tuple[dict[ListingId, _Elsewhere], dict[ListingId, _Elsewhere]]:
    """Of each lot and each need of the block: with what is open in the market that was solved."""
    lots, needs, index = solved.market.lots, solved.market.needs, solved.index
    margin = np.where(block.allowed, block.margin, 0)
    of_lots = margin - solved.outcome.need_price[block.needs]
    of_lots[:, needs.quantity[block.needs] == 0] = 0
    of_needs = margin - solved.outcome.lot_price[block.lots][:, None]
    of_needs[lots.quantity[block.lots] == 0] = 0
    lot_ids = [index.lots[row].id for row in block.lots.tolist()]
    need_ids = [index.needs[row].id for row in block.needs.tolist()]
    return (
        _best(lot_ids, of_lots, [("need", id_) for id_ in need_ids]),
        _best(need_ids, of_needs.T, [("lot", id_) for id_ in lot_ids]),
    )


def _best(
    ids: Sequence[ListingId], gains: NDArray[np.int64], by: Sequence[Node]
) -> dict[ListingId, _Elsewhere]:
    columns = gains.argmax(axis=1).tolist()
    return {
        id_: _Elsewhere(int(row[column]), by[column] if row[column] > 0 else None)
        for id_, row, column in zip(ids, gains, columns, strict=True)
        if row[column] > 0
    }


def trades_of(outcome: Outcome, market: Market, index: Index) -> dict[Trade, int]:
    """Every match of the outcome with what it gains."""
    found = outcome.matches
    spread = market.needs.bid[found.need] - market.lots.ask[found.lot]
    gains = (found.quantity * spread - found.freight).tolist()
    columns = found.lot.tolist(), found.need.tolist(), found.quantity.tolist()
    return {
        Trade(index.lots[lot].id, index.needs[need].id, quantity): gain
        for lot, need, quantity, gain in zip(*columns, gains, strict=True)
    }


def differences(
    kept: dict[Trade, int], proposals: Iterable[Standing], found: dict[Trade, int]
) -> tuple[Move, ...]:
    """What ``found`` has otherwise than ``kept`` and ``proposals`` together, in separate parts.

    A proposal that is found again with the same quantity does not move. Parts share no lot and no
    need; those without a proposal to withdraw are only another way to match what is open.
    """
    fresh = dict(found)
    withdrawn = [match for match in proposals if fresh.pop(_trade(match), None) is None]
    given_up = {trade: gain for trade, gain in kept.items() if trade not in fresh}
    fresh = {trade: gain for trade, gain in fresh.items() if trade not in kept}
    parts = _Parts()
    for trade in (*map(_trade, withdrawn), *given_up, *fresh):
        parts.join(("lot", trade.lot), ("need", trade.need))
    gains: Counter[Node] = Counter()
    for trade, gain in fresh.items():
        gains[parts.of(("lot", trade.lot))] += gain
    for trade, gain in given_up.items():
        gains[parts.of(("lot", trade.lot))] -= gain
    for match in withdrawn:
        gains[parts.of(("lot", match.lot))] -= match.gain
    return tuple(
        Move(
            tuple(match for match in withdrawn if parts.of(("lot", match.lot)) == part),
            tuple(trade for trade in fresh if parts.of(("lot", trade.lot)) == part),
            gain,
        )
        for part, gain in gains.items()
    )


def _trade(match: Standing) -> Trade:
    return Trade(match.lot, match.need, match.quantity)


class _Parts:
    """Sets of nodes that grow together (union–find)."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Node] = {}

    def of(self, node: Node) -> Node:
        """The node that stands for the whole set."""
        while (above := self._above.get(node, node)) != node:
            node = above
        return node

    def join(self, one: Node, other: Node) -> None:
        self._above[self.of(other)] = self.of(one)
