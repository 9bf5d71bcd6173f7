"""Which papers goods need to leave a place or to enter one, as bits in the order of a market's papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marketplace.domain.commodities import Commodity
from marketplace.domain.conditions import Restriction
from marketplace.domain.reference import Reference
from marketplace.matching import BANNED

LEAVING, ENTERING = "leaving", "entering"


class Movement:
    """The restrictions that are in force, asked for one place after the other.

    What stays inside the place or locality keeps to its restrictions too: officers let such goods
    move by a paper, and rounds cannot tell a disease's border from that of a commune.
    """

    def __init__(
        self, restrictions: Sequence[Restriction], localities: Mapping[str, str | None]
    ) -> None:
        self._restrictions = restrictions
        self._localities = localities

    @classmethod
    def from_reference(cls, reference: Reference) -> Movement:
        return cls.of(reference, reference.restrictions)

    @classmethod
    def of(cls, reference: Reference, restrictions: Sequence[Restriction]) -> Movement:
        """These restrictions in the places of the reference."""
        return cls(restrictions, {place.id: place.locality for place in reference.places})

    def bits(self, direction: str, commodity: Commodity, place: str, papers: Sequence[str]) -> int:
        """The papers that lift all of them; with `BANNED` if one can be lifted by none."""
        found = 0
        for restriction in self.binding(direction, commodity, place):
            needed = [paper for paper in restriction.papers if paper in papers]
            if not needed:
                found |= BANNED
            for paper in needed:
                found |= 1 << papers.index(paper)
        return found

    def binding(self, direction: str, commodity: Commodity, place: str) -> list[Restriction]:
        """Those about such goods there."""
        locality = self._localities.get(place)
        return [
            restriction
            for restriction in self._restrictions
            if restriction.direction in (direction, "both")
            and restriction.binds(commodity.id, commodity.group, place, locality)
        ]

    def between(
        self, commodity: Commodity, origin: str | None, destination: str | None
    ) -> tuple[Restriction, ...]:
        """Those that such goods meet from one place to another, of either end that is named."""
        ends = ((LEAVING, origin), (ENTERING, destination))
        found = {
            one.id: one
            for direction, place in ends
            if place is not None
            for one in self.binding(direction, commodity, place)
        }
        return tuple(found.values())
