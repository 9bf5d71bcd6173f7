"""Which links the goods of a match go over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marketplace.domain.places import Place
from marketplace.solving.world import World
from marketplace.transport.atlas import NoRoute


class Carried:
    """Answers from what matches have stored; each way that must be looked up is looked up once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known = world.reference.links.keys()
        self._by_road: dict[tuple[str, str], tuple[str, ...]] = {}

    def links(
        self, route: Iterable[Mapping[str, Any]], origin: Place, destination: Place
    ) -> tuple[str, ...]:
        """Ids in driving order, access legs left out; by road of today where none are stored."""
        stored = [link for leg in route for link in leg.get("links", ())]
        if not stored:
            return self._looked_up(origin.id, destination.id)
        return tuple(link for link in stored if link in self._known)

    def _looked_up(self, origin: str, destination: str) -> tuple[str, ...]:
        """None where the road is closed now."""
        ends = origin, destination
        if ends not in self._by_road:
            try:
                links = self._world.atlas.route(*ends).links
            except NoRoute:
                links = ()
            self._by_road[ends] = tuple(link.id for link in links if link.id in self._known)
        return self._by_road[ends]
