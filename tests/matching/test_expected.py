"""An expected harvest meets only needs that take it; the checker holds it without the solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marketplace.matching import Lots, Market, Needs, solve
from marketplace.matching.check import check
from marketplace.matching.outcome import Reason
from marketplace.matching.refuted import Refuted

from .markets import a_lot, a_market, a_need, random_market, with_boats, with_harvests


def of_pair(*, expected: bool, takes: bool) -> Market:
    return a_market([a_lot(expected=expected)], [a_need(takes_expected=takes)])


@pytest.mark.parametrize(
    ("expected", "takes", "matched"),
    [(False, False, 1), (False, True, 1), (True, True, 1), (True, False, 0)],
)
def test_who_takes_expected_harvests_takes_sure_goods_too(
    expected: bool, takes: bool, matched: int
) -> None:
    market = of_pair(expected=expected, takes=takes)

    outcome = solve(market)

    assert len(outcome.matches) == matched
    check(market, outcome)


def test_both_sides_are_told_why() -> None:
    outcome = solve(of_pair(expected=True, takes=False))

    assert [record.reason for record in outcome.left_out] == [Reason.EXPECTED, Reason.EXPECTED]


def test_a_match_of_an_expected_harvest_with_who_does_not_take_it_is_refuted() -> None:
    outcome = solve(of_pair(expected=True, takes=True))

    with pytest.raises(Refuted, match="may not trade"):
        check(of_pair(expected=True, takes=False), outcome)


@pytest.mark.parametrize("seed", range(24))
def test_no_need_gets_what_is_not_sure_against_its_will(seed: int) -> None:
    market = with_harvests(random_market(seed, most=12), seed)
    market = with_boats(market, seed) if seed % 2 else market

    outcome = solve(market)

    check(market, outcome)
    matches = outcome.matches
    unsure = market.lots.expected[matches.lot]
    assert market.needs.takes_expected[matches.need][unsure].all()


@pytest.mark.parametrize("seed", range(12))
def test_confirming_everything_is_the_market_without_the_rule(seed: int) -> None:
    """More may be matched once all is sure, never less value than the bound allows."""
    plain = random_market(seed, most=12)
    unsure = with_harvests(plain, seed)
    sure = replace(unsure, lots=replace(unsure.lots, expected=plain.lots.expected))

    assert solve(sure).bound >= solve(unsure).bound
    assert solve(sure).value == solve(plain).value


def test_the_change_that_is_named_brings_the_match() -> None:
    tried = 0
    for seed in range(40):
        market = with_harvests(random_market(seed, most=8), seed)
        for record in solve(market).left_out:
            if record.because is not Reason.EXPECTED:
                continue
            after = {(r.side, r.row): r for r in solve(_mended(market, record)).left_out}
            now = after.get((record.side, record.row))
            gone = now is None or now.matched > record.matched
            assert (
                gone or now.because is not Reason.EXPECTED or now.counterpart != record.counterpart
            )
            tried += 1
    assert tried > 15


def _mended(market: Market, record: object) -> Market:
    side, row = record.side, record.row  # type: ignore[attr-defined]
    if side == "lot":
        expected = market.lots.expected.copy()
        expected[row] = False
        return replace(market, lots=replace(market.lots, expected=expected))
    takes = market.needs.takes_expected.copy()
    takes[row] = True
    return replace(market, needs=replace(market.needs, takes_expected=takes))


def test_tables_without_the_columns_hold_sure_goods_only() -> None:
    market = of_pair(expected=False, takes=False)
    lots = {name: getattr(market.lots, name) for name, _ in Lots._columns() if name != "expected"}
    needs = {n: getattr(market.needs, n) for n, _ in Needs._columns() if n != "takes_expected"}

    assert Lots(**lots).expected.tolist() == [False]
    assert Needs(**needs).takes_expected.tolist() == [False]
    assert Lots(**lots).expected.dtype == np.bool_
