"""What the page of a lot or a need is made of: the row, its matches, what the last round said."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.domain.matches import KNOWN_TO_PARTIES
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.certificates import with_papers
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import ContactLookup
from marketplace.models.rounds import MatchRound, RoundEntry, says_last

Listing = TypeVar("Listing", Lot, Need)


def with_all(kind: type[Listing]) -> Select[Listing]:
    """Listings with everything that their page and their form show."""
    more = with_papers() if kind is Lot else ()
    return select(kind).options(
        *more,
        joinedload(kind.organisation),
        joinedload(kind.commodity),
        joinedload(kind.place),
        selectinload(kind.certifications),
    )


def find(kind: type[Listing], listing_id: int, *, lock: bool = False) -> Listing | None:
    """One listing with everything; ``lock``: nobody else changes it until the transaction ends."""
    query = with_all(kind).where(kind.id == listing_id)
    return db.session.scalar(query.with_for_update(of=kind) if lock else query)


def last_entry(listing: Lot | Need) -> RoundEntry | None:
    """What the last published round that had something to say of the listing says of it."""
    noun = _noun(listing)
    kind, side = type(listing), getattr(RoundEntry, noun)
    return db.session.scalar(
        select(RoundEntry)
        .join(MatchRound)
        .options(joinedload(side).options(joinedload(kind.commodity), joinedload(kind.place)))
        .where(_of(RoundEntry, listing), MatchRound.state == RoundState.PUBLISHED)
        .order_by(*says_last())
        .limit(1)
    )


def known_matches(listing: Lot | Need) -> list[Match]:
    """The listing's matches that parties know of, latest first, each with its other side."""
    other, side = (Need, Match.need) if isinstance(listing, Lot) else (Lot, Match.lot)
    loaded = joinedload(side).options(joinedload(other.organisation), joinedload(other.place))
    query = (
        select(Match)
        .where(_of(Match, listing), Match.state.in_(KNOWN_TO_PARTIES))
        .options(loaded)
        .order_by(Match.id.desc())
    )
    return list(db.session.scalars(query))


def looked_up(listing: Lot | Need) -> int:
    """How many organisations have looked up the number behind the listing."""
    looks = select(ContactLookup.organisation_id).where(_of(ContactLookup, listing))
    return len(set(db.session.scalars(looks)))


def _of(
    table: type[RoundEntry | Match | ContactLookup], listing: Lot | Need
) -> ColumnElement[bool]:
    column = getattr(table, f"{_noun(listing)}_id")
    is_of: ColumnElement[bool] = column == listing.id
    return is_of


def _noun(listing: Lot | Need) -> str:
    return "lot" if isinstance(listing, Lot) else "need"
