"""Both sides answer a proposed match; who does not answer in time has declined.

Every answer is one conditional update, so that answers, deadlines and a second press of the same
button may come at the same moment: the first that fits the state counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, exists, select, update
from sqlalchemy.orm import Session, scoped_session

from marketplace.domain import matches
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.matches import DeclineReason, MatchState, Side
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.books import releases
from marketplace.models.matches import Match
from marketplace.models.notices import Notice
from marketplace.models.telling import party, tell, told_of_match, with_parties

Database = Session | scoped_session[Session]

REMINDER = "match_reminder"

_STATE = [column.key for column in Match.__table__.columns]
"""What an answer changes: the parties stay loaded when the rest is read anew."""


class AlreadyClosed(Rejected):
    """The match was answered otherwise or ran out before; ``state`` is what it is now."""

    def __init__(self, match: Match) -> None:
        super().__init__(N_("This match can no longer be answered."))
        self.state = match.state


def accept(match_id: int, *, actor: Actor, now: datetime) -> Match:
    """Agree for the actor's side. When both sides have agreed the match is confirmed.

    Agreeing twice is the same as once. Raises `AlreadyClosed` when it was closed before.
    """
    with transaction() as session:
        match, sides = _to_answer(session, match_id, actor)
        for side in sides:
            _mark_accepted(session, match, side, actor, now)
        session.refresh(match, _STATE)
        if not all(_accepted_at(match, side) for side in sides):
            raise AlreadyClosed(match)
        if _confirm(session, match, now):
            tell(session, [_told_of_contact(match, side) for side in Side], now)
    return match


def decline(
    match_id: int, reason: DeclineReason, note: str, *, actor: Actor, now: datetime
) -> Match:
    """Say no for the actor's side; the quantity is free again at once, the other side is told."""
    with transaction() as session:
        match, sides = _to_answer(session, match_id, actor)
        closed = _close(
            session,
            match,
            Match.answer_by > now,
            state=MatchState.DECLINED,
            closed_at=now,
            declined_side=sides[0],
            declined_by=actor.user_id,
            decline_reason=reason,
            decline_note=note,
        )
        if closed:
            session.add_all(releases(match, now, actor.user_id, MatchState.DECLINED))
            session.flush()
            others = [side for side in Side if side not in sides]
            details = {"reason": str(reason), "note": note}
            tell(
                session,
                [told_of_match(match, side, "match_declined", **details) for side in others],
                now,
            )
        elif match.state != MatchState.DECLINED or match.declined_side not in sides:
            raise AlreadyClosed(match)
    return match


def expire_next(now: datetime) -> bool:
    """Close the match whose deadline passed first, free its quantity, tell both. False if none."""
    overdue = (
        select(Match.id)
        .where(Match.state == MatchState.PROPOSED, Match.answer_by <= now)
        .order_by(Match.answer_by, Match.id)
        .limit(1)
    )
    match_id = db.session.scalar(overdue)
    if match_id is None:
        return False
    with transaction() as session:
        match = session.scalars(with_parties().where(Match.id == match_id)).one()
        if _close(session, match, Match.answer_by <= now, state=MatchState.EXPIRED, closed_at=now):
            session.add_all(releases(match, now, None, MatchState.EXPIRED))
            session.flush()
            tell(session, [told_of_match(match, side, "match_expired") for side in Side], now)
    return True


def remind_next(now: datetime, before: timedelta) -> bool:
    """Remind who has not answered, once, when the deadline is nearer than ``before``."""
    told = exists().where(Notice.match_id == Match.id, Notice.kind == REMINDER)
    due = (
        select(Match.id)
        .where(Match.state == MatchState.PROPOSED)
        .where(Match.answer_by > now, Match.answer_by <= now + before, ~told)
        .order_by(Match.answer_by, Match.id)
        .limit(1)
    )
    match_id = db.session.scalar(due)
    if match_id is None:
        return False
    with transaction() as session:
        locked = due.where(Match.id == match_id).with_for_update()
        if session.scalar(locked) is not None:
            match = session.scalars(with_parties().where(Match.id == match_id)).one()
            waiting = [side for side in Side if _accepted_at(match, side) is None]
            tell(session, [told_of_match(match, side, REMINDER) for side in waiting], now)
    return True


def _to_answer(session: Database, match_id: int, actor: Actor) -> tuple[Match, tuple[Side, ...]]:
    match = session.scalars(with_parties().where(Match.id == match_id)).one_or_none()
    hidden = (MatchState.DRAFT, MatchState.DROPPED)
    if match is None or match.state in hidden:
        raise NotFound(N_("There is no such match."))
    parties = (match.lot.organisation_id, match.need.organisation_id)
    sides = matches.sides_of(actor, *parties)
    if not sides and not matches.may_see(actor, *parties):
        raise NotFound(N_("There is no such match."))
    if not matches.may_answer(actor, *parties):
        raise Forbidden(N_("Only the two parties answer a match."))
    return match, sides


def _mark_accepted(
    session: Database, match: Match, side: Side, actor: Actor, now: datetime
) -> None:
    at, by = f"{side}_accepted_at", f"{side}_accepted_by"
    session.execute(
        update(Match)
        .where(Match.id == match.id, Match.state == MatchState.PROPOSED)
        .where(Match.answer_by > now, getattr(Match, at).is_(None))
        .values({at: now, by: actor.user_id})
    )


def _accepted_at(match: Match, side: Side) -> datetime | None:
    accepted: datetime | None = getattr(match, f"{side}_accepted_at")
    return accepted if match.state in (MatchState.PROPOSED, MatchState.CONFIRMED) else None


def _confirm(session: Database, match: Match, now: datetime) -> bool:
    both = Match.lot_accepted_at.is_not(None) & Match.need_accepted_at.is_not(None)
    return _close(session, match, both, state=MatchState.CONFIRMED, closed_at=now)


def _close(session: Database, match: Match, when: ColumnElement[bool], **values: Any) -> bool:
    """Leave "proposed" if ``when`` holds; whether this call did it."""
    result = session.execute(
        update(Match)
        .where(Match.id == match.id, Match.state == MatchState.PROPOSED, when)
        .values(**values)
    )
    session.refresh(match, _STATE)
    return isinstance(result, CursorResult) and result.rowcount == 1


def _told_of_contact(match: Match, side: Side) -> Any:
    partner = party(match, side.other)
    return told_of_match(
        match,
        side,
        "match_confirmed",
        contact_name=partner.contact_name,
        contact_phone=partner.phone,
        contact_email=partner.email,
    )
