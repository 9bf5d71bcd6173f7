"""Tell both sides of a match under way when a link of its route is closed, and when it opens again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.domain.conditions import Condition, ConditionDraft
from marketplace.domain.links import links_of
from marketplace.domain.matches import MatchState, Side
from marketplace.models.base import db, transaction
from marketplace.models.conditions import ConditionVersion, history
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import DataLoad, current_reference, reference_on
from marketplace.models.route_hits import RouteHit
from marketplace.models.telling import Told, tell, told_of_match, with_parties
from marketplace.solving.hits import Detour, Stops, detour, under_way
from marketplace.solving.world import World, world_of


@dataclass(frozen=True)
class _News:
    match: Match
    condition: int
    hit: bool
    """False: it was, and is no longer."""


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


def sweep(now: datetime) -> bool:
    """Tell of what has changed since the last sweep: a statement, or a new day. False if nothing has."""
    today = now.astimezone(clock.HERE).date()
    state, told = db.session.execute(select(DataLoad.state, DataLoad.told)).one()
    key = f"{state} {today.isoformat()}"
    if told == key:
        return False
    world = world_of(current_reference())
    news = list(_news(world, today))
    ways = {one.match.id: under_way(one.match, world) for one in news}
    detours = {one.match.id: detour(world, ways[one.match.id]) for one in news}
    with transaction() as session:
        swept = session.execute(
            update(DataLoad).where(DataLoad.state == state).values(told=key).returning(DataLoad.id)
        )
        if swept.one_or_none() is None:
            return True  # something was stated meanwhile: the next sweep tells of it all
        for one in news:
            _note(session, one, now)
        tell(session, _told(world, news, detours), now)
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
            if (match.id, number) not in known:
                yield _News(match, number, True)
        if not stopping:
            for (match_id, number), lifted_at in known.items():
                if match_id == match.id and lifted_at is None:
                    yield _News(match, number, False)


def _note(session: Session, news: _News, now: datetime) -> None:
    if news.hit:
        session.add(RouteHit(match_id=news.match.id, condition_id=news.condition, told_at=now))
    else:
        session.execute(
            update(RouteHit)
            .where(RouteHit.match_id == news.match.id, RouteHit.condition_id == news.condition)
            .values(lifted_at=now)
        )


def _told(world: World, news: list[_News], detours: dict[int, Detour]) -> Iterator[Told]:
    """One message to each side for all that has newly stopped a match, or for its way being free."""
    rows = _rows({one.condition for one in news})
    for match in {one.match.id: one.match for one in news}.values():
        about = [rows[one.condition] for one in news if one.match.id == match.id]
        hit = any(one.hit for one in news if one.match.id == match.id)
        kind = "match_route" if hit else "match_route_open"
        numbers = "-".join(str(row.number) for row in about)
        for side in Side:
            details = _details(world, about, detours[match.id])
            told = told_of_match(match, side, kind, **details)
            yield Told(**{**vars(told), "key": f"match:{match.id}:{kind}:{numbers}:{side}"})


def _details(world: World, about: list[ConditionVersion], way: Detour) -> dict[str, Any]:
    links = links_of(world.reference)
    return {
        "stops": [_stop(row, links.get(row.link or "")) for row in about],
        "detour": vars(way) if way.possible else None,
    }


def _stop(row: ConditionVersion, link: Any) -> dict[str, Any]:
    """What is stated, for the texts: they have the figures by the names of the row."""
    return {
        "scope": row.scope,
        "mode": row.mode,
        "locality": row.locality_id,
        "road": link.name if link else "",
        "ends": link.ends if link else (),
        "effect": row.effect,
        "most": row.most,
        "reason": row.reason,
        "last": row.last.isoformat() if row.last else None,
    }


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
        .where(Match.state.in_((MatchState.PROPOSED, MatchState.CONFIRMED)), Need.until >= day)
        .order_by(Match.id)
    )
    return list(db.session.scalars(query))


def _as_condition(draft: ConditionDraft) -> Condition:
    names = [name for name in Condition.__dataclass_fields__ if name != "id"]
    return Condition(id=0, **{name: getattr(draft, name) for name in names})
