"""What holds of roads, waterways and quays: now, soon, and all that has been stated before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.conditions import CALENDAR, Kind
from marketplace.domain.errors import Rejected
from marketplace.domain.links import (
    AmbiguousLink,
    Scope,
    find_links,
    links_of,
    may_state_of,
    parse_scope,
)
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import Stretch
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.conditions import ConditionVersion, latest
from marketplace.models.reference import current_reference
from marketplace.models.stating import revision_of
from marketplace.models.stating import since as stated_since
from marketplace.solving.world import world_of

MOST_FOUND = 20
MOST_OVER = 30


class When(StrEnum):
    """Whether it holds."""

    NOW = "now"
    COMING = "coming"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Stated:
    """A condition in its latest version, and of what it is stated."""

    row: ConditionVersion
    scope: Scope
    link: Stretch | None
    """None: a whole mode, or a link that has left the data files."""
    when: When
    may_change: bool

    @property
    def localities(self) -> tuple[str, ...]:
        """Those that it is about; none of the seven where it holds everywhere."""
        if self.link is not None:
            return self.link.localities
        return (self.row.locality_id,) if self.row.locality_id else ()


@dataclass(frozen=True)
class RoadStates:
    """All that is stated, the newest first."""

    now: list[Stated]
    coming: list[Stated]
    over: list[Stated]
    """Over or withdrawn, the last few."""


@dataclass(frozen=True)
class ScopePage:
    """One link, or a mode somewhere, with all that was ever stated of it."""

    scope: Scope
    link: Stretch | None
    stated: list[Stated]
    history: list[ConditionVersion]
    """Every version, the newest first."""
    revision: int
    may_state: bool


def road_states(
    *,
    today: date,
    actor: Actor | None = None,
    locality: str | None = None,
    mode: str | None = None,
    kinds: Iterable[Kind] | None = None,
) -> RoadStates:
    """What is stated of links of a locality (all), of a mode (all), of these kinds (all)."""
    query = latest(ConditionVersion).options(joinedload(ConditionVersion.organisation))
    if kinds is not None:
        query = query.where(ConditionVersion.kind.in_(list(kinds)))
    found = [
        stated
        for stated in _stated(db.session.scalars(query).all(), today, actor)
        if _about(stated, locality, mode)
    ]
    by = {when: [s for s in found if s.when is when] for when in When}
    over = sorted([*by[When.OVER], *by[When.WITHDRAWN]], key=_changed, reverse=True)
    return RoadStates(
        now=sorted(by[When.NOW], key=_changed, reverse=True),
        coming=sorted(by[When.COMING], key=lambda s: (s.row.first, s.row.id)),
        over=over[:MOST_OVER],
    )


def calendar(*, today: date, actor: Actor | None, locality: str | None) -> RoadStates:
    """Holidays, sluices, tides."""
    return road_states(today=today, actor=actor, locality=locality, kinds=CALENDAR)


def scope_page(key: str, *, actor: Actor | None, today: date) -> ScopePage:
    """Raises `NotFound` for what is neither a link nor a mode somewhere."""
    reference = current_reference()
    links = links_of(reference)
    scope = parse_scope(key, links, [locality.id for locality in reference.localities])
    query = (
        select(ConditionVersion)
        .where(ConditionVersion.scope == scope.key)
        .options(joinedload(ConditionVersion.organisation), joinedload(ConditionVersion.maker))
        .order_by(ConditionVersion.id.desc())
    )
    history = list(db.session.scalars(query))
    newest: dict[int, ConditionVersion] = {}
    for row in history:
        newest.setdefault(row.number, row)
    return ScopePage(
        scope=scope,
        link=links.get(key),
        stated=list(_stated(list(newest.values()), today, actor)),
        history=history,
        revision=revision_of(ConditionVersion, scope.key),
        may_state=may_state_of(actor, scope, reference),
    )


def since(scope: str, seen: int) -> list[ConditionVersion]:
    """What others have stated of a scope after its ``seen`` first changes."""
    return stated_since(ConditionVersion, scope, seen)


def find(typed: str, *, locality: str | None = None, mode: str | None = None) -> list[Stretch]:
    """Links by road, by place, by locality and mode; all that fit if nothing is typed."""
    reference = current_reference()
    links = [
        link
        for link in links_of(reference).values()
        if (locality is None or locality in link.localities) and (mode is None or link.mode == mode)
    ]
    names = {one.id: one.name for one in reference.localities}
    found = find_links(links, typed, _nodes_near(typed, reference), names)
    return found if not typed else found[:MOST_FOUND]


def find_one(typed: str) -> Stretch:
    """The link of that id or title, or the only one that is found.

    Raises `Rejected` for none, `AmbiguousLink` for several.
    """
    links = links_of(current_reference())
    titled = [link for link in links.values() if fold(link.title) == fold(typed)]
    found = [links[typed]] if typed in links else titled or find(typed)
    if not found:
        raise Rejected(
            N_("No link has such a name. Write that of a road, a canal or a place on it."),
            field="link",
        )
    if len(found) > 1:
        raise AmbiguousLink(found)
    return found[0]


def _nodes_near(typed: str, reference: Reference) -> set[str]:
    if not typed:
        return set()
    places = world_of(reference).gazetteer.search(typed, 5)
    return {node for place in places for node in (place.node, place.quay) if node}


def _stated(rows: Sequence[ConditionVersion], today: date, actor: Actor | None) -> Iterable[Stated]:
    reference = current_reference()
    links = links_of(reference)
    for row in rows:
        scope = row.about
        link = links.get(row.link or "")
        known = scope.link is None or link is not None
        may = known and may_state_of(actor, scope, reference)
        yield Stated(row, scope, link, _when(row, today), may)


def _when(row: ConditionVersion, today: date) -> When:
    if row.withdrawn:
        return When.WITHDRAWN
    if row.on(today):
        return When.NOW
    return When.COMING if row.first > today else When.OVER


def _about(stated: Stated, locality: str | None, mode: str | None) -> bool:
    here = locality is None or not stated.localities or locality in stated.localities
    of_mode = stated.link.mode if stated.link else stated.row.mode
    return here and (mode is None or of_mode == mode)


def _changed(stated: Stated) -> int:
    return stated.row.id
