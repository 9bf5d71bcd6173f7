"""A sample market as plain records: for the seed of the demo, for benchmarks, for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from marketplace.demo.people import SampleOrganisation
from marketplace.solving.listings import OpenLot, OpenNeed


@dataclass(frozen=True, kw_only=True)
class SampleLot:
    """A lot that nobody offers. Fields as in `OpenLot`, and what a form asks besides."""

    key: str
    organisation: str  # key of a SampleOrganisation
    producer: str = ""  # where a department lists for somebody
    basis: str = "own"
    commodity: str
    grade: str
    quantity: int
    ask: int | None
    place: str
    ready_on: date
    until: date
    certificates: frozenset[str] = frozenset()
    whole: bool = False
    fresh_hours: int | None = None
    unsold_reason: str = ""
    note: str = ""
    listed_minutes_ago: int = 0

    def open(self) -> OpenLot:
        """What the engine is told of it."""
        return OpenLot(
            id=self.key,
            organisation=self.organisation,
            commodity=self.commodity,
            quantity=self.quantity,
            place=self.place,
            ready_on=self.ready_on,
            until=self.until,
            ask=self.ask,
            grade=self.grade,
            certificates=self.certificates,
            whole=self.whole,
            keeps_minutes=None if self.fresh_hours is None else 60 * self.fresh_hours,
            listed=-self.listed_minutes_ago,
        )


@dataclass(frozen=True, kw_only=True)
class SampleNeed:
    """A need that nobody has. Fields as in `OpenNeed`."""

    key: str
    organisation: str
    commodity: str
    min_grade: str | None = None
    quantity: int
    bid: int | None
    bid_sealed: bool = True
    place: str
    wanted_from: date
    until: date
    certificates: frozenset[str] = frozenset()
    min_quantity: int = 1
    splits: bool = True
    fresh_hours: int = 0
    note: str = ""
    listed_minutes_ago: int = 0

    def open(self) -> OpenNeed:
        """What the engine is told of it."""
        return OpenNeed(
            id=self.key,
            organisation=self.organisation,
            commodity=self.commodity,
            quantity=self.quantity,
            place=self.place,
            wanted_from=self.wanted_from,
            until=self.until,
            bid=self.bid,
            min_grade=self.min_grade,
            certificates=self.certificates,
            min_quantity=self.min_quantity,
            splits=self.splits,
            fresh_minutes=60 * self.fresh_hours,
            sealed=self.bid_sealed,
            listed=-self.listed_minutes_ago,
        )


@dataclass(frozen=True)
class SampleMarket:
    """What is offered and wanted on one day."""

    today: date
    organisations: tuple[SampleOrganisation, ...]
    lots: tuple[SampleLot, ...]
    needs: tuple[SampleNeed, ...]

    def open_lots(self) -> list[OpenLot]:
        return [lot.open() for lot in self.lots]

    def open_needs(self) -> list[OpenNeed]:
        return [need.open() for need in self.needs]

    def with_everything_divisible(self) -> SampleMarket:
        """The same without whole lots, needs that take no parts, and smallest quantities."""
        lots = tuple(replace(lot, whole=False) for lot in self.lots)
        needs = tuple(replace(need, splits=True, min_quantity=1) for need in self.needs)
        return replace(self, lots=lots, needs=needs)

    def with_lots_divided_by(self, parts: int) -> SampleMarket:
        """The same with every lot a fraction of its size."""
        lots = tuple(replace(lot, quantity=max(1, lot.quantity // parts)) for lot in self.lots)
        return replace(self, lots=lots)
