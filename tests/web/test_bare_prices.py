"""Prices without a unit on the form: understood, or asked with choices to tap."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from tests.factories import an_actor

TODAY = clock.today()

DAYS = {"ready_on": TODAY.isoformat(), "until": TODAY.isoformat()}
EGGS = {**DAYS, "commodity": "trung vit", "quantity": "5000 trứng", "place": "Phường Vị Thanh"}
PIGS = {**EGGS, "commodity": "heo hơi", "quantity": "20 con", "ask": "5500000"}


@pytest.fixture
def seller(client_of):
    return client_of(an_actor(Role.SELLER))


def send(seller, step="review", **data):
    return seller.post("/lots/new", data={**data, "step": step})


def text(response):
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def offered(page):
    return re.findall(r'name="price_pick"[^>]*value="([^"]+)"', page)


def test_eggs_are_priced_by_the_egg_where_that_is_usual(seller):
    assert "2.500 ₫/trứng, tất cả khoảng 12.500.000 ₫" in text(send(seller, **EGGS, ask="2500"))
    assert "2.500 ₫/trứng" in text(send(seller, **EGGS, ask="25.000"))
    said = seller.get("/read-back/price", query_string={**EGGS, "ask": "2500"})
    assert "2.500 ₫/trứng" in text(said)


def test_a_price_that_may_be_of_one_or_of_ten_is_chosen(seller):
    unsaid = {**EGGS, "quantity": "40 cặp", "ask": "3.500"}
    asked = send(seller, **unsaid)
    page = text(asked)

    assert asked.status_code == 422
    assert offered(page) == ["350", "3500"]
    assert "3.500 ₫/chục = 350 ₫/trứng" in page
    assert send(seller, "save", **unsaid, price_pick="3500").status_code == 302
    assert db.session.scalars(select(Lot.ask)).all() == [3_500]


def test_millions_beside_animals_are_offered_for_each_first(seller):
    page = text(send(seller, **PIGS))
    assert "Giá này là của một con phải không?" in page
    assert "dư số 0" not in page
    assert offered(page) == ["5.500.000 đ/con", "55000", "5500000"]

    page = text(send(seller, **PIGS, price_pick="5.500.000 đ/con"))
    assert 'value="5.500.000 đ/con"' in page
    assert offered(page) == []
    assert "Ghi thêm mỗi con bao nhiêu kg" in page

    typed = {**PIGS, "quantity": "20 con, mỗi con 100 kg", "ask": "5.500.000 đ/con"}
    assert send(seller, "save", **typed).status_code == 302
    lot = db.session.scalars(select(Lot)).one()
    assert (lot.quantity, lot.heads, lot.ask) == (2_000, 20, 55_000)


def test_with_their_weight_one_tap_is_enough(seller):
    known = {**PIGS, "quantity": "20 con, mỗi con 98 kg"}
    page = text(send(seller, **known))
    assert "5.500.000 ₫/con = 56.122 ₫/kg" in page

    for pick in ("5.500.000 đ/con", "55000", "5500000"):
        assert send(seller, "save", **known, price_pick=pick).status_code == 302

    asks = db.session.scalars(select(Lot.ask).order_by(Lot.id)).all()
    assert asks == [56_122, 55_000, 5_500_000]
