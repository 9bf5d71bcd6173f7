"""Tell both sides of a match under way when a link of its route is closed, and when it opens again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.domain.conditions import (
    Condition,
    ConditionDraft,
    Effect,
    Restriction,
    RestrictionDraft,
)
from marketplace.domain.links import links_of
from marketplace.domain.matches import MatchState, Side
from marketplace.domain.stretches import Stretch, holding_on
from marketplace.models.base import db, transaction
from marketplace.models.certificates import papers_held
from marketplace.models.conditions import ConditionVersion, history
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import DataLoad, current_reference, reference_on
from marketplace.models.route_hits import RouteHit
from marketplace.models.telling import Told, tell, told_of_match, with_parties
from marketplace.solving.hits import (
    Detour,
    Stop,
    Stops,
    detour,
    lacks_papers,
    minutes_to_go,
    under_way,
    unmet,
)
from marketplace.solving.movement import Movement
from marketplace.solving.world import World, world_of

UNDER_WAY = (MatchState.PROPOSED, MatchState.CONFIRMED)


@dataclass(frozen=True)
class _News:
    match: Match
    condition: int
    hit: bool
    """False: it was, and is no longer."""


class Hindrance(StrEnum):
    """What stands in the way of a match."""

    WAY = "way_closed"
    PAPERS = "papers_lacking"


@dataclass(frozen=True)
class Stopped:
    """What stands in the way of a match today."""

    stops: tuple[Stop, ...]
    detour: Detour
    """How the goods could go instead."""
    restrictions: tuple[Restriction, ...]
    """Of the goods' movement, whose papers the lot lacks."""


def stopped(match: Match, *, today: date) -> Stopped | None:
    """What stops a match under way (with its lot and need); None for nothing, and for what is over."""
    if not _is_under_way(match, today):
        return None
    world = world_of(current_reference())
    way = under_way(match, world)
    stops = Stops(world.reference, world.reference.conditions)
    found = stops.of(way)
    held = _papers_held(world, [match], today)
    lacking = unmet(match, held.get(match.lot_id, ()), world.catalogue, world.movement)
    if not found and not lacking:
        return None
    instead = detour(world, way, minutes_to_go(match, world)) if found else Detour()
    return Stopped(stops.named(found), instead, lacking)


def hindered(matches: Iterable[Match], *, today: date) -> dict[int, Hindrance]:
    """What hinders those under way, by match (with its lot and need); the way before the papers."""
    world = world_of(current_reference())
    stops = Stops(world.reference, world.reference.conditions)
    going = [match for match in matches if _is_under_way(match, today)]
    held = _papers_held(world, going, today)
    found: dict[int, Hindrance] = {}
    for match in going:
        if stops.of(under_way(match, world)):
            found[match.id] = Hindrance.WAY
        elif lacks_papers(match, held.get(match.lot_id, ()), world.catalogue, world.movement):
            found[match.id] = Hindrance.PAPERS
    return found


def lane_papers(match: Match, *, today: date) -> dict[str, str]:
    """What priority lanes on the way of a match under way ask to carry, by link."""
    if not _is_under_way(match, today):
        return {}
    reference = current_reference()
    lanes = [one for one in reference.conditions if one.effect is Effect.LANE and one.paper]
    links = links_of(reference) if lanes else {}
    return {
        link: lane.paper
        for leg in match.route
        for link in leg.get("links", ())
        if link in links
        for lane in holding_on(links[link], lanes)
    }


def would_hit(draft: ConditionDraft, *, today: date, instead_of: int | None = None) -> int:
    """How many matches under way the draft would stop that nothing else stops already.

    ``instead_of``: the condition that it changes.
    """
    reference = reference_on(max(today, draft.first))
    world = world_of(current_reference())
    there = [c for c in reference.conditions if c.id != instead_of]
    before = Stops(reference, there)
    after = Stops(reference, [*there, _as_condition(draft)])
    ways = [under_way(match, world) for match in _matches(max(today, draft.first))]
    return sum(bool(after.of(way)) and not before.of(way) for way in ways)


@dataclass(frozen=True)
class Stranded:
    """What has no way left."""

    matches: int
    """Of those that are hit: no other way brings the goods there alive, fresh and in time."""
    places: tuple[str, ...]
    """Names of those that no truck would reach any more, though one does today."""


def would_strand(draft: ConditionDraft, *, today: date, instead_of: int | None = None) -> Stranded:
    """What the draft would leave without any way; ``instead_of`` as for `would_hit`."""
    reference = reference_on(max(today, draft.first))
    there = [c for c in reference.conditions if c.id != instead_of]
    before, after = (
        world_of(reference.under(replace(reference.state, conditions=tuple(conditions))))
        for conditions in (there, [*there, _as_condition(draft)])
    )
    old, new = (Stops(reference, world.reference.conditions) for world in (before, after))
    stranded = 0
    for match in _matches(max(today, draft.first)):
        way = under_way(match, after)
        if new.of(way) and not old.of(way):
            stranded += not detour(after, way, minutes_to_go(match, after)).possible
    return Stranded(stranded, _cut_off(before, after))


def _cut_off(before: World, after: World) -> tuple[str, ...]:
    """By road, seen from wherever most places can still be reached from each other."""
    places = before.reference.places
    ids = [place.id for place in places]
    reached = [np.isfinite(world.atlas.distance(ids, ids)[0]) for world in (before, after)]
    hub = int(reached[1].sum(axis=1).argmax())
    lost = reached[0][hub] & ~reached[1][hub]
    return tuple(place.name for place, gone in zip(places, lost.tolist(), strict=True) if gone)


