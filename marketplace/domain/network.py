"""Roads and canals, where goods change from one to the other, and what boats cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ROAD, WATER, TRANSFER = "road", "water", "transfer"
"""How a stretch of a way is covered."""

ROAD_CLASSES = ("CT", "QL", "DT", "HL")
"""Expressways, national, provincial and district roads."""

WATER_CLASSES = ("special", "I", "II", "III", "IV")
"""Classes of inland waterways, widest first."""

SEA = "sea"
"""The class of a link across open water, which boats need to be built for."""


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
    road_class: str  # one of ROAD_CLASSES
    kmh: int
    ferry: bool
    source: str
    confidence: str
    localities: tuple[str, ...] = ()  # those that it lies in, whose officers answer for it


@dataclass(frozen=True)
class WaterNode:
    """A quay, or a point where waterways meet."""

    id: str
    name: str
    lat: float
    lon: float
    source: str
    confidence: str


@dataclass(frozen=True)
class WaterLink:
    """A stretch of river, canal or sea between two points, open both ways."""

    id: str
    start: str
    end: str
    waterway: str
    km: float
    water_class: str  # one of WATER_CLASSES, or SEA
    largest_vessel: int  # tonnes
    kmh: int
    source: str
    confidence: str
    localities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transfer:
    """A quay that a road leads to: goods go from boat to truck there, or from truck to boat."""

    id: str
    quay: str  # water node
    node: str  # road node
    km: float
    vnd_per_tonne: int  # unloading the one and loading the other
    hours: float
    source: str
    confidence: str
    localities: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoatRate:
    """List price of one class of boat, one way, from a day on."""

    vehicle: str  # "boat80t"
    payload: int  # kilograms
    fixed: int  # VND
    vnd_per_km: int
    water_class: str  # the narrowest waterway that it fits
    sea: bool  # built for the open sea
    valid_from: date
    source: str
    confidence: str
