"""Seedlings, animals, processed goods and inputs: asked for on the form, shown, kept apart in lists."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.organisations import OrganisationKind
from marketplace.services.balance import balance
from tests.factories import a_lot, an_actor, an_organisation

TODAY = clock.today()
PIGLETS = {
    "commodity": "heo giống",
    "quantity": "80 con",
    "ask": "1.400.000",
    "place": "Phường Vị Thanh",
    "ready_on": TODAY.isoformat(),
    "until": (TODAY + timedelta(days=7)).isoformat(),
    "whole": "no",
}


def text(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


@pytest.fixture
def seller(client_of):
    """The browser of a cooperative."""
    return client_of(an_actor(Role.SELLER))


def post(member, step="review", url="/lots/new", **changes):
    return member.post(url, data={**PIGLETS, **changes, "step": step})


def test_what_such_goods_are_asked_about_is_asked_once_and_not_required(seller) -> None:
    review = text(post(seller))

    assert "Người mua con giống thường hỏi: tuổi, nguồn gốc" in review
    again = text(post(seller, step="edit:age_days"))
    assert "Số giấy kiểm dịch" in again
    assert "Số đăng ký lưu hành" not in again
    assert post(seller, step="save").status_code == 302


def test_details_are_read_back_kept_shown_and_changed(seller, client) -> None:
    told = {
        "age_days": "45 ngày",
        "origin": "Trại Tân Tiến",
        "quarantine_number": "HG 0123",
        "quarantine_on": TODAY.isoformat(),
    }
    assert "45 ngày" in text(post(seller, **told))
    post(seller, step="save", **told)
    lot = db.session.scalars(select(Lot)).one()
    assert (lot.age_days, lot.origin, lot.quarantine_on) == (45, "Trại Tân Tiến", TODAY)

    page = text(client.get(f"/lots/{lot.id}"))

    assert "HG 0123" in page
    assert "Giấy kiểm dịch" in page
    assert "Chưa ghi giấy kiểm dịch" not in page
    form = text(seller.get(f"/lots/{lot.id}/edit"))
    assert 'value="45 ngày"' in form
    assert 'value="HG 0123"' in form


def test_animals_without_the_paper_say_that_they_need_one_to_leave(client) -> None:
    lot = a_lot(commodity="heo-hoi", heads=50, quantity=4_900)

    page = text(client.get(f"/lots/{lot.id}"))

    assert "50 con, khoảng 98 kg mỗi con" in page
    assert "Chưa ghi giấy kiểm dịch" in page
    assert "Chưa ghi giấy kiểm dịch" not in text(client.get(f"/lots/{a_lot().id}"))


WRONG = [
    ({"age_days": "già"}, "Ghi tuổi"),
    ({"quarantine_number": "HG 1"}, "Ghi cả số và ngày"),
    ({"quarantine_on": "hôm nào đó"}, "hôm nào đó"),
    ({"best_before": "1/1/2020"}, "Hạn sử dụng đã qua"),
    ({"heads": "nhiều"}, "Ghi số con"),
    ({"commodity": "glyphosate", "quantity": "20 lít", "ask": ""}, "bị cấm"),
    ({"commodity": "Thuốc thú y", "quantity": "20 kg", "ask": ""}, "phải ghi số đăng ký"),
]


def test_bad_details_are_said_at_their_field_and_list_nothing(seller) -> None:
    for changes, words in WRONG:
        page = post(seller, step="save", **changes)

        assert page.status_code == 422, changes
        assert words in text(page), changes
    assert db.session.scalars(select(Lot)).all() == []


def test_departments_do_not_list_inputs(client_of) -> None:
    page = post(
        client_of(an_actor(Role.OFFICER)),
        commodity="Phân urê",
        quantity="2 tấn",
        ask="11.000",
        producer="Đại lý Tư",
        basis="request",
    )

    assert page.status_code == 422
    assert "sở không đăng thay" in text(page)


def test_inputs_are_listed_by_licensed_traders_and_cooperatives_only(client_of) -> None:
    urea = {"commodity": "Phân urê", "quantity": "100 bao x 50 kg", "ask": "11.000"}
    farm = client_of(an_actor(Role.SELLER, an_organisation(OrganisationKind.FARM)))
    trader = client_of(an_actor(Role.SELLER, an_organisation(OrganisationKind.TRADER)))

    assert "do hợp tác xã và thương lái đăng bán" in text(post(farm, **urea))
    unlicensed = post(trader, step="save", **urea)
    assert unlicensed.status_code == 422
    assert "phải có giấy phép buôn bán" in text(unlicensed)
    assert re.search(r"<details[^>]* open[^>]*>\s*<summary[^>]*>Thêm phẩm cấp", unlicensed.text)
    where = post(trader, step="save", certificates="licence", **urea).location

    assert "Giấy phép buôn bán vật tư" in text(trader.get(where))


def test_the_plain_form_stays_as_short_as_it_was(seller) -> None:
    form = seller.get("/lots/new").get_data(as_text=True)

    folded = re.search(r"<details[^>]*>\s*<summary[^>]*>Giống, vật nuôi", form)
    assert folded
    assert "open" not in folded[0]


def test_inputs_have_a_section_of_their_own(client) -> None:
    a_lot()
    lot = a_lot(commodity="phan-ure", registration_number="12/CN", grade="loai-1")

    assert "Phân urê" not in text(client.get("/lots"))
    assert "Phân urê" in text(client.get("/lots?goods=input"))
    assert "Phân urê" in text(client.get("/lots?q=ure"))
    assert "Phân urê" in text(client.get("/lots?group=vat_tu"))
    assert "Khóm Cầu Đúc" not in text(client.get("/lots?goods=input"))
    assert client.get("/lots?goods=nonsense").status_code == 200
    page = text(client.get(f"/lots/{lot.id}"))
    assert "Phải được phép lưu hành" in page
    assert "Nghị định 84/2019" in page
    sheet = client.get("/lots?goods=input&as=csv").get_data(as_text=True)
    assert "Số đăng ký lưu hành: 12/CN" in sheet


def test_inputs_do_not_enter_the_balance_of_produce(app) -> None:
    a_lot()
    a_lot(commodity="phan-ure", grade="loai-1")

    assert balance(TODAY).groups() == ["trai_cay"]


COWS = {"commodity": "bò thịt", "quantity": "3 con, mỗi con 350 kg", "ask": "25 triệu/con"}


def test_animals_are_listed_by_the_head_with_what_one_weighs(seller, client) -> None:
    asked_back = post(seller, **{**COWS, "quantity": "3 con"})
    assert asked_back.status_code == 422
    assert "Ghi thêm mỗi con bao nhiêu kg" in text(asked_back)
    assert "là giá của bao nhiêu" not in text(asked_back)  # one thing at a time
    review = text(post(seller, **COWS))
    assert "71.429 ₫/kg, tất cả khoảng 75.000.450 ₫" in review
    assert "khoảng 25.000.000 ₫ mỗi con" in review
    assert "không tròn con" in review
    assert "không tròn con" not in text(post(seller, **COWS, whole="yes"))

    where = post(seller, step="save", **COWS).location

    lot = db.session.scalars(select(Lot)).one()
    assert (lot.quantity, lot.heads, lot.ask) == (1_050, 3, 71_429)
    page = text(client.get(where))
    assert "3 con, khoảng 350 kg mỗi con" in page
    assert "Số con: 3 con" in page  # the text to send on
    assert "3 con" in text(client.get("/lots?goods=live"))
    again = {**COWS, "quantity": "1.050 kg", "heads": "3", "step": "review"}
    assert "71.429 ₫/kg" in text(seller.post(f"{where}/edit", data={**PIGLETS, **again}))
    two_numbers = post(seller, **COWS, heads="4")
    assert "Khối lượng ở trên ghi 3 con" in text(two_numbers)


def test_what_is_understood_of_heads_and_bags_is_read_back_while_typing(client) -> None:
    cows = {"commodity": "bò thịt", "quantity": COWS["quantity"]}

    assert "1.050 kg" in text(client.get("/read-back/quantity", query_string=cows))
    price = client.get("/read-back/price", query_string={**cows, "ask": "25 triệu/con"})
    assert "71.429 ₫/kg" in text(price)
    bags = {"commodity": "phân urê", "quantity": "100 bao x 50 kg"}
    assert "5 tấn" in text(client.get("/read-back/quantity", query_string=bags))


def test_a_need_may_be_told_by_the_head(client_of) -> None:
    buyer = client_of(an_actor(Role.BUYER))
    wanted = {**PIGLETS, "commodity": "heo hơi", "quantity": "20 con, mỗi con 100 kg"}
    days = {"from_on": wanted["ready_on"], "bid": "6 triệu/con", "step": "review"}

    review = text(buyer.post("/needs/new", data={**wanted, **days}))

    assert "2 tấn = 2.000 kg" in review
    assert "60.000 ₫/kg" in review
