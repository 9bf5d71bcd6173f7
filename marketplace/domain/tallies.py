"""What may be said in public of matches: nothing that tells of fewer than three parties."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
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


def publishable_in_all(runs: Sequence[Mapping[Key, Tallied]]) -> set[Key]:
    """The cells that may be shown of several runs side by side, so that no difference tells more.

    A cell is hidden in all of them or in none.
    """
    names = {name for run in runs for name in run}
    hidden: set[Key] = set()
    while True:
        told = [publishable((n, t) for n, t in run.items() if n not in hidden) for run in runs]
        more = {name for cells in told for name, tally in cells.items() if tally is None}
        more |= _cover(runs, hidden | more)
        if more <= hidden:
            return names - hidden
        hidden |= more


def _cover(runs: Sequence[Mapping[Key, Tallied]], hidden: set[Key]) -> set[Key]:
    """The smallest cell that is still shown, in a run whose hidden ones have too few parties."""
    for run in runs:
        under = [run[name] for name in hidden if name in run and run[name].matches]
        shown = [name for name in run if name not in hidden and run[name].matches]
        if under and shown and not enough(under):
            return {min(shown, key=lambda name: (run[name].matched, str(name)))}
    return set()


def enough(tallies: Sequence[Parties]) -> bool:
    """Whether these together have three parties on either side."""
    sellers = set().union(*(tally.sellers for tally in tallies))
    buyers = set().union(*(tally.buyers for tally in tallies))
    return min(len(sellers), len(buyers)) >= LEAST_PARTIES
