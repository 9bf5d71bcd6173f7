"""The facts that the marketplace stands on, as read from its data files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.domain.commodities import (
    Certification,
    Commodity,
    CommodityGroup,
    Grade,
    TransportNeed,
)
from marketplace.domain.places import Place

CONFIDENCE = ("sourced", "unverified", "estimate")


def weakest(confidences: Iterable[str]) -> str:
    """What may be said of a figure that rests on all of these."""
    return max(confidences, key=CONFIDENCE.index)


@dataclass(frozen=True)
class Locality:
    """One of the seven: a province until the reform of 2025, a unit of the programme since."""

    id: str
    name: str
    name_en: str
    kind: str
    code: str  # of the statistics office, on these dates only: 91 was Kiên Giang, is An Giang
    legal_from: date | None  # None: before our records
    legal_until: date
    seat: str  # id of a place
    province: str  # code of the province that it is part of today
    area_km2: float
    population: int
    area_source: str
    population_source: str
    department: str
    note: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Province:
    """One of the three legal units of today."""

    code: str
    name: str
    legal_from: date
    seat: str  # id of a place
    area_km2: float
    population: int
    communes: int
    localities: tuple[str, ...]
    source: str
    confidence: str


@dataclass(frozen=True)
class RoadNode:
    """A point where roads meet or end."""

    id: str
    name: str
    lat: float
    lon: float
    kind: str
    source: str
    confidence: str


@dataclass(frozen=True)
class RoadLink:
    """A stretch of road between two nodes, open both ways."""

    id: str
    start: str
    end: str
    road: str
    km: float
    road_class: str  # CT expressway, QL national, DT provincial, HL district road
    kmh: int
    ferry: bool
    source: str
    confidence: str


@dataclass(frozen=True)
class TruckRate:
    """List price of one class of truck, one way, from a day on."""

    vehicle: str  # "28t"
    payload: int  # kilograms
    fixed: int  # VND
    per_km: tuple[tuple[int, int], ...]  # (km, VND per km at that distance), ascending
    valid_from: date
    source: str
    confidence: str


@dataclass(frozen=True)
class HandlingRate:
    """Loading and unloading together. Group ``*`` serves groups without their own."""

    group: str
    vnd_per_kg: int
    valid_from: date
    source: str
    confidence: str


@dataclass(frozen=True)
class Reference:
    """Everything that the data files say. ``fingerprint`` (sha256) changes when any of it does."""

    localities: tuple[Locality, ...]
    provinces: tuple[Province, ...]
    places: tuple[Place, ...]
    road_nodes: tuple[RoadNode, ...]
    road_links: tuple[RoadLink, ...]
    groups: tuple[CommodityGroup, ...]
    commodities: tuple[Commodity, ...]
    grades: tuple[Grade, ...]
    certifications: tuple[Certification, ...]
    transport_needs: tuple[TransportNeed, ...]
    truck_rates: tuple[TruckRate, ...]
    handling: tuple[HandlingRate, ...]
    fingerprint: str
