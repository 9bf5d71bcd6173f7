"""The price of a trip is a curve through the points of the list."""

import numpy as np
import pytest

from marketplace.data.reader import read_reference
from marketplace.transport.tariff import trip_price

RATES = {rate.vehicle: rate for rate in read_reference().truck_rates}


@pytest.mark.parametrize("vehicle", sorted(RATES))
def test_the_curve_goes_through_its_points_and_never_falls(vehicle):
    rate = RATES[vehicle]
    listed = [rate.fixed + km * per_km for km, per_km in rate.per_km]

    at_points = trip_price(rate, 100, np.array([10 * km for km, _ in rate.per_km]))
    everywhere = trip_price(rate, 100, np.arange(5_000))

    assert at_points.tolist() == np.maximum.accumulate(listed).tolist()
    assert (np.diff(everywhere) >= 0).all()


def test_it_is_flat_below_5_km_and_goes_on_straight_beyond_250():
    rate = RATES["1t"]

    short = trip_price(rate, 100, np.array([0, 20, 50]))
    far = trip_price(rate, 100, np.array([2_500, 3_000, 3_500]))

    assert set(short.tolist()) == {300_000}
    assert far.tolist() == [1_950_000, 2_183_333, 2_416_667]


def test_a_surcharge_is_rounded_once():
    assert trip_price(RATES["1t"], 140, np.array([3_000])).tolist() == [3_056_667]
