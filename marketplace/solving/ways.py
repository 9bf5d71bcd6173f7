"""Which stretches of road a way takes."""

from __future__ import annotations

from itertools import pairwise

from marketplace.domain.places import Place
from marketplace.solving.world import World
from marketplace.transport.atlas import NoRoute

Road = tuple[str, str]
"""Both road nodes of a stretch, in alphabetical order."""


def stretches(world: World, origin: Place, destination: Place) -> tuple[Road, ...]:
    """Access legs left out; none where the road is closed now."""
    try:
        nodes = world.atlas.route(origin.id, destination.id).nodes
    except NoRoute:
        return ()
    return tuple((a, b) if a < b else (b, a) for a, b in pairwise(nodes))
