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
)
from marketplace.domain.links import Scope, may_state_of, scope_of
from marketplace.domain.reference import Reference
from marketplace.models.conditions import ConditionVersion
from marketplace.models.reference import current_reference
from marketplace.models.stating import Stating, not_theirs


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
    return stating.state(scope_of(draft).key, _columns(draft), seen, actor=actor, now=now)


def change(
    number: int, draft: ConditionDraft, seen: int, *, actor: Actor, now: datetime, today: date
) -> ConditionVersion:
    """State it otherwise; of what it is stated stays. Raises as `state` does."""
    check(draft, actor=actor, today=today)
    scope = scope_of(draft).key
    return stating.change(number, scope, _columns(draft), seen, actor=actor, now=now)


def draft_of(row: ConditionVersion) -> ConditionDraft:
    """What a version says, to be changed."""
    names = {f.name for f in fields(ConditionDraft)} - {"locality", "kind", "effect"}
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    return ConditionDraft(
        kind=Kind(row.kind), effect=Effect(row.effect), locality=row.locality_id, **values
    )


def check_actor(actor: Actor, scope: Scope) -> None:
    """Raise `Forbidden` where others answer for it."""
    _check_actor(actor, scope, current_reference())


def _check_actor(actor: Actor, scope: Scope, reference: Reference) -> None:
    if scope.link is not None and scope.link not in reference.links:
        allowed = actor.role is Role.COORDINATOR  # the link has left the files
    else:
        allowed = may_state_of(actor, scope, reference)
    if not allowed:
        raise not_theirs()


def _columns(draft: ConditionDraft) -> dict[str, Any]:
    values = {f.name: getattr(draft, f.name) for f in fields(draft)}
    return {("locality_id" if name == "locality" else name): v for name, v in values.items()}


stating = Stating(
    ConditionVersion,
    lambda actor, row: _check_actor(actor, row.about, current_reference()),
    of="link",
)
withdraw, restore, to_change = stating.withdraw, stating.restore, stating.to_change
