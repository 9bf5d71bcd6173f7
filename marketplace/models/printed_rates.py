"""The tariffs of the data files; what officers enter stands in `tariffs`."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain import network
from marketplace.domain import reference as records
from marketplace.models.base import Base, Tuple
from marketplace.models.recorded import Recorded, Sourced


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
