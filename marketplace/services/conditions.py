"""State what is true of a link or a mode, change it, withdraw it: a use case each."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from marketplace.domain.actors import Actor, Role
from marketplace.domain.conditions import (
    ConditionDraft,
    Effect,
    Kind,
    check_condition,
    check_days,
    check_grounds,
)
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.links import Scope, may_state_of, scope_of
from marketplace.domain.reference import Reference
from marketplace.domain.text_marks import N_
from marketplace.models.base import transaction
from marketplace.models.conditions import ConditionVersion
from marketplace.models.reference import current_reference
from marketplace.models.stating import (
    add_version,
    latest_of,
    lift_or_restore,
    made,
    next_version,
)


def check(draft: ConditionDraft, *, actor: Actor, today: date) -> None:
    """Raise `Rejected` for what is wrong with the draft, `Forbidden` where others answer for it."""
    reference = current_reference()
    check_condition(draft, reference.links, {x.id for x in reference.localities}, today)
    _check_actor(actor, scope_of(draft), reference)


def state(
    draft: ConditionDraft, seen: int, *, actor: Actor, now: datetime, today: date
) -> ConditionVersion:
    """Let it be true from its first day on. Raises `StatedMeanwhile` if ``seen`` is not the last change."""
    check(draft, actor=actor, today=today)
    with transaction() as session:
        row = ConditionVersion(
            version=1, scope=scope_of(draft).key, **_columns(draft), **made(actor, now)
        )
        return add_version(session, row, seen)


def change(
    number: int, draft: ConditionDraft, seen: int, *, actor: Actor, now: datetime, today: date
) -> ConditionVersion:
    """State it otherwise; of what it is stated stays. Raises as `state` does."""
    check(draft, actor=actor, today=today)
    with transaction() as session:
        there = _there(number)
        if there.about != scope_of(draft):
            raise Rejected(N_("Withdraw it and state it anew where it holds."), field="link")
        row = next_version(there, withdrawn=False, **_columns(draft), **made(actor, now))
        return add_version(session, row, seen)


def withdraw(
    number: int, reason: str, source: str, seen: int, *, actor: Actor, now: datetime
) -> ConditionVersion:
    """It holds no longer, from this moment on. Raises as `state` does."""
    return _lift(number, True, reason, source, seen, actor, now)


def restore(
    number: int, reason: str, source: str, seen: int, *, actor: Actor, now: datetime, today: date
) -> ConditionVersion:
    """Undo a withdrawal. Raises as `state` does, and `Rejected` if its last day is over."""
    there = _there(number)
    check_days(there.first, there.last, today)
    return _lift(number, False, reason, source, seen, actor, now)


def to_change(number: int, *, actor: Actor) -> ConditionVersion:
    """The latest version, for who may change it. Raises `NotFound` and `Forbidden`."""
    there = _there(number)
    _check_actor(actor, there.about, current_reference())
    return there


def draft_of(row: ConditionVersion) -> ConditionDraft:
    """What a version says, to be changed."""
    names = {f.name for f in fields(ConditionDraft)} - {"locality", "kind", "effect"}
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    return ConditionDraft(
        kind=Kind(row.kind), effect=Effect(row.effect), locality=row.locality_id, **values
    )


def _lift(
    number: int,
    withdrawn: bool,
    reason: str,
    source: str,
    seen: int,
    actor: Actor,
    now: datetime,
) -> ConditionVersion:
    check_grounds(reason, source)
    with transaction() as session:
        there = to_change(number, actor=actor)
        grounds = {"reason": reason, "source": source}
        return lift_or_restore(session, there, withdrawn, seen, **grounds, **made(actor, now))


def _there(number: int) -> ConditionVersion:
    there = latest_of(ConditionVersion, number)
    if there is None:
        raise NotFound(N_("There is no such entry."))
    return there


def check_actor(actor: Actor, scope: Scope) -> None:
    """Raise `Forbidden` where others answer for it."""
    _check_actor(actor, scope, current_reference())


def _check_actor(actor: Actor, scope: Scope, reference: Reference) -> None:
    if scope.link is not None and scope.link not in reference.links:
        allowed = actor.role is Role.COORDINATOR  # the link has left the files
    else:
        allowed = may_state_of(actor, scope, reference)
    if not allowed:
        raise Forbidden(N_("Officers of the locality and coordinators state what is true here."))


def _columns(draft: ConditionDraft) -> dict[str, Any]:
    values = {f.name: getattr(draft, f.name) for f in fields(draft)}
    return {("locality_id" if name == "locality" else name): v for name, v in values.items()}
