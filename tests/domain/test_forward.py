"""When a harvest may be expected, and when it is due or late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.domain.errors import Rejected
from marketplace.domain.forward import (
    REMIND_DAYS,
    Confidence,
    check_expected,
    check_still_sure,
    has_lapsed,
    is_due,
    word_for,
)

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("percent", "word"),
    [
        (1, Confidence.DOUBTFUL),
        (60, Confidence.DOUBTFUL),
        (61, Confidence.FAIR),
        (70, Confidence.FAIR),
        (80, Confidence.FAIR),
        (81, Confidence.SURE),
        (100, Confidence.SURE),
    ],
)
def test_a_percentage_has_the_nearest_word_and_of_two_the_careful_one(
    percent: int, word: Confidence
) -> None:
    assert word_for(percent) is word


@pytest.mark.parametrize("percent", [-1, 0, 101, 10**12])
def test_no_harvest_is_less_likely_than_never_or_more_than_surely(percent: int) -> None:
    with pytest.raises(Rejected) as caught:
        check_expected(percent, TODAY + timedelta(days=9), TODAY)
    assert caught.value.field == "confidence"


def test_what_is_expected_lies_ahead_and_sure_goods_may_be_there() -> None:
    check_expected(70, TODAY + timedelta(days=1), TODAY)
    check_expected(None, TODAY - timedelta(days=3), TODAY)

    with pytest.raises(Rejected):
        check_expected(70, TODAY, TODAY)


def test_what_somebody_counts_on_as_sure_stays_sure() -> None:
    check_still_sure(None, 70, promised=0)
    check_still_sure(90, 50, promised=400)
    check_still_sure(90, None, promised=400)

    with pytest.raises(Rejected):
        check_still_sure(None, 90, promised=400)
    with pytest.raises(Rejected, match="confirmed"):
        check_still_sure(None, 90, promised=0, confirmed=True)


def test_a_harvest_is_due_for_some_days_and_then_late() -> None:
    days = {n: TODAY + timedelta(days=n) for n in (-1, 0, 1, REMIND_DAYS, REMIND_DAYS + 1)}

    assert [n for n, day in days.items() if is_due(day, TODAY)] == [1, REMIND_DAYS]
    assert [n for n, day in days.items() if has_lapsed(day, TODAY)] == [-1, 0]
