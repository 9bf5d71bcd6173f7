"""The generated markets that everything is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks import TODAY
from marketplace.demo.market import BOARD_OF_2021, CRISIS, Week, draw_week
from marketplace.demo.records import SampleMarket
from marketplace.matching import Market
from marketplace.matching.loads import Loads
from marketplace.matching.market import Integers
from marketplace.matching.pairs import Block, pairs
from marketplace.matching.value import load_values
from marketplace.solving import assemble
from marketplace.solving.world import World


@dataclass(frozen=True)
class Size:
    """A kind of market, and by how much every lot is divided."""

    name: str
    week: Week
    parts: int = 1

    def draw(self, seed: int) -> SampleMarket:
        """Everything divisible: the problem that the other solvers have as well."""
        market = draw_week(self.week, TODAY, seed)
        return market.with_lots_divided_by(self.parts).with_everything_divisible()


SIZES = (
    Size("900 × 700", Week(lots=900, needs=700, sellers=225, buyers=60)),
    Size("1,009 × 206 small lots", BOARD_OF_2021, parts=10),
    Size("4,000 × 2,000", CRISIS),
    Size("10,000 × 10,000", Week(lots=10_000, needs=10_000, sellers=2_500, buyers=1_000)),
)


@dataclass(frozen=True, eq=False)
class Tables:
    """One commodity of a market as two textbook problems.

    value : (L, N) VND gained if the two trade once, all that both can; 0 where they may not.
    gain, supply, demand : (L, N), (L,), (N,) the transportation problem, VND per base unit; 0 where
        nothing may flow.
    """

    value: Integers
    gain: Integers
    supply: Integers
    demand: Integers


def market_of(sample: SampleMarket, world: World) -> Market:
    market, _ = assemble(
        sample.open_lots(), sample.open_needs(), world.atlas, world.catalogue, sample.today
    )
    return market


def tables(market: Market) -> Iterator[Tables]:
    """Commodity by commodity, those in which something may be gained."""
    for block in pairs(market):
        gain = np.where(block.allowed, block.margin, 0)
        if (gain > 0).any():
            supply = market.lots.quantity[block.lots]
            demand = market.needs.quantity[block.needs]
            yield Tables(_one_to_one(market, block), gain, supply, demand)


def _one_to_one(market: Market, block: Block) -> Integers:
    lots = Loads(block.lots, market.lots.quantity[block.lots])
    needs = Loads(block.needs, market.needs.quantity[block.needs])
    return load_values(market, block, lots, needs).value
