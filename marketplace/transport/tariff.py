"""What one trip of a vehicle costs over a distance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.network import BoatRate
from marketplace.domain.reference import HandlingRate, TruckRate

Rate = TypeVar("Rate", TruckRate, BoatRate)


def trip_price(rate: TruckRate, percent: int, hectometres: NDArray[np.int64]) -> NDArray[np.int64]:
    """VND for one trip over distances in hectometres, ``percent`` of the list price.

    The printed tariff falls at the edge of every band of distances, so its rates are points: fixed +
    km × rate in the middle of each band, joined by straight lines, flat before the first, on along
    the last line beyond the last, never falling. Counted in whole numbers and rounded once, half up.
    """
    at, price = points(rate)
    where = np.maximum(hectometres, at[0])
    left = np.clip(np.searchsorted(at, where, side="right") - 1, 0, len(at) - 2)
    span = at[left + 1] - at[left]
    line = price[left] * span + (price[left + 1] - price[left]) * (where - at[left])
    whole: NDArray[np.int64] = (2 * line * percent + 100 * span) // (200 * span)
    return whole


def boat_price(rate: BoatRate, percent: int, hectometres: NDArray[np.int64]) -> NDArray[np.int64]:
    """VND for one trip of a boat over weighted hectometres, ``percent`` of the list price."""
    line = 10 * rate.fixed + rate.vnd_per_km * np.maximum(hectometres, 0)
    whole: NDArray[np.int64] = (line * percent + 500) // 1000
    return whole


def points(rate: TruckRate) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The curve's points, never falling: hectometres, VND of a trip."""
    price = accumulate((rate.fixed + km * per_km for km, per_km in rate.per_km), max)
    at = [10 * km for km, _ in rate.per_km]
    return np.array(at, dtype=np.int64), np.array(list(price), dtype=np.int64)


def rates_on(rates: Sequence[Rate], day: date | None) -> list[Rate]:
    """The rate of each vehicle that is valid on a day; the latest if none is named."""
    valid = [rate for rate in rates if day is None or rate.valid_from <= day]
    newest = {rate.vehicle: rate for rate in sorted(valid, key=lambda rate: rate.valid_from)}
    return list(newest.values())


def handling_on(rates: Sequence[HandlingRate], day: date | None) -> list[HandlingRate]:
    """The rate of each group of goods that is valid on a day; the latest if none is named."""
    valid = [rate for rate in rates if day is None or rate.valid_from <= day]
    return list({rate.group: rate for rate in sorted(valid, key=lambda r: r.valid_from)}.values())
