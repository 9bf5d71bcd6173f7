"""Maps as paths of an SVG: the seven localities, the rivers, the roads, and what moves on them.

Templates draw them with `components/map.html`; here is only geometry. Units are those of the
viewBox: 281 to a degree of longitude, about 0.39 km each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from marketplace.data.shapes import NEIGHBOURS, Point, read_shapes
from marketplace.domain.network import ROAD, WATER
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import Stage, Stretch, stretches_of
from marketplace.services import places
from marketplace.web.lookup import world

WEST, NORTH = 103.78, 11.02
PER_LON, PER_LAT = 281.0, 285.1
WHOLE = (14, 0, 834, 718)
"""The viewBox of all seven localities and the markets in TP.HCM."""
WIDEST, THINNEST = 22.0, 1.5
"""Widths of the greatest flow and of those too small to be seen otherwise."""
ROAD_CLASSES = {"CT": "express", "QL": "national", "DT": "minor", "HL": "minor"}
LABELS = {
    "AG": ((60, 43), (255, 61), (376, 125)),
    "KG": ((80, 294), (275, 312), (360, 274)),
    "CM": ((95, 513), (250, 533), (334, 533)),
    "BL": ((444, 624), (475, 602), (497, 507)),
    "ST": ((640, 536), (657, 512), (624, 433)),
    "HG": ((664, 318), (657, 318), (528, 348)),
    "CT": ((650, 232), (643, 232), (517, 268)),
}
"""Where a locality's name and bars stand, and both ends of the line that leads to its middle."""
FRAME = (103.72, 106.89, 11.09)
"""West, east and north: where the outlines of neighbouring land were cut off."""
BEYOND = 2.0
"""Degrees by which that land is carried on: a way's map, and one that moves, show more of it."""
LONGEST_BAR = 118
FIGURE = 98
"""What stands behind a bar, "300.000" on a telephone, with the gap before it."""
FLOW_LOOKS = {WATER: "m-flow m-flow-water"}
USUAL_WIDTH = 400
"""Of the piece of the map around a way; longer ones are drawn smaller."""
NEAR = 30
"""So close to an end of a way the name of a quay would lie over that of the end."""


@dataclass(frozen=True)
class Ground:
    """What does not change: paths of the land, the rivers, the roads and the waterways."""

    neighbours: str
    areas: dict[str, str]
    rivers: dict[str, str]
    roads: dict[str, str]
    water: str


@dataclass(frozen=True)
class FlowLine:
    """Links of one mode that carry about the same, drawn with one width."""

    path: str
    width: float
    look: str = "m-flow"


@dataclass(frozen=True)
class Label:
    """A locality's name beside the land, a line to its middle, and two bars."""

    code: str
    at: tuple[int, int]
    line_from: tuple[int, int]
    middle: tuple[int, int]
    supply: float
    demand: float
    supply_kilograms: int
    demand_kilograms: int


@dataclass(frozen=True)
class Stop:
    """A place on a route that is worth a mark, and a name if there is room for one."""

    x: float
    y: float
    name: str
    anchor: str
    quay: bool = False
    """Goods change vehicles there."""


@dataclass(frozen=True)
class RouteMap:
    """A route and the piece of the map around it: what goes by road, and what by water."""

    path: str
    view_box: str
    stops: tuple[Stop, ...]
    water: str = ""
    other: str = ""
    """What the other mode would take, drawn thin."""
    unit: float = 1
    """By how much marks and names grow so that they are read on a long way too."""


@dataclass(frozen=True)
class _Sheet:
    """One version of the network on paper."""

    ground: Ground
    nodes: Mapping[str, Point]
    """Of roads and waterways."""
    stretches: Mapping[str, Stretch]


def ground() -> Ground:
    """Paths of everything that lies under the figures."""
    return _sheet().ground


def flow_lines(kilograms: Mapping[str, int]) -> list[FlowLine]:
    """Kilograms by link; one path per mode and width, thinnest first, in proportion to the weight."""
    stretches = _sheet().stretches
    known = {stretches[link]: kg for link, kg in kilograms.items() if kg > 0 and link in stretches}
    most = max(known.values(), default=0)
    paths: defaultdict[tuple[float, str], list[str]] = defaultdict(list)
    for stretch, kg in known.items():
        width = max(THINNEST, round(WIDEST * kg / most * 2) / 2)
        paths[width, FLOW_LOOKS.get(stretch.mode, "m-flow")].append(line(stretch.points))
    return [FlowLine("".join(paths[key]), *key) for key in sorted(paths)]


def busiest(kilograms: Mapping[str, int], most: int) -> list[tuple[Stretch, int]]:
    """The links that carry most, by name where they carry the same."""
    stretches = _sheet().stretches
    known = [(stretches[link], kg) for link, kg in kilograms.items() if link in stretches]
    return sorted(known, key=lambda row: (-row[1], row[0].name, row[0].between))[:most]


def labels(kilograms: Mapping[str, tuple[int, int]]) -> list[Label]:
    """Names with bars of what each locality offers and wants, on one scale."""
    scale = _scale(kilograms)
    return [
        Label(
            code=code,
            at=at,
            line_from=line_from,
            middle=middle,
            supply=round(scale * kilograms.get(code, (0, 0))[0], 1),
            demand=round(scale * kilograms.get(code, (0, 0))[1], 1),
            supply_kilograms=kilograms.get(code, (0, 0))[0],
            demand_kilograms=kilograms.get(code, (0, 0))[1],
        )
        for code, (at, line_from, middle) in LABELS.items()
    ]


