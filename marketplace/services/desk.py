"""What an organisation has listed and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.solving.world import World, world_of

PAGE = 50
SOON_DAYS = 3


@dataclass(frozen=True)
class DeskRow:
    """A lot or need of ours, what the last published round said of it, and its matches."""

    listing: Any
    open: bool
    days: int
    """Until the last day."""
    entry: RoundEntry | None = None
    matches: list[Match] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    """An organisation's own listings, the open ones first."""

    lots: list[DeskRow]
    needs: list[DeskRow]
    page: int
    pages: int
    open_kilograms: int
    soon: list[DeskRow]
    """Lots whose last day is near and of which something is free."""
    waiting: list[Match]
    """Matches that wait for an answer, the earliest deadline first."""


def show_desk(actor: Actor, *, today: date, page: int = 1) -> Desk:
    """The desk of the actor's organisation."""
    world = world_of(current_reference())
    counts = [_count(kind, actor) for kind in (Lot, Need)]
    pages = max(1, -(-max(counts) // PAGE))
    page = min(max(1, page), pages)
    lots, needs = (_rows(kind, actor, today, page) for kind in (Lot, Need))
    return Desk(
        lots=lots,
        needs=needs,
        page=page,
        pages=pages,
        open_kilograms=_open_kilograms(actor, world, today),
        soon=[row for row in lots if row.open and row.days <= SOON_DAYS],
        waiting=_waiting(actor),
    )


def _count(kind: Any, actor: Actor) -> int:
    mine = kind.organisation_id == actor.organisation_id
    return db.session.scalar(select(func.count()).select_from(kind).where(mine)) or 0


def _rows(kind: Any, actor: Actor, today: date, page: int) -> list[DeskRow]:
    is_open = kind.is_open(today)
    query = (
        select(kind, is_open)
        .where(kind.organisation_id == actor.organisation_id)
        .order_by(is_open.desc(), kind.until, kind.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    found = [(listing, bool(is_open)) for listing, is_open in db.session.execute(query)]
    ids = [listing.id for listing, _ in found]
    entries, matches = _entries(kind, ids), _matches(kind, ids)
    return [
        DeskRow(
            listing,
            is_open,
            (listing.until - today).days,
            entries.get(listing.id),
            matches.get(listing.id, []),
        )
        for listing, is_open in found
    ]


def _entries(kind: Any, ids: Sequence[int]) -> dict[int, RoundEntry]:
    column = RoundEntry.lot_id if kind is Lot else RoundEntry.need_id
    last = (
        select(column, func.max(RoundEntry.round_id))
        .join(MatchRound)
        .where(column.in_(ids), MatchRound.state == RoundState.PUBLISHED)
        .group_by(column)
        .subquery()
    )
    listing = RoundEntry.lot if kind is Lot else RoundEntry.need
    query = (
        select(RoundEntry)
        .join(last, (column == last.c[0]) & (RoundEntry.round_id == last.c[1]))
        .options(joinedload(listing).joinedload(kind.commodity))
    )
    owner = "lot_id" if kind is Lot else "need_id"
    return {getattr(entry, owner): entry for entry in db.session.scalars(query)}


def _matches(kind: Any, ids: Sequence[int]) -> dict[int, list[Match]]:
    column = Match.lot_id if kind is Lot else Match.need_id
    shown = (MatchState.PROPOSED, MatchState.CONFIRMED)
    query = select(Match).where(column.in_(ids), Match.state.in_(shown)).order_by(Match.id.desc())
    owner = "lot_id" if kind is Lot else "need_id"
    found: dict[int, list[Match]] = {}
    for match in db.session.scalars(query):
        found.setdefault(getattr(match, owner), []).append(match)
    return found


def _waiting(actor: Actor) -> list[Match]:
    ours = or_(
        Lot.organisation_id == actor.organisation_id,
        Need.organisation_id == actor.organisation_id,
    )
    query = (
        select(Match)
        .join(Match.lot)
        .join(Match.need)
        .where(Match.state == MatchState.PROPOSED, ours)
        .options(
            joinedload(Match.lot).joinedload(Lot.organisation),
            joinedload(Match.need).joinedload(Need.organisation),
        )
        .order_by(Match.answer_by)
        .limit(PAGE)
    )
    return list(db.session.scalars(query))


def _open_kilograms(actor: Actor, world: World, today: date) -> int:
    query = (
        select(Lot.commodity_id, func.sum(Lot.open_quantity))
        .where(Lot.organisation_id == actor.organisation_id, Lot.is_open(today))
        .group_by(Lot.commodity_id)
    )
    return sum(
        world.catalogue.commodity(commodity_id).kilograms(int(quantity)) or 0
        for commodity_id, quantity in db.session.execute(query)
    )
