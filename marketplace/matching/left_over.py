"""One side of a block with what it has left, facing the other, in figures that may be told.

Sellers are told of sealed bids only the step below them, buyers of each other's only the step above
(`Needs.told_low`, `Needs.told_high`). All that the reasons say follows from the tables made here: from
those steps, from what was open, and from who traded how much with whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.market import Flags, Indices, Integers, Market
from marketplace.matching.obstacles import MONEY
from marketplace.matching.pairs import HOPELESS, Block

Side = Literal["lot", "need"]


@dataclass(frozen=True, eq=False)
class Traded:
    """A block with the base units that were traded in it, (L, N).

    settled : the part that cannot be divided
    """

    block: Block
    quantity: Integers
    settled: Integers


@dataclass(frozen=True, eq=False)
class Facing:
    """One side (M rows, "mine") of a block and the other (T columns, "theirs").

    mine, theirs : (M,), (T,) rows of the market
    left, open : (M,), (T,) base units that each has left
    whole : (T,) base units that each of theirs had at first
    obstacles : (M, T) bits, money left out
    fixed : (M, T) only one quantity will do
    traded, settled : (M, T) base units
    spread, margin : (M, T) bid − ask, and the most that a unit of the pair can gain, by what one of
        mine knows of its own price and may be told of theirs
    rival_spread, rival_margin : (M, T) the same by what others may be told of it
    """

    market: Market
    commodity: int
    side: Side
    mine: Indices
    theirs: Indices
    left: Integers
    open: Integers
    whole: Integers
    obstacles: Integers
    fixed: Flags
    traded: Integers
    settled: Integers
    spread: Integers
    margin: Integers
    rival_spread: Integers
    rival_margin: Integers

    def lot_and_need(self, mine: Indices, theirs: Indices) -> tuple[Indices, Indices]:
        """Rows of the market of these indices into mine and theirs."""
        here, there = self.mine[mine], self.theirs[theirs]
        return (here, there) if self.side == "lot" else (there, here)


def facing(
    market: Market, traded: Traded, side: Side, supply: Integers, demand: Integers
) -> Facing:
    """``supply`` and ``demand`` are what the market's rows have left."""
    block, needs = traded.block, market.needs
    bid, told = needs.bid[block.needs], (needs.told_low if side == "lot" else needs.told_high)
    shift = told[block.needs] - bid
    spread = bid - market.lots.ask[block.lots][:, None]
    known = shift if side == "lot" else np.zeros_like(shift)
    if side == "lot":
        rows = block.lots, block.needs, supply[block.lots], demand[block.needs]
        whole = market.needs.quantity[block.needs]
    else:
        rows = block.needs, block.lots, demand[block.needs], supply[block.lots]
        whole = market.lots.quantity[block.lots]

    def turned(table: NDArray[Any]) -> NDArray[Any]:
        return table if side == "lot" else table.T

    return Facing(
        market,
        block.commodity,
        side,
        *rows,
        whole,
        obstacles=turned(block.obstacles & ~np.int64(MONEY)),
        fixed=turned(block.fixed),
        traded=turned(traded.quantity),
        settled=turned(traded.settled),
        spread=turned(spread + known),
        margin=turned(_shifted(block.margin, known)),
        rival_spread=turned(spread + shift),
        rival_margin=turned(_shifted(block.margin, shift)),
    )


def _shifted(margin: Integers, shift: Integers) -> Integers:
    return np.where(margin == HOPELESS, HOPELESS, margin + shift)