def _scale(kilograms: Mapping[str, tuple[int, int]]) -> float:
    """Width of a kilogram, so that the longest bar and the figure behind it stay on the map."""
    right = WHOLE[0] + WHOLE[2] - FIGURE
    scales = [
        min(LONGEST_BAR, right - at[0]) / max(kilograms[code])
        for code, (at, _, _) in LABELS.items()
        if max(kilograms.get(code, (0, 0))) > 0
    ]
    return min(scales, default=0.0)


def drawn_way(way: places.Way) -> RouteMap | None:
    """The picture of a way that was asked for, with that of the other mode."""
    return way_map(way.stages, way.destination.name, way.other)


def way_map(stages: Sequence[Stage], end: str, other: Sequence[Stage] = ()) -> RouteMap | None:
    """The way in its modes; both ends and the quays on it are marked. None without a way."""
    points = [point for stage in stages for point in stage.points]
    if len(points) < 2:
        return None
    beside = [point for stage in other for point in stage.points]
    left, top, width, height = _frame([project(point) for point in (*points, *beside)])
    marked = [(stages[0].start, points[0], False), (end, points[-1], False)]
    marked += [(name, point, True) for name, point in _quays(stages)]
    stops: list[Stop] = []
    for name, point, quay in marked:
        x, y = project(point)
        crowded = quay and any(abs(x - s.x) < NEAR and abs(y - s.y) < NEAR for s in stops)
        stops.append(Stop(x, y, "" if crowded else name, _anchor(x, left, width), quay))
    return RouteMap(
        path="".join(line(stage.points) for stage in stages if stage.mode != WATER),
        view_box=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        stops=tuple(stops),
        water="".join(line(stage.points) for stage in stages if stage.mode == WATER),
        other="".join(line(stage.points) for stage in other),
        unit=round(max(1, width / USUAL_WIDTH), 2),
    )


def node_point(node: str) -> Point | None:
    """Where a node of roads or waterways lies, if there is such a node."""
    return _sheet().nodes.get(node)


def _frame(placed: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Left, top, width and height of the piece of the map that shows these and their names."""
    left, right = min(x for x, _ in placed), max(x for x, _ in placed)
    top, bottom = min(y for _, y in placed), max(y for _, y in placed)
    sideways, above = max(150, 0.35 * (right - left)), max(110, 0.3 * (bottom - top))
    width = max(right - left + sideways, 1.25 * (bottom - top + above), 260)
    height = max(bottom - top + above, width / 1.6)
    return (left + right - width) / 2, (top + bottom - height) / 2, width, height


def _quays(stages: Sequence[Stage]) -> Iterable[tuple[str, Point]]:
    """Where goods come to the water or leave it."""
    for before, stage in pairwise(stages):
        if WATER in (before.mode, stage.mode) and before.mode != stage.mode:
            yield stage.start, stage.points[0]


def _anchor(x: float, left: float, width: float) -> str:
    share = (x - left) / width
    return "start" if share < 0.35 else "end" if share > 0.65 else "middle"


def _sheet() -> _Sheet:
    """Drawn once per process and version of the data files, which their fingerprint names."""
    reference = world().reference
    known = _drawn(reference.data_fingerprint)
    if not known:
        known.append(_draw(reference))
    return known[0]


@lru_cache(maxsize=4)
def _drawn(fingerprint: str) -> list[_Sheet]:
    return []


def _draw(reference: Reference) -> _Sheet:
    nodes = {node.id: (node.lat, node.lon) for node in reference.road_nodes}
    nodes |= {node.id: (node.lat, node.lon) for node in reference.water_nodes}
    stretches = stretches_of(reference)
    paths: defaultdict[str, list[str]] = defaultdict(list)
    for stretch in stretches:
        paths[_sort(stretch)].append(line(stretch.points))
    shapes = read_shapes()
    areas = {c: _rings(rings) for c, rings in shapes.areas.items() if c != NEIGHBOURS}
    return _Sheet(
        Ground(
            neighbours=_rings(map(carried_on, ring) for ring in shapes.areas[NEIGHBOURS]),
            areas=areas,
            rivers={name: _smooth(points) for name, points in shapes.rivers.items()},
            roads={kind: "".join(paths[kind]) for kind in ROAD_CLASSES.values()},
            water="".join(paths[WATER]),
        ),
        nodes,
        {stretch.id: stretch for stretch in stretches},
    )


def _sort(stretch: Stretch) -> str:
    """Roads by how thick they are drawn, else the mode."""
    return ROAD_CLASSES.get(stretch.kind, "minor") if stretch.mode == ROAD else stretch.mode


def carried_on(point: Point) -> Point:
    """A point of neighbouring land; on the frame it is pushed out."""
    west, east, north = FRAME
    lat, lon = point
    lon += BEYOND if lon > east else -BEYOND if lon < west else 0
    return lat + (BEYOND if lat > north else 0), lon


def project(point: Point) -> tuple[float, float]:
    """Where it lies on the picture."""
    lat, lon = point
    return round((lon - WEST) * PER_LON, 1), round((NORTH - lat) * PER_LAT, 1)


def line(points: Iterable[Point]) -> str:
    """A path through them."""
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in map(project, points))


def _rings(rings: Iterable[Iterable[Point]]) -> str:
    return "".join(line(ring) + "Z" for ring in rings)


def _smooth(points: Sequence[Point]) -> str:
    """A curve that starts and ends at the ends and bends at every point between."""
    placed = [project(point) for point in points]
    path = "M{:.0f} {:.0f}".format(*placed[0])
    for (x, y), (next_x, next_y) in pairwise(placed[1:]):
        path += f"Q{x:.0f} {y:.0f} {(x + next_x) / 2:.0f} {(y + next_y) / 2:.0f}"
    return path + "L{:.0f} {:.0f}".format(*placed[-1])
