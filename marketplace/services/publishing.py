"""Publishing is the moment that counts: until then nothing is held and nobody is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, scoped_session

from marketplace.domain import rounds
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.matches import DropReason, MatchState, Side
from marketplace.domain.rounds import RoundState
from marketplace.domain.text_marks import N_
from marketplace.models.base import transaction
from marketplace.models.books import holds
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.models.telling import Told, tell, told_of_match, with_parties

Database = Session | scoped_session[Session]


@dataclass(frozen=True)
class Published:
    """What became of the round's matches."""

    proposed: int
    dropped: int


def publish(
    round_id: int, *, actor: Actor, now: datetime, today: date, answer_hours: int
) -> Published:
    """Propose what still holds, drop the rest with the reason, hold quantities, write messages.

    All of it in one transaction. Raises `Rejected` if the round does not wait for this decision.
    """
    with transaction() as session:
        _decide(session, round_id, RoundState.PUBLISHED, actor, now)
        remaining = _Remaining(session, round_id, today)
        drafts = _drafts(session, round_id)
        kept = [match for match in drafts if _keep_or_drop(match, remaining, now)]
        for match in kept:
            match.state = MatchState.PROPOSED
            match.proposed_at = now
            match.answer_by = now + timedelta(hours=answer_hours)
        session.flush()
        for match in kept:
            session.add_all(holds(match, now, actor.user_id))
        session.flush()
        tell(session, _told(session, round_id, kept), now)
    return Published(len(kept), len(drafts) - len(kept))


def discard(round_id: int, *, actor: Actor, now: datetime) -> None:
    """Throw the outcome away; nobody is told, another round may start."""
    with transaction() as session:
        _decide(session, round_id, RoundState.DISCARDED, actor, now)
        session.execute(
            update(Match)
            .where(Match.round_id == round_id, Match.state == MatchState.DRAFT)
            .values(state=MatchState.DROPPED, drop_reason=DropReason.DISCARDED, closed_at=now)
        )


def _decide(
    session: Database, round_id: int, state: RoundState, actor: Actor, now: datetime
) -> None:
    if not rounds.may_run(actor):
        raise Forbidden(N_("Only coordinators decide about a round."))
    decided = session.scalar(
        update(MatchRound)
        .where(MatchRound.id == round_id, MatchRound.state == RoundState.SOLVED)
        .values(state=state, slot=None, decided_at=now, decided_by=actor.user_id)
        .returning(MatchRound.id)
    )
    if decided is None:
        if session.get(MatchRound, round_id) is None:
            raise NotFound(N_("There is no such round."))
        raise Rejected(N_("This round does not wait for a decision any more."))


def _drafts(session: Database, round_id: int) -> list[Match]:
    drafts = with_parties().where(Match.round_id == round_id, Match.state == MatchState.DRAFT)
    return list(session.scalars(drafts.order_by(Match.id)))


class _Remaining:
    """What is free today of the round's listings, locked until the transaction ends."""

    def __init__(self, session: Database, round_id: int, today: date) -> None:
        self.today = today
        self.versions: dict[tuple[Side, int], int] = {}
        for lot_id, need_id, version in session.execute(
            select(RoundEntry.lot_id, RoundEntry.need_id, RoundEntry.version).where(
                RoundEntry.round_id == round_id
            )
        ):
            if lot_id is not None:
                self.versions[Side.LOT, lot_id] = version
            if need_id is not None:
                self.versions[Side.NEED, need_id] = version
        drafts = select(Match).where(Match.round_id == round_id, Match.state == MatchState.DRAFT)
        self.lots = _locked(session, Lot, drafts.with_only_columns(Match.lot_id))
        self.needs = _locked(session, Need, drafts.with_only_columns(Match.need_id))
        self.free = {
            (side, listing.id): listing.open_quantity
            for side, listings in ((Side.LOT, self.lots), (Side.NEED, self.needs))
            for listing in listings.values()
        }

    def take(self, match: Match) -> None:
        self.free[Side.LOT, match.lot_id] -= match.quantity
        self.free[Side.NEED, match.need_id] -= match.quantity


def _locked(session: Database, kind: type[Any], ids: object) -> dict[int, Any]:
    rows = session.scalars(select(kind).where(kind.id.in_(ids)).order_by(kind.id).with_for_update())
    return {row.id: row for row in rows}


def _keep_or_drop(match: Match, remaining: _Remaining, now: datetime) -> bool:
    reason = _no_longer(match, remaining)
    if reason is None:
        remaining.take(match)
        return True
    match.state = MatchState.DROPPED
    match.drop_reason = reason
    match.closed_at = now
    return False


def _no_longer(match: Match, remaining: _Remaining) -> DropReason | None:
    lot, need = remaining.lots[match.lot_id], remaining.needs[match.need_id]
    free = remaining.free
    if lot.withdrawn_at is not None:
        return DropReason.LOT_WITHDRAWN
    if need.withdrawn_at is not None:
        return DropReason.NEED_WITHDRAWN
    if lot.version != remaining.versions[Side.LOT, lot.id]:
        return DropReason.LOT_CHANGED
    if need.version != remaining.versions[Side.NEED, need.id]:
        return DropReason.NEED_CHANGED
    if match.collect_on < remaining.today:
        return DropReason.DAY_PASSED
    if free[Side.LOT, lot.id] < match.quantity:
        return DropReason.LOT_TAKEN
    if free[Side.NEED, need.id] < match.quantity:
        return DropReason.NEED_FILLED
    return None


def _told(session: Database, round_id: int, kept: Iterable[Match]) -> list[Told]:
    told = [told_of_match(match, side, "match_proposed") for match in kept for side in Side]
    return told + _told_left_out(session, round_id)


def _told_left_out(session: Database, round_id: int) -> list[Told]:
    """One line per organisation in its inbox: how many of its lots and needs found nobody."""
    counts: dict[int, dict[str, int]] = {}
    for kind, column in ((Lot, RoundEntry.lot_id), (Need, RoundEntry.need_id)):
        owners = (
            select(kind.organisation_id)
            .join(RoundEntry, column == kind.id)
            .where(RoundEntry.round_id == round_id, RoundEntry.matched == 0)
            .where(RoundEntry.quantity > 0)
        )
        for organisation_id in session.scalars(owners):
            mine = counts.setdefault(organisation_id, {"lots": 0, "needs": 0})
            mine["lots" if kind is Lot else "needs"] += 1
    return [
        Told(
            key=f"round:{round_id}:left_out:{organisation_id}",
            organisation_id=organisation_id,
            kind="round_left_out",
            details={"round": round_id, **count},
            round_id=round_id,
            by_mail=False,
        )
        for organisation_id, count in counts.items()
    ]
