"""What is bought and sold: goods, their grades, certificates and what may carry them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CommodityGroup:
    """Goods that are reported, graded and handled alike."""

    id: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Commodity:
    """A good of the catalogue. Quantities of it are integers of its base unit."""

    id: str
    name_vi: str
    name_en: str
    scientific_name: str
    group: str
    also: tuple[str, ...]  # other names that people search for
    base_unit: str  # kg, piece or litre
    base_unit_vi: str  # kg, con, trứng, trái, cây, lít …
    milligrams: int | None  # weight of one base unit; None: listed, but not in rounds
    base_units_per_price_unit: int  # 10 or 12 for goods priced by the chục, 60 for a tạ of 60 kg
    price_unit: str  # as the market says it: "VND/kg", "VND/chục 12"
    ask_low: int  # VND per base unit: the dated price band
    ask_high: int
    price_year: str
    price_source: str
    price_confidence: str
    shelf_hours_ambient: float
    shelf_hours_chilled: float | None
    shelf_confidence: str
    weight_confidence: str
    waits: bool  # freshness counts from the day of collection: alive, in the pond, in the nursery
    transport_need: str
    localities: tuple[str, ...]
    months: tuple[int, ...]  # of harvest, 1 … 12
    harvest: str  # the same in the words of the source
    certifications: tuple[str, ...]  # ids of certificates that such goods often hold
    hs6: str
    cpc: str

    @property
    def shelf_hours(self) -> float:
        """How long it stays fresh the way that it travels: chilled or iced goods longer."""
        if self.transport_need in ("chilled", "ice") and self.shelf_hours_chilled is not None:
            return self.shelf_hours_chilled
        return self.shelf_hours_ambient

    def kilograms(self, quantity: int) -> int | None:
        """Weight of so many base units, rounded up to whole kilograms; None if it is not known."""
        if self.milligrams is None:
            return None
        return -(-quantity * self.milligrams // 1_000_000)

    @property
    def usual_ask(self) -> int:
        """The middle of the price band: what stands in for a price that nobody named."""
        return (self.ask_low + self.ask_high) // 2


@dataclass(frozen=True)
class Grade:
    """A step of quality; rank 1 is the best. Group ``*`` serves groups without their own."""

    group: str
    rank: int
    id: str
    name_vi: str
    name_en: str
    confidence: str


@dataclass(frozen=True)
class Certification:
    """A paper that goods can hold and buyers can ask for."""

    id: str
    name_vi: str
    name_en: str
    needs_expiry: bool


@dataclass(frozen=True)
class TransportNeed:
    """What may carry goods, and what that does to payload and price."""

    id: str
    name_vi: str
    name_en: str
    mode: str  # of the vehicle on the road: truck, reefer, live truck
    largest_truck: int  # kilograms of nominal payload
    payload_percent: int  # of the nominal payload that is goods, not water, ice or cages
    price_percent: int  # of the list price, 100 without surcharge
    hours_limit: int | None  # how long live goods survive on the way
    note: str
    confidence: str
