"""One row of each kind, with defaults for what a test does not mention.

Rows are written as models and movements directly, past the rules of `marketplace.domain`, so that a
test can also have what the rules refuse. Every function needs an application context.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.listings import MovementKind, search_text
from marketplace.models.base import db
from marketplace.models.commodities import Certification, Commodity
from marketplace.models.lots import Lot
from marketplace.models.movements import Movement
from marketplace.models.needs import Need
from marketplace.models.organisations import Membership, Organisation, OrganisationKind, User
from marketplace.models.places import Locality, Place
from marketplace.services import accounts

PINEAPPLE = "khom-cau-duc"
VI_THANH = "C31321"
"""Phường Vị Thanh, Hậu Giang."""
BINH_DIEN = "M_BINHDIEN"
"""The wholesale market in Hồ Chí Minh City."""

_numbers = itertools.count(1)


def a_user(**columns: Any) -> User:
    """A person who belongs to no organisation; ``password`` is stored as its hash."""
    number = next(_numbers)
    if password := columns.pop("password", None):
        columns["password_hash"] = accounts.hash_password(password)
    values = {
        "name": f"Người {number}",
        "email": f"person{number}@example.vn",
        "session_key": f"key-{number}",
        "created_at": clock.now(),
    }
    return _saved(User(**{**values, **columns}))


def an_organisation(kind: str = OrganisationKind.COOPERATIVE, **columns: Any) -> Organisation:
    """A cooperative in Hậu Giang with a telephone number, unless told otherwise."""
    number = next(_numbers)
    values = {
        "name": f"Đơn vị {number}",
        "locality_id": "HG",
        "place_id": VI_THANH,
        "contact_name": f"Người {number}",
        "phone": f"+849{number:08d}",
        "email": f"organisation{number}@example.vn",
        "created_at": clock.now(),
    }
    return _saved(Organisation(kind=kind, **{**values, **columns}))


def a_membership(user: User, organisation: Organisation, role: Role) -> Membership:
    """The person acts for the organisation in that role."""
    return _saved(Membership(user_id=user.id, organisation_id=organisation.id, role=role))


KIND_OF_ROLE = {
    Role.OFFICER: OrganisationKind.DEPARTMENT,
    Role.COORDINATOR: OrganisationKind.COORDINATION,
    Role.SELLER: OrganisationKind.COOPERATIVE,
    Role.BUYER: OrganisationKind.TRADER,
    Role.READER: OrganisationKind.DEPARTMENT,
    Role.ADMINISTRATOR: OrganisationKind.COORDINATION,
}


def an_actor(role: Role = Role.SELLER, organisation: Organisation | None = None) -> Actor:
    """A new person who is a member with that role, of a new organisation if none is given."""
    organisation = organisation or an_organisation(KIND_OF_ROLE[role])
    user = a_user()
    a_membership(user, organisation, role)
    return Actor(
        *(user.id, organisation.id, role, organisation.locality_id, user.name, organisation.kind)
    )


def a_lot(
    *,
    organisation: Organisation | int | None = None,
    quantity: int = 1_000,
    commodity: str = PINEAPPLE,
    place: str = VI_THANH,
    certificates: Iterable[str] = (),
    **columns: Any,
) -> Lot:
    """A ton of pineapples in Vị Thanh at 8.000 ₫/kg, to be collected from today for a week."""
    today, now = clock.today(), clock.now()
    values = {
        "grade": "loai-1",
        "ask": 8_000,
        "ready_on": today,
        "until": today + timedelta(days=7),
        "listed_at": now,
        "changed_at": now,
        "created_by": columns.get("created_by") or a_user().id,
    }
    lot = Lot(
        organisation_id=_id(organisation or an_organisation()),
        commodity_id=commodity,
        place_id=place,
        **{**values, **columns},
    )
    lot.locality_id, lot.search = _whereabouts(commodity, place, lot.organisation_id)
    lot.certifications = _certifications(certificates)
    return _booked(lot, "lot", quantity)


def a_need(
    *,
    organisation: Organisation | int | None = None,
    quantity: int = 1_000,
    commodity: str = PINEAPPLE,
    place: str = BINH_DIEN,
    certificates: Iterable[str] = (),
    **columns: Any,
) -> Need:
    """A ton of pineapples wanted at Bình Điền for 12.000 ₫/kg (sealed), from today for ten days."""
    today, now = clock.today(), clock.now()
    values = {
        "bid": 12_000,
        "from_on": today,
        "until": today + timedelta(days=10),
        "listed_at": now,
        "changed_at": now,
        "created_by": columns.get("created_by") or a_user().id,
    }
    need = Need(
        organisation_id=_id(organisation or an_organisation(OrganisationKind.TRADER)),
        commodity_id=commodity,
        place_id=place,
        **{**values, **columns},
    )
    need.locality_id, need.search = _whereabouts(commodity, place, need.organisation_id)
    need.certifications = _certifications(certificates)
    return _booked(need, "need", quantity)


def movements_of(listing: Lot | Need) -> list[Movement]:
    """The entries in a listing's books, in the order in which they were made."""
    column = Movement.lot_id if isinstance(listing, Lot) else Movement.need_id
    query = select(Movement).where(column == listing.id).order_by(Movement.id)
    return list(db.session.scalars(query))


def _booked(listing: Any, book: str, quantity: int) -> Any:
    db.session.add(listing)
    db.session.flush()
    db.session.add(
        Movement(
            key=f"{book}:{listing.id}:offer",
            kind=MovementKind.OFFER,
            quantity=quantity,
            at=listing.listed_at,
            **{f"{book}_id": listing.id},
        )
    )
    db.session.commit()
    db.session.refresh(listing)
    return listing


def _whereabouts(commodity: str, place: str, organisation: int) -> tuple[str | None, str]:
    """Locality of the place, and the words by which the listing is found."""
    where = db.session.get_one(Place, place)
    what = db.session.get_one(Commodity, commodity)
    who = db.session.get_one(Organisation, organisation)
    locality = db.session.get(Locality, where.locality_id) if where.locality_id else None
    area = locality.name if locality else ""
    found_by = search_text(what.name_vi, *what.also, where.name, area, who.name)
    return where.locality_id, found_by


def _certifications(ids: Iterable[str]) -> list[Certification]:
    return [db.session.get_one(Certification, id_) for id_ in ids]


def _id(row: Organisation | int) -> int:
    return row if isinstance(row, int) else row.id


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row
