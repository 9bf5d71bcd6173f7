"""Tell both sides of a match under way what has come to hinder it, and when nothing does any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.domain.conditions import Hindrance
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
from marketplace.solving.hits import Stops, delay, under_way, unmet, way_round
from marketplace.solving.world import World, world_of

KINDS = {
    Hindrance.WAY: ("match_route", "match_route_open"),
    Hindrance.LATE: ("match_slow", "match_slow_over"),
    Hindrance.SLOW: ("match_slow", "match_slow_over"),
    Hindrance.PAPERS: ("match_papers", "match_papers_lifted"),
}
"""The messages that tell of it, and of its end."""
OF_WAY = (Hindrance.WAY, Hindrance.LATE, Hindrance.SLOW)
"""What may be wrong with a way, the worst first: of one way only that is told."""


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
    known: defaultdict[tuple[int, str], dict[int, datetime | None]] = defaultdict(dict)
    for hit in told_before():
        known[hit.match_id, hit.hindrance][hit.number] = hit.lifted_at
    matches = matches_under_way(today)
    held = papers_of((m.lot_id for m in matches), world.reference.restrictions, today)
    for match in matches:
        lacking = unmet(match, held.get(match.lot_id, ()), world.catalogue, world.movement)
        worst, numbers = _of_way(match, world, stops)
        there = {worst: numbers, Hindrance.PAPERS: [one.id for one in lacking]}
        for hindrance in Hindrance:
            if worst in OF_WAY and hindrance in OF_WAY[OF_WAY.index(worst) + 1 :]:
                continue  # what is less bad is told of once the worst is over
            told = known[match.id, hindrance]
            hitting = there.get(hindrance) or ()
            for number in hitting:
                if number not in told or told[number] is not None:
                    yield _News(match, hindrance, number, True)
            if not hitting:
                for number, lifted_at in told.items():
                    if lifted_at is None:
                        yield _News(match, hindrance, number, False)


def _of_way(match: Match, world: World, stops: Stops) -> tuple[Hindrance | None, list[int]]:
    """The worst of what is wrong with a match's way, and the conditions that make it so."""
    if closed := stops.of(under_way(match, world)):
        return Hindrance.WAY, [one.id for one in closed]
    if longer := delay(match, world):
        worst = Hindrance.LATE if longer.late else Hindrance.SLOW
        return worst, [one.id for one in longer.conditions]
    return None, []


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
    hit_ways = {one.match for one in news if one.hit and one.hindrance in OF_WAY}
    together: dict[tuple[Match, str], list[_News]] = {}
    for one in news:
        if one.hit or one.hindrance not in OF_WAY or one.match not in hit_ways:
            kind = KINDS[one.hindrance][0 if one.hit else 1]
            together.setdefault((one.match, kind), []).append(one)
    for (match, kind), mine in together.items():
        details = words.of(match, mine)
        for side in Side:
            told = told_of_match(match, side, kind, **details)
            yield Told(**{**vars(told), "key": f"match:{match.id}:{kind}:{sweep_key}:{side}"})


class _Words:
    """What is stated, for the texts: they have the figures by the names of the row."""

    def __init__(self, world: World, news: Iterable[_News]) -> None:
        by_papers = {one.number for one in news if one.hindrance is Hindrance.PAPERS}
        of_way = {one.number for one in news if one.hindrance is not Hindrance.PAPERS}
        self._world = world
        self._links = world.links
        self._localities = {one.id: one.name for one in world.reference.localities}
        self._papers = {paper.id: paper for paper in world.reference.certifications}
        self._conditions = stated(ConditionVersion, of_way)
        self._restrictions = stated(RestrictionVersion, by_papers)

    def of(self, match: Match, news: list[_News]) -> dict[str, Any]:
        numbers = list(dict.fromkeys(one.number for one in news))
        if news[0].hindrance is Hindrance.PAPERS:
            return {"restrictions": [self._restriction(self._restrictions[n]) for n in numbers]}
        longer = None if news[0].hindrance is Hindrance.WAY else delay(match, self._world)
        way = way_round(match, self._world, longer if longer and longer.late else None)
        return {
            "stops": [self._stop(self._conditions[n]) for n in numbers],
            "detour": vars(way) if way.possible else None,
            "too_slow": way.too_slow,
            "late": bool(longer and longer.late),
            "hours_now": longer.hours if longer else None,
            "hours_more": longer.more if longer else None,
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
            "minutes": row.minutes,
            "opens": _time(row.opens),
            "closes": _time(row.closes),
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


def _time(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def _day(day: date | None) -> str | None:
    return day.strftime("%d/%m/%Y") if day else None
