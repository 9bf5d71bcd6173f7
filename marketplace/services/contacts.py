"""Telephone numbers of listers, shown to signed-in organisations: each look is kept and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.listings import may_look_up_contact
from marketplace.models.base import db, transaction
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.notices import ContactLookup
from marketplace.models.organisations import Organisation


@dataclass(frozen=True)
class Contact:
    """Whom to ask for, and where."""

    organisation: str
    name: str
    phone: str | None


def of_lot(lot_id: int, *, actor: Actor, now: datetime, most: int) -> Contact:
    """The number of the organisation that listed the lot.

    Raises `Rejected` when the actor's organisation has looked up ``most`` listings today already; a
    second look at the same listing is not counted again.
    """
    return _look_up(Lot, lot_id, actor, now, most)


def of_need(need_id: int, *, actor: Actor, now: datetime, most: int) -> Contact:
    """The number of the organisation that posted the need; see `of_lot`."""
    return _look_up(Need, need_id, actor, now, most)


@dataclass(frozen=True)
class Looks:
    """What an organisation may still look up today, and the number that it has looked up before."""

    left: int
    contact: Contact | None


def looks_at(listing: Lot | Need, *, actor: Actor, now: datetime, most: int) -> Looks:
    """Of this listing, whose organisation must be loaded; changes nothing and counts nothing."""
    left = most - len(_looked_up_since(actor.organisation_id, _midnight(now)))
    seen = listing.withdrawn_at is None and _has_looked_up(type(listing), listing.id, actor)
    return Looks(max(0, left), _contact(listing.organisation) if seen else None)


def _look_up(kind: Any, listing_id: int, actor: Actor, now: datetime, most: int) -> Contact:
    if not may_look_up_contact(actor):
        raise Forbidden("Your account may not look up telephone numbers.")
    with transaction() as session:
        # Locked, so that two looks at once are counted one after the other.
        session.execute(
            select(Organisation.id)
            .where(Organisation.id == actor.organisation_id)
            .with_for_update()
        )
        lister = _lister(kind, listing_id)
        look = ContactLookup(user_id=actor.user_id, organisation_id=actor.organisation_id, at=now)
        setattr(look, "lot_id" if kind is Lot else "need_id", listing_id)
        if not _has_looked_up(kind, listing_id, actor):
            today = _looked_up_since(actor.organisation_id, _midnight(now))
            if len(today) >= most:
                raise Rejected(
                    "Your organisation has looked up %(most)s telephone numbers today. "
                    "Tomorrow it can look up more; a match shows the number at any time.",
                    most=most,
                )
            session.add(look)
    return _contact(lister)


def _contact(lister: Organisation) -> Contact:
    return Contact(lister.name, lister.contact_name, lister.phone)


def _has_looked_up(kind: Any, listing_id: int, actor: Actor) -> bool:
    column = ContactLookup.lot_id if kind is Lot else ContactLookup.need_id
    looked = select(ContactLookup.id).where(
        ContactLookup.organisation_id == actor.organisation_id, column == listing_id
    )
    return db.session.scalar(looked.limit(1)) is not None


def _lister(kind: Any, listing_id: int) -> Organisation:
    listing: Lot | Need | None = db.session.scalar(
        select(kind).where(kind.id == listing_id).options(joinedload(kind.organisation))
    )
    if listing is None or listing.withdrawn_at is not None:
        raise NotFound("There is no such listing.")
    return listing.organisation


def _looked_up_since(organisation_id: int, since: datetime) -> set[tuple[int | None, int | None]]:
    query = select(ContactLookup.lot_id, ContactLookup.need_id).where(
        ContactLookup.organisation_id == organisation_id, ContactLookup.at >= since
    )
    return {(lot_id, need_id) for lot_id, need_id in db.session.execute(query)}


def _midnight(now: datetime) -> datetime:
    here = now.astimezone(clock.HERE)
    return datetime.combine(here.date(), time(), clock.HERE)
