"""Match rounds: what is open, starting one, looking at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from marketplace.clock import HERE
from marketplace.domain import rounds
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.rounds import RoundState
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.commodities import CommodityGroup
from marketplace.models.matches import rounds_of_enough_parties
from marketplace.models.places import Locality
from marketplace.models.published import Kept, kept_of
from marketplace.models.rounds import MatchRound

PAGE = 25


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
