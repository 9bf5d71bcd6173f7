"""The ways of one class of vehicle between all places, under the conditions of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.network import ROAD, TRANSFER, WATER, RoadLink, Transfer, WaterLink
from marketplace.domain.places import Place
from marketplace.domain.reference import Reference
from marketplace.transport.conditions import Conditions
from marketplace.transport.network import FAR, Keys, Link, Network
from marketplace.transport.vehicles import BoatClass, VehicleClass

ACCESS_KMH = 28  # on the small roads between a commune and the seat of its former district
CANAL_KMH = 8  # on the small canals between a place and its quay
QUAYSIDE_KM = 2.0  # a place no farther from its quay lies at it: no small canal is between

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Passage:
    """The links that a class may use, and how it gets from each place to the network."""

    links: tuple[Link, ...]
    accesses: tuple[tuple[Link | None, ...], ...]  # by road, by canal; (P,) each


class Ways:
    """The ways of one passage: an access leg, links, an access leg, whichever weigh least."""

    def __init__(self, nodes: Sequence[str], passage: Passage) -> None:
        self._network = Network(nodes, passage.links)
        self._accesses = passage.accesses
        self._ends = [_ends(self._network, access) for access in passage.accesses]
        # Within one place a boat is of use only where it gets to: at its own landing.
        by_boat, landing = len(passage.accesses) > 1, self._ends[-1][1]
        self._at_home = np.where((landing >= FAR) & by_boat, FAR, 0)

    def keys(self, a: Rows, b: Rows) -> Keys:
        """Of the ways between places, (A, B); 0 within one place, `FAR` where there is none."""
        shortest = np.minimum.reduce([keys for _, _, keys in self._candidates(a, b)])
        shortest = np.where(shortest >= FAR, FAR, shortest)
        return np.where(a[:, None] == b, self._at_home[a][:, None], shortest)

    def key(self, a: int, b: int) -> int:
        """The same of a single way."""
        if a == b:
            return int(self._at_home[a])
        return min(FAR, *(key for _, _, key in self._single(a, b)))

    def path(self, a: int, b: int) -> tuple[Link, ...]:
        """The links from one place to another, access legs included; none within one place."""
        if a == b:
            return ()
        out, back, key = min(self._single(a, b), key=lambda found: found[2])
        start, end = self._accesses[out][a], self._accesses[back][b]
        if key >= FAR or start is None or end is None:
            raise ValueError("there is no way")
        index = self._network.index
        between = self._network.path(index[start.end], index[end.end])
        return tuple(leg for leg in (start, *between, end.back) if leg.metres or leg.seconds)

    def _candidates(self, a: Rows, b: Rows) -> Iterator[tuple[int, int, Keys]]:
        for out, (node, access) in enumerate(self._ends):
            for back, (far_node, far_access) in enumerate(self._ends):
                between = self._network.keys[np.ix_(node[a], far_node[b])]
                yield out, back, access[a, None] + between + far_access[b]

    def _single(self, a: int, b: int) -> Iterator[tuple[int, int, int]]:
        for out, (node, access) in enumerate(self._ends):
            for back, (far_node, far_access) in enumerate(self._ends):
                between = self._network.keys[node[a], far_node[b]]
                yield out, back, int(access[a] + between + far_access[b])


def passage_of(one: VehicleClass, reference: Reference, conditions: Conditions) -> Passage:
    """Where a class of vehicle may go under these conditions."""
    links: list[Link | None] = [_on_road(one, link, conditions) for link in reference.road_links]
    if isinstance(one, BoatClass):
        links += [_on_water(one, link, conditions) for link in reference.water_links]
        links += [_at_quay(one, transfer, conditions) for transfer in reference.transfers]
    accesses = [tuple(_by_road(one, place, conditions) for place in reference.places)]
    if isinstance(one, BoatClass):
        accesses.append(tuple(_by_canal(one, place, conditions) for place in reference.places))
    return Passage(tuple(link for link in links if link is not None), tuple(accesses))


def durations(passage: Passage) -> dict[tuple[str, str], int]:
    """Seconds of each link and of each way between a place and the network, by id and mode."""
    accesses = (access for row in passage.accesses for access in row if access is not None)
    return {(link.id, link.mode): link.seconds for link in (*passage.links, *accesses)}


def _on_road(one: VehicleClass, link: RoadLink, conditions: Conditions) -> Link | None:
    passing = conditions.of_link(link.id, (ROAD,), link.localities)
    if not passing.lets(one.road_payload):
        return None
    metres = round(link.km * 1000)
    seconds = passing.lasts(round(link.km * 3600 / link.kmh))
    weight = one.on_road(metres)
    return Link(
        link.id, link.road, link.start, link.end, metres, seconds, weight, ROAD, passing.paper
    )


def _on_water(one: BoatClass, link: WaterLink, conditions: Conditions) -> Link | None:
    passing = conditions.of_link(link.id, (WATER,), link.localities)
    if not (one.may_use(link) and passing.lets(one.payload)):
        return None
    metres = round(link.km * 1000)
    seconds = passing.lasts(round(link.km * 3600 / link.kmh))
    return Link(
        link.id, link.waterway, link.start, link.end, metres, seconds, metres, WATER, passing.paper
    )


def _at_quay(one: BoatClass, transfer: Transfer, conditions: Conditions) -> Link | None:
    by_road, by_water, passing = (
        conditions.of_link(transfer.id, modes, transfer.localities)
        for modes in ((ROAD,), (WATER,), (ROAD, WATER))
    )
    smaller = min(one.payload, one.road_payload)  # a limit of boats is none of larger trucks
    if not (by_road.lets(one.road_payload) and by_water.lets(smaller)):
        return None
    metres = round(transfer.km * 1000)
    seconds = passing.lasts(round(transfer.hours * 3600 + transfer.km * 3600 / ACCESS_KMH))
    return Link(
        transfer.id,
        "",
        transfer.quay,
        transfer.node,
        metres,
        seconds,
        one.at_quay(transfer),
        TRANSFER,
        passing.paper,
    )


def _by_road(one: VehicleClass, place: Place, conditions: Conditions) -> Link | None:
    """From a place to its road node; without length where the place is the node."""
    passing = conditions.of_access(ROAD, place.locality)
    if place.island or not passing.lets(one.road_payload):
        return None
    metres = round(place.access_km * 1000)
    seconds = passing.lasts(round(place.access_km * 3600 / ACCESS_KMH))
    weight = one.on_road(metres) + one.at_the_end_of_a_road
    return Link(place.id, "", place.id, place.node, metres, seconds, weight, ROAD, passing.paper)


def _by_canal(one: BoatClass, place: Place, conditions: Conditions) -> Link | None:
    """From a place to its quay."""
    passing = conditions.of_access(WATER, place.locality)
    quayside = place.quay_km <= QUAYSIDE_KM
    fits = one.on_small_canal(quayside=quayside, island=place.island)
    if place.quay is None or not (fits and passing.lets(one.payload)):
        return None
    metres = round(place.quay_km * 1000)
    seconds = passing.lasts(round(place.quay_km * 3600 / CANAL_KMH))
    return Link(place.id, "", place.id, place.quay, metres, seconds, metres, WATER, passing.paper)


def _ends(network: Network, accesses: Sequence[Link | None]) -> tuple[Rows, Keys]:
    """The node that each place hangs on, and the key of the way there; `FAR` without one."""
    nodes = [0 if access is None else network.index[access.end] for access in accesses]
    keys = [FAR if access is None else access.key for access in accesses]
    return np.array(nodes, dtype=np.intp), np.array(keys, dtype=np.int64)
