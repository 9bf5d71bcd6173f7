"""The roads as a graph: what is between two nodes, and over which links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from marketplace.domain.network import RoadLink, RoadNode

NO_WAY = -1

_SECONDS = 2**20  # more than any way takes; metres × _SECONDS + seconds stays exact in a float64


@dataclass(frozen=True)
class Link:
    """One link as it is driven, from one node to the next."""

    id: str
    road: str
    start: str
    end: str
    metres: int
    seconds: int


class Network:
    """Shortest ways between all nodes; of two equally long ones the faster.

    ``metres`` and ``seconds`` are (N, N) in the order of ``index``, `NO_WAY` where there is none.
    """

    def __init__(self, nodes: Sequence[RoadNode], links: Sequence[RoadLink]) -> None:
        self.index = {node.id: n for n, node in enumerate(nodes)}
        self._ids = [node.id for node in nodes]
        self._links = {(link.start, link.end): link for link in _both_ways(links)}
        weight, self._previous = self._shortest()
        known = np.isfinite(weight)
        exact = np.where(known, weight, 0).astype(np.int64)
        self.metres: NDArray[np.int64] = np.where(known, exact // _SECONDS, NO_WAY)
        self.seconds: NDArray[np.int64] = np.where(known, exact % _SECONDS, NO_WAY)

    def path(self, start: str, end: str) -> tuple[Link, ...]:
        """The links of the shortest way in the order of driving. Raises `ValueError` if there is none."""
        first, last = self.index[start], self.index[end]
        if self.metres[first, last] == NO_WAY:
            raise ValueError(f"no road leads from {start} to {end}")
        nodes = [last]
        while nodes[-1] != first:
            nodes.append(int(self._previous[first, nodes[-1]]))
        ids = [self._ids[n] for n in reversed(nodes)]
        return tuple(self._links[pair] for pair in pairwise(ids))

    def _shortest(self) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        ends = [(self.index[start], self.index[end]) for start, end in self._links]
        weight = [link.metres * _SECONDS + link.seconds for link in self._links.values()]
        rows, columns = np.array(ends, dtype=np.int32).reshape(-1, 2).T
        size = (len(self._ids), len(self._ids))
        graph = csr_array((np.array(weight, dtype=np.float64), (rows, columns)), shape=size)
        length, previous = dijkstra(graph, directed=True, return_predecessors=True)
        return length, previous


def _both_ways(links: Sequence[RoadLink]) -> list[Link]:
    """Links in both directions; of parallel ones the shortest, then the fastest."""
    best: dict[tuple[str, str], Link] = {}
    for link in links:
        metres = round(link.km * 1000)
        seconds = round(link.km * 3600 / link.kmh)
        for start, end in ((link.start, link.end), (link.end, link.start)):
            driven = Link(link.id, link.road, start, end, metres, seconds)
            other = best.get((start, end), driven)
            best[start, end] = min(other, driven, key=lambda x: (x.metres, x.seconds, x.id))
    return list(best.values())
