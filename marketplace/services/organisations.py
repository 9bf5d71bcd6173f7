"""Organisations: what an administrator keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound
from marketplace.domain.organisations import (
    OrganisationDraft,
    OrganisationKind,
    check_organisation,
    may_keep_organisations,
)
from marketplace.models.base import db, transaction
from marketplace.models.organisations import Membership, Organisation

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """One line of the organisations' page."""

    id: int
    name: str
    kind: OrganisationKind
    locality_id: str | None
    members: int


def index(*, page: int, actor: Actor) -> tuple[Sequence[Listed], int]:
    """One page of all organisations, by name, and how many there are."""
    _keeper(actor)
    members = (
        select(func.count()).where(Membership.organisation_id == Organisation.id).scalar_subquery()
    )
    rows = db.session.execute(
        select(Organisation, members)
        .order_by(func.lower(Organisation.name), Organisation.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    listed = [
        Listed(o.id, o.name, OrganisationKind(o.kind), o.locality_id, count) for o, count in rows
    ]
    return listed, db.session.scalar(select(func.count()).select_from(Organisation)) or 0


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
    with transaction():
        _fill(_get(organisation_id), checked)


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
