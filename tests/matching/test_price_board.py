"""Whoever joins a market cannot move what is published past the price that it had without him."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from marketplace.matching import Market
from marketplace.matching import poured as poured_module
from marketplace.matching.pairs import pairs
from marketplace.matching.poured import allowed_gain, pour
from marketplace.matching.price_board import CellPrice, price_board
from tests.matching.markets import a_freight, a_lot, a_market, a_need

MARKETS = 1_000
STEP = 200  # of sealed bids
SHILL = 99
Rows = list[dict[str, Any]]


@pytest.mark.parametrize("shill", ["need 30 % above", "lot below", "both", "several of each"])
def test_no_shill_moves_an_end_past_the_honest_price(shill):
    compared = moved = 0
    for seed in range(MARKETS // 4):
        lots, needs, freight = a_bazaar(seed)
        honest = figures(a_market(lots, needs, freight))
        fakes = fake_listings(shill, lots, needs, np.random.default_rng(seed))
        market = sealed(a_market(lots + fakes[0], needs + fakes[1], freight))

        for price in board(market, least=1):
            if price.cell in honest:
                low, high = honest[price.cell]
                compared += 1
                assert price.low <= low <= high <= price.high, (seed, price, low, high)
        joined = figures(market) if seed % 5 == 0 else {}
        moved += any(
            joined[cell][0] > honest[cell][1] + 100 or joined[cell][1] < honest[cell][0] - 100
            for cell in honest.keys() & joined.keys()
        )

    assert compared > MARKETS // 4  # cells
    assert moved > 5  # of 50 markets in which a single figure would have been moved


def test_bids_on_one_step_publish_the_same_board():
    for seed in range(60):
        lots, needs, freight = a_bazaar(seed)
        others = [
            need | {"bid": need["bid"] // STEP * STEP + n} if n % 2 else need
            for n, need in enumerate(needs)
        ]

        boards = [board(sealed(a_market(lots, some, freight)), 1) for some in (needs, others)]

        assert boards[0] == boards[1]


def test_order_changes_nothing():
    lots, needs, freight = a_bazaar(5)
    assert board(a_market(lots, needs, freight), 1) == board(
        a_market(lots[::-1], needs[::-1], freight), 1
    )


def test_nothing_is_published_under_three_parties_a_side():
    lots = [a_lot(organisation=n) for n in range(3)]
    needs = [a_need(organisation=10 + n) for n in range(3)]

    assert len(board(a_market(lots, needs))) == 1
    assert not board(a_market(lots[:2], needs))
    assert not board(a_market(lots, needs[:2]))
    assert not board(a_market([*lots[:2], a_lot(organisation=1)], needs))
    assert not board(a_market(lots, [*needs[:2], a_need(organisation=11)]))


def test_who_cannot_trade_with_the_cell_is_no_party_to_it():
    lots = [a_lot(organisation=n, grade=2) for n in range(3)]
    needs = [a_need(organisation=10 + n) for n in range(2)]

    assert not board(a_market(lots, [*needs, a_need(organisation=12, grade=1)]))
    assert not board(a_market(lots, [*needs, a_need(organisation=12, bid=9_000)]))
    assert not board(
        a_market([*lots[:2], a_lot(organisation=2, grade=2, ask=50_000)], [*needs, a_need()])
    )


def test_by_hand():
    """Three tonnes for four who want one each: the price is what the fourth would pay.

    Freight is 100 ₫/kg. At the lowest prices the lots earn what the fourth need pays, 11,000, less
    freight. When one of the four needs goes, nothing holds the price above the asks: 10,000. At the
    highest the third need pays what it can, 11,500; when one lot goes, what the second can, 12,000.
    """
    lots = [a_lot(organisation=n) for n in range(3)]
    needs = [
        a_need(organisation=10 + n, bid=bid)
        for n, bid in enumerate([12_500, 12_000, 11_500, 11_000])
    ]

    [price] = board(a_market(lots, needs))

    assert (price.low, price.high) == (10_000, 11_900)
    assert (price.quantity, price.lots, price.needs) == (3000, 3, 4)
    assert (price.sellers, price.buyers) == (3, 4)


def test_a_lot_that_asks_too_much_does_not_raise_the_price():
    lots = [a_lot(organisation=n) for n in range(4)]
    needs = [a_need(organisation=10 + n) for n in range(3)]
    dear = [*lots[:3], a_lot(organisation=3, ask=11_899)]

    [usual], [with_dear] = board(a_market(lots, needs)), board(a_market(dear, needs))

    assert usual.low == with_dear.low == 10_000


@pytest.mark.parametrize("seed", range(120))
def test_poured_is_the_optimum_and_its_lowest_prices_are_the_lowest(seed):
    gain, supply, demand = a_problem(seed)

    poured = pour(gain, supply, demand)

    assert_optimal(poured, gain, supply, demand)
    assert_lowest(poured.lowest(), gain, supply, demand)


@pytest.mark.parametrize("seed", range(40))
def test_beginning_with_the_linear_program_changes_nothing(seed, monkeypatch):
    gain, supply, demand = a_problem(seed)
    alone = pour(gain, supply, demand)

    monkeypatch.setattr(poured_module, "_AT_ONCE", 0)
    planned = pour(gain, supply, demand)

    assert_optimal(planned, gain, supply, demand)
    assert [x.tolist() for x in planned.lowest()] == [x.tolist() for x in alone.lowest()]


@pytest.mark.parametrize("seed", range(80))
def test_without_columns_is_what_pouring_anew_gives(seed):
    gain, supply, demand = a_problem(seed)
    random = np.random.default_rng(seed)
    gone = np.flatnonzero(random.random(len(demand)) < 0.4)
    kept = np.setdiff1d(np.arange(len(demand)), gone)

    fewer = pour(gain, supply, demand).without(gone)

    assert_optimal(fewer, gain[:, kept], supply, demand[kept])
    anew = pour(gain[:, kept], supply, demand[kept]).lowest()
    assert [x.tolist() for x in fewer.lowest()] == [x.tolist() for x in anew]


def a_bazaar(seed: int) -> tuple[Rows, Rows, Any]:
    """A few lots at two places and needs at three, some organisations with several."""
    random = np.random.default_rng(seed)
    lots = [
        a_lot(
            quantity=int(random.integers(1, 30)) * 100,
            ask=int(random.integers(80, 120)) * 100,
            place=int(random.integers(2)),
            grade=int(random.integers(1, 3)),
            organisation=int(random.integers(5)),
            whole=bool(random.random() < 0.1),
        )
        for _ in range(random.integers(3, 9))
    ]
    needs = [
        a_need(
            quantity=int(random.integers(1, 30)) * 100,
            bid=int(random.integers(900, 1400)) * 10,
            place=int(random.integers(3)),
            grade=int(random.integers(1, 4)),
            organisation=int(random.integers(3, 12)),
            splits=bool(random.random() < 0.9),
        )
        for _ in range(random.integers(3, 9))
    ]
    return lots, needs, a_freight(random.integers(50, 900, (1, 2, 3)) * 1000)


def fake_listings(
    shill: str, lots: Rows, needs: Rows, random: np.random.Generator
) -> tuple[Rows, Rows]:
    amount = int(random.choice([200, 1500, 6000]))
    best = round(1.3 * max(need["bid"] for need in needs))
    least = round(0.8 * min(lot["ask"] for lot in lots))
    place = int(random.integers(2))
    need = a_need(bid=best, quantity=amount, place=place, organisation=SHILL)
    lot = a_lot(ask=least, quantity=amount, place=place, organisation=SHILL)
    if shill == "several of each":
        return (
            [lot | {"ask": lot["ask"] + 700 * n, "place": n % 2} for n in range(3)],
            [need | {"bid": need["bid"] - 900 * n, "grade": 1 + n, "place": n} for n in range(3)],
        )
    return [lot] * (shill != "need 30 % above"), [need] * (shill != "lot below")


def sealed(market: Market) -> Market:
    """Every second bid is told as the steps around it."""
    needs = market.needs
    open_ = np.arange(len(needs)) % 2 == 0
    below = needs.bid // STEP * STEP
    return replace(
        market,
        needs=replace(
            needs,
            told_low=np.where(open_, needs.bid, below),
            told_high=np.where(open_, needs.bid, below + STEP),
        ),
    )


def cells(market: Market) -> np.ndarray:
    return market.lots.place * 10 + market.lots.grade


def board(market: Market, least: int = 3) -> list[CellPrice]:
    return price_board(
        market, cells(market), market.lots.organisation, market.needs.organisation, least=least
    )


def figures(market: Market) -> dict[int, tuple[float, float]]:
    """The honest price at both ends of the duals, at the true bids, over lots that trade or could.

    Which lots these are is said by outsiders' knowledge, as on the board.
    """
    blocks = pairs(market)
    if not blocks:
        return {}
    [block] = blocks
    [told] = pairs(replace(market, needs=market.needs.at(sealed(market).needs.told_low)))
    quantity, demand = market.lots.quantity[block.lots], market.needs.quantity[block.needs]
    gain = allowed_gain(block.margin, block.allowed)
    dear = pour(gain, quantity, demand).lowest()[1]
    cheap = pour(gain.T.copy(), demand, quantity).lowest()[0]
    worth = market.lots.ask[block.lots][:, None] + block.margin
    behind, found = told.allowed.any(axis=1), {}
    cell = cells(market)[block.lots]
    for one in np.unique(cell[behind]):
        lots = behind & (cell == one)
        ends = [(worth[lots] - v).max(axis=1).clip(min=0) for v in (dear, cheap)]
        found[int(one)] = tuple(float(np.average(price, weights=quantity[lots])) for price in ends)
    return found


def a_problem(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    rows, columns = random.integers(1, 9, 2)
    largest = int(random.choice([3, 30, 3000]))  # small: many ties
    gain = random.integers(-largest, largest + 1, (rows, columns))
    gain = allowed_gain(gain, (random.random(gain.shape) < 0.7) & (gain >= 0))
    most = int(random.choice([2, 50]))
    return gain, random.integers(1, most + 1, rows), random.integers(1, most + 1, columns)


def assert_optimal(poured, gain, supply, demand):
    u, v = poured.lowest()
    assert (poured.flow >= 0).all()
    assert (poured.flow[gain < 0] == 0).all()
    assert (poured.flow.sum(axis=1) + poured.row_left == supply).all()
    assert (poured.flow.sum(axis=0) + poured.column_left == demand).all()
    assert min(u.min(initial=0), v.min(initial=0), poured.row_left.min(initial=0)) >= 0
    assert (u[:, None] + v >= gain).all()
    assert (gain * poured.flow).sum() == supply @ u + demand @ v


def assert_lowest(ends, gain, supply, demand):
    """The linear program of the dual's optimal face, the rows' prices least."""
    u, v = ends
    rows, columns = gain.shape
    a, b = np.nonzero(gain > 0)
    some = np.zeros((len(a), rows + columns))
    some[np.arange(len(a)), a] = some[np.arange(len(a)), rows + b] = -1
    result = linprog(
        np.concatenate([np.ones(rows), np.zeros(columns)]),
        A_ub=some if len(a) else None,
        b_ub=-gain[a, b] if len(a) else None,
        A_eq=[np.concatenate([supply, demand])],
        b_eq=[supply @ u + demand @ v],
    )
    assert result.status == 0
    assert np.rint(result.fun) == u.sum()
