"""Provinces, the programme's localities, and every place that goods start from or go to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain import places
from marketplace.domain import reference as records
from marketplace.models.base import Base, Tuple
from marketplace.models.recorded import Recorded, Sourced


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
