"""Match rounds: what is open, starting one, looking at it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from marketplace.clock import HERE
from marketplace.domain import rounds
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.domain.tallies import Matched
from marketplace.domain.text import words
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.lots import Lot
from marketplace.models.matches import Match, rounds_of_enough_parties
from marketplace.models.needs import Need
from marketplace.models.published import Kept, Trips, kept_of
from marketplace.models.reference import Commodity, CommodityGroup, Locality
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.models.telling import with_parties

PAGE = 25
MOST_WORDS = 8
"""More of a search are not looked at."""
LARGEST_ID = 2**31 - 1


class RoundRunning(Rejected):
    """Another round is queued, being solved, or waits for a decision."""

    def __init__(self, active: MatchRound) -> None:
        if active.state == RoundState.SOLVED:
            reason = N_("Round %(number)s waits to be published or discarded.")
        else:
            reason = N_("Round %(number)s is running, started by %(who)s at %(time)s.")
        super().__init__(
            reason,
            number=active.id,
            who=active.requester.name,
            time=f"{active.requested_at.astimezone(HERE):%H:%M}",
        )
        self.round_id = active.id


def request_round(
    *, actor: Actor, now: datetime, today: date, programme: bool = False
) -> MatchRound:
    """Ask the worker for a round over all that is open, or over what the ``programme`` admits.

    The database allows one active round. Raises `RoundRunning` naming it if there is one.
    """
    if not rounds.may_run(actor):
        raise Forbidden(N_("Only coordinators start a round."))
    round_ = MatchRound(
        day=today, requested_by=actor.user_id, requested_at=now, programme=programme
    )
    try:
        with transaction() as session:
            session.add(round_)
    except IntegrityError as error:
        active = active_round()
        if active is None:
            raise Rejected(N_("The other round has just ended. Press once more.")) from error
        raise RoundRunning(active) from error
    return round_


def active_round() -> MatchRound | None:
    """The round that is queued, being solved, or waits for a decision."""
    return db.session.scalar(
        select(MatchRound)
        .where(MatchRound.slot.is_not(None))
        .options(joinedload(MatchRound.requester))
    )


def round_list(*, actor: Actor | None, page: int) -> tuple[list[MatchRound], int]:
    """Rounds, latest first, and how many pages of them; strangers see the published ones."""
    query = select(MatchRound).order_by(MatchRound.id.desc())
    if not rounds.may_run(actor):
        query = query.where(MatchRound.state == RoundState.PUBLISHED)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.options(joinedload(MatchRound.requester)).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(query)), -(-total // PAGE)


def with_public_figures(shown: Sequence[MatchRound], *, actor: Actor | None) -> set[int]:
    """The ids of those whose gain this person may see: with few parties it is somebody's price."""
    ids = [round_.id for round_ in shown]
    return set(ids) if rounds.may_run(actor) else rounds_of_enough_parties(ids)


def kept(shown: Sequence[MatchRound], *, actor: Actor | None) -> dict[int, Kept]:
    """Of those from which publishing dropped matches: what was published instead of what was solved."""
    return kept_of([round_.id for round_ in shown], exact=rounds.may_run(actor))


def show_round(round_id: int, *, actor: Actor | None) -> MatchRound:
    """Raises `NotFound` also for a round that this person may not know of yet."""
    round_ = db.session.scalar(
        select(MatchRound)
        .where(MatchRound.id == round_id)
        .options(joinedload(MatchRound.requester))
    )
    if round_ is None or not rounds.may_see(round_.state, actor):
        raise NotFound(N_("There is no such round."))
    return round_


@dataclass
class Tally(Matched):
    """Lots, needs and kilograms of one locality or group, and whose matches they are."""

    lots: int = 0
    needs: int = 0
    offered: int = 0
    wanted: int = 0


@dataclass(frozen=True)
class Open:
    """What a round started now would see."""

    total: Tally
    by_locality: dict[str, Tally]
    by_group: dict[str, Tally]


def what_is_open(today: date) -> Open:
    """Open lots and needs by locality (of the place; "" outside the seven) and commodity group."""
    total = Tally()
    localities: defaultdict[str, Tally] = defaultdict(Tally)
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    for kind in (Lot, Need):
        rows = db.session.execute(
            select(
                kind.locality_id,
                Commodity.group_id,
                Commodity.milligrams,
                func.count(),
                func.sum(kind.open_quantity),
            )
            .join(kind.commodity)
            .where(kind.is_open(today), Commodity.milligrams.is_not(None))
            .group_by(kind.locality_id, Commodity.group_id, Commodity.milligrams)
        )
        for locality, group, milligrams, count, quantity in rows:
            kilograms = kilograms_of(int(quantity), int(milligrams or 0))
            for tally in (total, localities[locality or ""], groups[group]):
                _add(tally, kind, count, kilograms)
    return Open(total, dict(localities), dict(groups))


