"""State something, change it, withdraw it, undo that: every time a version that is added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.conditions import check_days, check_grounds
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
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


class Stating(Generic[AnyVersion]):
    """What officers do with one kind of statement: each in a transaction of its own.

    ``answers_for`` raises `Forbidden` unless the actor answers for where a row holds.
    """

    def __init__(
        self, kind: type[AnyVersion], answers_for: Callable[[Actor, AnyVersion], None], of: str
    ) -> None:
        """``of``: the field of forms that says of what it is stated."""
        self._kind: type[AnyVersion] = kind
        self._answers_for: Callable[[Actor, AnyVersion], None] = answers_for
        self._of = of

    def state(
        self, scope: str, columns: dict[str, Any], seen: int, *, actor: Actor, now: datetime
    ) -> AnyVersion:
        """Its first version. Raises `StatedMeanwhile` if ``seen`` is not the scope's last change."""
        with transaction() as session:
            row = self._kind(version=1, scope=scope, **columns, **made(actor, now))
            return add_version(session, row, seen)

    def change(
        self,
        number: int,
        scope: str,
        columns: dict[str, Any],
        seen: int,
        *,
        actor: Actor,
        now: datetime,
    ) -> AnyVersion:
        """The next version; of what it is stated stays. Raises as `state` and `to_change` do."""
        with transaction() as session:
            there = self.to_change(number, actor=actor)
            if there.scope != scope:
                raise Rejected(N_("Withdraw it and state it anew where it holds."), field=self._of)
            row = next_version(there, withdrawn=False, **columns, **made(actor, now))
            return add_version(session, row, seen)

    def withdraw(
        self, number: int, reason: str, source: str, seen: int, *, actor: Actor, now: datetime
    ) -> AnyVersion:
        """It holds no longer, from this moment on. Raises as `change` does."""
        return self._lift(number, True, reason, source, seen, actor, now)

    def restore(
        self,
        number: int,
        reason: str,
        source: str,
        seen: int,
        *,
        actor: Actor,
        now: datetime,
        today: date,
    ) -> AnyVersion:
        """Undo a withdrawal. Raises as `change` does, and `Rejected` if its last day is over."""
        there = self.to_change(number, actor=actor)
        check_days(there.first, there.last, today)
        return self._lift(number, False, reason, source, seen, actor, now)

    def to_change(self, number: int, *, actor: Actor) -> AnyVersion:
        """The latest version, for who may change it. Raises `NotFound` and `Forbidden`."""
        there = latest_of(self._kind, number)
        if there is None:
            raise NotFound(N_("There is no such entry."))
        self._answers_for(actor, there)
        return there

    def _lift(
        self,
        number: int,
        withdrawn: bool,
        reason: str,
        source: str,
        seen: int,
        actor: Actor,
        now: datetime,
    ) -> AnyVersion:
        check_grounds(reason, source)
        with transaction() as session:
            there = self.to_change(number, actor=actor)
            if there.withdrawn == withdrawn:
                raise Rejected(N_("This has been done already."))
            grounds = {"reason": reason, "source": source, **made(actor, now)}
            return add_version(session, next_version(there, withdrawn=withdrawn, **grounds), seen)


def not_theirs() -> Forbidden:
    """For whoever states something where others answer for it."""
    return Forbidden(N_("Officers of the locality and coordinators state what is true here."))


def made(actor: Actor, now: datetime) -> dict[str, Any]:
    """Columns that say who states it, for which office, when."""
    return {
        "made_by": actor.user_id,
        "organisation_id": actor.organisation_id,
        "made_at": now,
    }
