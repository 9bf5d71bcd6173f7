"""What a reason names is done and the commodity solved again: it helps."""

from __future__ import annotations

from itertools import islice

import pytest

from benchmarks import TODAY
from benchmarks.reasons import by_commodity, share, tried
from marketplace.data.reader import read_reference
from marketplace.demo.market import normal_week
from marketplace.solving.world import world_of

WORLD = world_of(read_reference())
ENOUGH = 0.95


def test_what_the_nearest_counterparts_are_said_to_take_is_enough() -> None:
    some = islice(by_commodity(normal_week(TODAY, 0)), 0, None, 5)

    found = [one for market in some for one in tried(WORLD, market)]

    first = [one for one in found if one.place == 0]
    assert len(first) > 60
    assert share(first) >= ENOUGH
    assert share(found) >= ENOUGH


@pytest.mark.long
def test_it_is_enough_in_twenty_weeks() -> None:
    first = [
        one
        for seed in range(20)
        for market in by_commodity(normal_week(TODAY, seed))
        for one in tried(WORLD, market, most=1)
    ]

    assert share(first) >= ENOUGH
