"""“Tôi muốn mua” on a lot and “Tôi có hàng” on a need: form, what it comes to, match."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import member_of, seller_of


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", page.replace("\u00a0", " "))


def days() -> dict[str, str]:
    today = clock.today().isoformat()
    return {"from_on": today, "ready_on": today, "until": today}


def test_a_buyer_sees_what_it_comes_to_before_anything_is_sent(app: Flask, client_of) -> None:
    lot, buyer = a_lot(quantity=40_000), an_actor(Role.BUYER)
    browser = client_of(buyer)
    typed = {"quantity": "15 tấn", "place": "Chợ đầu mối Bình Điền", **days()}

    form = text_of(browser.get(f"/lots/{lot.id}/buy").text)
    terms = text_of(browser.post(f"/lots/{lot.id}/buy", data={**typed, "step": "review"}).text)
    before = db.session.scalars(select(Match)).all()
    done = browser.post(
        f"/lots/{lot.id}/buy", data={**typed, "step": "save"}, follow_redirects=True
    )

    assert "Còn 40 tấn" in form
    assert "120.000.000 ₫" in terms
    assert "Gửi lời hỏi mua" in terms
    assert before == []
    match = db.session.scalars(select(Match)).one()
    assert (match.quantity, match.lot_id) == (15_000, lot.id)
    assert "Đã hỏi bên kia" in done.text
    seller = client_of(seller_of(match))
    assert "hỏi thẳng" in text_of(seller.get(f"/matches/{match.id}").text)
    assert "muốn mua 15 tấn" in text_of(seller.get("/inbox").text)


def test_a_buyer_picks_one_of_his_own_needs(app: Flask, client_of) -> None:
    lot, need = a_lot(quantity=40_000), a_need(quantity=20_000, bid=11_000)
    browser = client_of(member_of(need, Role.BUYER))

    form = text_of(browser.get(f"/lots/{lot.id}/buy").text)
    browser.post(
        f"/lots/{lot.id}/buy",
        data={"mine": str(need.id), "quantity": "12 tấn", "step": "save"},
    )

    assert "20 tấn · Chợ đầu mối Bình Điền" in form
    assert db.session.scalars(select(Match)).one().need_id == need.id


def test_a_seller_offers_goods(app: Flask, client_of) -> None:
    need, seller = a_need(quantity=30_000, bid=11_000), an_actor(Role.SELLER)
    browser = client_of(seller)
    typed = {"quantity": "12 tấn", "ask": "8.500", "place": "Phường Vị Thanh", **days()}

    assert browser.get(f"/needs/{need.id}/sell").status_code == 200
    terms = text_of(browser.post(f"/needs/{need.id}/sell", data={**typed, "step": "review"}).text)
    browser.post(f"/needs/{need.id}/sell", data={**typed, "step": "save"})

    assert "102.000.000 ₫" in terms
    assert "11.000" not in terms, "a sealed bid stays sealed"
    assert db.session.scalars(select(Match)).one().price == 8_500


def test_a_loss_is_told_at_the_price_in_a_band_and_what_was_typed_stays(
    app: Flask, client_of
) -> None:
    need = a_need(quantity=30_000, bid=8_600)
    browser = client_of(an_actor(Role.SELLER))
    typed = {"quantity": "12 tấn", "ask": "8.500", "place": "Phường Vị Thanh", **days()}

    answer = browser.post(f"/needs/{need.id}/sell", data={**typed, "step": "save"})

    assert answer.status_code == 422
    assert "cao hơn mức ở đây khoảng" in text_of(answer.text)
    assert 'value="12 tấn"' in answer.text
    assert "8.600" not in text_of(answer.text)
    assert db.session.scalars(select(Lot)).all() == []


def test_what_cannot_be_read_is_said_at_its_field(app: Flask, client_of) -> None:
    lot = a_lot()
    browser = client_of(an_actor(Role.BUYER))

    answer = browser.post(
        f"/lots/{lot.id}/buy",
        data={"quantity": "abc", "place": "Không Đâu", "from_on": "hôm kia", "step": "review"},
    )

    assert answer.status_code == 422
    assert answer.text.count('class="error"') >= 3
    assert db.session.scalars(select(Need)).all() == []


def test_my_own_lot_sends_me_back(app: Flask, client_of) -> None:
    lot = a_lot()

    answer = client_of(member_of(lot, Role.OFFICER)).get(f"/lots/{lot.id}/buy")

    assert answer.location == f"/lots/{lot.id}"


def test_who_may_not_buy_or_sell_does_not_enter(app: Flask, client, client_of) -> None:
    lot, need = a_lot(), a_need()

    assert client_of(an_actor(Role.SELLER)).get(f"/lots/{lot.id}/buy").status_code == 403
    assert client_of(an_actor(Role.BUYER)).get(f"/needs/{need.id}/sell").status_code == 403
    assert client.get(f"/lots/{lot.id}/buy").status_code == 302
    assert client_of(an_actor(Role.BUYER)).get("/lots/999999/buy").status_code == 404


def test_the_terms_name_the_own_need_that_is_used_and_let_one_choose_another(
    app: Flask, client_of
) -> None:
    lot, need = a_lot(quantity=40_000), a_need(quantity=20_000, bid=11_000)
    browser = client_of(member_of(need, Role.BUYER))
    typed = {"mine": str(need.id), "quantity": "12 tấn"}

    terms = text_of(browser.post(f"/lots/{lot.id}/buy", data={**typed, "step": "review"}).text)
    back = text_of(browser.post(f"/lots/{lot.id}/buy", data={**typed, "step": "edit:mine"}).text)
    done = browser.post(
        f"/lots/{lot.id}/buy", data={**typed, "step": "save"}, follow_redirects=True
    )

    assert f"Nhu cầu số {need.id} đang mở: 20 tấn · Chợ đầu mối Bình Điền" in terms
    assert "tính theo giá mua cao nhất của nhu cầu này: 11.000 ₫/kg" in terms
    assert "Không dùng" in back or 'name="mine"' in back
    assert "<h1>Bạn hỏi mua 12 tấn" in text_of(done.text)


def test_a_new_need_is_not_called_one_that_is_open(app: Flask, client_of) -> None:
    lot, need = a_lot(quantity=40_000), a_need(quantity=20_000, bid=11_000)
    browser = client_of(member_of(need, Role.BUYER))
    typed = {"mine": "new", "quantity": "12 tấn", "place": "Chợ đầu mối Bình Điền", **days()}

    terms = text_of(browser.post(f"/lots/{lot.id}/buy", data={**typed, "step": "review"}).text)

    assert "Gửi lời hỏi mua" in terms
    assert "đang mở:" not in terms


def test_only_what_was_typed_can_be_changed(app: Flask, client_of) -> None:
    lot = a_lot(quantity=40_000)
    browser = client_of(an_actor(Role.BUYER))
    typed = {"quantity": "12 tấn", "place": "Chợ đầu mối Bình Điền", **days()}

    page = browser.post(f"/lots/{lot.id}/buy", data={**typed, "step": "review"}).text

    assert re.findall(r'value="edit:(\w+)"', page) == ["quantity", "bid", "place"]
