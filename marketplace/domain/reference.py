"""The facts that the marketplace stands on, as read from its data files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from hashlib import sha256

from marketplace.domain.commodities import (
    Certification,
    Commodity,
    CommodityGroup,
    Grade,
    TransportNeed,
)
from marketplace.domain.conditions import Condition, Restriction
from marketplace.domain.network import BoatRate, RoadLink, RoadNode, Transfer, WaterLink, WaterNode
from marketplace.domain.places import FormerPlace, Place

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
class State:
    """What is true on a day beside the data files: conditions, restrictions, and the tariffs."""

    conditions: tuple[Condition, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    truck_rates: tuple[TruckRate, ...] = ()
    handling: tuple[HandlingRate, ...] = ()
    boat_rates: tuple[BoatRate, ...] = ()

    @property
    def rates(self) -> tuple[TruckRate | BoatRate | HandlingRate, ...]:
        """All prices."""
        return (*self.truck_rates, *self.boat_rates, *self.handling)


@dataclass(frozen=True)
class Reference:
    """Everything that the data files say, and what is true of it today.

    ``fingerprint`` (sha256) changes when any of it does; caches are keyed by it. So change a
    reference by `under`, never by ``dataclasses.replace``.
    """

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
    water_nodes: tuple[WaterNode, ...] = ()
    water_links: tuple[WaterLink, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    boat_rates: tuple[BoatRate, ...] = ()
    former_places: tuple[FormerPlace, ...] = ()
    conditions: tuple[Condition, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    data_fingerprint: str = ""
    """Of the data files alone; a reference with another ``fingerprint`` is one `under` a state."""
    files: State | None = field(default=None, compare=False, repr=False)
    """What the files alone say, where this is `under` another state."""

    def __post_init__(self) -> None:
        if not self.data_fingerprint:
            object.__setattr__(self, "data_fingerprint", self.fingerprint)

    @property
    def links(self) -> dict[str, RoadLink | WaterLink | Transfer]:
        """Everything that vehicles pass and officers may state something of, by id."""
        parts: tuple[tuple[RoadLink | WaterLink | Transfer, ...], ...] = (
            self.road_links,
            self.water_links,
            self.transfers,
        )
        return {link.id: link for part in parts for link in part}

    @property
    def state(self) -> State:
        """What of this can differ from day to day."""
        return State(**{name: getattr(self, name) for name in State.__dataclass_fields__})

    def under(self, state: State | None) -> Reference:
        """The same files while ``state`` is true; None: without anything but the files."""
        files = self.files or self.state
        state = state or files
        if state == self.state:
            return self
        alike = state == files
        return replace(
            self,
            **{name: getattr(state, name) for name in State.__dataclass_fields__},
            files=files,
            fingerprint=self.data_fingerprint if alike else _mixed(self.data_fingerprint, state),
        )


def _mixed(data_fingerprint: str, state: State) -> str:
    return sha256(f"{data_fingerprint}{astuple(state)!r}".encode()).hexdigest()
