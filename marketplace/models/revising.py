"""Change what stands on the market, or take it off: rows and books together.

The rules that bind a draft are checked before; whoever calls this is in a transaction and holds
the row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from marketplace.domain.listings import MovementKind
from marketplace.models.base import db
from marketplace.models.listings import WITHDRAW, book, certifications, check_version
from marketplace.models.lots import Lot
from marketplace.models.needs import Need


def revise(
    listing: Lot | Need,
    columns: Mapping[str, object],
    quantity: int,
    certificates: Collection[str],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Make the listing what these columns say; what its quantity differs by goes into the books."""
    correct(listing, columns, quantity, certificates, actor_id=actor_id, now=now)
    db.session.flush()
    db.session.refresh(listing)


def correct(
    listing: Lot | Need,
    columns: Mapping[str, object],
    quantity: int,
    certificates: Collection[str],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """The same of one of many: it is written, and its counters follow, when the session is flushed."""
    event = f"correct:{listing.version}"
    difference = quantity - listing.quantity
    papers = certifications(certificates)
    if isinstance(listing, Lot) and listing.confirmed_at is not None:
        columns = {**columns, "confidence": None}  # what was confirmed never becomes unsure again
    for name, value in columns.items():
        setattr(listing, name, value)
    listing.certifications = papers
    listing.changed_at, listing.changed_by = now, actor_id
    if difference:
        kind = MovementKind.CORRECT
        book(listing, kind, difference, event=event, actor_id=actor_id, at=now)


def withdraw(
    listing: Lot | Need, version: int, *, actor_id: int, now: datetime, reason: str = ""
) -> None:
    """Take what is free off the market, once. Raises `Stale` if somebody has changed it since."""
    if listing.withdrawn_at is not None:
        return
    check_version(listing, version)
    if listing.open_quantity:
        book(
            listing,
            MovementKind.CORRECT,
            -listing.open_quantity,
            event=WITHDRAW,
            actor_id=actor_id,
            at=now,
            reason=reason,
        )
    listing.withdrawn_at = listing.changed_at = now
    listing.changed_by = actor_id
    db.session.flush()
    db.session.refresh(listing)
