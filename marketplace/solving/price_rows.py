"""The market prices that a frozen round publishes, as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.rounds import LEAST_PARTIES
from marketplace.matching import Market
from marketplace.matching.price_board import NOWHERE, CellPrice, price_board
from marketplace.solving.assemble import Index, assemble
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.rows import entered_by
from marketplace.solving.world import World

Progress = Callable[[int, int], None]
Cell = tuple[str, str, str]
"""Locality, commodity, grade."""


def price_rows(frozen: Frozen, world: World, progress: Progress) -> list[dict[str, Any]]:
    """The columns of `models.price_board.BoardPrice` that the engine decides.

    One for each locality, commodity and grade with three organisations on either side; who lists
    for others counts once. ``progress`` gets the number of commodities done and of all.
    """
    market, index = assemble(
        frozen.lots,
        frozen.needs,
        world.atlas,
        world.catalogue,
        frozen.day,
        movement=world.movement,
    )
    cells: dict[Cell, int] = {}
    organisations: dict[int | str, int] = {}
    board = price_board(
        market,
        _cells(market, index, world, cells),
        _organisations(index.lots, organisations),
        _organisations(index.needs, organisations),
        LEAST_PARTIES,
        progress,
    )
    names = list(cells)
    goods = [commodity.id for commodity in index.goods]
    return [
        _row(names[price.cell], price, market, goods.index(names[price.cell][1])) for price in board
    ]


def _cells(market: Market, index: Index, world: World, cells: dict[Cell, int]) -> NDArray[np.int64]:
    """The number of each lot's cell, which ``cells`` learns; none outside the seven localities."""
    numbers = np.full(len(index.lots), NOWHERE, dtype=np.int64)
    for row, lot in enumerate(index.lots):
        locality = world.gazetteer.get(lot.place).locality
        if locality:
            grades = world.catalogue.grades(world.catalogue.commodity(lot.commodity).group)
            rank = int(market.lots.grade[row])
            grade = next(grade.id for grade in grades if grade.rank == rank)
            numbers[row] = cells.setdefault((locality, lot.commodity, grade), len(cells))
    return numbers


def _organisations(
    listings: Sequence[OpenLot | OpenNeed], known: dict[int | str, int]
) -> NDArray[np.int64]:
    entered = [entered_by(listing.organisation) for listing in listings]
    return np.array([known.setdefault(one, len(known)) for one in entered], dtype=np.int64)


def _row(cell: Cell, price: CellPrice, market: Market, commodity: int) -> dict[str, Any]:
    locality, commodity_id, grade = cell
    weight = market.kilograms(commodity, np.array([price.quantity], dtype=np.int64))
    return {
        "locality_id": locality,
        "commodity_id": commodity_id,
        "grade": grade,
        "low": price.low,
        "high": price.high,
        "kilograms": int(weight[0]),
        "lots": price.lots,
        "needs": price.needs,
        "sellers": price.sellers,
        "buyers": price.buyers,
    }
