"""Sums of a round that may be public although single bids are not.

Weights and freight follow from public columns, so they are told for every commodity. What is gained,
and its bound, follow from bids. For goods whose bids are all open they are told exactly, if three
parties traded on either side. All other goods are counted together: that sum is told, rounded, if
three sellers and three organisations with sealed bids stand behind it and none of them outweighs
the others; otherwise not at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from marketplace.domain.rounds import LEAST_PARTIES
from marketplace.solving.full_file import Recorded

DIGITS = 4
"""Of the bound that are told where bids are sealed."""


@dataclass(frozen=True)
class Gains:
    """``totals``: for every commodity; ``table``: rows of goods with value and bound, VND."""

    totals: dict[str, list[int]]
    table: dict[str, list[Any]]

    @property
    def value(self) -> int | None:
        """Of the whole round; None if a part of it may not be told."""
        return sum(self.table["value"]) if self._complete else None

    @property
    def bound(self) -> int | None:
        return sum(self.table["bound"]) if self._complete else None

    @property
    def _complete(self) -> bool:
        told = {row for rows in self.table["goods"] for row in rows}
        return set(range(len(self.totals["commodity"]))) == told


@dataclass
class _Cell:
    """One commodity, or several together."""

    goods: list[int]
    value: int = 0
    bound: int = 0
    sealed: bool = False
    sellers: set[int] = field(default_factory=set)
    buyers: set[int] = field(default_factory=set)
    stakes: Counter[int] = field(default_factory=Counter)
    """Organisation → VND that its sealed bids leave open: quantity × width of the step."""

    def is_enough(self) -> bool:
        """Whether the sum says no more of a single bid than its step does.

        Whoever knows the second largest stake, his own, must not learn the largest one closer than
        its step: what the others leave open has to be as much.
        """
        if not self.sealed:
            return min(len(self.sellers), len(self.buyers)) >= LEAST_PARTIES
        largest = [stake for _, stake in self.stakes.most_common(2)]
        return (
            min(len(self.sellers), len(self.stakes)) >= LEAST_PARTIES
            and self.stakes.total() - sum(largest) >= largest[0]
        )

    def row(self) -> tuple[list[int], int, int, int]:
        """Goods, value, bound and what they are rounded to, outwards."""
        step = 10 ** max(0, len(str(self.bound)) - DIGITS) if self.sealed else 1
        return self.goods, self.value // step * step, -(-self.bound // step) * step, step


def gains_of(recorded: Recorded) -> Gains:
    """What may be told of the round's sums."""
    cells = [_Cell([row]) for row in range(len(recorded.market.goods))]
    totals = {
        "commodity": [cell.goods[0] for cell in cells],
        "matches": [0] * len(cells),
        "kilograms": [0] * len(cells),
        "freight": [0] * len(cells),
    }
    _count_bounds(recorded, cells)
    _count_matches(recorded, cells, totals)
    alone = [cell for cell in cells if not cell.sealed and cell.is_enough()]
    others = _together([cell for cell in cells if cell not in alone])
    told = [*alone, others] if others.goods and (others.is_enough() or _is_empty(others)) else alone
    rows = [cell.row() for cell in told]
    names = ("goods", "value", "bound", "rounded_to")
    return Gains(totals, {name: [row[n] for row in rows] for n, name in enumerate(names)})


def _count_bounds(recorded: Recorded, cells: list[_Cell]) -> None:
    market, outcome, names = recorded.market, recorded.outcome, recorded.names
    for side, price in ((market.lots, outcome.lot_price), (market.needs, outcome.need_price)):
        rows = zip(side.commodity.tolist(), side.quantity.tolist(), price.tolist(), strict=True)
        for commodity, quantity, dual in rows:
            cells[commodity].bound += quantity * dual
    for commodity, need in zip(market.needs.commodity.tolist(), names.needs, strict=True):
        cells[commodity].sealed |= need.sealed


def _count_matches(recorded: Recorded, cells: list[_Cell], totals: dict[str, list[int]]) -> None:
    market, names, matches = recorded.market, recorded.names, recorded.outcome.matches
    lots, needs = market.lots, market.needs
    for row in range(len(matches)):
        lot, need = int(matches.lot[row]), int(matches.need[row])
        quantity, freight = int(matches.quantity[row]), int(matches.freight[row])
        commodity, buyer = int(lots.commodity[lot]), names.needs[need].organisation
        cell = cells[commodity]
        cell.value += quantity * int(needs.bid[need] - lots.ask[lot]) - freight
        cell.sellers.add(names.lots[lot].organisation)
        cell.buyers.add(buyer)
        if names.needs[need].sealed:
            width = int(needs.told_high[need] - needs.told_low[need])
            cell.stakes[buyer] += quantity * max(1, width)
        weight = -(-quantity * int(market.goods.milligrams[commodity]) // 1_000_000)
        totals["matches"][commodity] += 1
        totals["kilograms"][commodity] += weight
        totals["freight"][commodity] += freight


def _together(cells: list[_Cell]) -> _Cell:
    sum_ = _Cell([])
    for cell in cells:
        sum_.goods += cell.goods
        sum_.value += cell.value
        sum_.bound += cell.bound
        sum_.sealed |= cell.sealed
        sum_.sellers |= cell.sellers
        sum_.buyers |= cell.buyers
        sum_.stakes += cell.stakes
    return sum_


def _is_empty(cell: _Cell) -> bool:
    """Whether nobody could trade at all, which anybody sees."""
    return not cell.bound and not cell.sealed
