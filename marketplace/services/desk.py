"""What an organisation has listed and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from marketplace.domain.actors import Actor, Role
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.listings import withdrawn_quantities
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry, says_last
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
    listed: int
    """How much was listed at first, what is withdrawn included."""
    entry: RoundEntry | None = None
    matches: list[Match] = field(default_factory=list)

    @property
    def awaits_goods(self) -> bool:
        """Whether some of it is promised and may still have to be brought."""
        return bool(self.listing.held) and self.days >= 0

    @property
    def agreed(self) -> int:
        """How much both sides have agreed on."""
        return sum(m.quantity for m in self.matches if m.state == MatchState.CONFIRMED)


@dataclass(frozen=True)
class RoundAwaiting:
    """A published round of which matches still wait for answers."""

    round_id: int
    matches: int
    answer_by: datetime
    """The latest deadline."""


@dataclass(frozen=True)
class Desk:
    """An organisation's own listings, the open ones first."""

    lots: list[DeskRow]
    needs: list[DeskRow]
    page: int
    pages: int
    open_kilograms: int
    wanted_kilograms: int
    soon: list[DeskRow]
    """Lots whose last day is near and of which something is free."""
    to_answer: list[Match]
    """Matches that wait for our answer, the earliest deadline first, then the dearest."""
    unanswered: list[Match]
    """Matches that wait for the other side's."""
    rounds: list[RoundAwaiting]
    """What a coordinator follows; empty for others."""


def show_desk(actor: Actor, *, today: date, page: int = 1) -> Desk:
    """The desk of the actor's organisation."""
    world = world_of(current_reference())
    counts = [_count(kind, actor, today) for kind in (Lot, Need)]
    pages = max(1, -(-max(counts) // PAGE))
    page = min(max(1, page), pages)
    lots, needs = (_rows(kind, actor, today, page) for kind in (Lot, Need))
    to_answer, unanswered = _waiting(actor)
    return Desk(
        lots=lots,
        needs=needs,
        page=page,
        pages=pages,
        open_kilograms=_open_kilograms(Lot, actor, world, today),
        wanted_kilograms=_open_kilograms(Need, actor, world, today),
        soon=[row for row in lots if row.open and row.days <= SOON_DAYS],
        to_answer=to_answer,
        unanswered=unanswered,
        rounds=_rounds_awaiting() if actor.role is Role.COORDINATOR else [],
    )


def _rounds_awaiting() -> list[RoundAwaiting]:
    query = (
        select(Match.round_id, func.count(), func.max(Match.answer_by))
        .where(Match.state == MatchState.PROPOSED, Match.round_id.is_not(None))
        .group_by(Match.round_id)
        .order_by(Match.round_id.desc())
    )
    return [
        RoundAwaiting(round_id, matches, answer_by)
        for round_id, matches, answer_by in db.session.execute(query)
        if round_id is not None and answer_by is not None
    ]


def _count(kind: Any, actor: Actor, today: date) -> int:
    mine = _listed_by(kind, actor, today)
    return db.session.scalar(select(func.count()).select_from(kind).where(mine)) or 0


def _listed_by(kind: Any, actor: Actor, today: date) -> ColumnElement[bool]:
    """What the desk lists: of a series what is held and the next instalment, which has all others."""
    earlier = aliased(kind)
    is_first = ~(
        select(earlier.id)
        .where(earlier.series_id == kind.series_id, earlier.series_day < kind.series_day)
        .where(earlier.is_open(today))
        .exists()
    )
    shown: ColumnElement[bool] = or_(
        kind.series_id.is_(None), kind.held > 0, and_(kind.is_open(today), is_first)
    )
    return and_(kind.organisation_id == actor.organisation_id, shown)


def _rows(kind: Any, actor: Actor, today: date, page: int) -> list[DeskRow]:
    is_open = kind.is_open(today)
    query = (
        select(kind, is_open)
        .where(_listed_by(kind, actor, today))
        .order_by(is_open.desc(), kind.until, kind.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    found = [(listing, bool(is_open)) for listing, is_open in db.session.execute(query)]
    ids = [listing.id for listing, _ in found]
    entries, matches = _entries(kind, ids), _matches(kind, ids)
    taken = withdrawn_quantities(kind, ids)
    return [
        DeskRow(
            listing,
            is_open,
            (listing.until - today).days,
            listing.quantity + taken.get(listing.id, 0),
            entries.get(listing.id),
            matches.get(listing.id, []),
        )
        for listing, is_open in found
    ]


def _entries(kind: Any, ids: Sequence[int]) -> dict[int, RoundEntry]:
    column = RoundEntry.lot_id if kind is Lot else RoundEntry.need_id
    place = func.row_number().over(partition_by=column, order_by=says_last())
    placed = (
        select(RoundEntry.id, place.label("place"))
        .join(MatchRound)
        .where(column.in_(ids), MatchRound.state == RoundState.PUBLISHED)
        .subquery()
    )
    listing = RoundEntry.lot if kind is Lot else RoundEntry.need
    query = (
        select(RoundEntry)
        .join(placed, (RoundEntry.id == placed.c.id) & (placed.c.place == 1))
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


def _waiting(actor: Actor) -> tuple[list[Match], list[Match]]:
    """What waits for us, and what waits for others only."""
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
            joinedload(Match.lot).joinedload(Lot.commodity),
            joinedload(Match.need).joinedload(Need.organisation),
        )
        .order_by(Match.answer_by, (Match.price * Match.quantity).desc(), Match.id)
        .limit(PAGE)
    )
    found = list(db.session.scalars(query))
    mine = {match.id for match in found if _awaits(match, actor)}
    return [m for m in found if m.id in mine], [m for m in found if m.id not in mine]


def _awaits(match: Match, actor: Actor) -> bool:
    """Whether one of the sides that are ours has not answered."""
    sides = (
        (match.lot.organisation_id, match.lot_accepted_at),
        (match.need.organisation_id, match.need_accepted_at),
    )
    return any(owner == actor.organisation_id and at is None for owner, at in sides)


def _open_kilograms(kind: Any, actor: Actor, world: World, today: date) -> int:
    query = (
        select(kind.commodity_id, func.sum(kind.open_quantity))
        .where(kind.organisation_id == actor.organisation_id, kind.is_open(today))
        .group_by(kind.commodity_id)
    )
    return sum(
        world.catalogue.commodity(commodity_id).kilograms(int(quantity)) or 0
        for commodity_id, quantity in db.session.execute(query)
    )
