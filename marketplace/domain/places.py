"""Where goods start from and go to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is. A seat is the town from which a former district was run."""

    COMMUNE = "commune"
    SEAT = "seat"
    MARKET = "market"
    BORDER = "border"
    PORT = "port"
    JUNCTION = "junction"


@dataclass(frozen=True)
class Place:
    """Anything goods start from or go to, hung on the road network by an access leg."""

    id: str
    name: str  # with its type: "Phường Sóc Trăng"
    kind: PlaceKind
    also: tuple[str, ...]  # other names, each with its type: "Huyện Phụng Hiệp", "Tỉnh Hậu Giang"
    locality: str | None  # CT, ST, HG, AG, KG, BL, CM; None outside the seven
    province: str | None  # code of today's province (since 2025-07-01); None outside the three
    lat: float
    lon: float
    node: str | None  # road node that the access leg ends at; None on an island without a road
    access_km: float
    note: str
    source: str
    confidence: str

    @property
    def island(self) -> bool:
        """No road leads there."""
        return self.node is None
