"""What hinders matches under way, and what would: closed and limited links, goods under restriction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from marketplace.domain.conditions import (
    Condition,
    ConditionDraft,
    Effect,
    Hindrance,
    Restriction,
    RestrictionDraft,
)
from marketplace.domain.links import links_of
from marketplace.domain.stretches import holding_on
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference, reference_on
from marketplace.models.under_way import is_under_way, matches_under_way, papers_of
from marketplace.solving.hits import (
    Delay,
    Detour,
    Stop,
    Stops,
    delay,
    detour,
    lacks_papers,
    minutes_to_go,
    under_way,
    unmet,
    way_round,
)
from marketplace.solving.movement import Movement
from marketplace.solving.world import World, world_of


@dataclass(frozen=True)
class Stopped:
    """What stands in the way of a match today."""

    stops: tuple[Stop, ...]
    detour: Detour
    """How the goods could go instead."""
    restrictions: tuple[Restriction, ...]
    """Of the goods' movement, whose papers the lot lacks."""
    delay: Delay | None = None
    """Where nothing stops its vehicle, but it takes much longer."""
    waits: tuple[Stop, ...] = ()
    """What of."""


def stopped(match: Match, *, today: date) -> Stopped | None:
    """What stops a match under way (with its lot and need); None for nothing, and for what is over."""
    if not is_under_way(match, today):
        return None
    world = world_of(current_reference())
    way = under_way(match, world)
    stops = Stops(world.reference, world.reference.conditions)
    found = stops.of(way)
    held = papers_of([match.lot_id], world.reference.restrictions, today)
    lacking = unmet(match, held.get(match.lot_id, ()), world.catalogue, world.movement)
    longer = None if found else delay(match, world)
    if not found and not lacking and not longer:
        return None
    needs_other = found or (longer and longer.late)
    instead = way_round(match, world, longer) if needs_other else Detour()
    waits = stops.named(longer.conditions) if longer else ()
    return Stopped(stops.named(found), instead, lacking, longer, waits)


def hindered(matches: Iterable[Match], *, today: date) -> dict[int, Hindrance]:
    """What hinders those under way, by match (with its lot and need): what matters most of it."""
    world = world_of(current_reference())
    stops = Stops(world.reference, world.reference.conditions)
    going = [match for match in matches if is_under_way(match, today)]
    held = papers_of((m.lot_id for m in going), world.reference.restrictions, today)
    found: dict[int, Hindrance] = {}
    for match in going:
        if stops.of(under_way(match, world)):
            found[match.id] = Hindrance.WAY
        elif lacks_papers(match, held.get(match.lot_id, ()), world.catalogue, world.movement):
            found[match.id] = Hindrance.PAPERS
        elif longer := delay(match, world):
            found[match.id] = Hindrance.LATE if longer.late else Hindrance.SLOW
    return found


def lane_papers(match: Match, *, today: date) -> dict[str, str]:
    """What priority lanes on the way of a match under way ask to carry, by link."""
    if not is_under_way(match, today):
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
    ways = [under_way(match, world) for match in matches_under_way(max(today, draft.first))]
    return sum(bool(after.of(way)) and not before.of(way) for way in ways)


@dataclass(frozen=True)
class Stranded:
    """What has no way left."""

    matches: int
    """Of those that are hit: no other way brings the goods there alive, fresh and in time."""
    places: tuple[str, ...]
    """Names of those that no truck would reach any more, though one does today."""
    slowed: int = 0
    """Matches whose way would take much longer, or too long, though it does not yet."""


def would_strand(draft: ConditionDraft, *, today: date, instead_of: int | None = None) -> Stranded:
    """What the draft would leave without any way; ``instead_of`` as for `would_hit`."""
    reference = reference_on(max(today, draft.first))
    there = [c for c in reference.conditions if c.id != instead_of]
    before, after = (
        world_of(reference.under(replace(reference.state, conditions=tuple(conditions))))
        for conditions in (there, [*there, _as_condition(draft)])
    )
    old, new = (Stops(reference, world.reference.conditions) for world in (before, after))
    stranded = slowed = 0
    for match in matches_under_way(max(today, draft.first)):
        way = under_way(match, after)
        if new.of(way) and not old.of(way):
            stranded += not detour(after, way, minutes_to_go(match, after)).possible
        elif not new.of(way):
            slowed += delay(match, after) is not None and delay(match, before) is None
    return Stranded(stranded, _cut_off(before, after), slowed)


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
    found = matches_under_way(max(today, draft.first))
    held = papers_of((match.lot_id for match in found), (restriction,), today)
    return sum(
        lacks_papers(match, held.get(match.lot_id, ()), world.catalogue, movement)
        for match in found
    )


def _as_condition(draft: ConditionDraft) -> Condition:
    names = [name for name in Condition.__dataclass_fields__ if name != "id"]
    return Condition(id=0, **{name: getattr(draft, name) for name in names})
