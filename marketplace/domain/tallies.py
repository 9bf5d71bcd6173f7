"""What may be said in public of matches: nothing that tells of fewer than three parties."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from marketplace.domain.rounds import LEAST_PARTIES


class Parties(Protocol):
    """Something that was matched, and between whom."""

    matches: int
    matched: int
    sellers: set[int]
    buyers: set[int]


@dataclass
class Matched:
    """Matches of one kind, their kilograms, and whose they are."""

    matches: int = 0
    matched: int = 0
    sellers: set[int] = field(default_factory=set)
    buyers: set[int] = field(default_factory=set)

    def add(self, kilograms: int, seller: int, buyer: int) -> None:
        """Count one match."""
        self.matches += 1
        self.matched += kilograms
        self.sellers.add(seller)
        self.buyers.add(buyer)


Key = TypeVar("Key", bound=Hashable)
Tallied = TypeVar("Tallied", bound=Parties)


def publishable(tallies: Iterable[tuple[Key, Tallied]]) -> dict[Key, Tallied | None]:
    """The figures that may be public: none with fewer than three parties on a side.

    What is hidden must not follow from a total less the rest, so cells are hidden, the smallest
    first, until those hidden together have three parties on either side, or nothing is hidden.
    """
    cells = sorted(tallies, key=lambda cell: (cell[1].matched, str(cell[0])))
    matched = [(name, tally) for name, tally in cells if tally.matches]
    shown = [cell for cell in matched if enough(cell[1:])]
    hidden = [cell for cell in matched if not enough(cell[1:])]
    while hidden and shown and not enough([tally for _, tally in hidden]):
        hidden.append(shown.pop(0))
    names_shown = {name for name, _ in shown}
    return {
        name: tally if name in names_shown or not tally.matches else None for name, tally in cells
    }


def enough(tallies: Sequence[Parties]) -> bool:
    """Whether these together have three parties on either side."""
    sellers = set().union(*(tally.sellers for tally in tallies))
    buyers = set().union(*(tally.buyers for tally in tallies))
    return min(len(sellers), len(buyers)) >= LEAST_PARTIES
