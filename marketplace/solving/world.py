"""What services look up in the reference data: places by name, goods by name, routes and freight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from marketplace.domain.commodities import Catalogue
from marketplace.domain.links import links_of
from marketplace.domain.places import Gazetteer
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import Stretch
from marketplace.solving.movement import Movement
from marketplace.transport.atlas import Atlas

Names = tuple[Gazetteer, Catalogue]


@dataclass(frozen=True)
class World:
    """One version of the reference data under one state, ready to be asked."""

    reference: Reference
    gazetteer: Gazetteer
    catalogue: Catalogue
    atlas: Atlas
    movement: Movement

    @cached_property
    def links(self) -> dict[str, Stretch]:
        """All links by id."""
        return links_of(self.reference)

    @cached_property
    def node_names(self) -> dict[str, str]:
        """Of road nodes and quays."""
        names = {node.id: node.name for node in self.reference.road_nodes}
        return names | {node.id: node.name for node in self.reference.water_nodes}


def world_of(reference: Reference) -> World:
    """Built once per process and version, which the fingerprint names.

    Worlds of the same data files under different states share their places and goods.
    """
    known = _known(reference.fingerprint)
    if not known:
        known.append(_build(reference))
    return known[0]


def _build(reference: Reference) -> World:
    return World(
        reference,
        *_names(reference),
        Atlas.from_reference(reference),
        Movement.from_reference(reference),
    )


def _names(reference: Reference) -> Names:
    known = _known_names(reference.data_fingerprint)
    if not known:
        known.append((Gazetteer.from_reference(reference), Catalogue.from_reference(reference)))
    return known[0]


@lru_cache(maxsize=6)  # today's, tomorrow's and those of the rounds that are looked at
def _known(fingerprint: str) -> list[World]:
    return []


@lru_cache(maxsize=2)
def _known_names(data_fingerprint: str) -> list[Names]:
    return []
