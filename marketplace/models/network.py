"""Roads and waterways: where they meet, the stretches between, and the quays that join the two."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain import network
from marketplace.models.base import Base, Tuple
from marketplace.models.recorded import Recorded, Sourced


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
