"""Add versions of what officers state; whoever calls this is in a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.conditions import AnyVersion, latest
from marketplace.models.reference import new_state


class StatedMeanwhile(Stale):
    """Somebody else has stated something of the same scope since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Somebody else has stated something here since you opened this page. Look at it first."
            )
        )


def revision_of(kind: type[AnyVersion], scope: str) -> int:
    """How many changes the scope has seen; a form carries it along."""
    return db.session.scalar(select(func.max(kind.revision)).where(kind.scope == scope)) or 0


def latest_of(kind: type[AnyVersion], number: int) -> AnyVersion | None:
    """The latest version of what people know by that number."""
    query = latest(kind).where(func.coalesce(kind.first_id, kind.id) == number)
    return db.session.scalar(query.options(joinedload(kind.organisation), joinedload(kind.maker)))


def since(kind: type[AnyVersion], scope: str, seen: int) -> list[AnyVersion]:
    """What has been stated of a scope after its ``seen`` first changes."""
    query = select(kind).where(kind.scope == scope, kind.revision > seen).order_by(kind.revision)
    return list(
        db.session.scalars(query.options(joinedload(kind.organisation), joinedload(kind.maker)))
    )


def add_version(session: Session, row: AnyVersion, seen: int) -> AnyVersion:
    """Add the row as the change after the ``seen`` first ones of its scope. Raises `StatedMeanwhile`."""
    if revision_of(type(row), row.scope) != seen:
        raise StatedMeanwhile
    row.revision = seen + 1
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if "revision" in str(error.orig):  # at the same moment
            raise StatedMeanwhile from error
        raise
    new_state(session)
    return row


def next_version(row: AnyVersion, **changes: Any) -> AnyVersion:
    """The version that follows: as the row but for the changes."""
    kept = {
        column.key: getattr(row, column.key)
        for column in inspect(type(row)).column_attrs
        if column.key not in ("id", "revision")
    }
    return type(row)(**{**kept, "first_id": row.number, "version": row.version + 1, **changes})


def made(actor: Actor, now: datetime) -> dict[str, Any]:
    """Columns that say who states it, for which office, when."""
    return {
        "made_by": actor.user_id,
        "organisation_id": actor.organisation_id,
        "made_at": now,
    }


def lift_or_restore(
    session: Session, there: AnyVersion, withdrawn: bool, seen: int, **columns: Any
) -> AnyVersion:
    """Add the version that withdraws the latest one, or undoes that. Raises `Rejected` if it is done."""
    if there.withdrawn == withdrawn:
        raise Rejected(N_("This has been done already."))
    return add_version(session, next_version(there, withdrawn=withdrawn, **columns), seen)
