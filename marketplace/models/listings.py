"""What lots and needs do alike in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from marketplace.domain.errors import Stale
from marketplace.domain.listings import MovementKind
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.movements import Movement
from marketplace.models.needs import Need
from marketplace.models.organisations import User
from marketplace.models.reference import Certification


def book(
    listing: Lot | Need,
    kind: MovementKind,
    quantity: int,
    *,
    event: str,
    actor_id: int,
    at: datetime,
    reason: str = "",
    key: str = "",
) -> None:
    """Enter a movement in the listing's books. ``event`` is unique among those of the listing.

    A ``key`` of its own names what must happen once whatever listing it makes.
    """
    noun = "lot" if isinstance(listing, Lot) else "need"
    movement = Movement(
        key=key or f"{noun}:{listing.id}:{event}",
        kind=kind,
        quantity=quantity,
        actor_id=actor_id,
        reason=reason,
        at=at,
    )
    setattr(movement, f"{noun}_id", listing.id)
    db.session.add(movement)


def check_version(listing: Lot | Need, version: int) -> None:
    """Raise `Stale` if somebody has changed the listing since ``version``."""
    if listing.version == version:
        return
    who = db.session.get(User, listing.changed_by) if listing.changed_by else None
    raise Stale(
        "%(who)s changed this at %(time)s. Below is what differs; choose what to keep.",
        who=who.name if who else "?",
        time=listing.changed_at,
    )


def certifications(ids: Collection[str]) -> list[Certification]:
    """The rows of these certificates."""
    return list(db.session.scalars(select(Certification).where(Certification.id.in_(ids))))