def would_restrict(draft: RestrictionDraft, *, today: date) -> int:
    """How many matches under way have goods that lack a paper under the draft."""
    world = world_of(current_reference())
    names = [name for name in Restriction.__dataclass_fields__ if name != "id"]
    restriction = Restriction(id=0, **{name: getattr(draft, name) for name in names})
    movement = Movement.of(world.reference, (restriction,))
    found = _matches(max(today, draft.first))
    held = papers_held(db.session, [match.lot_id for match in found], today)
    return sum(
        lacks_papers(match, held.get(match.lot_id, ()), world.catalogue, movement)
        for match in found
    )


def sweep(now: datetime) -> bool:
    """Tell of what has changed since the last sweep: a statement, or a new day. False if nothing has."""
    today = now.astimezone(clock.HERE).date()
    state, told = db.session.execute(select(DataLoad.state, DataLoad.told)).one()
    key = f"{state} {today.isoformat()}"
    if told == key:
        return False
    world = world_of(current_reference())
    news = list(_news(world, today))
    detours = {
        match.id: detour(world, under_way(match, world), minutes_to_go(match, world))
        for match in {one.match.id: one.match for one in news}.values()
    }
    told_of = list(_told(world, news, detours, key))
    noted = [(one.match.id, one.condition, one.hit) for one in news]
    with transaction() as session:
        swept = session.execute(
            update(DataLoad).where(DataLoad.state == state).values(told=key).returning(DataLoad.id)
        )
        if swept.one_or_none() is None:
            return True  # something was stated meanwhile: the next sweep tells of it all
        for match_id, condition, hit in noted:
            _note(session, match_id, condition, hit, now)
        tell(session, told_of, now)
    return bool(news)


def _news(world: World, today: date) -> Iterator[_News]:
    stops = Stops(world.reference, world.reference.conditions)
    known = {
        (hit.match_id, hit.condition_id): hit.lifted_at
        for hit in db.session.scalars(select(RouteHit))
    }
    for match in _matches(today):
        stopping = [condition.id for condition in stops.of(under_way(match, world))]
        for number in stopping:
            if (match.id, number) not in known or known[match.id, number] is not None:
                yield _News(match, number, True)
        if not stopping:
            for (match_id, number), lifted_at in known.items():
                if match_id == match.id and lifted_at is None:
                    yield _News(match, number, False)


def _note(session: Session, match_id: int, condition: int, hit: bool, now: datetime) -> None:
    row = session.scalar(
        select(RouteHit).where(RouteHit.match_id == match_id, RouteHit.condition_id == condition)
    )
    if row is None:
        session.add(RouteHit(match_id=match_id, condition_id=condition, told_at=now))
    elif hit:
        row.told_at, row.lifted_at = now, None
    else:
        row.lifted_at = now


def _told(
    world: World, news: list[_News], detours: dict[int, Detour], sweep_key: str
) -> Iterator[Told]:
    """One message to each side for all that has newly stopped a match, or for its way being free.

    The same may stop it again after it was free: so the key of the message names the sweep.
    """
    rows = _rows({one.condition for one in news})
    for match in {one.match.id: one.match for one in news}.values():
        mine = [one for one in news if one.match.id == match.id]
        hit = any(one.hit for one in mine)
        about = [rows[one.condition] for one in mine]
        kind = "match_route" if hit else "match_route_open"
        for side in Side:
            details = _details(world, about, detours[match.id])
            told = told_of_match(match, side, kind, **details)
            yield Told(**{**vars(told), "key": f"match:{match.id}:{kind}:{sweep_key}:{side}"})


def _details(world: World, about: list[ConditionVersion], way: Detour) -> dict[str, Any]:
    links = links_of(world.reference)
    places = {one.id: one.name for one in world.reference.localities}
    return {
        "stops": [
            _stop(row, links.get(row.link or ""), places.get(row.locality_id or "", ""))
            for row in about
        ],
        "detour": vars(way) if way.possible else None,
        "too_slow": way.too_slow,
    }


def _stop(row: ConditionVersion, link: Stretch | None, place: str) -> dict[str, Any]:
    """What is stated, for the texts: they have the figures by the names of the row."""
    return {
        "scope": row.scope,
        "mode": row.mode,
        "place": place,
        "road": link.name if link else "",
        "ends": link.ends if link else (),
        "effect": row.effect,
        "most": row.most,
        "reason": row.reason,
        "last": row.last.strftime("%d/%m/%Y") if row.last else None,
    }


def _is_under_way(match: Match, today: date) -> bool:
    return match.state in UNDER_WAY and match.need.until >= today


def _papers_held(world: World, matches: Iterable[Match], today: date) -> dict[int, frozenset[str]]:
    """By lot; nobody asks where nothing is restricted."""
    lots = [match.lot_id for match in matches]
    return papers_held(db.session, lots, today) if lots and world.reference.restrictions else {}


def _rows(numbers: set[int]) -> dict[int, ConditionVersion]:
    found: dict[int, ConditionVersion] = {}
    for row in db.session.scalars(history(ConditionVersion, numbers)):
        found.setdefault(row.number, row)
    return found


def _matches(day: date) -> list[Match]:
    """Proposed or agreed, and the goods may still be on their way."""
    query = (
        with_parties()
        .join(Need, Need.id == Match.need_id)
        .where(Match.state.in_(UNDER_WAY), Need.until >= day)
        .order_by(Match.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _as_condition(draft: ConditionDraft) -> Condition:
    names = [name for name in Condition.__dataclass_fields__ if name != "id"]
    return Condition(id=0, **{name: getattr(draft, name) for name in names})
