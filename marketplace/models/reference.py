"""What the programme's data files say: localities, places, roads, goods, tariffs.

Filled by `flask data load` from marketplace/data. Ids are those of the files and never change. Each
table stands for one kind of record of `marketplace.domain`: a column is named like the record's
field, with ``_id`` where it points to another table.
"""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Self

from sqlalchemy import BigInteger, ForeignKey, String, Text, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.data.reader import read_former_places
from marketplace.domain import commodities, network, places
from marketplace.domain import reference as records
from marketplace.domain.tariffs import on_day
from marketplace.models.base import Base, Tuple, db
from marketplace.models.conditions import ConditionVersion, RestrictionVersion, in_force
from marketplace.models.tariffs import tariff_rows, with_rows


class Recorded:
    """A row that stands for a record. ``position`` is its place in the data file."""

    RECORD: ClassVar[type]
    COLUMNS: ClassVar[dict[str, str]] = {}
    """Columns that are not named like their field."""

    position: Mapped[int]

    @classmethod
    def of(cls, record: Any, position: int) -> Self:
        """The row for a record."""
        names = {name: cls.COLUMNS.get(name, name) for name in cls._fields()}
        values = {column: getattr(record, name) for name, column in names.items()}
        return cls(position=position, **values)  # type: ignore[call-arg]

    def record(self) -> Any:
        """The record that the row stands for."""
        names = {name: self.COLUMNS.get(name, name) for name in self._fields()}
        return self.RECORD(**{name: getattr(self, column) for name, column in names.items()})

    @classmethod
    def _fields(cls) -> list[str]:
        return [field.name for field in fields(cls.RECORD)]


class Sourced:
    """Where a figure comes from, and how far it can be trusted: sourced, unverified, estimate."""

    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(String(12), default="unverified")


class Province(Recorded, Sourced, Base):
    """One of the three provinces of today. Code 91 meant another province before 1 July 2025."""

    __tablename__ = "province"
    RECORD = records.Province
    COLUMNS: ClassVar = {"code": "id"}

    id: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    legal_from: Mapped[date]
    seat: Mapped[str] = mapped_column(String(20))
    area_km2: Mapped[float]
    population: Mapped[int]
    communes: Mapped[int]
    localities: Mapped[tuple[str, ...]] = mapped_column(Tuple)


class Locality(Recorded, Sourced, Base):
    """One of the seven reporting units of the programme, a province until 30 June 2025."""

    __tablename__ = "locality"
    RECORD = records.Locality
    COLUMNS: ClassVar = {"province": "province_id"}

    id: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(4))
    legal_from: Mapped[date | None]
    legal_until: Mapped[date]
    """As a province of its own; as a unit of the programme it goes on."""
    seat: Mapped[str] = mapped_column(String(20))
    province_id: Mapped[str] = mapped_column(ForeignKey("province.id"))
    area_km2: Mapped[float]
    population: Mapped[int]
    area_source: Mapped[str] = mapped_column(Text)
    population_source: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


class RoadNode(Recorded, Sourced, Base):
    """A junction, a former district's seat, a market: where links meet."""

    __tablename__ = "road_node"
    RECORD = network.RoadNode

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    lat: Mapped[float]
    lon: Mapped[float]
    kind: Mapped[str] = mapped_column(String(40))


class RoadLink(Recorded, Sourced, Base):
    """A stretch of road between two nodes, open in both directions."""

    __tablename__ = "road_link"
    RECORD = network.RoadLink
    COLUMNS: ClassVar = {"start": "start_id", "end": "end_id"}

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    start_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    end_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    road: Mapped[str] = mapped_column(String(200))
    km: Mapped[float]
    road_class: Mapped[str] = mapped_column(String(40))
    kmh: Mapped[int]
    ferry: Mapped[bool]
    localities: Mapped[tuple[str, ...]] = mapped_column(Tuple)


class WaterNode(Recorded, Sourced, Base):
    """A quay, or a point where waterways meet."""

    __tablename__ = "water_node"
    RECORD = network.WaterNode

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    lat: Mapped[float]
    lon: Mapped[float]


class WaterLink(Recorded, Sourced, Base):
    """A stretch of river, canal or sea between two points, open in both directions."""

    __tablename__ = "water_link"
    RECORD = network.WaterLink
    COLUMNS: ClassVar = {"start": "start_id", "end": "end_id"}

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    start_id: Mapped[str] = mapped_column(ForeignKey("water_node.id"))
    end_id: Mapped[str] = mapped_column(ForeignKey("water_node.id"))
    waterway: Mapped[str] = mapped_column(String(200))
    km: Mapped[float]
    water_class: Mapped[str] = mapped_column(String(10))
    largest_vessel: Mapped[int]
    """Tonnes."""
    kmh: Mapped[int]
    localities: Mapped[tuple[str, ...]] = mapped_column(Tuple)


