"""What is wrong with a network: links that lead nowhere, that stand twice, nodes in the sea."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

from marketplace.data.flaws import Flaw, Table
from marketplace.data.shapes import Point, read_shapes
from marketplace.domain.network import ROAD_CLASSES, SEA, WATER_CLASSES

ROUNDED = 0.1
"""Kilometres by which a length may fall short of the straight line: coordinates are rounded."""
SHORE = 3.0
"""Kilometres off the outlines, which are drawn by hand, where a node still counts as on land."""
LONGEST, FASTEST = 500.0, 120
EARTH = 6371.0088

Tables = Mapping[str, Table]


def network_flaws(tables: Tables) -> Iterator[Flaw]:
    """Of nodes, links, transfers and the places that hang on them."""
    roads, waters = tables["road_nodes"], tables["water_nodes"]
    yield from _nodes(roads, _islands(tables))
    yield from _nodes(waters, _landings(tables))
    yield from _links(tables["road_links"], roads, tables)
    yield from _links(tables["water_links"], waters, tables)
    yield from _road_classes(tables["road_links"])
    yield from _water_classes(tables["water_links"])
    yield from _transfers(tables)
    yield from _places(tables)


def straight_km(a: Point, b: Point) -> float:
    """Along the surface of the earth."""
    lat, other = radians(a[0]), radians(b[0])
    half = sin((other - lat) / 2) ** 2 + cos(lat) * cos(other) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def _nodes(table: Table, at_sea: Collection[str]) -> Iterator[Flaw]:
    for line, node in table.rows:
        if not (8 <= node.lat <= 12):
            yield table.flaw(line, "lat", f"{node.lat} is outside of the south of Vietnam")
        elif not (103 <= node.lon <= 108):
            yield table.flaw(line, "lon", f"{node.lon} is outside of the south of Vietnam")
        elif node.id not in at_sea and (off := off_shore((node.lat, node.lon))) > SHORE:
            yield table.flaw(line, "lat", f"{node.id} lies in the sea, {off:.0f} km off the coast")


def _islands(tables: Tables) -> set[str]:
    """Road nodes of places that no road leads to."""
    return {place.node for _, place in tables["places"].rows if place.island}


def _landings(tables: Tables) -> set[str]:
    """Quays where routes across the sea end."""
    sea = [link for _, link in tables["water_links"].rows if link.water_class == SEA]
    return {end for link in sea for end in (link.start, link.end)}


def _links(table: Table, nodes: Table, tables: Tables) -> Iterator[Flaw]:
    where = {node.id: (node.lat, node.lon) for _, node in nodes.rows}
    first: dict[tuple[str, ...], int] = {}
    for line, link in table.rows:
        for end in ("start", "end"):
            if getattr(link, end) not in nodes.ids:
                yield table.flaw(line, end, f"there is no node {getattr(link, end)}")
        if link.start == link.end:
            yield table.flaw(line, "end", "the link ends where it starts")
        name = getattr(link, "road", "") or getattr(link, "waterway", "")
        way = (*sorted((link.start, link.end)), name)
        if first.setdefault(way, line) != line:
            yield table.flaw(line, "start", f"the link stands in line {first[way]} already")
        if not 0 < link.kmh <= FASTEST:
            yield table.flaw(line, "kmh", f"{link.kmh} is no speed from 1 to {FASTEST} km/h")
        yield from _length(table, line, "km", link.km, where.get(link.start), where.get(link.end))
        yield from _localities(table, line, link, tables)


def _length(
    table: Table, line: int, field: str, km: float, start: Point | None, end: Point | None
) -> Iterator[Flaw]:
    if not 0 < km <= LONGEST:
        yield table.flaw(line, field, f"{km} is no length from 0 to {LONGEST:.0f} km")
    elif start and end and km + ROUNDED < (straight := straight_km(start, end)):
        yield table.flaw(
            line, field, f"{km} km is less than the straight line of {straight:.1f} km"
        )


def _localities(table: Table, line: int, link: Any, tables: Tables) -> Iterator[Flaw]:
    for locality in link.localities:
        if locality not in tables["localities"].ids:
            yield table.flaw(line, "localities", f"there is no locality {locality}")


def _road_classes(table: Table) -> Iterator[Flaw]:
    for line, link in table.rows:
        if link.road_class not in ROAD_CLASSES:
            told = ", ".join(ROAD_CLASSES)
            yield table.flaw(line, "road_class", f"“{link.road_class}” is none of {told}")


def _water_classes(table: Table) -> Iterator[Flaw]:
    known = (*WATER_CLASSES, SEA)
    for line, link in table.rows:
        if link.water_class not in known:
            told = ", ".join(known)
            yield table.flaw(line, "water_class", f"“{link.water_class}” is none of {told}")
        if link.largest_vessel < 1:
            yield table.flaw(line, "largest_vessel", "no vessel fits into the waterway")


def _transfers(tables: Tables) -> Iterator[Flaw]:
    table = tables["transfers"]
    quays = {node.id: (node.lat, node.lon) for _, node in tables["water_nodes"].rows}
    nodes = {node.id: (node.lat, node.lon) for _, node in tables["road_nodes"].rows}
    for line, one in table.rows:
        if one.quay not in tables["water_nodes"].ids:
            yield table.flaw(line, "quay", f"there is no quay {one.quay}")
        if one.node not in tables["road_nodes"].ids:
            yield table.flaw(line, "node", f"there is no node {one.node}")
        yield from _length(table, line, "km", one.km, quays.get(one.quay), nodes.get(one.node))
        yield from _localities(table, line, one, tables)


def _places(tables: Tables) -> Iterator[Flaw]:
    table = tables["places"]
    for line, place in table.rows:
        if place.node not in tables["road_nodes"].ids:
            yield table.flaw(line, "node", f"there is no node {place.node}")
        if place.quay is not None and place.quay not in tables["water_nodes"].ids:
            yield table.flaw(line, "quay", f"there is no quay {place.quay}")


def off_shore(point: Point) -> float:
    """Kilometres from the nearest of the outlines, 0 inside one of them."""
    rings = [ring for rings in read_shapes().areas.values() for ring in rings]
    if any(_inside(point, ring) for ring in rings):
        return 0.0
    return min(_distance(point, ring) for ring in rings)


def _inside(point: Point, ring: tuple[Point, ...]) -> bool:
    """Whether a ray from it to the east crosses the ring an odd number of times."""
    lat, lon = point
    crossings = 0
    for (y, x), (to_y, to_x) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y > lat) != (to_y > lat):
            crossings += lon < (to_x - x) * (lat - y) / (to_y - y) + x
    return crossings % 2 == 1


def _distance(point: Point, ring: tuple[Point, ...]) -> float:
    """Kilometres to the nearest side of the ring, as on a plane."""
    narrow, degree = cos(radians(point[0])), radians(EARTH)
    flat = [((x - point[1]) * narrow * degree, (y - point[0]) * degree) for y, x in ring]
    return min(_to_side(a, b) for a, b in zip(flat, (*flat[1:], flat[0]), strict=True))


def _to_side(a: Point, b: Point) -> float:
    across, along = b[0] - a[0], b[1] - a[1]
    length = across * across + along * along
    share = min(1.0, max(0.0, -(a[0] * across + a[1] * along) / length)) if length else 0.0
    return hypot(a[0] + share * across, a[1] + share * along)
