"""What each locality offers and wants, by commodity group, this week and next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, case, func, literal, select

from marketplace.domain.kinds import GoodsKind
from marketplace.models.base import db
from marketplace.models.commodities import Commodity
from marketplace.models.lots import Lot
from marketplace.models.needs import Need

MILLIGRAMS = 1_000_000
THIS_WEEK, NEXT_WEEK = 0, 1
Key = tuple[int, str | None, str]
"""Week (0 this, 1 next), locality (None: outside the seven), commodity group."""


@dataclass(frozen=True)
class Cell:
    """Kilograms that are open on both sides."""

    offered: int = 0
    wanted: int = 0

    @property
    def surplus(self) -> int:
        """Offered − wanted: positive where goods are left, negative where they are missing."""
        return self.offered - self.wanted

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.offered + other.offered, self.wanted + other.wanted)


@dataclass(frozen=True)
class Balance:
    """Every listing counts once, in the week in which its goods can first be collected or come."""

    cells: Mapping[Key, Cell]
    week_ends: date
    """The last day of this week."""

    def cell(self, week: int, locality: str | None, group: str) -> Cell:
        """What is open there; nothing where nobody has listed."""
        return self.cells.get((week, locality, group), Cell())

    def of_locality(self, locality: str | None) -> Cell:
        """All groups, both weeks."""
        return sum((c for (_, at, _), c in self.cells.items() if at == locality), Cell())

    def groups(self) -> list[str]:
        """Groups in which anything is open, the greatest first."""
        totals: dict[str, int] = {}
        for (_, _, group), cell in self.cells.items():
            totals[group] = totals.get(group, 0) + cell.offered + cell.wanted
        return sorted(totals, key=lambda group: (-totals[group], group))


def balance(today: date) -> Balance:
    """Two queries, whatever is listed. Farm inputs and goods of unknown weight are left out."""
    sunday = today + timedelta(days=6 - today.weekday())
    offered = _open(Lot, Lot.ready_on, today, sunday)
    wanted = _open(Need, Need.from_on, today, sunday)
    cells = {
        key: Cell(offered.get(key, 0), wanted.get(key, 0)) for key in offered.keys() | wanted.keys()
    }
    return Balance(cells, sunday)


def _open(
    listing: Any, first_day: ColumnElement[date] | Any, today: date, sunday: date
) -> dict[Key, int]:
    week = case((first_day <= literal(sunday, Date), THIS_WEEK), else_=NEXT_WEEK)
    weight = func.sum(listing.open_quantity * Commodity.milligrams)
    rows = db.session.execute(
        select(week, listing.locality_id, Commodity.group_id, weight)
        .join(Commodity, Commodity.id == listing.commodity_id)
        .where(listing.is_open(today), first_day <= sunday + timedelta(days=7))
        .where(Commodity.milligrams.is_not(None), Commodity.kind != GoodsKind.INPUT)
        .group_by(week, listing.locality_id, Commodity.group_id)
    )
    return {
        (int(when), where, group): -(-int(heavy) // MILLIGRAMS)
        for when, where, group, heavy in rows
    }
