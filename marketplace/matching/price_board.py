"""Market prices that no single organisation can move: leave-one-organisation-out intervals.

A lot's market price is what one more unit of its goods would earn where they lie: the most that a
need would pay for them, less freight and less what a unit of that need's wish is worth elsewhere.
For a lot that trades in the plan this is its ask + its dual (Shapley & Shubik 1971); for one that
asks too much it is what it could have got. The figure of a cell (lots of one place, commodity and
grade, say) is the mean over its lots by quantity. All optima have the same prices, but those may be
any between two ends, so there are two figures: at the lowest prices and at the highest.

Published is the lowest of the low figures and the highest of the high ones over all markets that
are left when any one organisation goes, and over the market itself. Say an honest market H has the
price p, at whichever dual, and somebody S joins. H is what is left when S goes, so p lies between
the two ends that H + S publishes: whatever S posts can widen the interval and never move an end
past p. The same holds where S leaves.

What must be planned anew is less than it seems. Goods are substitutes of each other and complements
of what is wanted (Shapley 1962; Gale & Politof 1981; Granot & Veinott 1985): when needs vanish no
lot's price rises, when lots vanish none falls, at either end. So the lowest is found by taking away
the needs of one organisation after the other, the highest by taking away its lots; where it has
both, the other half would only bring the figure back. Its lots are left out of the mean in either
case.

Sealed bids stand for the steps around them: low figures are of the market in which each is its
`told_low`, high ones of that with `told_high`. Prices rise with bids, so the true ones lie between,
and bids on the same step publish the same board.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from marketplace.matching.market import Flags, Indices, Integers, Market
from marketplace.matching.obstacles import MONEY
from marketplace.matching.pairs import Block, pairs
from marketplace.matching.poured import Poured, allowed_gain, pour

NOBODY = -1
NOWHERE = -1
"""The cell of a lot that stands on no board."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CellPrice:
    """What is published of a cell.

    low, high : VND per base unit at the gate, rounded outwards
    quantity : base units of its lots; ``lots`` and ``sellers`` count those who could trade
    needs, buyers : those who could buy from one of these lots
    """

    cell: int
    low: int
    high: int
    quantity: int
    lots: int
    needs: int
    sellers: int
    buyers: int


def price_board(
    market: Market,
    cell: Integers,
    seller: Integers,
    buyer: Integers,
    least: int,
    progress: Progress | None = None,
) -> list[CellPrice]:
    """The interval of every cell that has ``least`` parties on either side, by cell.

    ``cell`` is (L,), `NOWHERE` for lots that are on no board; no cell holds two commodities.
    ``seller`` (L,) and ``buyer`` (N,) say which organisation entered a listing, which may be
    another than the one that trades; one number is one organisation on both sides. ``progress`` is
    called again and again with the number of commodities done and of all.
    """
    low_blocks, high_blocks = (_told(market, which) for which in ("told_low", "told_high"))
    board: list[CellPrice] = []
    for done, low in enumerate(low_blocks):
        here = _Cells(low, cell, seller, buyer, least)

        def tick(done: int = done) -> None:
            if progress:
                progress(done, len(low_blocks))

        tick()
        if here.published:
            board += _block_prices(market, low, high_blocks[done], here, tick)
    return sorted(board, key=lambda price: price.cell)


def _told(market: Market, column: str) -> list[Block]:
    """The blocks of the market that outsiders may know of."""
    return pairs(replace(market, needs=market.needs.at(getattr(market.needs, column))))


class _Cells:
    """The cells of a block that may be published, and who stands behind them.

    Behind a cell are the lots that some need could take at a gain, and those needs, as far as
    outsiders may know.
    """

    def __init__(
        self, block: Block, cell: Integers, seller: Integers, buyer: Integers, least: int
    ) -> None:
        self.seller, self.buyer = seller[block.lots], buyer[block.needs]
        self._allowed, self._cell = block.allowed, cell[block.lots]
        self.cell = np.where(self.when_gone(NOBODY), self._cell, NOWHERE)
        self.needs = {
            int(one): np.flatnonzero(block.allowed[self.cell == one].any(axis=0))
            for one in np.unique(self.cell[self.cell != NOWHERE])
        }
        self.published = [one for one in self.needs if self._parties(one) >= least]

    def when_gone(self, organisation: int) -> Flags:
        """The lots that stand behind their cells when this organisation is not there."""
        others = self._allowed[:, self.buyer != organisation].any(axis=1)
        stay: Flags = (self.seller != organisation) & (self._cell != NOWHERE) & others
        return stay

    def _parties(self, one: int) -> int:
        sellers = np.unique(self.seller[self.cell == one])
        buyers = np.unique(self.buyer[self.needs[one]])
        return min(len(sellers), len(buyers))


