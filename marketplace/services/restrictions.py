"""Goods that may leave or enter a commune with certain papers only, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.conditions import (
    Restriction,
    RestrictionDraft,
    check_restriction,
    may_state,
)
from marketplace.domain.errors import Rejected
from marketplace.models.base import db
from marketplace.models.conditions import RestrictionVersion, history, latest
from marketplace.models.lots import Lot
from marketplace.models.reference import current_reference
from marketplace.models.stating import Stating, not_theirs, revision_of
from marketplace.models.stating import since as stated_since
from marketplace.models.under_way import papers_of
from marketplace.solving.world import world_of

MOST_OVER = 30


@dataclass(frozen=True)
class Restricted:
    """A restriction in its latest version, with all of them, the newest first."""

    row: RestrictionVersion
    versions: list[RestrictionVersion]
    locality: str | None
    """Where the place lies."""
    may_change: bool

    def on(self, day: date) -> bool:
        return self.row.on(day)


@dataclass(frozen=True)
class Restrictions:
    """What is restricted now, what soon, and what was."""

    now: list[Restricted]
    coming: list[Restricted]
    over: list[Restricted]

    def only(self, state: str) -> Restrictions:
        """Those of one state, by its name here; all where none is named."""
        return Restrictions(
            **{each: getattr(self, each) if state in ("", each) else [] for each in STATES}
        )


STATES = ("now", "coming", "over")


def restrictions(
    *, today: date, actor: Actor | None = None, locality: str | None = None, goods: str = ""
) -> Restrictions:
    """Those of a locality, or all; of goods (id of a commodity or a group), or of all.

    Of a commodity those of its group too, of a group those of its commodities too.
    """
    asked = _kin(goods) if goods else None
    rows = list(db.session.scalars(latest(RestrictionVersion)))
    versions: dict[int, list[RestrictionVersion]] = {row.number: [] for row in rows}
    past = history(RestrictionVersion, versions).options(
        joinedload(RestrictionVersion.organisation), joinedload(RestrictionVersion.maker)
    )
    for row in db.session.scalars(past):
        versions[row.number].append(row)
    listed = [
        Restricted(row, versions[row.number], where, may_state(actor, (where,) if where else ()))
        for row in reversed(rows)
        if locality in (None, where := _locality(row.place_id, row.locality_id))
        and (asked is None or asked & {row.commodity_id, row.group_id})
    ]
    coming = [one for one in listed if not one.row.withdrawn and one.row.first > today]
    now = [one for one in listed if one.on(today)]
    gone = [one for one in listed if one not in coming and one not in now]
    return Restrictions(now, coming, gone[:MOST_OVER])


def stated_goods() -> tuple[set[str], set[str]]:
    """Ids of groups and of commodities of which anything was ever stated."""
    columns = RestrictionVersion.group_id, RestrictionVersion.commodity_id
    groups, commodities = (
        {value for value in db.session.scalars(select(column).distinct()) if value is not None}
        for column in columns
    )
    return groups, commodities


def scope_key(draft: RestrictionDraft) -> str:
    """Changes of these goods there are numbered together."""
    return f"{draft.commodity or draft.group}@{draft.place or draft.locality}"


def revision(draft: RestrictionDraft) -> int:
    """How many changes there have been of these goods there."""
    return revision_of(RestrictionVersion, scope_key(draft))


def since(draft: RestrictionDraft, seen: int) -> list[RestrictionVersion]:
    """What has been stated of these goods there after the ``seen`` first changes."""
    return stated_since(RestrictionVersion, scope_key(draft), seen)


def check(draft: RestrictionDraft, *, actor: Actor, today: date) -> None:
    """Raise `Rejected` for what is wrong with it, `Forbidden` where others answer for the place."""
    reference = current_reference()
    check_restriction(
        draft,
        {good.id for good in reference.commodities} | {group.id for group in reference.groups},
        {place.id for place in reference.places} | {one.id for one in reference.localities},
        {paper.id for paper in reference.certifications},
        today,
    )
    _check_actor(actor, _locality(draft.place, draft.locality))


def restrict(
    draft: RestrictionDraft, seen: int, *, actor: Actor, now: datetime, today: date
) -> RestrictionVersion:
    """Let it hold from its first day on. Raises `StatedMeanwhile` if ``seen`` is not the last change."""
    check(draft, actor=actor, today=today)
    return stating.state(scope_key(draft), _columns(draft), seen, actor=actor, now=now)


def change(
    number: int, draft: RestrictionDraft, seen: int, *, actor: Actor, now: datetime, today: date
) -> RestrictionVersion:
    """State it otherwise; goods and place stay. Raises as `restrict` does."""
    check(draft, actor=actor, today=today)
    return stating.change(number, scope_key(draft), _columns(draft), seen, actor=actor, now=now)


def draft_of(row: RestrictionVersion) -> RestrictionDraft:
    """What a version says, to be changed."""
    return RestrictionDraft(
        direction=row.direction,
        first=row.first,
        last=row.last,
        reason=row.reason,
        source=row.source,
        commodity=row.commodity_id,
        group=row.group_id,
        place=row.place_id,
        locality=row.locality_id,
        papers=row.papers,
    )


def _kin(goods: str) -> set[str | None]:
    """Ids of these goods and of what they are part of, or what is part of them."""
    catalogue = world_of(current_reference()).catalogue
    if goods in catalogue.groups:
        return {goods, *(good.id for good in catalogue.commodities if good.group == goods)}
    return {goods, catalogue.commodity(goods).group}


def _locality(place: str | None, locality: str | None) -> str | None:
    if place is None:
        return locality
    try:
        return world_of(current_reference()).gazetteer.get(place).locality
    except Rejected:  # it has left the data files
        return None


def met_by_goods(
    commodity: str, origin: str | None, destination: str | None = None
) -> tuple[Restriction, ...]:
    """What restricts such goods today where they leave and where they arrive."""
    world = world_of(current_reference())
    return world.movement.between(world.catalogue.commodity(commodity), origin, destination)


def lacking(
    lots: Iterable[Lot], *, today: date, to: str | None = None
) -> dict[int, tuple[Restriction, ...]]:
    """By lot, what restricts its goods today where they leave (and at ``to``) and lacks its paper."""
    world = world_of(current_reference())
    bound = {
        lot.id: world.movement.between(
            world.catalogue.commodity(lot.commodity_id), lot.place_id, to
        )
        for lot in lots
    }
    bound = {lot: restrictions for lot, restrictions in bound.items() if restrictions}
    held = papers_of(bound, world.reference.restrictions, today)
    unmet = {
        lot: tuple(one for one in restrictions if not one.met_by(held.get(lot, ())))
        for lot, restrictions in bound.items()
    }
    return {lot: restrictions for lot, restrictions in unmet.items() if restrictions}


def _check_actor(actor: Actor, locality: str | None) -> None:
    if not may_state(actor, (locality,) if locality else ()):
        raise not_theirs()


def _columns(draft: RestrictionDraft) -> dict[str, Any]:
    ids = {"commodity", "group", "place", "locality"}
    return {
        (f"{f.name}_id" if f.name in ids else f.name): getattr(draft, f.name) for f in fields(draft)
    }


stating = Stating(
    RestrictionVersion,
    lambda actor, row: _check_actor(actor, _locality(row.place_id, row.locality_id)),
    of="place",
)
withdraw, restore, to_change = stating.withdraw, stating.restore, stating.to_change
