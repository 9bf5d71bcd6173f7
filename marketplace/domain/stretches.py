"""Links of the network as people speak of them: with the names of their ends, and what holds there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.network import (
    ROAD,
    TRANSFER,
    WATER,
    RoadLink,
    RoadNode,
    Transfer,
    WaterLink,
    WaterNode,
)
from marketplace.domain.reference import Reference

Point = tuple[float, float]
"""Latitude, longitude."""


class LinkState(StrEnum):
    """What holds on a link today, in the order of how much it matters."""

    CLOSED = "closed"
    LIMITED = "limited"
    """For large vehicles, or at some hours."""
    LANE = "lane"
    WAIT = "wait"
    OPEN = "open"


STATES = {
    Effect.CLOSED: LinkState.CLOSED,
    Effect.LOAD: LinkState.LIMITED,
    Effect.HOURS: LinkState.LIMITED,
    Effect.LANE: LinkState.LANE,
    Effect.WAIT: LinkState.WAIT,
}


@dataclass(frozen=True)
class Stretch:
    """A road, waterway or transfer between two named points."""

    id: str
    mode: str  # ROAD, WATER, TRANSFER
    name: str  # of the road or waterway; of the quay for a transfer
    ends: tuple[str, str]  # names
    points: tuple[Point, Point]
    km: float
    kind: str  # class of the road or waterway; empty for a transfer
    localities: tuple[str, ...]
    source: str
    confidence: str
    link: RoadLink | WaterLink | Transfer

    @property
    def between(self) -> str:
        """`Vị Thanh – Một Ngàn`."""
        return " – ".join(self.ends)

    @property
    def title(self) -> str:
        """`QL61C, Vị Thanh – Một Ngàn`; of a quay, which is called like its end, both ends."""
        return self.between if self.mode == TRANSFER else f"{self.name}, {self.between}"


@dataclass(frozen=True)
class Stage:
    """A part of a way that is covered in one mode; small roads and canals at its ends belong to it."""

    mode: str  # ROAD, WATER, TRANSFER
    start: str  # name of the place where it begins
    points: tuple[Point, ...]


def stretches_of(reference: Reference) -> tuple[Stretch, ...]:
    """All of them: roads, waterways, transfers, each in the order of its file."""
    nodes: dict[str, RoadNode | WaterNode] = {node.id: node for node in reference.road_nodes}
    nodes |= {node.id: node for node in reference.water_nodes}
    return (
        *(_stretch(nodes, each, each.start, each.end) for each in reference.road_links),
        *(_stretch(nodes, each, each.start, each.end) for each in reference.water_links),
        *(_stretch(nodes, each, each.quay, each.node) for each in reference.transfers),
    )


def holding_on(stretch: Stretch, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Those about this very link, and those about its mode everywhere or in a locality of it.

    Goods change at a quay between both modes, so it keeps to what holds of either.
    """
    return tuple(
        each
        for each in conditions
        if each.link == stretch.id
        or (
            each.mode is not None
            and stretch.mode in (each.mode, TRANSFER)
            and (each.locality is None or each.locality in stretch.localities)
        )
    )


def states_of(holding: Iterable[Condition]) -> tuple[LinkState, ...]:
    """The states that these conditions make, what matters most first; open where there are none."""
    found = {STATES[each.effect] for each in holding}
    return tuple(state for state in LinkState if state in found) or (LinkState.OPEN,)


def _stretch(
    nodes: dict[str, RoadNode | WaterNode],
    link: RoadLink | WaterLink | Transfer,
    start: str,
    end: str,
) -> Stretch:
    one, other = nodes[start], nodes[end]
    mode, name, kind = _called(link, one.name)
    return Stretch(
        id=link.id,
        mode=mode,
        name=name,
        ends=(one.name, other.name),
        points=((one.lat, one.lon), (other.lat, other.lon)),
        km=link.km,
        kind=kind,
        localities=link.localities,
        source=link.source,
        confidence=link.confidence,
        link=link,
    )


def _called(link: RoadLink | WaterLink | Transfer, quay: str) -> tuple[str, str, str]:
    """Mode, name, class."""
    if isinstance(link, RoadLink):
        return ROAD, link.road, link.road_class
    if isinstance(link, WaterLink):
        return WATER, link.waterway, link.water_class
    return TRANSFER, quay, ""
