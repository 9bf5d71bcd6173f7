"""The matches of a round and what it left out, page by page and searched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.domain.matches import MatchState
from marketplace.domain.text import words
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.rounds import RoundEntry, stood_outside
from marketplace.models.telling import with_parties

PAGE = 25
MOST_WORDS = 8
"""More of a search are not looked at."""
LARGEST_ID = 2**31 - 1


def matches_of(
    round_id: int, *, page: int, dropped: bool = False, text: str = ""
) -> tuple[list[Match], int]:
    """One page of the round's matches, the greatest gain first, and how many pages there are.

    ``text`` is a number (of the match, its lot or its need), or words of goods, place and parties.
    """
    gain = Match.quantity * (Match.bid - Match.ask) - Match.freight
    state = Match.state == MatchState.DROPPED
    query = with_parties().where(Match.round_id == round_id, state if dropped else ~state)
    number = _number(text)
    if number is not None:
        query = query.where(or_(*(c == number for c in (Match.id, Match.lot_id, Match.need_id))))
    else:
        for word in words(text)[:MOST_WORDS]:
            lots, needs = _found(Lot, word), _found(Need, word)
            query = query.where(or_(Match.lot_id.in_(lots), Match.need_id.in_(needs)))
    rows: tuple[list[Match], int] = _page(query.order_by(gain.desc(), Match.id), page)
    return rows


def left_out_examples(round_id: int) -> list[RoundEntry]:
    """The first lot of each reason, for a page that shows a few."""
    first = (
        select(func.min(RoundEntry.id))
        .where(RoundEntry.round_id == round_id, RoundEntry.lot_id.is_not(None))
        .where(RoundEntry.reason.is_not(None), RoundEntry.quantity > 0, ~stood_outside())
        .group_by(RoundEntry.reason)
    )
    listing = joinedload(RoundEntry.lot)
    query = (
        select(RoundEntry)
        .where(RoundEntry.id.in_(first))
        .options(
            listing.joinedload(Lot.organisation),
            listing.joinedload(Lot.commodity),
            listing.joinedload(Lot.place),
        )
        .order_by(RoundEntry.id)
    )
    return list(db.session.scalars(query))


def _number(text: str) -> int | None:
    """The number that somebody asks for, at most one that a row can have."""
    asked = words(text)
    return min(int(asked[0]), LARGEST_ID) if len(asked) == 1 and asked[0].isdecimal() else None


def _found(kind: type[Lot] | type[Need], word: str) -> Select[Any]:
    """`words` leaves letters and digits only, no wildcards."""
    return select(kind.id).where(kind.search.like(f"% {word}%"))


def left_out(
    round_id: int, side: str, *, reason: str, page: int, text: str = ""
) -> tuple[list[RoundEntry], int]:
    """One page of what was left out or only partly matched, with its reason.

    ``text`` is a number of a lot (or need), or words of its goods, place and parties.

    What had nothing left for the round, or stood outside it, is there only for whoever asks for that
    very reason.
    """
    column = RoundEntry.lot_id if side == "lot" else RoundEntry.need_id
    kind, relation = (Lot, RoundEntry.lot) if side == "lot" else (Need, RoundEntry.need)
    listing = joinedload(relation)
    query = (
        select(RoundEntry)
        .where(RoundEntry.round_id == round_id, column.is_not(None))
        .where(
            RoundEntry.reason == reason
            if reason
            else RoundEntry.reason.is_not(None) & (RoundEntry.quantity > 0) & ~stood_outside()
        )
        .options(
            listing.joinedload(kind.organisation),
            listing.joinedload(kind.commodity),
            listing.joinedload(kind.place),
        )
        .order_by(RoundEntry.reason, RoundEntry.id)
    )
    number = _number(text)
    if number is not None:
        query = query.where(column == number)
    else:
        for word in words(text)[:MOST_WORDS]:
            query = query.where(column.in_(_found(kind, word)))
    rows: tuple[list[RoundEntry], int] = _page(query, page)
    return rows


def _page(query: Any, page: int) -> Any:
    count = select(func.count()).select_from(query.order_by(None).options().subquery())
    total = db.session.scalar(count) or 0
    rows = db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    return list(rows), -(-total // PAGE)
