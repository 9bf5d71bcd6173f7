"""A round replaces few open proposals, and each of them for more than the stated sum."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.matching import solve
from marketplace.solving import OpenLot, OpenNeed, assemble, deciding
from marketplace.solving.deciding import decide
from marketplace.solving.frozen import Frozen
from marketplace.solving.moves import Move, Trade, differences, moves, trades_of
from marketplace.solving.standing import Standing, released
from marketplace.solving.world import world_of

TODAY = date(2026, 11, 25)
WORLD = world_of(read_reference())
PINEAPPLE = "khom-cau-duc"
PLACES = ("D930", "D916", "C31321", "M_BINHDIEN")
AMOUNT = 500_000


def a_lot(number: int, **said: Any) -> OpenLot:
    usual: dict[str, Any] = {
        "id": number,
        "organisation": f"seller {number}",
        "commodity": PINEAPPLE,
        "quantity": 15_000,
        "place": "C31321",
        "ready_on": TODAY,
        "until": TODAY + timedelta(days=7),
        "ask": 8_000,
        "listed": number,
    }
    return OpenLot(**usual | said)


def a_need(number: int, **said: Any) -> OpenNeed:
    usual: dict[str, Any] = {
        "id": number,
        "organisation": f"buyer {number}",
        "commodity": PINEAPPLE,
        "quantity": 15_000,
        "place": "M_BINHDIEN",
        "wanted_from": TODAY,
        "until": TODAY + timedelta(days=7),
        "bid": 12_000,
        "listed": number,
    }
    return OpenNeed(**usual | said)


def trades(lots: tuple[OpenLot, ...], needs: tuple[OpenNeed, ...]) -> dict[Trade, int]:
    market, index = assemble(lots, needs, WORLD.atlas, WORLD.catalogue, TODAY)
    return trades_of(solve(market), market, index)


def proposed(
    lots: tuple[OpenLot, ...], needs: tuple[OpenNeed, ...]
) -> tuple[tuple[OpenLot, ...], tuple[OpenNeed, ...], tuple[Standing, ...]]:
    """The listings with all that a round of them proposes held, and its proposals."""
    standing = tuple(
        Standing(
            match=n,
            lot=int(trade.lot),
            need=int(trade.need),
            quantity=trade.quantity,
            gain=gain,
            open=True,
        )
        for n, (trade, gain) in enumerate(trades(lots, needs).items(), 1)
    )
    opposite = tuple(replace(match, quantity=-match.quantity) for match in standing)
    return *released(lots, needs, opposite), standing


def frozen(
    lots: tuple[OpenLot, ...], needs: tuple[OpenNeed, ...], standing: tuple[Standing, ...]
) -> Frozen:
    return Frozen(TODAY, WORLD.reference.fingerprint, lots, needs, standing, AMOUNT)


def moved(round_: Frozen) -> tuple[Move, ...]:
    return moves(round_, WORLD, lambda: None)


def test_a_better_buyer_replaces_a_proposal_that_nobody_has_answered() -> None:
    lots, needs, standing = proposed((a_lot(1),), (a_need(1),))
    better = a_need(2, bid=13_000)

    [move] = moved(frozen(lots, (*needs, better), standing))

    assert (move.withdrawn, move.instead) == (standing, (Trade(1, 2, 15_000),))
    assert move.gain == 15_000 * 1_000


@pytest.mark.parametrize(("more", "moves_it"), [(33, False), (34, True)])
def test_it_moves_only_for_more_than_the_stated_sum(more: int, moves_it: bool) -> None:
    lots, needs, standing = proposed((a_lot(1),), (a_need(1),))
    better = a_need(2, bid=12_000 + more)  # 33 × 15.000 kg are 495.000 ₫

    assert bool(moved(frozen(lots, (*needs, better), standing))) is moves_it


def test_what_is_answered_stays_whatever_could_be_gained() -> None:
    lots, needs, standing = proposed((a_lot(1),), (a_need(1),))
    fixed = tuple(replace(match, open=False) for match in standing)

    assert moved(frozen(lots, (*needs, a_need(2, bid=20_000)), fixed)) == ()


def test_one_proposal_of_many_moves_for_one_better_buyer() -> None:
    many = 12
    lots, needs, standing = proposed(
        tuple(a_lot(n, ask=8_000 + 20 * n) for n in range(1, many + 1)),
        tuple(a_need(n, bid=12_000 + 30 * n) for n in range(1, many + 1)),
    )

    [move] = moved(frozen(lots, (*needs, a_need(99, bid=14_000)), standing))

    assert len(standing) == many
    assert [match.need for match in move.withdrawn] == [1], "whoever gains least makes way"
    assert [trade.need for trade in move.instead] == [99]


def test_a_proposal_moves_to_a_new_lot_and_frees_its_own_for_a_better_buyer() -> None:
    lots, needs, standing = proposed((a_lot(1),), (a_need(1),))
    late = a_lot(2, quantity=30_000, ready_on=TODAY + timedelta(days=6))
    early = a_need(2, bid=13_500, until=TODAY + timedelta(days=2))

    [move] = moved(frozen((*lots, late), (*needs, early), standing))

    assert len(move.withdrawn) == 1
    assert Trade(1, 2, 15_000) in move.instead


def test_another_commodity_is_left_alone() -> None:
    lots, needs, standing = proposed(
        (a_lot(1), a_lot(2, commodity="mit-thai")), (a_need(1), a_need(2, commodity="mit-thai"))
    )

    [move] = moved(frozen(lots, (*needs, a_need(3, bid=14_000)), standing))

    assert [match.lot for match in move.withdrawn] == [1]


def test_parts_share_no_lot_and_no_need() -> None:
    def standing(match: int, lot: int, need: int) -> Standing:
        return Standing(match=match, lot=lot, need=need, quantity=5, gain=10, open=True)

    stood = (standing(1, 1, 1), standing(2, 2, 2), standing(3, 3, 3))
    kept = {Trade(4, 4, 5): 7}
    found = {Trade(1, 4, 5): 30, Trade(2, 2, 5): 10, Trade(5, 3, 5): 0, Trade(3, 5, 5): 11}

    parts = differences(kept, stood, found)

    told = {tuple(m.match for m in part.withdrawn): (part.instead, part.gain) for part in parts}
    assert told == {
        (1,): ((Trade(1, 4, 5),), 30 - 10 - 7),
        (3,): ((Trade(5, 3, 5), Trade(3, 5, 5)), 11 - 10),
    }


def a_week(seed: int) -> Frozen:
    """A market of which a round has proposed; later more was listed, and some have answered."""
    chance = random.Random(seed)

    def lots(numbers: range) -> tuple[OpenLot, ...]:
        return tuple(
            a_lot(
                n,
                quantity=chance.randint(1, 30) * 500,
                ask=chance.randrange(7_000, 9_500, 10),
                place=chance.choice(PLACES),
                whole=chance.random() < 0.1,
            )
            for n in numbers
        )

    def needs(numbers: range) -> tuple[OpenNeed, ...]:
        return tuple(
            a_need(
                n,
                quantity=chance.randint(1, 30) * 500,
                bid=chance.randrange(9_000, 13_000, 10),
                place=chance.choice(PLACES),
                min_quantity=chance.choice((0, 0, 1_000)),
                splits=chance.random() > 0.1,
            )
            for n in numbers
        )

    many = chance.randint(1, 10)
    old_lots, old_needs, standing = proposed(lots(range(many)), needs(range(many)))
    standing = tuple(replace(match, open=chance.random() < 0.8) for match in standing)
    new = range(many, many + chance.randint(0, 5))
    return frozen((*old_lots, *lots(new)), (*old_needs, *needs(new)), standing)


@pytest.mark.parametrize("seed", range(25))
def test_every_move_is_worth_it_and_comes_out_of_the_rounds_own_market(seed: int) -> None:
    check_moves(a_week(seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(25, 600))
def test_every_move_is_worth_it_on_many_markets(seed: int) -> None:
    check_moves(a_week(seed))


def check_moves(round_: Frozen) -> None:
    found = moved(round_)
    withdrawn = [match for move in found for match in move.withdrawn]
    before = trades(round_.lots, round_.needs)

    after = trades(*released(round_.lots, round_.needs, withdrawn))

    assert moved(round_) == found
    assert all(match.open for match in withdrawn)
    assert all(move.gain > AMOUNT * len(move.withdrawn) for move in found)
    gain = sum(after.values()) - sum(before.values()) - sum(match.gain for match in withdrawn)
    assert gain > AMOUNT * len(withdrawn) or not found
    assert {trade for move in found for trade in move.instead} <= after.keys()
    _assert_each_can_be_taken_alone(round_, found, before, after)


def _assert_each_can_be_taken_alone(
    round_: Frozen, found: tuple[Move, ...], before: dict[Trade, int], after: dict[Trade, int]
) -> None:
    """Who does not move keeps what he had; nobody is promised more than he has."""
    apart = {trade for move in found for trade in move.instead}
    for move in found:
        lots, needs = released(round_.lots, round_.needs, move.withdrawn)
        for side, listings in (("lot", lots), ("need", needs)):
            taken = [*move.instead, *(after.keys() - apart)]
            for listing in listings:
                mine = sum(t.quantity for t in taken if getattr(t, side) == listing.id)
                assert mine <= listing.quantity


def test_the_same_inputs_are_decided_the_same_way() -> None:
    round_ = next(week for seed in range(100) if moved(week := a_week(seed)))

    once, again = (decide(round_, WORLD, lambda _done, _all: None) for _ in range(2))

    assert once == again
    assert once.figures["moves"]
    assert decide(Frozen.read(*round_.stored()), WORLD, lambda _done, _all: None) == once


def test_what_moves_is_back_on_the_market_that_prices_are_found_in() -> None:
    lots, needs, standing = proposed((a_lot(1), a_lot(2)), (a_need(1), a_need(2)))
    round_ = frozen(lots, needs, standing)

    again = round_.with_back({standing[0].match})

    assert sum(lot.quantity for lot in again.lots) == standing[0].quantity
    assert sum(need.held for need in again.needs) == sum(m.quantity for m in standing[1:])
    assert again.standing == standing[1:]


@pytest.mark.parametrize(("seconds", "least"), [(None, None), (0.0, 0.0), (1_000.0, 500.0)])
def test_what_trials_take_is_taken_off_the_rounds_time(
    seconds: float | None, least: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots, needs, standing = proposed((a_lot(1),), (a_need(1),))
    given: list[float | None] = []

    def noted(*market: Any, seconds: float | None, **said: Any) -> Any:
        given.append(seconds)
        return solve(*market, **said)

    monkeypatch.setattr(deciding, "solve", noted)
    decide(frozen(lots, needs, standing), WORLD, lambda _done, _all: None, seconds=seconds)

    [left] = given
    assert left == least or (left and least and seconds and least < left < seconds)


def test_nothing_moves_if_the_round_comes_out_otherwise_than_the_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lots, needs, standing = proposed((a_lot(1),), (a_need(1),))
    round_ = frozen(lots, (*needs, a_need(2, bid=13_000)), standing)
    hoped = Move(standing, (Trade(1, 2, 14_000),), 10**7)
    monkeypatch.setattr(deciding, "moves", lambda *_: (hoped,))

    decided = decide(round_, WORLD, lambda _done, _all: None)

    assert (decided.matches, decided.figures["moves"]) == ([], [])
