"""What lots and needs do alike in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from marketplace.domain.errors import Stale
from marketplace.domain.listings import MovementKind
from marketplace.domain.matches import MatchState
from marketplace.models.base import db
from marketplace.models.commodities import Certification
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.movements import Movement
from marketplace.models.needs import Need
from marketplace.models.organisations import User

WITHDRAW = "withdraw"
"""The event under which the books keep what was taken off the market."""


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


def agreed_quantity(listing: Lot | Need) -> int:
    """How much of what is held both sides have agreed on; the rest still awaits answers."""
    column = Match.lot_id if isinstance(listing, Lot) else Match.need_id
    agreed = select(func.coalesce(func.sum(Match.quantity), 0)).where(
        column == listing.id, Match.state == MatchState.CONFIRMED
    )
    return min(listing.held, int(db.session.scalar(agreed) or 0)) if listing.held else 0


def listed_quantity(listing: Lot | Need) -> int:
    """How much was listed, also where what was free of it has been withdrawn since."""
    if listing.withdrawn_at is None:
        return listing.quantity
    taken = withdrawn_quantities(type(listing), [listing.id])
    return listing.quantity + taken.get(listing.id, 0)


def withdrawn_quantities(kind: type[Lot] | type[Need], ids: Collection[int]) -> dict[int, int]:
    """How much was still free of those that have been withdrawn, by their ids."""
    noun = "lot" if kind is Lot else "need"
    keys = {f"{noun}:{listing_id}:{WITHDRAW}": listing_id for listing_id in ids}
    taken = select(Movement.key, Movement.quantity).where(Movement.key.in_(keys))
    return {keys[key]: -quantity for key, quantity in db.session.execute(taken)}


def certifications(ids: Collection[str]) -> list[Certification]:
    """The rows of these certificates; each is read once in a transaction, however many listings name it."""
    found = (db.session.get(Certification, paper) for paper in sorted(ids))
    return [paper for paper in found if paper is not None]


def read_again(listings: Sequence[Lot | Need]) -> None:
    """What the books' triggers have made of them, all in one query."""
    if not listings:
        return
    kind, ids = type(listings[0]), [listing.id for listing in listings]
    for listing in listings:
        db.session.expire(listing)
    db.session.scalars(select(kind).where(kind.id.in_(ids))).all()
