"""How a way is told, stored and drawn: its stretches, and the points that it leads through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from marketplace.domain.network import ROAD, TRANSFER, WATER
from marketplace.domain.places import Place
from marketplace.domain.reference import Reference
from marketplace.solving.world import World
from marketplace.transport.atlas import NoRoute, Route

Road = tuple[str, str]
"""Both nodes of a stretch, in alphabetical order."""
Point = tuple[float, float]
"""Latitude, longitude."""


def stretches(world: World, origin: Place, destination: Place) -> tuple[Road, ...]:
    """By road, access legs left out; none where the road is closed now."""
    try:
        nodes = world.atlas.route(origin.id, destination.id).nodes
    except NoRoute:
        return ()
    return tuple((a, b) if a < b else (b, a) for a, b in pairwise(nodes))


def route_legs(world: World, route: Route) -> list[dict[str, Any]]:
    """The way in driving order; stretches of the same road or waterway are one leg.

    ``links`` are the ids of its links, of access legs those of the places.
    """
    names = node_names(world.reference)
    legs: list[dict[str, Any]] = []
    for link in route.links:
        start, end = (_name(world, names, node) for node in (link.start, link.end))
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


def route_points(world: World, origin: Place, legs: Sequence[dict[str, Any]]) -> tuple[Point, ...]:
    """The points that stored `route_legs` lead through, the origin first.

    None where they do not lead on from each other in the network of today, or tell no links.
    """
    ends = _ends_of_links(world.reference)
    here, way = origin.id, [origin.id]
    for leg in legs:
        for link in leg.get("links", ()):
            pair = ends.get((link, leg["mode"]), frozenset())
            here = here if here in pair else origin.node
            if here not in pair:
                return ()
            [here] = pair - {here}
            way.append(here)
    spots = {place.id: (place.lat, place.lon) for place in world.reference.places}
    spots |= {node.id: (node.lat, node.lon) for node in world.reference.water_nodes}
    return tuple(spots[node] for node in way) if len(way) > 1 else ()


def node_names(reference: Reference) -> dict[str, str]:
    """Of road nodes and quays."""
    names = {node.id: node.name for node in reference.road_nodes}
    return names | {node.id: node.name for node in reference.water_nodes}


def _name(world: World, nodes: dict[str, str], node: str) -> str:
    return nodes[node] if node in nodes else world.gazetteer.get(node).name


def _ends_of_links(reference: Reference) -> dict[tuple[str, str], frozenset[str]]:
    """Both ends of links, and of access legs, by id and mode."""
    ends = {(one.id, ROAD): {one.start, one.end} for one in reference.road_links}
    ends |= {(one.id, WATER): {one.start, one.end} for one in reference.water_links}
    ends |= {(one.id, TRANSFER): {one.quay, one.node} for one in reference.transfers}
    for place in reference.places:
        ends[place.id, ROAD] = {place.id, place.node}
        if place.quay is not None:
            ends[place.id, WATER] = {place.id, place.quay}
    return {key: frozenset(both) for key, both in ends.items()}
