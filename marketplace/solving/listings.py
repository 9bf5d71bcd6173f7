"""What the engine is told about an open lot and an open need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ListingId = int | str


@dataclass(frozen=True, kw_only=True)
class OpenLot:
    """A quantity of one commodity that may be sold in this round.

    ``quantity`` is what is still free, in base units; ``ask`` is VND per base unit, or None where
    no price was named. ``place``, ``commodity``, ``grade`` and ``certificates`` are ids of the
    gazetteer and the catalogue; a lot without grade is taken as the group's last but one.
    ``keeps_minutes`` replaces the catalogue's shelf life. Earlier ``listed`` (any ordinal, say a
    timestamp) comes first where all else is equal. ``held`` is what an accepted match already
    holds: told to explain, never sold. ``waited`` is how many published rounds left some of it over.
    ``expected``: a harvest to come that its seller has not confirmed yet.
    """

    id: ListingId
    organisation: ListingId
    commodity: str
    quantity: int
    place: str
    ready_on: date
    until: date
    ask: int | None = None
    grade: str | None = None
    certificates: frozenset[str] = frozenset()
    whole: bool = False
    keeps_minutes: int | None = None
    listed: int = 0
    held: int = 0
    eligible: bool = True
    waited: int = 0
    expected: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenNeed:
    """A quantity of one commodity that may be bought in this round.

    ``bid`` is the most the buyer pays per base unit, delivered, or None where no price was named;
    where it is ``sealed``, others are told the steps of `domain.bands` on either side of it.
    ``min_grade`` None takes any grade. No delivery is smaller than ``min_quantity``, or all that is
    open where that is less; with
    ``splits`` False one lot gives all of it. ``fresh_minutes`` is the freshness asked for on
    arrival (0: not spoilt).
    """

    id: ListingId
    organisation: ListingId
    commodity: str
    quantity: int
    place: str
    wanted_from: date
    until: date
    bid: int | None = None
    min_grade: str | None = None
    certificates: frozenset[str] = frozenset()
    min_quantity: int = 0
    splits: bool = True
    fresh_minutes: int = 0
    listed: int = 0
    held: int = 0
    eligible: bool = True
    sealed: bool = False
    takes_expected: bool = False
