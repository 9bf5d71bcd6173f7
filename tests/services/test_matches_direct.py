"""One side asks the other without a round: same rules, freight, hold and answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.lots import LotDraft
from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.needs import NeedDraft
from marketplace.domain.wishes import Wish
from marketplace.models import open_asks
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.reference import current_reference
from marketplace.services import answers, direct, rounds, solve
from marketplace.solving.world import world_of
from tests.factories import BINH_DIEN, PINEAPPLE, VI_THANH, a_lot, a_need, an_actor
from tests.round_factories import buyer_of, member_of, seller_of

HOW: dict[str, Any] = {"answer_hours": 48}


def when() -> dict[str, Any]:
    return {"today": clock.today(), "now": clock.now(), **HOW}


def a_need_draft(quantity: int = 1_000, **fields: Any) -> NeedDraft:
    today = clock.today()
    values = {
        "commodity": PINEAPPLE,
        "quantity": quantity,
        "bid": None,
        "place": BINH_DIEN,
        "from_on": today,
        "until": today + timedelta(days=5),
    }
    return NeedDraft(**{**values, **fields})


def a_lot_draft(quantity: int = 1_000, **fields: Any) -> LotDraft:
    today = clock.today()
    values = {
        "commodity": PINEAPPLE,
        "grade": "loai-1",
        "quantity": quantity,
        "ask": 8_000,
        "place": VI_THANH,
        "ready_on": today,
        "until": today + timedelta(days=5),
    }
    return LotDraft(**{**values, **fields})


def freight(quantity: int) -> int:
    world = world_of(current_reference())
    commodity = world.catalogue.commodity(PINEAPPLE)
    return world.atlas.quote(VI_THANH, BINH_DIEN, commodity, quantity).cost


def test_a_buyer_without_a_need_asks_and_the_seller_agrees(each_app: Flask) -> None:
    lot, buyer = a_lot(quantity=40_000), an_actor(Role.BUYER)
    wish = Wish(quantity=15_000, need=a_need_draft(15_000))

    match = direct.ask_for_lot(lot.id, wish, actor=buyer, **when())

    need = db.session.scalars(select(Need)).one()
    assert (match.origin, match.state, match.quantity) == (Origin.DIRECT, "proposed", 15_000)
    assert (match.price, match.freight) == (8_000, freight(15_000))
    assert need.bid == -(-(8_000 * 15_000 + freight(15_000)) // 15_000)
    assert need.bid_sealed
    for listing in (lot, need):
        db.session.refresh(listing)
    assert (lot.held, need.held) == (15_000, 15_000)
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.organisation_id, notice.kind) == (lot.organisation_id, "match_asked")
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 1

    answers.accept(match.id, actor=seller_of(match), now=clock.now())

    assert db.session.get_one(Match, match.id).state == MatchState.CONFIRMED


def test_a_buyer_asks_with_a_need_of_his_own(app: Flask) -> None:
    lot, need = a_lot(quantity=40_000), a_need(quantity=20_000, bid=11_000)
    buyer = member_of(need, Role.BUYER)

    match = direct.ask_for_lot(lot.id, Wish(quantity=15_000, mine=need.id), actor=buyer, **when())

    assert (match.need_id, match.bid, match.price) == (need.id, 11_000, 8_000)
    assert db.session.scalars(select(Need)).all() == [need]


def test_a_seller_offers_goods_to_a_need(each_app: Flask) -> None:
    need, seller = a_need(quantity=30_000, bid=11_000), an_actor(Role.SELLER)
    wish = Wish(quantity=12_000, lot=a_lot_draft(12_000, ask=8_500))

    match = direct.offer_to_need(need.id, wish, actor=seller, **when())

    assert (match.price, match.ask, match.bid) == (8_500, 8_500, 11_000)
    assert match.lot_accepted_at is not None
    answers.decline(match.id, "price", "", actor=buyer_of(match), now=clock.now())
    for listing in (need, db.session.scalars(select(Lot)).one()):
        db.session.refresh(listing)
        assert listing.held == 0


def test_a_button_pressed_twice_asks_once(each_app: Flask) -> None:
    lot, need = a_lot(quantity=40_000), a_need(quantity=40_000)
    buyer, seller = an_actor(Role.BUYER), an_actor(Role.SELLER)
    wanted = Wish(quantity=15_000, need=a_need_draft(15_000))
    offered = Wish(quantity=15_000, lot=a_lot_draft(15_000))

    asked = [direct.ask_for_lot(lot.id, wanted, actor=buyer, **when()).id for _ in range(2)]
    served = [direct.offer_to_need(need.id, offered, actor=seller, **when()).id for _ in range(2)]

    assert asked[0] == asked[1]
    assert served[0] == served[1]
    for listing in (lot, need):
        db.session.refresh(listing)
        assert listing.held == 15_000


def test_a_price_that_would_make_somebody_lose_is_refused_and_told_in_a_band(app: Flask) -> None:
    need, seller = a_need(quantity=30_000, bid=8_600), an_actor(Role.SELLER)
    wish = Wish(quantity=12_000, lot=a_lot_draft(12_000, ask=8_500))

    with pytest.raises(Rejected) as refused:
        direct.offer_to_need(need.id, wish, actor=seller, **when())

    assert set(refused.value.params) == {"low", "high"}
    assert "8600" not in str(refused.value)
    assert db.session.scalars(select(Lot)).all() == []
    assert db.session.scalars(select(Match)).all() == []


def test_trying_prices_finds_no_more_than_the_step_of_a_sealed_bid(app: Flask) -> None:
    needs = [a_need(quantity=1_000, bid=bid) for bid in (14_001, 14_199)]
    seller = an_actor(Role.SELLER)

    def dearest_that_passes(need: Need) -> int:
        passes, fails = 1, 20_000
        while fails - passes > 1:
            price = (passes + fails) // 2
            wish = Wish(quantity=1_000, lot=a_lot_draft(ask=price))
            try:
                direct.consider_selling(need.id, wish, actor=seller, today=clock.today())
                passes = price
            except Rejected:
                fails = price
        return passes

    found = {dearest_that_passes(need) for need in needs}

    assert len(found) == 1, "two different bids look the same however often somebody tries"


def test_an_offer_without_a_price_does_not_open_a_sealed_bid(app: Flask) -> None:
    seller, today = an_actor(Role.SELLER), clock.today()
    sealed, public = a_need(bid_sealed=True), a_need(bid_sealed=False)
    wish = Wish(quantity=1_000, lot=a_lot_draft(ask=None))

    with pytest.raises(Rejected, match="sealed") as refused:
        direct.consider_selling(sealed.id, wish, actor=seller, today=today)
    with pytest.raises(Rejected, match="sealed"):
        direct.offer_to_need(sealed.id, wish, actor=seller, **when())

    assert refused.value.field == "price"
    assert direct.consider_selling(public.id, wish, actor=seller, today=today).terms.ask > 0


def test_a_lot_without_a_price_needs_one_from_the_buyer(app: Flask) -> None:
    lot, buyer = a_lot(quantity=10_000, ask=None), an_actor(Role.BUYER)

    with pytest.raises(Rejected) as refused:
        direct.ask_for_lot(
            lot.id, Wish(quantity=10_000, need=a_need_draft(10_000)), actor=buyer, **when()
        )
    match = direct.ask_for_lot(
        lot.id,
        Wish(quantity=10_000, need=a_need_draft(10_000, bid=9_000)),
        actor=buyer,
        **when(),
    )

    assert refused.value.field == "price"
    assert not match.ask_named
    assert match.price == (9_000 * 10_000 - freight(10_000)) // 10_000


@pytest.mark.parametrize(
    ("lot", "need", "words"),
    [
        ({"grade": "xo"}, {"min_grade": "loai-1"}, "grade"),
        ({}, {"certificates": frozenset({"vietgap"})}, "certificate"),
        ({"ready_on": clock.today() + timedelta(days=6)}, {}, "On no day"),
        ({"fresh_hours": 24}, {"fresh_hours": 48}, "fresh"),
        ({"quantity": 900}, {}, "free"),
        ({"quantity": 2_000, "whole": True}, {}, "sold as one"),
    ],
)
def test_the_rules_of_a_round_stand_between_them(app: Flask, lot, need, words: str) -> None:
    asked = a_lot(**lot)
    wish = Wish(quantity=1_000, need=a_need_draft(1_000, **need))

    with pytest.raises(Rejected, match=words):
        direct.ask_for_lot(asked.id, wish, actor=an_actor(Role.BUYER), **when())

    assert db.session.scalars(select(Need)).all() == []


def test_considering_changes_nothing(app: Flask) -> None:
    lot, buyer = a_lot(quantity=40_000), an_actor(Role.BUYER)
    wish = Wish(quantity=15_000, need=a_need_draft(15_000))

    considered = direct.consider_buying(lot.id, wish, actor=buyer, today=clock.today())

    assert considered.terms.delivered == 8_000 * 15_000 + freight(15_000)
    assert db.session.scalars(select(Need)).all() == []


def test_nobody_trades_with_himself(app: Flask) -> None:
    lot = a_lot()
    officer = member_of(lot, Role.OFFICER)

    with pytest.raises(Rejected):
        direct.lot_to_buy(lot.id, actor=officer, today=clock.today())


def test_what_is_not_open_is_not_there(app: Flask) -> None:
    lot = a_lot(withdrawn_at=clock.now())

    with pytest.raises(NotFound):
        direct.lot_to_buy(lot.id, actor=an_actor(Role.BUYER), today=clock.today())


def test_who_may_not_buy_does_not_ask(app: Flask) -> None:
    wish = Wish(quantity=1_000, need=a_need_draft())

    with pytest.raises(Forbidden):
        direct.ask_for_lot(a_lot().id, wish, actor=an_actor(Role.SELLER), **when())


def test_no_round_touches_what_a_direct_match_holds(app: Flask) -> None:
    lot = a_lot(quantity=20_000)
    wish = Wish(quantity=15_000, need=a_need_draft(15_000))
    asked = direct.ask_for_lot(lot.id, wish, actor=an_actor(Role.BUYER), **when())
    other = a_need(quantity=20_000, bid=14_000)
    rounds.request_round(actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today())

    solve.solve_next(lambda: False)

    [match] = db.session.scalars(select(Match).where(Match.id != asked.id)).all()
    assert (match.need_id, match.quantity) == (other.id, 5_000)


def test_two_buyers_at_once_cannot_have_the_same_lot(each_app: Flask) -> None:
    lot = a_lot(quantity=1_000)
    buyers: list[Actor] = [an_actor(Role.BUYER) for _ in range(2)]
    wish = Wish(quantity=1_000, need=a_need_draft())

    direct.ask_for_lot(lot.id, wish, actor=buyers[0], **when())
    with pytest.raises(NotFound):
        direct.ask_for_lot(lot.id, wish, actor=buyers[1], **when())

    db.session.refresh(lot)
    assert lot.held == 1_000


def test_nobody_holds_the_whole_market_by_asking(each_app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(open_asks, "MOST", 2)
    buyer, other = an_actor(Role.BUYER), an_actor(Role.BUYER)
    lots = [a_lot(quantity=1_000) for _ in range(3)]
    wish = Wish(quantity=1_000, need=a_need_draft())
    for lot in lots[:2]:
        direct.ask_for_lot(lot.id, wish, actor=buyer, **when())

    with pytest.raises(Rejected, match="still wait"):
        direct.ask_for_lot(lots[2].id, wish, actor=buyer, **when())

    db.session.expire_all()
    assert [lot.held for lot in lots] == [1_000, 1_000, 0]
    assert db.session.scalar(select(func.count(Need.id))) == 2  # no need was left behind
    direct.ask_for_lot(lots[2].id, wish, actor=other, **when())
