"""Tell who holds an entry of the programme a month before it expires, and when it has."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.clock import HERE
from marketplace.domain.programme import REMINDED_DAYS
from marketplace.models.applications import entry_details
from marketplace.models.base import db, transaction
from marketplace.models.programme import Grant, ProgrammeEntry
from marketplace.models.telling import Told, tell


def remind_next(now: datetime) -> bool:
    """Tell of one grant that expires soon or has expired. False if there is none.

    What another decision has prolonged is passed over in silence.
    """
    today = now.astimezone(HERE).date()
    due = select(Grant.id).where(_due(today)).order_by(Grant.expires_on, Grant.id).limit(1)
    if db.session.scalar(due) is None:  # usually: looking takes no lock
        return False
    with transaction() as session:
        grant_id = session.scalar(due.with_for_update(skip_locked=True))
        if grant_id is None:
            return False
        grant = session.get_one(
            Grant,
            grant_id,
            options=[joinedload(Grant.entry).options(selectinload(ProgrammeEntry.grants))],
        )
        over = grant.expires_on < today
        grant.told_soon, grant.told_over = True, over
        if not _is_prolonged(grant):
            kind = "programme_expired" if over else "programme_expiring"
            told = Told(
                key=f"{kind}:{grant.id}",
                organisation_id=grant.entry.applicant_id,
                kind=kind,
                details={
                    **entry_details(session, grant.entry),
                    "number": grant.number,
                    "last_on": grant.expires_on.isoformat(),
                },
            )
            tell(session, [told], now)
    return True


def _due(today: date) -> ColumnElement[bool]:
    soon = Grant.expires_on.between(today, today + timedelta(days=REMINDED_DAYS))
    over = Grant.expires_on < today
    untold = or_(soon & Grant.told_soon.is_(False), over & Grant.told_over.is_(False))
    return untold & Grant.ended_on.is_(None)


def _is_prolonged(grant: Grant) -> bool:
    """Whether another decision goes on where this one ends."""
    next_day = grant.expires_on + timedelta(days=1)
    return any(other.on(next_day) for other in grant.entry.grants if other.id != grant.id)