class Transfer(Recorded, Sourced, Base):
    """A quay that a road leads to: goods change between boat and truck there."""

    __tablename__ = "transfer"
    RECORD = network.Transfer
    COLUMNS: ClassVar = {"quay": "quay_id", "node": "node_id"}

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    quay_id: Mapped[str] = mapped_column(ForeignKey("water_node.id"))
    node_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    km: Mapped[float]
    vnd_per_tonne: Mapped[int]
    hours: Mapped[float]
    localities: Mapped[tuple[str, ...]] = mapped_column(Tuple)


class Place(Recorded, Sourced, Base):
    """Anything goods start from or go to: a commune, a seat, a market, a gate, a port."""

    __tablename__ = "place"
    RECORD = places.Place
    COLUMNS: ClassVar = {
        "locality": "locality_id",
        "province": "province_id",
        "node": "node_id",
        "quay": "quay_id",
    }

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    also: Mapped[tuple[str, ...]] = mapped_column(Tuple)
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"), index=True)
    province_id: Mapped[str | None] = mapped_column(ForeignKey("province.id"))
    lat: Mapped[float]
    lon: Mapped[float]
    node_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    access_km: Mapped[float]
    island: Mapped[bool]
    quay_id: Mapped[str | None] = mapped_column(ForeignKey("water_node.id"))
    quay_km: Mapped[float]
    note: Mapped[str] = mapped_column(Text)

    def record(self) -> places.Place:
        """The record, its kind as a member of the enumeration."""
        place: places.Place = super().record()
        return replace(place, kind=places.PlaceKind(self.kind))


class Certification(Recorded, Base):
    """A certificate that goods can hold and a buyer can ask for."""

    __tablename__ = "certification"
    RECORD = commodities.Certification

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    needs_expiry: Mapped[bool]


class CommodityGroup(Recorded, Base):
    """Rice, seafood, fruit …"""

    __tablename__ = "commodity_group"
    RECORD = commodities.CommodityGroup

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))


class Grade(Recorded, Base):
    """A grade of a group's goods; rank 1 is the best. Group "*": all groups without their own."""

    __tablename__ = "grade"
    RECORD = commodities.Grade
    COLUMNS: ClassVar = {"group": "group_id"}

    group_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    rank: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    confidence: Mapped[str] = mapped_column(String(12))


class TransportNeed(Recorded, Base):
    """What goods need on the way: which vehicles, how much of the payload, at which price."""

    __tablename__ = "transport_need"
    RECORD = commodities.TransportNeed

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    mode: Mapped[str] = mapped_column(String(20))
    largest_truck: Mapped[int]
    boat_mode: Mapped[str] = mapped_column(String(20))
    largest_boat: Mapped[int]
    payload_percent: Mapped[int]
    price_percent: Mapped[int]
    hours_limit: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(12))


class Commodity(Recorded, Base):
    """A good that can be listed."""

    __tablename__ = "commodity"
    RECORD = commodities.Commodity
    COLUMNS: ClassVar = {"group": "group_id", "transport_need": "transport_need_id"}

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160))
    scientific_name: Mapped[str] = mapped_column(String(160))
    group_id: Mapped[str] = mapped_column(ForeignKey("commodity_group.id"), index=True)
    also: Mapped[tuple[str, ...]] = mapped_column(Tuple)
    base_unit: Mapped[str] = mapped_column(String(20))
    base_unit_vi: Mapped[str] = mapped_column(String(20))
    milligrams: Mapped[int | None] = mapped_column(BigInteger)
    """Of one base unit; none: not known, so the goods can be listed and do not enter rounds."""
    base_units_per_price_unit: Mapped[int]
    price_unit: Mapped[str] = mapped_column(String(40))
    ask_low: Mapped[int] = mapped_column(BigInteger)
    ask_high: Mapped[int] = mapped_column(BigInteger)
    price_year: Mapped[str] = mapped_column(String(40))
    price_source: Mapped[str] = mapped_column(Text)
    price_confidence: Mapped[str] = mapped_column(String(12))
    shelf_hours_ambient: Mapped[float]
    shelf_hours_chilled: Mapped[float | None]
    shelf_confidence: Mapped[str] = mapped_column(String(12))
    weight_confidence: Mapped[str] = mapped_column(String(12))
    waits: Mapped[bool]
    transport_need_id: Mapped[str] = mapped_column(ForeignKey("transport_need.id"))
    localities: Mapped[tuple[str, ...]] = mapped_column(Tuple)
    months: Mapped[tuple[int, ...]] = mapped_column(Tuple)
    harvest: Mapped[str] = mapped_column(Text)
    certifications: Mapped[tuple[str, ...]] = mapped_column(Tuple)
    hs6: Mapped[str] = mapped_column(String(40))
    cpc: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12), default="produce", server_default="produce")
    control: Mapped[str] = mapped_column(String(12), default="free", server_default="free")
    control_source: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def shelf_hours(self) -> float:
        """As `commodities.Commodity.shelf_hours`."""
        return commodities.shelf_hours(
            self.transport_need_id, self.shelf_hours_ambient, self.shelf_hours_chilled
        )


