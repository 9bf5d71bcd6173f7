"""All ways of two modes after a closure, and a long list by landed price, beside networkx and SciPy.

What is told apart is how the ways are found. All get the same links with the same weights, which are
made beforehand; answers must be equal, or the benchmark stops.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from time import process_time
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, floyd_warshall

from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.reference import Reference
from marketplace.solving.world import World
from marketplace.transport.atlas import Atlas
from marketplace.transport.conditions import Conditions
from marketplace.transport.landed import Delivery, freight_of
from marketplace.transport.network import FAR, Link
from marketplace.transport.vehicles import VehicleClass, classes_for
from marketplace.transport.ways import Passage, Ways, passage_of

CLOSED = "D932-D930"  # QL61C between Một Ngàn and Vị Thanh
LOTS, GOODS, BUYER = 10_000, "lua-st25", "M_CATLAI"
PAIRS, LOTS_ASKED = 400, 100
"""Of networkx so many are timed, and the rest reckoned from them."""

Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One class of vehicle: its links, its legs, and all of them as one plain graph."""

    one: VehicleClass
    passage: Passage
    nodes: list[str]  # of the network, then the places once for each kind of leg

    @property
    def links(self) -> list[Link]:
        found = list(self.passage.links)
        for kind, legs in enumerate(self.passage.accesses):
            found += [replace(leg, start=f"{leg.start}/{kind}") for leg in legs if leg is not None]
        return found


def print_network(world: World) -> None:
    """Two tables for docs/benchmarks.md."""
    condition = _closed()
    reference = replace(world.reference, conditions=(condition,))
    cases = _cases(reference, condition)
    print(
        f"\n{len(reference.places)} places, {len(cases)} classes, {CLOSED} closed; seconds of processor\n"
    )
    _print_rows(_all_pairs(reference, cases))
    print(f"\n{LOTS:,} lots of {GOODS} by landed price at {BUYER}; seconds of processor\n")
    _print_rows(_long_list(world, reference, cases))


def _closed() -> Condition:
    nothing = dict.fromkeys(
        ("mode", "locality", "most", "opens", "closes", "percent", "minutes", "last")
    )
    return Condition(
        id=1, effect=Effect.CLOSED, link=CLOSED, paper="", first=date(2026, 1, 1), **nothing
    )


def _cases(reference: Reference, condition: Condition) -> list[Case]:
    need = next(need for need in reference.transport_needs if need.id == "bulk_dry")
    classes = classes_for(need, reference.truck_rates, reference.boat_rates)
    nodes = [node.id for node in (*reference.road_nodes, *reference.water_nodes)]
    nodes += [f"{place.id}/{kind}" for kind in (0, 1) for place in reference.places]
    conditions = Conditions((condition,))
    return [Case(one, passage_of(one, reference, conditions), nodes) for one in classes]


def _all_pairs(reference: Reference, cases: list[Case]) -> list[tuple[str, float, bool]]:
    every = np.arange(len(reference.places))
    ids = [place.id for place in reference.places]
    network = [node.id for node in (*reference.road_nodes, *reference.water_nodes)]
    keys = {case.one.name: Ways(network, case.passage).keys(every, every) for case in cases}
    unlike = _unlike(cases)
    found = _time(lambda: [Ways(network, c.passage).keys(every, every) for c in unlike])
    whole = _time(lambda: Atlas(reference).freight("bulk_dry", "lua_gao", ids, ids))
    alike = _time(lambda: [_check(_plain(case, dijkstra), case, keys) for case in unlike])
    plain = _time(lambda: [_check(_plain(case, dijkstra), case, keys) for case in cases])
    warshall = _time(
        lambda: [_check(_plain(case, floyd_warshall), case, keys) for case in cases], 1
    )
    sources = _time(lambda: [_from_each(case, ids) for case in cases], 1)
    pairs = _time(lambda: [_pair_by_pair(case, ids, keys) for case in cases], 1)
    share = PAIRS / (len(ids) * (len(ids) - 1))
    return [
        (f"ours, the {len(unlike)} searches that differ", found, True),
        ("ours, from conditions to all trip prices and minutes", whole, True),
        (f"SciPy dijkstra over nodes and places, the {len(unlike)} that differ", alike, True),
        ("SciPy dijkstra, class by class", plain, True),
        ("SciPy floyd_warshall, class by class", warshall, True),
        ("networkx single_source_dijkstra from each place, class by class", sources, True),
        (f"networkx dijkstra pair by pair (from {PAIRS} pairs)", pairs / share, False),
    ]


def _unlike(cases: list[Case]) -> list[Case]:
    """Trucks without a limit go the same ways: once is enough, as in `Atlas`."""
    return list({case.passage: case for case in cases}.values())


