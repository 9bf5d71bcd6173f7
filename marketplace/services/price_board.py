"""The price board as everybody may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, load_only

from marketplace.domain.price_board import BoardState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.commodities import Commodity
from marketplace.models.price_board import BoardPrice, PriceBoard
from marketplace.models.rounds import MatchRound

ROUNDS = 26
"""Of the latest rounds: half a year of weekly ones."""
PAGE = 40
_SHOWN = load_only(MatchRound.decided_at, MatchRound.requested_at, raiseload=True)
"""Of rounds: not what they saw, which is large."""
MOST = 20_000
"""Rows of a file: a crisis week has about 300, so some years."""


@dataclass(frozen=True)
class Fewer:
    """What the latest board lacks that those before it have."""

    prices: int
    former: MatchRound | None
    """The round before, where that has more than twice as many prices."""
    former_prices: int
    elsewhere: Sequence[tuple[MatchRound, Sequence[str]]]
    """Ids of goods without a price now, by the latest round that has one, the latest first."""


@dataclass(frozen=True)
class Board:
    """What the board of one round says, as far as it was asked.

    ``round`` is none where no round has a board. ``pending`` says that the prices of a later round
    are being found.
    """

    round: MatchRound | None
    rounds: Sequence[MatchRound]
    prices: Sequence[BoardPrice]
    pages: int
    goods: Sequence[str]
    """Ids of the goods on this board."""
    localities: Sequence[str]
    pending: MatchRound | None
    fewer: Fewer | None = None
    """Of the latest board, if it lacks anything."""


def show_board(round_id: int | None, commodity: str, locality: str, page: int) -> Board:
    """The latest board, or that of ``round_id``; an unknown one has no rows."""
    rounds = list(db.session.scalars(_rounds().limit(ROUNDS)))
    asked = _round(rounds, round_id)
    if asked is None:
        return Board(None, rounds, [], 1, [], [], _pending(rounds))
    query = _prices(commodity, locality).where(BoardPrice.round_id == asked.id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE))
    return Board(
        round=asked,
        rounds=rounds,
        prices=list(found),
        pages=max(1, -(-total // PAGE)),
        goods=_goods(asked.id),
        localities=_localities(asked.id),
        pending=_pending(rounds),
        fewer=_fewer(rounds) if asked.id == rounds[0].id else None,
    )


def rows_of(round_id: int | None, commodity: str, locality: str) -> list[BoardPrice]:
    """The rows of a file: one round's, or with None those of all rounds, the latest first."""
    query = _prices(commodity, locality)
    if round_id is not None:
        query = query.where(BoardPrice.round_id == round_id)
    joined = query.join(MatchRound, MatchRound.id == BoardPrice.round_id)
    return list(db.session.scalars(joined.limit(MOST)))


def latest_round() -> int | None:
    """The number of the latest round with a board."""
    found = db.session.scalar(_rounds().limit(1))
    return found.id if found else None


def days_of(round_ids: Sequence[int]) -> dict[int, date]:
    """The day of each round."""
    asked = select(MatchRound).where(MatchRound.id.in_(set(round_ids))).options(_SHOWN)
    rounds = db.session.scalars(asked)
    return {round_.id: round_.shown_on for round_ in rounds}


def history(commodity: str, locality: str, grade: str) -> list[tuple[MatchRound, BoardPrice]]:
    """How the interval of one cell moved, the earliest of the latest rounds first."""
    rows = db.session.execute(
        select(MatchRound, BoardPrice)
        .join(BoardPrice, BoardPrice.round_id == MatchRound.id)
        .where(BoardPrice.commodity_id == commodity)
        .where(BoardPrice.locality_id == locality, BoardPrice.grade == grade)
        .order_by(MatchRound.id.desc())
        .limit(ROUNDS)
        .options(_SHOWN)
    )
    return [(round_, price) for round_, price in rows][::-1]


