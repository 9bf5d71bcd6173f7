"""The home page's figures."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import null

from marketplace import clock
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.rounds import MatchRound
from marketplace.services.home import overview
from tests.factories import PINEAPPLE, VI_THANH, a_lot, a_need, a_user


def a_published_round(**columns) -> MatchRound:
    values = {
        "state": RoundState.PUBLISHED,
        "slot": null(),
        "day": clock.today(),
        "requested_by": a_user().id,
        "requested_at": clock.now(),
        "decided_at": clock.now(),
        "result": {"value_vnd": 980, "bound_vnd": 1000},
    }
    round_ = MatchRound(**{**values, **columns})
    db.session.add(round_)
    db.session.commit()
    return round_


def a_match_of(
    round_: MatchRound,
    state: str = MatchState.PROPOSED,
    quantity: int = 1_000,
    commodity: str = PINEAPPLE,
    place: str = VI_THANH,
) -> Match:
    lot = a_lot(quantity=quantity, commodity=commodity, place=place)
    need = a_need(quantity=quantity, commodity=commodity)
    match = Match(
        origin="round",
        round_id=round_.id,
        lot_id=lot.id,
        need_id=need.id,
        state=state,
        quantity=quantity,
        ask=8_000,
        bid=12_000,
        price=9_000,
        freight=500_000,
        mode="truck",
        vehicles="1t*1",
        kilometres=187.0,
        hours=3.5,
        collect_on=clock.today(),
        created_at=clock.now(),
        proposed_at=clock.now(),
        lot_accepted_at=clock.now() if state == MatchState.CONFIRMED else None,
        need_accepted_at=clock.now() if state == MatchState.CONFIRMED else None,
    )
    db.session.add(match)
    db.session.commit()
    return match


def test_without_a_round_there_is_none(app: Flask):
    assert overview(clock.today()).round is None


def test_what_a_round_moves_lies_on_every_road_of_the_way(app: Flask):
    round_ = a_published_round()
    for quantity in (1_000, 2_000, 3_000):
        a_match_of(round_, quantity=quantity)

    shown = overview(clock.today()).round

    assert shown.kilograms == 6_000
    assert shown.share == 0.98
    assert set(shown.flows.values()) == {6_000}
    assert len(shown.flows) > 3
    [move] = shown.moves
    assert (move.origin, move.destination) == ("Hậu Giang", "Chợ đầu mối Bình Điền")


def test_the_gain_of_few_parties_is_not_told(app: Flask):
    round_ = a_published_round()
    for _ in range(2):
        a_match_of(round_)
    a_match_of(round_, MatchState.DROPPED)

    shown = overview(clock.today()).round

    assert (shown.value, shown.bound, shown.share) == (None, None, None)
    assert (shown.kilograms, shown.moves, shown.told) == (None, (), ())


def test_no_sentence_and_no_row_tells_of_a_group_that_the_round_hides(app: Flask):
    round_ = a_published_round()
    for _ in range(6):
        a_match_of(round_, quantity=1_000)
    a_match_of(round_, quantity=90_000, commodity="muoi-trang")
    a_match_of(round_, quantity=80_000, place="C31507")

    shown = overview(clock.today()).round

    assert {line.commodity.id for line in shown.told} <= {PINEAPPLE}
    assert {line.origin.id for line in shown.told} <= {VI_THANH}
    assert {move.origin for move in shown.moves} <= {"Hậu Giang"}


def test_a_round_bears_the_day_of_its_publication_here(app: Flask):
    evening = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # half past one the next day here
    a_published_round(day=date(2026, 11, 25), decided_at=evening)

    assert overview(clock.today()).round.day == date(2026, 11, 26)


def test_dropped_matches_move_nothing_and_declined_ones_are_not_told(app: Flask):
    round_ = a_published_round()
    a_match_of(round_, MatchState.DROPPED)
    a_match_of(round_, MatchState.DECLINED)

    shown = overview(clock.today()).round

    assert shown.matches == 1
    assert shown.told == ()


def test_the_latest_published_round_is_shown(app: Flask):
    earlier = clock.now() - timedelta(days=7)
    newest = a_published_round()
    a_published_round(decided_at=earlier)
    a_published_round(state=RoundState.DISCARDED)

    assert overview(clock.today()).round.number == newest.id


def test_a_small_round_does_not_take_a_large_ones_figures_from_the_page(app: Flask):
    large = a_published_round(decided_at=clock.now() - timedelta(days=7))
    for _ in range(3):
        a_match_of(large)
    small = a_published_round()
    a_match_of(small)

    shown = overview(clock.today()).round

    assert (shown.number, shown.kilograms, shown.unshown) == (large.id, 3_000, small.id)


def test_where_no_round_may_be_shown_the_latest_says_so(app: Flask):
    a_match_of(a_published_round(decided_at=clock.now() - timedelta(days=7)))
    small = a_published_round()
    a_match_of(small)

    shown = overview(clock.today()).round

    assert (shown.number, shown.kilograms, shown.unshown) == (small.id, None, None)


def test_goods_that_spoil_first_stand_first(app: Flask):
    today = clock.today()
    later = a_lot(ready_on=today, until=today + timedelta(days=2))
    first = a_lot(ready_on=today, until=today + timedelta(days=9), fresh_hours=24)
    a_lot(ready_on=today, until=today + timedelta(days=20), fresh_hours=24 * 20)

    shown = overview(today)

    assert [lot.lot_id for lot in shown.spoiling] == [first.id, later.id]
    assert shown.spoiling_lots == 2
    assert shown.spoiling_kilograms == 2_000


def test_one_group_does_not_hide_what_else_spoils(app: Flask):
    today = clock.today()
    for _ in range(7):
        a_lot(ready_on=today, until=today)
    fish = a_lot(commodity="ca-tra", ready_on=today, until=today + timedelta(days=2))

    shown = overview(today)

    assert [lot.lot_id for lot in shown.spoiling][-1] == fish.id
    assert (len(shown.spoiling), shown.spoiling_lots) == (3, 8)


def test_live_goods_wait_for_their_collection(app: Flask):
    today = clock.today()
    a_lot(commodity="ca-tra", ready_on=today, until=today + timedelta(days=9))

    assert overview(today).spoiling == ()