def _time(work: Callable[[], Any], times: int = 3) -> float:
    """Seconds of processor, the least of some tries."""
    tries = []
    for _ in range(times):
        start = process_time()
        work()
        tries.append(process_time() - start)
    return min(tries)


def _plain(case: Case, search: Callable[..., Any]) -> Grid:
    """Between all places: the least over both kinds of legs at both ends."""
    index = {node: n for n, node in enumerate(case.nodes)}
    links = case.links
    rows = [index[link.start] for link in links] + [index[link.end] for link in links]
    columns = [index[link.end] for link in links] + [index[link.start] for link in links]
    weight = [float(max(1, link.key)) for link in links] * 2
    graph = csr_array((weight, (rows, columns)), shape=(len(index), len(index)))
    length = search(graph, directed=False)
    places = len(case.passage.accesses[0])
    ends = length[-2 * places :, -2 * places :].reshape(2, places, 2, places)
    return np.asarray(ends.min(axis=(0, 2)))


def _check(length: Grid, case: Case, keys: dict[str, Any]) -> None:
    ours = keys[case.one.name]
    there = ours < FAR
    np.fill_diagonal(there, val=False)
    if np.abs(length[there] - ours[there]).max() > 4:  # legs without length count as 1
        raise SystemExit(f"{case.one.name}: the ways differ")


def _graph(case: Case) -> nx.Graph:
    graph = nx.Graph()
    for link in case.links:
        graph.add_edge(link.start, link.end, weight=link.key)
    return graph


def _from_each(case: Case, ids: list[str]) -> None:
    graph = _graph(case)
    for place in ids:
        for kind in range(len(case.passage.accesses)):
            if f"{place}/{kind}" in graph:
                nx.single_source_dijkstra_path_length(graph, f"{place}/{kind}")


def _pair_by_pair(case: Case, ids: list[str], keys: dict[str, Any]) -> None:
    graph, chance = _graph(case), np.random.default_rng(1)
    for a, b in chance.integers(0, len(ids), (PAIRS, 2)).tolist():
        ours = FAR if a == b else int(keys[case.one.name][a, b])
        if ours < FAR and _between(graph, ids[a], ids[b]) != ours:
            raise SystemExit(f"{case.one.name}: networkx finds another way")


def _between(graph: nx.Graph, a: str, b: str) -> int:
    lengths = []
    for start in (f"{a}/0", f"{a}/1"):
        for end in (f"{b}/0", f"{b}/1"):
            if start in graph and end in graph:
                with suppress(nx.NetworkXNoPath):
                    lengths.append(nx.dijkstra_path_length(graph, start, end))
    return min(lengths, default=FAR)


def _long_list(
    world: World, reference: Reference, cases: list[Case]
) -> list[tuple[str, float, bool]]:
    good, chance = world.catalogue.commodity(GOODS), np.random.default_rng(2)
    ids = [place.id for place in reference.places]
    lots = [
        Delivery(good, int(quantity), ids[place], BUYER)
        for quantity, place in zip(
            chance.integers(500, 120_000, LOTS), chance.integers(0, len(ids), LOTS), strict=True
        )
    ]
    atlas = Atlas(reference)
    answers = freight_of(atlas, lots)
    known = _time(lambda: freight_of(atlas, lots))
    after = _time(lambda: freight_of(Atlas(reference), lots))
    one_by_one = _time(lambda: [freight_of(atlas, [lot]) for lot in lots[:LOTS_ASKED]], 1)
    pairs = _time(lambda: _by_networkx(atlas, cases, lots[:LOTS_ASKED], answers), 1)
    plain = _time(lambda: [_plain(case, dijkstra) for case in cases])
    many = LOTS / LOTS_ASKED
    return [
        ("ours, network known", known, True),
        ("ours, first page after a closure", after, True),
        ("SciPy, plain: all pairs of all classes, then our prices", plain + known, True),
        (f"ours, lot by lot (from {LOTS_ASKED})", one_by_one * many, False),
        (f"networkx, lot by lot and class by class (from {LOTS_ASKED})", pairs * many, False),
    ]


def _by_networkx(
    atlas: Atlas, cases: list[Case], lots: list[Delivery], answers: list[int | None]
) -> None:
    graphs = [_graph(case) for case in cases]
    for lot, answer in zip(lots, answers, strict=False):
        for graph in graphs:
            _between(graph, lot.origin, lot.destination)
        if freight_of(atlas, [lot]) != [answer]:
            raise SystemExit("the freight of a lot is another")


def _print_rows(rows: list[tuple[str, float, bool]]) -> None:
    fastest = rows[0][1]
    print("| how | seconds | ratio |\n|---|---:|---:|")
    for name, seconds, measured in rows:
        told = f"{seconds:,.2f}" if measured else f"about {seconds:,.0f}"
        print(f"| {name} | {told} | {seconds / fastest:,.1f} |")
