"""What a round brought, as everybody and as a coordinator may see it; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from marketplace.domain.actors import Role
from marketplace.domain.matches import MatchState
from marketplace.domain.price_board import BoardState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.price_board import BoardPrice, PriceBoard
from marketplace.models.rounds import MatchRound
from marketplace.services import price_board
from marketplace.services.picture import picture
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.round_factories import a_match, a_round, an_entry

DAY = datetime(2026, 11, 20, 3, tzinfo=UTC)


def a_published_round(matches: int) -> MatchRound:
    round_ = a_round(RoundState.PUBLISHED, decided_at=DAY, result={})
    for _ in range(matches):
        need = a_need(quantity=1_000, bid=12_345, bid_sealed=True)
        a_match(
            lot=a_lot(quantity=1_000), need=need, round_=round_, bid=12_345, ask=8_000,
            price=9_000, freight=100_000,
        )  # fmt: skip
    return round_


def test_gains_add_up_and_sealed_bids_count_by_their_step_for_everybody(each_app: Flask) -> None:
    round_ = a_published_round(3)

    public = picture(round_, actor=None)
    exact = picture(round_, actor=an_actor(Role.COORDINATOR))

    assert exact.total
    assert public.total
    assert exact.total.for_sellers == public.total.for_sellers == 3 * 1_000 * 1_000
    assert exact.total.for_buyers == 3 * (1_000 * 3_345 - 100_000)
    assert public.total.for_buyers < exact.total.for_buyers
    assert exact.total.freight == 300_000
    assert [code for code, _ in public.localities] == ["HG"]
    assert public.flows


def test_two_parties_are_hidden_from_all_but_coordinators(each_app: Flask) -> None:
    round_ = a_published_round(2)

    public = picture(round_, actor=None)

    assert (public.total, public.moves, public.lines, public.flows) == (None, [], [], {})
    assert len(picture(round_, actor=an_actor(Role.COORDINATOR)).lines) == 2


def test_a_road_that_one_seller_uses_is_drawn_for_coordinators_only(each_app: Flask) -> None:
    round_ = a_published_round(3)
    a_match(lot=a_lot(place="D964"), need=a_need(), round_=round_)

    public = picture(round_, actor=None).flows
    exact = picture(round_, actor=an_actor(Role.COORDINATOR)).flows

    assert public
    assert public.keys() < exact.keys()


def test_what_publishing_dropped_is_not_in_it(each_app: Flask) -> None:
    round_ = a_published_round(3)
    a_match(round_=round_, state=MatchState.DROPPED, drop_reason="lot_changed", closed_at=DAY)

    assert picture(round_, actor=None).matches == 3


def test_reasons_of_fewer_than_three_organisations_are_for_coordinators(each_app: Flask) -> None:
    round_ = a_published_round(3)
    seller = an_organisation()
    for _ in range(3):
        an_entry(round_, a_lot(organisation=seller), reason="price", details={})
        an_entry(round_, a_lot(), reason="freight", details={})

    public = picture(round_, actor=None).left_out
    exact = picture(round_, actor=an_actor(Role.COORDINATOR)).left_out

    assert [(one.side, one.reason, one.count) for one in public] == [("lot", "freight", 3)]
    assert {one.reason for one in exact} == {"freight", "price"}


def test_the_price_board_is_read_on_both_databases(each_app: Flask) -> None:
    round_ = a_round(RoundState.PUBLISHED, decided_at=DAY, inputs=b"")
    db.session.add(PriceBoard(round_id=round_.id, state=BoardState.DONE, done_at=DAY))
    db.session.flush()
    db.session.add(
        BoardPrice(
            round_id=round_.id, locality_id="HG", commodity_id="ca-tra", grade="co-vua",
            low=25_000, high=27_000, kilograms=9_000, lots=3, needs=3, sellers=3, buyers=3,
        )
    )  # fmt: skip
    db.session.commit()

    board = price_board.show_board(None, "", "", 1)

    assert (board.goods, board.localities, board.pages) == (["ca-tra"], ["HG"], 1)
    assert price_board.has_board(round_.id)
    assert price_board.latest_of("ca-tra", "HG", "co-vua")
    assert len(price_board.history("ca-tra", "HG", "co-vua")) == 1
    assert [row.low for row in price_board.rows_of(None, "", "")] == [25_000]
    assert price_board.days_of([round_.id]) == {round_.id: DAY.date()}
