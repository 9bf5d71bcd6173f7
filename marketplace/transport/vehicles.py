"""Classes of vehicles: where each may go, and what a stretch weighs for it.

A class takes the way of least *weighted* metres, and its trip costs what its tariff says of them. For
trucks a metre of road weighs a metre. For boats a metre of water does; what trucks carry to the quay and
from it weighs what these trucks cost, in metres of the boat's own tariff, and so does changing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.commodities import TransportNeed
from marketplace.domain.network import (
    SEA,
    WATER_CLASSES,
    BoatRate,
    Transfer,
    WaterLink,
)
from marketplace.domain.reference import TruckRate
from marketplace.transport.tariff import boat_price, points, trip_price

SMALL_CANAL = 80_000
"""Kilograms: the largest boat on the small canals between a place and its quay."""


@dataclass(frozen=True)
class TruckClass:
    """Trucks of one size."""

    rate: TruckRate
    mode: str  # truck, reefer, live truck

    @property
    def name(self) -> str:
        return self.rate.vehicle

    @property
    def payload(self) -> int:
        """Nominal, in kilograms."""
        return self.rate.payload

    @property
    def road_payload(self) -> int:
        """Of the vehicle that drives on the roads."""
        return self.rate.payload

    def price(self, percent: int, hectometres: NDArray[np.int64]) -> NDArray[np.int64]:
        """VND for a trip over weighted hectometres, ``percent`` of the list price."""
        return trip_price(self.rate, percent, hectometres)

    def on_road(self, metres: int) -> int:
        """Weighted metres."""
        return metres

    @property
    def at_the_end_of_a_road(self) -> int:
        """Weighted metres of starting or ending on a road."""
        return 0


@dataclass(frozen=True)
class BoatClass:
    """Boats of one size, and the trucks that bring goods to them and fetch them."""

    rate: BoatRate
    mode: str  # boat, live boat
    feeder: TruckRate

    @property
    def name(self) -> str:
        return self.rate.vehicle

    @property
    def payload(self) -> int:
        """Nominal, in kilograms."""
        return self.rate.payload

    @property
    def road_payload(self) -> int:
        """Of the vehicle that drives on the roads."""
        return self.feeder.payload

    def price(self, percent: int, hectometres: NDArray[np.int64]) -> NDArray[np.int64]:
        """VND for a trip over weighted hectometres, ``percent`` of the list price."""
        return boat_price(self.rate, percent, hectometres)

    def on_road(self, metres: int) -> int:
        """Weighted metres. Feeders cost so much that no boat ever undercuts trucks on roads alone.

        That is the steepest part of their tariff, from its dearest start: nowhere below the tariff.
        """
        return self._weight(self._feeder_metre * metres)

    @property
    def at_the_end_of_a_road(self) -> int:
        """Weighted metres: half of what a feeder's trip costs before it has gone anywhere."""
        _, price = points(self.feeder)
        return self._weight(Fraction(int(price[0]), 2) * self._loads)

    def may_use(self, link: WaterLink) -> bool:
        """Whether it fits into that waterway."""
        if 1000 * link.largest_vessel < self.payload:
            return False
        if link.water_class == SEA:
            return self.rate.sea
        least = WATER_CLASSES.index(self.rate.water_class)
        return WATER_CLASSES.index(link.water_class) <= least

    def at_quay(self, transfer: Transfer) -> int:
        """Weighted metres of changing there: the fee, the drive, the other half of the feeder."""
        fee = Fraction(transfer.vnd_per_tonne * self.payload, 1000)
        drive = self.on_road(round(transfer.km * 1000))
        return self._weight(fee) + drive + self.at_the_end_of_a_road

    def on_small_canal(self, *, quayside: bool, island: bool) -> bool:
        """Whether it gets from the quay to a place; ``quayside``: the place lies at it."""
        fits = quayside or self.payload <= SMALL_CANAL
        return fits and (self.rate.sea or not island)

    @cached_property
    def _feeder_metre(self) -> Fraction:
        """VND for a metre of all feeders together."""
        at, price = points(self.feeder)
        slopes = zip(np.diff(price).tolist(), np.diff(at).tolist(), strict=True)
        return max(Fraction(vnd, 100 * hm) for vnd, hm in slopes) * self._loads

    @property
    def _loads(self) -> int:
        """Whole feeders that carry what the boat does."""
        return -(-self.payload // self.feeder.payload)

    def _weight(self, vnd: Fraction) -> int:
        """Metres for which the boat costs so much, rounded up."""
        metres = 1000 * vnd / self.rate.vnd_per_km
        return -(-metres.numerator // metres.denominator)


VehicleClass = TruckClass | BoatClass


def classes_for(
    need: TransportNeed, trucks: Sequence[TruckRate], boats: Sequence[BoatRate]
) -> list[VehicleClass]:
    """What may carry such goods, smallest first."""
    fitting = [rate for rate in trucks if rate.payload <= need.largest_truck]
    classes: list[VehicleClass] = [TruckClass(rate, need.mode) for rate in fitting]
    feeder = max(fitting, key=lambda rate: rate.payload)
    classes += [
        BoatClass(rate, need.boat_mode, feeder)
        for rate in boats
        if rate.payload <= need.largest_boat
    ]
    return sorted(classes, key=lambda one: (one.payload, one.name))
