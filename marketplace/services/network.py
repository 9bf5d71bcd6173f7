"""The network as everybody may see it: links, what they are like, and what holds on them today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from sqlalchemy.orm import joinedload

from marketplace.domain.conditions import Condition
from marketplace.domain.errors import NotFound
from marketplace.domain.places import Place
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import LinkState, Stretch, holding_on, states_of, stretches_of
from marketplace.models.base import db
from marketplace.models.conditions import ConditionVersion, latest
from marketplace.models.reference import current_reference

PAGE = 20


@dataclass(frozen=True)
class LinkFilter:
    """Which links somebody asks for; empty: all."""

    mode: str = ""
    locality: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True)
class LinkLine:
    """A link and what holds on it today."""

    stretch: Stretch
    holding: tuple[Condition, ...]
    states: tuple[LinkState, ...]


@dataclass(frozen=True)
class Network:
    """Every link, and the reference data that they are from."""

    reference: Reference
    lines: tuple[LinkLine, ...]

    @property
    def restricted(self) -> tuple[Place, ...]:
        """Places that goods may leave or enter with papers only."""
        bound = {one.place for one in self.reference.restrictions}
        return tuple(place for place in self.reference.places if place.id in bound)

    @property
    def sealed(self) -> tuple[str, ...]:
        """Localities of which that holds as a whole."""
        bound = {one.locality for one in self.reference.restrictions}
        return tuple(one.id for one in self.reference.localities if one.id in bound)

    @property
    def held(self) -> tuple[LinkLine, ...]:
        """Those on which something special holds today."""
        return tuple(line for line in self.lines if line.holding)

    def line(self, link_id: str) -> LinkLine:
        """Raises `NotFound`."""
        for line in self.lines:
            if line.stretch.id == link_id:
                return line
        raise NotFound("There is no such link.")


@dataclass(frozen=True)
class LinkPage:
    """Some of the links that were asked for."""

    lines: Sequence[LinkLine]
    total: int
    page: int
    pages: int


def stated(lines: Iterable[LinkLine]) -> dict[int, ConditionVersion]:
    """By whom, why and from which source what holds on these was stated; by number."""
    numbers = {each.id for line in lines for each in line.holding}
    if not numbers:
        return {}
    query = latest(ConditionVersion).options(joinedload(ConditionVersion.organisation))
    return {row.number: row for row in db.session.scalars(query) if row.number in numbers}


def network() -> Network:
    """No query beyond those of the reference data."""
    reference = current_reference()
    return Network(reference, tuple(_lines(reference)))


def select(whole: Network, wanted: LinkFilter) -> LinkPage:
    """What holds something first, else in the order of the files."""
    found = sorted(
        (line for line in whole.lines if _fits(line, wanted)), key=lambda line: not line.holding
    )
    pages = max(1, ceil(len(found) / PAGE))
    page = min(wanted.page, pages)
    return LinkPage(found[(page - 1) * PAGE : page * PAGE], len(found), page, pages)


def _lines(reference: Reference) -> list[LinkLine]:
    lines = []
    for stretch in stretches_of(reference):
        holding = holding_on(stretch, reference.conditions)
        lines.append(LinkLine(stretch, holding, states_of(holding)))
    return lines


def _fits(line: LinkLine, wanted: LinkFilter) -> bool:
    return (
        wanted.mode in ("", line.stretch.mode)
        and (not wanted.locality or wanted.locality in line.stretch.localities)
        and (not wanted.state or wanted.state in line.states)
    )
