"""The catalogue: groups of goods, their grades, certificates, needs on the way, the goods."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain import commodities
from marketplace.models.base import Base, Tuple
from marketplace.models.recorded import Recorded


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