class TruckRate(Recorded, Sourced, Base):
    """The printed tariff of a truck class: ₫ per trip and ₫ per km at the middle of each band."""

    __tablename__ = "truck_rate"
    RECORD = records.TruckRate

    vehicle: Mapped[str] = mapped_column(String(10), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    payload: Mapped[int]
    fixed: Mapped[int]
    per_km: Mapped[tuple[tuple[int, int], ...]] = mapped_column(Tuple)


class BoatRate(Recorded, Sourced, Base):
    """What a class of boat costs: ₫ per trip and ₫ per km."""

    __tablename__ = "boat_rate"
    RECORD = network.BoatRate

    vehicle: Mapped[str] = mapped_column(String(10), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    payload: Mapped[int]
    fixed: Mapped[int]
    vnd_per_km: Mapped[int]
    water_class: Mapped[str] = mapped_column(String(10))
    sea: Mapped[bool]


class HandlingRate(Recorded, Sourced, Base):
    """₫ per kilogram for loading and unloading, by commodity group ("*": all others)."""

    __tablename__ = "handling_rate"
    RECORD = records.HandlingRate
    COLUMNS: ClassVar = {"group": "group_id"}

    group_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    vnd_per_kg: Mapped[int]


class DataLoad(Base):
    """Which version of the data files the tables hold, and of what people state beside them.

    Caches are keyed by both. Whoever states something gives ``state`` a new name in the same
    transaction (`new_state`), so that every process sees it at once.
    """

    __tablename__ = "data_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(32), default="", server_default="")
    foreign: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Loaded from a directory of somebody's own, which the next start must not undo."""
    told: Mapped[str] = mapped_column(String(50), default="", server_default="")
    """The state and the day of which people under way have been told (services/route_hits)."""


TABLES: dict[str, type[Recorded]] = {
    "provinces": Province,
    "localities": Locality,
    "road_nodes": RoadNode,
    "road_links": RoadLink,
    "water_nodes": WaterNode,
    "water_links": WaterLink,
    "transfers": Transfer,
    "places": Place,
    "groups": CommodityGroup,
    "grades": Grade,
    "certifications": Certification,
    "transport_needs": TransportNeed,
    "commodities": Commodity,
    "truck_rates": TruckRate,
    "boat_rates": BoatRate,
    "handling": HandlingRate,
}
"""The table of each part of `records.Reference`; what others point to comes first."""


def current_reference() -> records.Reference:
    """What the tables say and what is in force today, read anew only when `DataLoad` has changed.

    Raises `LookupError` where no data have been loaded.
    """
    return reference_on(clock.today())


def reference_on(day: date) -> records.Reference:
    """The same with what is in force on another day, as far as it is known today."""
    fingerprint, state = _versions()
    return _on(fingerprint, state, day)


def files_reference() -> records.Reference:
    """What the data files alone say. Raises `LookupError` where none have been loaded."""
    return _read(_versions()[0])


def new_state(session: Session) -> None:
    """Say that conditions, restrictions or tariffs have changed."""
    session.execute(update(DataLoad).values(state=secrets.token_hex(16)))


def _versions() -> tuple[str, str]:
    versions = db.session.execute(select(DataLoad.fingerprint, DataLoad.state)).one_or_none()
    if versions is None:
        raise LookupError("no reference data: run `flask data load`")
    return versions.fingerprint, versions.state


@lru_cache(maxsize=16)
def _on(fingerprint: str, state: str, day: date) -> records.Reference:
    files = _read(fingerprint)
    known = files.links
    stated = (row.record() for row in in_force(ConditionVersion, day))
    rates = on_day(with_rows(files.state, tariff_rows()), day)
    return files.under(
        replace(
            rates,
            # A link may have left the files since.
            conditions=tuple(c for c in stated if c.link is None or c.link in known),
            restrictions=tuple(row.record() for row in in_force(RestrictionVersion, day)),
        )
    )


@lru_cache(maxsize=2)
def _read(fingerprint: str) -> records.Reference:
    parts: dict[str, Any] = {
        name: tuple(row.record() for row in db.session.scalars(_in_order(table)))
        for name, table in TABLES.items()
    }
    parts["former_places"] = read_former_places()
    return records.Reference(**parts, fingerprint=fingerprint)


def _in_order(table: Any) -> Any:
    return select(table).order_by(table.position)
