"""What one trip of a vehicle costs over a distance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.commodities import TransportNeed
from marketplace.domain.reference import HandlingRate, TruckRate


def trip_price(rate: TruckRate, percent: int, hectometres: NDArray[np.int64]) -> NDArray[np.int64]:
    """VND for one trip over distances in hectometres, ``percent`` of the list price.

    The printed tariff falls at the edge of every band of distances, so its rates are points: fixed +
    km × rate in the middle of each band, joined by straight lines, flat before the first, on along
    the last line beyond the last, never falling. Counted in whole numbers and rounded once, half up.
    """
    at = np.array([10 * km for km, _ in rate.per_km], dtype=np.int64)
    price = np.array(
        list(accumulate((rate.fixed + km * per_km for km, per_km in rate.per_km), max)),
        dtype=np.int64,
    )
    where = np.maximum(hectometres, at[0])
    left = np.clip(np.searchsorted(at, where, side="right") - 1, 0, len(at) - 2)
    span = at[left + 1] - at[left]
    line = price[left] * span + (price[left + 1] - price[left]) * (where - at[left])
    whole: NDArray[np.int64] = (2 * line * percent + 100 * span) // (200 * span)
    return whole


def vehicles_for(need: TransportNeed, rates: Sequence[TruckRate]) -> list[TruckRate]:
    """The trucks that may carry such goods, smallest first."""
    fitting = (rate for rate in rates if rate.payload <= need.largest_truck)
    return sorted(fitting, key=lambda rate: rate.payload)


def rates_on(rates: Sequence[TruckRate], day: date | None) -> list[TruckRate]:
    """The rate of each vehicle that is valid on a day; the latest if none is named."""
    valid = [rate for rate in rates if day is None or rate.valid_from <= day]
    newest = {rate.vehicle: rate for rate in sorted(valid, key=lambda rate: rate.valid_from)}
    return list(newest.values())


def handling_on(rates: Sequence[HandlingRate], day: date | None) -> list[HandlingRate]:
    """The rate of each group of goods that is valid on a day; the latest if none is named."""
    valid = [rate for rate in rates if day is None or rate.valid_from <= day]
    return list({rate.group: rate for rate in sorted(valid, key=lambda r: r.valid_from)}.values())
