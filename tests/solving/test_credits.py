"""Which lots are ranked before others, and by how much."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.solving.credits import MOST_WAITED, SOON, left_over, spoils_soon
from marketplace.solving.listings import OpenLot

TODAY = date(2026, 11, 25)
A_DAY = 1440


def a_lot(**said: object) -> OpenLot:
    usual = {"ready_on": TODAY, "until": TODAY + timedelta(days=9)}
    return OpenLot(
        id=1, organisation=1, commodity="khom-cau-duc", quantity=1, place="D916", **usual | said
    )


@pytest.mark.parametrize(
    ("until", "keeps", "waits", "credit"),
    [
        (9, 0, False, 0),
        (3, 0, False, 0),
        (2, 0, False, SOON),
        (9, 2 * A_DAY, False, SOON),  # spoilt before its last day
        (9, 2 * A_DAY, True, 0),  # alive until it is collected
        (9, 5 * A_DAY, False, 0),
    ],
)
def test_what_spoils_soon_has_a_credit(until: int, keeps: int, waits: bool, credit: int) -> None:
    lot = a_lot(until=TODAY + timedelta(days=until))

    assert spoils_soon(lot, keeps, waits, TODAY) == credit


def test_each_round_that_left_it_over_adds_to_a_lots_credit_up_to_a_bound() -> None:
    assert [left_over(a_lot(waited=rounds)) for rounds in (0, 1, 3, 9)] == [0, 10, 30, MOST_WAITED]
