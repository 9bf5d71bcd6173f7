"""What services look up in the reference data: places by name, goods by name, routes and freight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from marketplace.domain.commodities import Catalogue
from marketplace.domain.places import Gazetteer
from marketplace.domain.reference import Reference
from marketplace.transport.atlas import Atlas


@dataclass(frozen=True)
class World:
    """One version of the reference data, ready to be asked."""

    reference: Reference
    gazetteer: Gazetteer
    catalogue: Catalogue
    atlas: Atlas


def world_of(reference: Reference) -> World:
    """Built once per process and version of the data, which its fingerprint names."""
    known = _known(reference.fingerprint)
    if not known:
        known.append(_build(reference))
    return known[0]


@lru_cache(maxsize=2)
def _known(fingerprint: str) -> list[World]:
    return []


def _build(reference: Reference) -> World:
    return World(
        reference,
        Gazetteer.from_reference(reference),
        Catalogue.from_reference(reference),
        Atlas.from_reference(reference),
    )
