"""Organisations: what an administrator keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound
from marketplace.domain.listings import search_text
from marketplace.domain.organisations import (
    OrganisationDraft,
    OrganisationKind,
    check_organisation,
    may_keep_organisations,
)
from marketplace.domain.text import words
from marketplace.models.base import db, transaction
from marketplace.models.entering import name_again
from marketplace.models.organisations import Membership, Organisation
from marketplace.models.reference import current_reference
from marketplace.solving.world import world_of

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """One line of the organisations' page."""

    id: int
    name: str
    kind: OrganisationKind
    locality_id: str | None
    members: int


def index(*, page: int, actor: Actor, text: str = "") -> tuple[Sequence[Listed], int]:
    """One page of the organisations whose names have these words, and how many there are.

    Every word typed must begin a word of the name; tone marks are not needed.
    """
    _keeper(actor)
    wanted = _named(text)
    members = (
        select(func.count()).where(Membership.organisation_id == Organisation.id).scalar_subquery()
    )
    rows = db.session.execute(
        select(Organisation, members)
        .where(wanted)
        .order_by(func.lower(Organisation.name), Organisation.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    listed = [
        Listed(o.id, o.name, OrganisationKind(o.kind), o.locality_id, count) for o, count in rows
    ]
    total = select(func.count()).select_from(Organisation).where(wanted)
    return listed, db.session.scalar(total) or 0


def _named(text: str) -> ColumnElement[bool]:
    typed = words(text)
    if not typed:
        return true()
    names = db.session.execute(select(Organisation.id, Organisation.name))
    found = [id_ for id_, name in names if all(f" {word}" in search_text(name) for word in typed)]
    return Organisation.id.in_(found)


def draft_of(organisation_id: int, *, actor: Actor) -> OrganisationDraft:
    """What is kept of the organisation, to be changed. Raises `NotFound`."""
    _keeper(actor)
    row = _get(organisation_id)
    return OrganisationDraft(
        row.name,
        OrganisationKind(row.kind),
        row.locality_id,
        row.place_id,
        row.contact_name,
        row.phone,
        row.email,
    )


def create(draft: OrganisationDraft, *, actor: Actor, now: datetime) -> int:
    """Id of the new organisation. Raises `Rejected`."""
    _keeper(actor)
    row = Organisation(created_at=now)
    _fill(row, check_organisation(draft))
    with transaction() as session:
        session.add(row)
    return row.id


def edit(organisation_id: int, draft: OrganisationDraft, *, actor: Actor) -> None:
    """Raises `Rejected`, `NotFound`."""
    _keeper(actor)
    checked = check_organisation(draft)
    world = world_of(current_reference())
    with transaction():
        row = _get(organisation_id)
        renamed = row.name != checked.name
        _fill(row, checked)
        if renamed:
            name_again(row, (world.gazetteer, world.catalogue))


def _keeper(actor: Actor) -> None:
    if not may_keep_organisations(actor):
        raise Forbidden("Only administrators keep organisations.")


def _get(organisation_id: int) -> Organisation:
    row = db.session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("There is no such organisation.")
    return row


def _fill(row: Organisation, draft: OrganisationDraft) -> None:
    row.name, row.kind = draft.name, draft.kind
    row.locality_id, row.place_id = draft.locality_id, draft.place_id
    row.contact_name, row.phone, row.email = draft.contact_name, draft.phone, draft.email
