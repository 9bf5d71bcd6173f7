"""What the programme's data files say: localities, places, roads, goods, tariffs.

Filled by `flask data load` from marketplace/data. Ids are those of the files and never change.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.models.base import Base


class Sourced:
    """Where a figure comes from, and how far it can be trusted: sourced, unverified, estimate."""

    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(String(12), default="unverified")


class Province(Sourced, Base):
    """One of the three provinces of today. Code 91 meant another province before 1 July 2025."""

    __tablename__ = "province"

    id: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    seat: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class Locality(Sourced, Base):
    """One of the seven reporting units of the programme, a province until 30 June 2025."""

    __tablename__ = "locality"

    id: Mapped[str] = mapped_column(String(2), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    seat_node: Mapped[str] = mapped_column(String(20))
    province_id: Mapped[str] = mapped_column(ForeignKey("province.id"))
    """The province of today that it belongs to."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """As a province of its own; as a unit of the programme it goes on."""


class RoadNode(Base):
    """A junction, a former district's seat, a market: where links meet."""

    __tablename__ = "road_node"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    lat: Mapped[float]
    lon: Mapped[float]
    kind: Mapped[str] = mapped_column(String(40))


class RoadLink(Sourced, Base):
    """A stretch of road between two nodes, open in both directions."""

    __tablename__ = "road_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "road"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    road: Mapped[str] = mapped_column(String(200))
    km: Mapped[float]
    road_class: Mapped[str] = mapped_column(String(40))
    speed_kmh: Mapped[float]
    ferry: Mapped[bool]


class Place(Sourced, Base):
    """Anything goods start from or go to: a commune, a seat, a market, a gate, a port."""

    __tablename__ = "place"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"), index=True)
    province_id: Mapped[str | None] = mapped_column(ForeignKey("province.id"))
    lat: Mapped[float]
    lon: Mapped[float]
    node_id: Mapped[str] = mapped_column(ForeignKey("road_node.id"))
    access_km: Mapped[float]
    island: Mapped[bool] = mapped_column(default=False)


class Certification(Base):
    """A certificate that goods can hold and a buyer can ask for."""

    __tablename__ = "certification"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    needs_expiry: Mapped[bool]


class CommodityGroup(Base):
    """Rice, seafood, fruit …"""

    __tablename__ = "commodity_group"

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))


class Grade(Base):
    """A grade of a group's goods; rank 1 is the best. Group "*": all groups without their own."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("group_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[str] = mapped_column(String(30))
    rank: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))


class TransportNeed(Sourced, Base):
    """What goods need on the way: which vehicles, how much of the payload, at which surcharge."""

    __tablename__ = "transport_need"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    vehicles: Mapped[str] = mapped_column(String(60))
    largest_truck_t: Mapped[float]
    payload_factor: Mapped[float]
    surcharge: Mapped[float]
    hours_limit: Mapped[int | None]


class Commodity(Sourced, Base):
    """A good that can be listed."""

    __tablename__ = "commodity"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160))
    group_id: Mapped[str] = mapped_column(ForeignKey("commodity_group.id"), index=True)
    transport_need_id: Mapped[str] = mapped_column(ForeignKey("transport_need.id"))
    base_unit: Mapped[str] = mapped_column(String(20))
    base_unit_vi: Mapped[str] = mapped_column(String(20))
    milligrams: Mapped[int | None] = mapped_column(BigInteger)
    """Of one base unit; none: not known, so the goods can be listed and do not enter rounds."""
    ask_low: Mapped[float | None]
    ask_high: Mapped[float | None]
    price_year: Mapped[int | None]
    shelf_hours: Mapped[int | None]
    waits: Mapped[bool]


class TruckRate(Sourced, Base):
    """The printed tariff of a truck class: ₫ per trip and ₫ per km at the middle of each band."""

    __tablename__ = "truck_rate"
    __table_args__ = (UniqueConstraint("payload_kg", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payload_kg: Mapped[int]
    fixed: Mapped[int]
    per_km: Mapped[str] = mapped_column(String(120))
    """"km:₫;km:₫ …" from the shortest to the longest band."""
    valid_from: Mapped[date]


class HandlingRate(Sourced, Base):
    """₫ per kilogram for loading and unloading, by commodity group ("*": all others)."""

    __tablename__ = "handling_rate"
    __table_args__ = (UniqueConstraint("group_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[str] = mapped_column(String(30))
    per_kilogram: Mapped[int]
    valid_from: Mapped[date]


class DataLoad(Base):
    """Which version of the data files the tables hold; caches are keyed by it."""

    __tablename__ = "data_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