def kilograms_of(quantity: int, milligrams: int) -> int:
    """Weight of so many base units, rounded up to whole kilograms."""
    return -(-quantity * milligrams // 1_000_000)


@dataclass(frozen=True)
class Names:
    """Names of localities and groups in both languages, by id."""

    localities: dict[str, Locality]
    groups: dict[str, CommodityGroup]


def names() -> Names:
    """The programme's seven localities and the catalogue's groups."""
    return Names(
        {locality.id: locality for locality in db.session.scalars(select(Locality))},
        {group.id: group for group in db.session.scalars(select(CommodityGroup))},
    )


def _add(tally: Tally, kind: type[Lot] | type[Need], count: int, kilograms: int) -> None:
    if kind is Lot:
        tally.lots += count
        tally.offered += kilograms
    else:
        tally.needs += count
        tally.wanted += kilograms


@dataclass(frozen=True)
class Outcome:
    """What came out of a round, counted from its entries and matches."""

    total: Tally
    by_locality: dict[str, Tally]
    """By the locality that sells; "" for places outside the seven."""
    by_group: dict[str, Tally]
    agreed: Matched
    """What both sides have agreed to by now."""
    freight: int
    trips: Trips
    dropped: Counter[str]
    reasons: dict[str, Counter[str]]
    """Side → reason → how many lots or needs."""
    reason_kilograms: dict[str, Counter[str]]
    held: Counter[str]
    """Side → how many had nothing left for this round: all of it was held for other matches."""


def outcome(round_: MatchRound) -> Outcome:
    """The round's figures; what was dropped when it was published is not counted as matched."""
    total = Tally()
    localities: defaultdict[str, Tally] = defaultdict(Tally)
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    reasons: dict[str, Counter[str]] = {"lot": Counter(), "need": Counter()}
    weights: dict[str, Counter[str]] = {"lot": Counter(), "need": Counter()}
    held: Counter[str] = Counter()
    for kind, side, column in ((Lot, "lot", RoundEntry.lot_id), (Need, "need", RoundEntry.need_id)):
        for row in db.session.execute(_entries(kind, column, round_.id)):
            if not row.quantity:
                held[side] += 1
                continue
            kilograms = kilograms_of(row.quantity, row.milligrams)
            for tally in (total, localities[row.locality_id or ""], groups[row.group_id]):
                _add(tally, kind, 1, kilograms)
            if row.reason:
                reasons[side][row.reason] += 1
                left = row.quantity - row.matched
                weights[side][row.reason] += kilograms_of(left, row.milligrams)
    agreed = Matched()
    freight, trips = 0, Trips()
    dropped: Counter[str] = Counter()
    for row in db.session.execute(_matches(round_.id)):
        if row.state == MatchState.DROPPED and round_.state == RoundState.PUBLISHED:
            dropped[row.drop_reason] += 1
            continue
        kilograms = kilograms_of(row.quantity, row.milligrams)
        if row.state == MatchState.CONFIRMED:
            agreed.add(kilograms, row.seller, row.buyer)
        freight += row.freight
        trips.count(row.mode, row.vehicles)
        for tally in (total, localities[row.locality_id or ""], groups[row.group_id]):
            tally.add(kilograms, row.seller, row.buyer)
    return Outcome(
        total=total,
        by_locality=dict(localities),
        by_group=dict(groups),
        agreed=agreed,
        freight=freight,
        trips=trips,
        dropped=dropped,
        reasons=reasons,
        reason_kilograms=weights,
        held=held,
    )


def _entries(kind: type[Lot] | type[Need], column: Any, round_id: int) -> Any:
    return (
        select(
            kind.locality_id,
            Commodity.group_id,
            Commodity.milligrams,
            RoundEntry.quantity,
            RoundEntry.matched,
            RoundEntry.reason,
        )
        .select_from(RoundEntry)
        .join(kind, column == kind.id)
        .join(kind.commodity)
        .where(RoundEntry.round_id == round_id)
    )


def _matches(round_id: int) -> Any:
    return (
        select(
            Match.state,
            Match.drop_reason,
            Match.quantity,
            Match.freight,
            Match.mode,
            Match.vehicles,
            Lot.locality_id,
            Lot.organisation_id.label("seller"),
            Need.organisation_id.label("buyer"),
            Commodity.group_id,
            Commodity.milligrams,
        )
        .select_from(Match)
        .join(Match.lot)
        .join(Match.need)
        .join(Lot.commodity)
        .where(Match.round_id == round_id)
    )


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
        .where(RoundEntry.reason.is_not(None), RoundEntry.quantity > 0)
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

    What had nothing left for the round is there only for whoever asks for that very reason.
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
            else RoundEntry.reason.is_not(None) & (RoundEntry.quantity > 0)
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
