"""Somebody lists lot after lot to find out what a buyer keeps sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.bands import rounded_down, rounded_up
from marketplace.matching import solve
from marketplace.solving import (
    LeftOutRecord,
    OpenLot,
    OpenNeed,
    RoundResult,
    assemble,
    read_outcome,
)
from marketplace.solving.world import world_of

TODAY = date(2026, 11, 25)
WORLD = world_of(read_reference())
GOODS = WORLD.catalogue.commodity("khom-cau-duc")
BID = 14_310
LOWEST = rounded_down(BID, GOODS.usual_ask)
HIGHEST = rounded_up(BID, GOODS.usual_ask) - 1
PLACES = ["D930", "D916", "D923", "D941"]
PROBES = 1_000


def a_lot(**said: Any) -> OpenLot:
    usual: dict[str, Any] = {
        "id": "own",
        "organisation": "insider",
        "commodity": GOODS.id,
        "quantity": 10_000,
        "place": "D930",
        "ready_on": TODAY,
        "until": TODAY + timedelta(7),
        "ask": 9_000,
    }
    return OpenLot(**usual | said)


def a_need(**said: Any) -> OpenNeed:
    usual: dict[str, Any] = {
        "id": "sealed",
        "organisation": "buyer",
        "commodity": GOODS.id,
        "quantity": 10_000,
        "place": "M_BINHDIEN",
        "wanted_from": TODAY,
        "until": TODAY + timedelta(7),
        "bid": BID,
        "sealed": True,
    }
    return OpenNeed(**usual | said)


OTHERS = (
    a_need(id="open", organisation="other", bid=9_100, sealed=False, place="D916"),
    a_need(id="partly", organisation="third", bid=12_200, quantity=30_000, place="D923"),
)


def probes(first: int, **said: Any) -> list[OpenLot]:
    """A thousand lots at asks a đồng apart, from one place after the other."""
    return [
        a_lot(
            id=f"probe{k}",
            organisation="attacker",
            ask=first + k,
            place=PLACES[k % len(PLACES)],
            **said,
        )
        for k in range(PROBES)
    ]


def answers(bid: int, lots: list[OpenLot], **said: Any) -> tuple[RoundResult, list[LeftOutRecord]]:
    """All that the attacker is told of lots that find nobody."""
    needs = [a_need(bid=bid, **said), *OTHERS]
    market, index = assemble(lots, needs, WORLD.atlas, WORLD.catalogue, TODAY)
    result = read_outcome(solve(market), market, index, WORLD.atlas, WORLD.catalogue)
    told = [record for record in result.left_out if record.side == "lot"]
    return result, told


LATE = {"ready_on": TODAY + timedelta(12), "until": TODAY + timedelta(20)}


@pytest.mark.parametrize(
    ("lots", "need"),
    [
        (probes(BID - 500, **LATE), {}),  # never on the right days
        (probes(HIGHEST + 1), {}),  # dearer than the buyer
        ([a_lot(), *probes(BID - 2_000)], {}),  # somebody is cheaper
        (probes(BID - 600, grade="xo"), {"min_grade": "loai-1"}),
        (probes(BID - 600, whole=True, quantity=12_000), {}),
        (probes(BID - 900, quantity=300), {"min_quantity": 5_000}),
    ],
    ids=["late", "dearer", "outbid", "grade", "whole", "small"],
)
def test_a_thousand_lots_are_told_the_same_whatever_the_bid_on_its_step(
    lots: list[OpenLot], need: dict[str, Any]
) -> None:
    one, told = answers(LOWEST, lots, **need)
    other, told_of_other = answers(HIGHEST, lots, **need)

    assert made(one) == made(other)  # what a match itself tells its parties is another matter
    assert len(told) >= PROBES
    assert told == told_of_other


def made(result: RoundResult) -> list[tuple[Any, ...]]:
    return [(match.lot, match.need, match.quantity) for match in result.matches]


def test_halving_ends_at_the_step() -> None:
    """Where the answer turns from "freight" or "outbid" to "price" is where the told bid lies."""
    assert {turn(bid) for bid in (LOWEST, BID, HIGHEST)} == {LOWEST}


def turn(bid: int) -> int:
    """The highest ask of goods that come too late of which it is not said that they are too dear."""
    low, high = 5_000, 30_000
    while high - low > 1:
        ask = (low + high) // 2
        _, [told] = answers(bid, [replace(a_lot(ask=ask, organisation="attacker"), **LATE)])
        [near] = [near for near in told.nearest if near.counterpart == "sealed"]
        if "price" in {hurdle.because for hurdle in near.hurdles}:
            high = ask
        else:
            low = ask
    return low


def test_a_seller_alone_with_a_sealed_need_is_proposed_the_same_price_on_the_whole_step() -> None:
    """Whatever he asks, round after round: nobody else is there to narrow the range."""
    asks = range(LOWEST - 4_000, LOWEST + 400, 73)

    proposed = {bid: [proposal(ask, bid) for ask in asks] for bid in (LOWEST, BID, HIGHEST)}

    assert len(set(proposed[BID])) > 10
    assert all(
        len(set(prices) - {None}) <= 1 for prices in zip(*proposed.values(), strict=True)
    )  # None: the bid does not cover ask and freight, which a match says or does not


def proposal(ask: int, bid: int) -> int | None:
    market, _ = assemble([a_lot(ask=ask)], [a_need(bid=bid)], WORLD.atlas, WORLD.catalogue, TODAY)
    prices = solve(market).matches.price.tolist()
    return prices[0] if prices else None