def _block_prices(
    market: Market, low: Block, high: Block, here: _Cells, tick: Callable[[], None]
) -> Iterator[CellPrice]:
    quantity = market.lots.quantity[low.lots]
    demand = market.needs.quantity[low.needs]
    lows = _lowest(_Figures(market, low, here, quantity), here, quantity, demand, tick)
    highs = _highest(_Figures(market, high, here, quantity), here, quantity, demand, tick)
    for one in here.published:
        lots = here.cell == one
        yield CellPrice(
            cell=one,
            low=lows[one],
            high=highs[one],
            quantity=int(quantity[lots].sum()),
            lots=int(lots.sum()),
            needs=len(here.needs[one]),
            sellers=len(np.unique(here.seller[lots])),
            buyers=len(np.unique(here.buyer[here.needs[one]])),
        )


class _Figures:
    """Market prices of lots at given prices of needs, and their means over cells."""

    def __init__(self, market: Market, block: Block, here: _Cells, quantity: Integers) -> None:
        self.gain = allowed_gain(block.margin, block.allowed)
        possible = (block.obstacles & ~np.int64(MONEY)) == 0  # what only money stands between
        self._here, self._quantity = here, quantity
        self._lots = {one: np.flatnonzero(here.cell == one) for one in here.published}
        self._worth = {
            one: allowed_gain(block.margin[i] + market.lots.ask[block.lots[i], None], possible[i])
            for one, i in self._lots.items()
        }

    def means(
        self, need_price: Integers, needs: Flags, without: int
    ) -> Iterator[tuple[int, int, int]]:
        """Cell, total and quantity of what remains when the organisation ``without`` goes."""
        behind = self._here.when_gone(without)
        for one, lots in self._lots.items():
            stay = behind[lots]
            if stay.any():
                worth = self._worth[one][stay][:, needs] - need_price
                price = worth.max(axis=1, initial=0)
                quantity = self._quantity[lots[stay]]
                yield one, int(price @ quantity), int(quantity.sum())


def _lowest(
    figures: _Figures,
    here: _Cells,
    quantity: Integers,
    demand: Integers,
    tick: Callable[[], None],
) -> dict[int, int]:
    """Rounded down, over all organisations whose needs vanish, and none."""
    whole = pour(figures.gain, quantity, demand)
    lowest: dict[int, int] = {}
    for without, needs, prices in _leaving_out(whole, here.buyer, here.seller):
        tick()
        for one, total, weight in figures.means(prices, needs, without):
            lowest[one] = min(lowest.get(one, total // weight), total // weight)
    return lowest


def _highest(
    figures: _Figures,
    here: _Cells,
    quantity: Integers,
    demand: Integers,
    tick: Callable[[], None],
) -> dict[int, int]:
    """Rounded up, over all organisations whose lots vanish, and none."""
    turned = pour(np.ascontiguousarray(figures.gain.T), demand, quantity)
    everybody = np.ones(len(demand), dtype=bool)
    highest: dict[int, int] = {}
    for without, prices in _leaving_out_lots(turned, here.seller, here.buyer):
        tick()
        for one, total, weight in figures.means(prices, everybody, without):
            highest[one] = max(highest.get(one, 0), -(-total // weight))
    return highest


def _leaving_out(
    whole: Poured, buyer: Integers, seller: Integers
) -> Iterator[tuple[int, Flags, Integers]]:
    """Nobody, then one organisation after the other: the needs that stay, at their highest prices."""
    everybody = np.ones(len(buyer), dtype=bool)
    base = whole.lowest()
    yield NOBODY, everybody, base[1]
    for one in np.union1d(buyer, seller):
        gone = np.flatnonzero(buyer == one)
        if _changes_nothing(whole, base, gone):
            yield int(one), buyer != one, base[1][buyer != one]
        else:
            yield int(one), buyer != one, whole.without(gone).lowest()[1]


def _leaving_out_lots(
    whole: Poured, seller: Integers, buyer: Integers
) -> Iterator[tuple[int, Integers]]:
    """The same with lots, rows being needs: the lowest prices of all needs."""
    base = whole.lowest()
    yield NOBODY, base[0]
    for one in np.union1d(seller, buyer):
        gone = np.flatnonzero(seller == one)
        if _changes_nothing(whole, base, gone):
            yield int(one), base[0]
        else:
            yield int(one), whole.without(gone).lowest()[0]


def _changes_nothing(whole: Poured, base: tuple[Integers, Integers], gone: Indices) -> bool:
    """Nothing flows there and, at the lowest prices of the rows, none of these columns is why.

    Where nothing flows the optimum stays one without the columns. But it may have lower prices
    then: each column u_i + v_j >= gain_ij holds some up. A column to which that is not tight holds
    up nothing.
    """
    if whole.flow[:, gone].any():
        return False
    slack = base[0][:, None] + base[1][gone] - whole.gain[:, gone]
    return not (slack == 0).any()
