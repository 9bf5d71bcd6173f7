"""The network drawn by the server: links by mode and class, and what holds on them today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from marketplace.domain.places import Place, PlaceKind
from marketplace.services.network import LinkLine, Network
from marketplace.web import link_words, maps

NAMED = (PlaceKind.MARKET, PlaceKind.PORT, PlaceKind.BORDER)
"""Places outside the seven seats that stand on a map."""
RESTRICTED = "restricted"
"""The kind of a spot whose goods may leave or enter with papers only."""


@dataclass(frozen=True)
class Drawn:
    """All lines of one look."""

    look: str
    path: str


@dataclass(frozen=True)
class Sign:
    """A few characters in the middle of a link."""

    x: float
    y: float
    text: str
    look: str


@dataclass(frozen=True)
class Spot:
    """A place with its name."""

    x: float
    y: float
    name: str
    kind: str


@dataclass(frozen=True)
class Sheet:
    """What lies over the ground: lines (the lowest first), the chosen link, signs, places."""

    lines: tuple[Drawn, ...]
    chosen: str
    signs: tuple[Sign, ...]
    spots: tuple[Spot, ...]
    sealed: tuple[str, ...] = ()
    """Localities whose goods are under a restriction."""


def sheet(network: Network, chosen: str = "") -> Sheet:
    """The whole network."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for line in network.lines:
        path = maps.line(line.stretch.points)
        lines[link_words.look(line.stretch)].append(path)
        for mark in link_words.marks(line.states):
            marks[mark].append(path)
    chosen_paths = [maps.line(n.stretch.points) for n in network.lines if n.stretch.id == chosen]
    return Sheet(
        lines=(*_drawn(lines), *_drawn(marks)),
        chosen="".join(chosen_paths),
        signs=tuple(_signs(network.lines)),
        spots=tuple(
            Spot(*maps.project((place.lat, place.lon)), name, kind)
            for place, name, kind in spots(network)
        ),
        sealed=network.sealed,
    )


def held(network: Network) -> Sheet:
    """Only that on which something special holds, to lie over a map of something else."""
    return replace(sheet(replace(network, lines=network.held)), spots=(), sealed=())


def spots(network: Network) -> Iterable[tuple[Place, str, str]]:
    """Seats, markets, ports, border gates, and where goods are restricted: the place, its short name,
    its kind."""
    seats = {locality.seat for locality in network.reference.localities}
    for place in network.reference.places:
        if place.id in seats:
            yield place, place.name.split(" (")[0], "seat"
        elif place.kind in NAMED:
            yield place, place.name, place.kind.value
    for place in network.restricted:
        yield place, place.name, RESTRICTED


def sign_look(line: LinkLine) -> str:
    """The colour of a link's sign is that of what matters most."""
    return f"m-sign-{link_words.SIGNS[line.states[0]][0]}"


def _drawn(lines: dict[str, list[str]]) -> list[Drawn]:
    return [Drawn(look, "".join(paths)) for look, paths in lines.items()]


def _signs(lines: Iterable[LinkLine]) -> Iterable[Sign]:
    for line in lines:
        if text := link_words.sign(line.holding):
            (x, y), (other_x, other_y) = map(maps.project, line.stretch.points)
            middle = round((x + other_x) / 2, 1), round((y + other_y) / 2, 1)
            yield Sign(*middle, text, sign_look(line))
