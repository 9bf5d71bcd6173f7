"""How a way is told and stored."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from marketplace.domain.places import Place
from marketplace.solving.world import World
from marketplace.transport.atlas import Leg, NoRoute, Route

Road = tuple[str, str]
"""Both nodes of a stretch, in alphabetical order."""


def stretches(world: World, origin: Place, destination: Place) -> tuple[Road, ...]:
    """By road, access legs left out; none where the road is closed now."""
    try:
        nodes = world.atlas.route(origin.id, destination.id).nodes
    except NoRoute:
        return ()
    return tuple((a, b) if a < b else (b, a) for a, b in pairwise(nodes))


def delivery_legs(world: World, delivery: Sequence[Leg]) -> list[dict[str, Any]]:
    """`route_legs` of what carries most, as matches store it.

    Where other vehicles take another way, the first of them says under ``also`` which links these
    take, and under ``vehicle`` which trips take its own.
    """
    first, *others = delivery
    told = route_legs(world, first.route)
    if told and others:
        told[0]["vehicle"] = first.vehicle
        told[0]["also"] = [
            {"vehicle": leg.vehicle, "links": [link.id for link in leg.route.links]}
            for leg in others
        ]
    return told


def route_legs(world: World, route: Route) -> list[dict[str, Any]]:
    """The way in driving order; stretches of the same road or waterway are one leg.

    ``links`` are the ids of its links, of access legs those of the places.
    """
    legs: list[dict[str, Any]] = []
    for link in route.links:
        start, end = (_name(world, node) for node in (link.start, link.end))
        km, hours = link.metres / 1000, link.seconds / 3600
        if legs and (legs[-1]["road"], legs[-1]["mode"]) == (link.road, link.mode):
            last = legs[-1]
            last |= {"to": end, "km": last["km"] + km, "hours": last["hours"] + hours}
            last["links"].append(link.id)
        else:
            told = {"from": start, "to": end, "road": link.road, "km": km, "hours": hours}
            legs.append(told | {"mode": link.mode, "links": [link.id]})
    for leg in legs:
        leg |= {"km": round(leg["km"], 1), "hours": round(leg["hours"], 2)}
    return legs


def _name(world: World, node: str) -> str:
    names = world.node_names
    return names[node] if node in names else world.gazetteer.get(node).name
