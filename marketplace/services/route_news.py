"""Tell both sides of a match under way what has come to hinder it, and when nothing does any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.domain.conditions import Hindrance
from marketplace.domain.links import links_of
from marketplace.domain.matches import Side
from marketplace.domain.places import UnknownPlace
from marketplace.domain.stretches import Stretch
from marketplace.models.base import db, transaction
from marketplace.models.conditions import ConditionVersion, RestrictionVersion
from marketplace.models.matches import Match
from marketplace.models.reference import DataLoad, current_reference
from marketplace.models.route_hits import RouteHit
from marketplace.models.telling import Told, tell, told_of_match
from marketplace.models.under_way import matches_under_way, papers_of, stated, told_before
from marketplace.solving.hits import Stops, detour, minutes_to_go, under_way, unmet
from marketplace.solving.world import World, world_of

KINDS = {
    Hindrance.WAY: ("match_route", "match_route_open"),
    Hindrance.PAPERS: ("match_papers", "match_papers_lifted"),
}
"""The messages that tell of it, and of its end."""


@dataclass(frozen=True)
class _News:
    match: Match
    hindrance: Hindrance
    number: int
    """Of the condition or restriction."""
    hit: bool
    """False: it hindered the match, and does no longer."""


def sweep(now: datetime) -> bool:
    """Tell of what has changed since the last sweep: a statement, or a new day. False if nothing has."""
    today = now.astimezone(clock.HERE).date()
    state, told = db.session.execute(select(DataLoad.state, DataLoad.told)).one()
    key = f"{state} {today.isoformat()}"
    if told == key:
        return False
    world = world_of(current_reference())
    news = list(_news(world, today))
    told_of = list(_told(world, news, key))
    noted = [(one.match.id, one.hindrance, one.number, one.hit) for one in news]
    with transaction() as session:
        swept = session.execute(
            update(DataLoad).where(DataLoad.state == state).values(told=key).returning(DataLoad.id)
        )
        if swept.one_or_none() is None:
            return True  # something was stated meanwhile: the next sweep tells of it all
        for each in noted:
            _note(session, *each, now)
        tell(session, told_of, now)
    return bool(news)


def _news(world: World, today: date) -> Iterator[_News]:
    stops = Stops(world.reference, world.reference.conditions)
    known = {(hit.match_id, hit.hindrance, hit.number): hit.lifted_at for hit in told_before()}
    matches = matches_under_way(today)
    held = papers_of((m.lot_id for m in matches), world.reference.restrictions, today)
    for match in matches:
        lacking = unmet(match, held.get(match.lot_id, ()), world.catalogue, world.movement)
        hindering = {
            Hindrance.WAY: [one.id for one in stops.of(under_way(match, world))],
            Hindrance.PAPERS: [one.id for one in lacking],
        }
        for hindrance, numbers in hindering.items():
            for number in numbers:
                key = (match.id, hindrance, number)
                if key not in known or known[key] is not None:
                    yield _News(match, hindrance, number, True)
            if not numbers:
                for (match_id, told, number), lifted_at in known.items():
                    if (match_id, told) == (match.id, hindrance) and lifted_at is None:
                        yield _News(match, hindrance, number, False)


def _note(
    session: Session, match_id: int, hindrance: Hindrance, number: int, hit: bool, now: datetime
) -> None:
    of = "restriction_id" if hindrance is Hindrance.PAPERS else "condition_id"
    columns = {"match_id": match_id, "hindrance": hindrance.value, of: number}
    row = session.scalar(select(RouteHit).filter_by(**columns))
    if row is None:
        session.add(RouteHit(**columns, told_at=now))
    elif hit:
        row.told_at, row.lifted_at = now, None
    else:
        row.lifted_at = now


def _told(world: World, news: list[_News], sweep_key: str) -> Iterator[Told]:
    """One message to each side for all that newly hinders a match, or for nothing hindering it.

    The same may hinder it again after it was free: so the key of the message names the sweep.
    """
    words = _Words(world, news)
    for match, hindrance in {(one.match, one.hindrance): None for one in news}:
        mine = [one for one in news if (one.match, one.hindrance) == (match, hindrance)]
        hit = any(one.hit for one in mine)
        kind = KINDS[hindrance][0 if hit else 1]
        details = words.of(match, hindrance, [one.number for one in mine if one.hit is hit])
        for side in Side:
            told = told_of_match(match, side, kind, **details)
            yield Told(**{**vars(told), "key": f"match:{match.id}:{kind}:{sweep_key}:{side}"})


class _Words:
    """What is stated, for the texts: they have the figures by the names of the row."""

    def __init__(self, world: World, news: Iterable[_News]) -> None:
        by_papers = {one.number for one in news if one.hindrance is Hindrance.PAPERS}
        of_way = {one.number for one in news if one.hindrance is not Hindrance.PAPERS}
        self._world = world
        self._links = links_of(world.reference)
        self._localities = {one.id: one.name for one in world.reference.localities}
        self._papers = {paper.id: paper for paper in world.reference.certifications}
        self._conditions = stated(ConditionVersion, of_way)
        self._restrictions = stated(RestrictionVersion, by_papers)

    def of(self, match: Match, hindrance: Hindrance, numbers: list[int]) -> dict[str, Any]:
        if hindrance is Hindrance.PAPERS:
            return {"restrictions": [self._restriction(self._restrictions[n]) for n in numbers]}
        way = detour(self._world, under_way(match, self._world), minutes_to_go(match, self._world))
        stops = [self._stop(self._conditions[n]) for n in numbers]
        return {
            "stops": stops,
            "detour": vars(way) if way.possible else None,
            "too_slow": way.too_slow,
        }

    def _stop(self, row: ConditionVersion) -> dict[str, Any]:
        link: Stretch | None = self._links.get(row.link or "")
        return {
            "scope": row.scope,
            "mode": row.mode,
            "place": self._localities.get(row.locality_id or "", ""),
            "road": link.name if link else "",
            "ends": link.ends if link else (),
            "effect": row.effect,
            "most": row.most,
            "reason": row.reason,
            "last": _day(row.last),
        }

    def _restriction(self, row: RestrictionVersion) -> dict[str, Any]:
        catalogue = self._world.catalogue
        goods = (
            catalogue.commodity(row.commodity_id)
            if row.commodity_id
            else catalogue.groups[row.group_id or ""]
        )
        papers = [self._papers[paper] for paper in row.papers if paper in self._papers]
        return {
            "number": row.number,
            "goods_vi": goods.name_vi,
            "goods_en": goods.name_en,
            "place": self._place(row),
            "direction": row.direction,
            "papers_vi": [paper.name_vi for paper in papers],
            "papers_en": [paper.name_en for paper in papers],
            "reason": row.reason,
            "last": _day(row.last),
        }

    def _place(self, row: RestrictionVersion) -> str:
        if row.place_id is None:
            return self._localities.get(row.locality_id or "", "")
        gazetteer = self._world.gazetteer
        try:
            return gazetteer.label(gazetteer.get(row.place_id))
        except UnknownPlace:  # it has left the data files
            return row.place_id


def _day(day: date | None) -> str | None:
    return day.strftime("%d/%m/%Y") if day else None
