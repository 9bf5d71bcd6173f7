"""What goes over which link in both markets of a what-if, as lines on the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.web import maps
from marketplace.web.maps import WIDEST, FlowLine
from marketplace.web.scenario_words import stretches

NARROW = 2.0
"""Width below which a change cannot be seen."""


@dataclass(frozen=True)
class ChangedFlows:
    """Lines on one scale: what flows in either market, and over it where more or less does."""

    either: list[FlowLine]
    more: list[FlowLine]
    less: list[FlowLine]
    shut: str
    """Links that the scenario has closed."""


def changed_flows(flows: Mapping[str, tuple[int, int]], shut: Iterable[str] = ()) -> ChangedFlows:
    """``flows``: kilograms over each link before and after."""
    most = max((max(pair) for pair in flows.values()), default=0) or 1
    either: dict[str, int] = {}
    more: dict[str, int] = {}
    less: dict[str, int] = {}
    for link, (before, after) in flows.items():
        either[link] = max(before, after)
        (more if after > before else less)[link] = abs(after - before)
    known = stretches()
    closed = [maps.line(known[link].points) for link in sorted(shut) if link in known]
    return ChangedFlows(
        _lines(either, most), _lines(more, most), _lines(less, most), "".join(closed)
    )


def flow_lines(flows: Mapping[str, int]) -> list[FlowLine]:
    """Links as wide as what goes over them."""
    return _lines(flows, max(flows.values(), default=0) or 1)


def _lines(kilograms: Mapping[str, int], most: int) -> list[FlowLine]:
    """One path per width, the widest first, so that narrow ones stay in sight."""
    known = stretches()
    paths: defaultdict[float, list[str]] = defaultdict(list)
    for link, weight in sorted(kilograms.items()):
        if weight and link in known:
            width = max(NARROW, round(WIDEST * weight / most * 2) / 2)
            paths[width].append(maps.line(known[link].points))
    return [FlowLine("".join(paths[width]), width) for width in sorted(paths, reverse=True)]
