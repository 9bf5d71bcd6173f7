"""Roads and waterways as a graph: what is between two nodes, and over which links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from marketplace.domain.network import ROAD

FAR = 2**60
"""The key of a way that does not exist. Three of them fit into 64 bits."""

_SECONDS = 2**24  # more than any way takes; weight × _SECONDS + seconds stays exact in a float64

Keys = NDArray[np.int64]
"""Weighted metres and seconds of ways in one number, so that of equal weights the faster is less."""


@dataclass(frozen=True)
class Link:
    """One link as it is driven, from one node to the next."""

    id: str
    road: str  # its name, or that of the waterway
    start: str
    end: str
    metres: int
    seconds: int
    weight: int  # weighted metres of the class that drives it
    mode: str = ROAD  # road, water or transfer
    paper: str = ""  # what a priority lane on it asks for

    @property
    def key(self) -> int:
        return self.weight * _SECONDS + self.seconds

    @property
    def back(self) -> Link:
        """The same the other way round."""
        return Link(
            self.id,
            self.road,
            self.end,
            self.start,
            self.metres,
            self.seconds,
            self.weight,
            self.mode,
            self.paper,
        )


class Network:
    """The ways of least weight between all nodes; of two equally heavy ones the faster.

    ``keys`` is (N, N) in the order of ``index``, `FAR` where there is no way.
    """

    def __init__(self, nodes: Sequence[str], links: Iterable[Link]) -> None:
        """``links`` in one direction each; they are open both ways."""
        self.index = {node: n for n, node in enumerate(nodes)}
        self._ids = list(nodes)
        self._links = _both_ways(links)
        length, self._previous = self._shortest()
        known = np.isfinite(length)
        self.keys: Keys = np.where(known, np.where(known, length, 0).astype(np.int64), FAR)

    def path(self, first: int, last: int) -> tuple[Link, ...]:
        """The links of the way in the order of driving. Raises `ValueError` if there is none."""
        if self.keys[first, last] >= FAR:
            raise ValueError(f"no way leads from {self._ids[first]} to {self._ids[last]}")
        nodes = [last]
        while nodes[-1] != first:
            nodes.append(int(self._previous[first, nodes[-1]]))
        ids = [self._ids[n] for n in reversed(nodes)]
        return tuple(self._links[pair] for pair in pairwise(ids))

    def _shortest(self) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        ends = [(self.index[start], self.index[end]) for start, end in self._links]
        rows, columns = np.array(ends, dtype=np.int32).reshape(-1, 2).T
        keys = np.array([link.key for link in self._links.values()], dtype=np.float64)
        size = (len(self._ids), len(self._ids))
        graph = csr_array((keys, (rows, columns)), shape=size)
        length, previous = dijkstra(graph, directed=True, return_predecessors=True)
        return length, previous


def weights(keys: Keys) -> Keys:
    """Weighted metres of ways, -1 where there is none."""
    return np.where(keys >= FAR, -1, keys // _SECONDS)


def seconds(keys: Keys) -> Keys:
    """How long ways take, -1 where there is none."""
    return np.where(keys >= FAR, -1, keys % _SECONDS)


def _both_ways(links: Iterable[Link]) -> dict[tuple[str, str], Link]:
    """Links in both directions; of parallel ones the lightest, then the fastest."""
    best: dict[tuple[str, str], Link] = {}
    for link in links:
        for driven in (link, link.back):
            ends = (driven.start, driven.end)
            best[ends] = min(best.get(ends, driven), driven, key=lambda x: (x.key, x.id))
    return best
