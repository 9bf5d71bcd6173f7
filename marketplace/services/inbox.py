"""What an organisation has been told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from marketplace.domain.actors import Actor
from marketplace.models.base import db, transaction
from marketplace.models.notices import Notice

PAGE = 25


def notices(*, actor: Actor, page: int) -> tuple[list[Notice], int]:
    """One page of the organisation's notices, latest first, and how many pages there are."""
    mine = Notice.organisation_id == actor.organisation_id
    total = db.session.scalar(select(func.count()).where(mine)) or 0
    query = (
        select(Notice)
        .where(mine)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.scalars(query)), -(-total // PAGE)


def unread(*, actor: Actor) -> int:
    """How many notices nobody in the organisation has read."""
    mine = Notice.organisation_id == actor.organisation_id
    return db.session.scalar(select(func.count()).where(mine, Notice.read_at.is_(None))) or 0


def mark_read(notice_ids: list[int] | None, *, actor: Actor, now: datetime) -> None:
    """Mark these notices, or all, as read. Those of other organisations are left alone."""
    change = update(Notice).where(
        Notice.organisation_id == actor.organisation_id, Notice.read_at.is_(None)
    )
    if notice_ids is not None:
        change = change.where(Notice.id.in_(notice_ids))
    with transaction() as session:
        session.execute(change.values(read_at=now))


def mark_match_read(match_id: int, *, actor: Actor, now: datetime) -> None:
    """Whoever opens a match has read what the inbox says of it."""
    unread_here = (
        select(Notice.id)
        .where(Notice.organisation_id == actor.organisation_id)
        .where(Notice.match_id == match_id, Notice.read_at.is_(None))
    )
    ids = list(db.session.scalars(unread_here))
    if ids:
        with transaction() as session:
            session.execute(update(Notice).where(Notice.id.in_(ids)).values(read_at=now))