def latest_of(commodity: str, locality: str | None, grade: str) -> BoardPrice | None:
    """What the latest board says of these goods there."""
    number = latest_round()
    if number is None or locality is None:
        return None
    return next((row for row in rows_of(number, commodity, locality) if row.grade == grade), None)


def has_board(round_id: int) -> bool:
    """Whether the prices of this round are there."""
    return db.session.scalar(_rounds().where(MatchRound.id == round_id)) is not None


def _rounds() -> Select[Any]:
    return (
        select(MatchRound)
        .join(PriceBoard, PriceBoard.round_id == MatchRound.id)
        .where(MatchRound.state == RoundState.PUBLISHED, PriceBoard.state == BoardState.DONE)
        .order_by(MatchRound.id.desc())
        .options(_SHOWN)
    )


def _round(rounds: Sequence[MatchRound], round_id: int | None) -> MatchRound | None:
    if round_id is None:
        return rounds[0] if rounds else None
    listed = next((round_ for round_ in rounds if round_.id == round_id), None)
    return listed or db.session.scalar(_rounds().where(MatchRound.id == round_id))


def _fewer(rounds: Sequence[MatchRound]) -> Fewer | None:
    """Of the first of ``rounds`` beside the others, which are older. One query."""
    numbers = {round_.id: 0 for round_ in rounds}
    last: dict[str, int] = {}
    rows = db.session.execute(
        select(BoardPrice.round_id, Commodity.id, func.count())
        .join(BoardPrice.commodity)
        .where(BoardPrice.round_id.in_(list(numbers)))
        .group_by(BoardPrice.round_id, Commodity.id, Commodity.position)
        .order_by(Commodity.position)
    )
    for round_id, commodity, count in rows:
        numbers[round_id] += count
        last[commodity] = max(last.get(commodity, 0), round_id)
    prices, former, *_older = [*numbers.values(), 0]
    goods = [(round_, [one for one in last if last[one] == round_.id]) for round_ in rounds[1:]]
    elsewhere = [(round_, those) for round_, those in goods if those]
    many = 2 * prices < former
    if not elsewhere and not many:
        return None
    return Fewer(prices, rounds[1] if many else None, former, elsewhere)


def _pending(rounds: Sequence[MatchRound]) -> MatchRound | None:
    """A published round later than all boards whose prices a worker will find."""
    working = PriceBoard.state.in_((BoardState.WORKING, BoardState.WAITING))
    return db.session.scalar(
        select(MatchRound)
        .outerjoin(PriceBoard, PriceBoard.round_id == MatchRound.id)
        .where(MatchRound.state == RoundState.PUBLISHED, MatchRound.inputs.is_not(None))
        .where(MatchRound.id > (rounds[0].id if rounds else 0))
        .where(PriceBoard.round_id.is_(None) | working)
        .order_by(MatchRound.id.desc())
        .limit(1)
        .options(_SHOWN)
    )


def _prices(commodity: str, locality: str) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = []
    if commodity:
        wanted.append(BoardPrice.commodity_id == commodity)
    if locality:
        wanted.append(BoardPrice.locality_id == locality)
    return (
        select(BoardPrice)
        .join(BoardPrice.commodity)
        .where(*wanted)
        .options(contains_eager(BoardPrice.commodity))
        .order_by(
            BoardPrice.round_id.desc(),
            Commodity.position,
            BoardPrice.locality_id,
            BoardPrice.grade,
        )
    )


def _goods(round_id: int) -> list[str]:
    rows = db.session.scalars(
        select(Commodity.id)
        .join(BoardPrice, BoardPrice.commodity_id == Commodity.id)
        .where(BoardPrice.round_id == round_id)
        .group_by(Commodity.id)
        .order_by(Commodity.position)
    )
    return list(rows)


def _localities(round_id: int) -> list[str]:
    found = select(BoardPrice.locality_id).where(BoardPrice.round_id == round_id).distinct()
    return sorted(db.session.scalars(found))
