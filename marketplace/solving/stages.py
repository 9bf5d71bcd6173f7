"""A way as the parts that are covered by road, by water, or in changing between them: to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from marketplace.domain.network import ROAD, TRANSFER, WATER, RoadNode, WaterNode
from marketplace.domain.places import Place
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import Point, Stage
from marketplace.transport.quotes import Route

Step = tuple[str, str, str]
"""Mode, and the ids of the nodes or places that it leads from and to."""


def stages_of(reference: Reference, route: Route) -> tuple[Stage, ...]:
    """Of a way that has just been found."""
    return _stages(reference, [(link.mode, link.start, link.end) for link in route.links])


def stored_stages(
    reference: Reference, origin: Place, legs: Iterable[Mapping[str, Any]]
) -> tuple[Stage, ...]:
    """Of a way that a match has stored; legs without links are of times when none were stored.

    Empty where the links do not lead on from each other in the network of today.
    """
    ends = _ends(reference)
    here, steps = origin.id, []
    for leg in legs:
        for link in leg.get("links", ()):
            pair = ends.get((link, leg["mode"]), frozenset())
            here = here if here in pair else origin.node
            if here not in pair:
                return ()
            [there] = pair - {here}
            steps.append((leg["mode"], here, there))
            here = there
    return _stages(reference, steps)


def _stages(reference: Reference, steps: Sequence[Step]) -> tuple[Stage, ...]:
    spots, names = _spots(reference)
    stages = []
    for mode, group in groupby(steps, key=lambda step: step[0]):
        those = list(group)
        way = [those[0][1], *(end for _mode, _start, end in those)]
        stages.append(Stage(mode, names[way[0]], tuple(spots[node] for node in way)))
    return tuple(stages)


def _spots(reference: Reference) -> tuple[dict[str, Point], dict[str, str]]:
    """Where nodes and places lie, and what they are called."""
    known: list[Place | RoadNode | WaterNode] = [*reference.road_nodes, *reference.water_nodes]
    known += reference.places  # with its type: "TP Vị Thanh"
    return {one.id: (one.lat, one.lon) for one in known}, {one.id: one.name for one in known}


def _ends(reference: Reference) -> dict[tuple[str, str], frozenset[str]]:
    """Both ends of links, and of access legs, by id and mode."""
    ends = {(one.id, ROAD): {one.start, one.end} for one in reference.road_links}
    ends |= {(one.id, WATER): {one.start, one.end} for one in reference.water_links}
    ends |= {(one.id, TRANSFER): {one.quay, one.node} for one in reference.transfers}
    for place in reference.places:
        ends[place.id, ROAD] = {place.id, place.node}
        if place.quay is not None:
            ends[place.id, WATER] = {place.id, place.quay}
    return {key: frozenset(both) for key, both in ends.items()}
