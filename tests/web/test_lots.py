"""Listing a lot in a browser: what is typed is read back, and bad input changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.matches import MatchState, Origin
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.movements import Movement
from marketplace.services.lots import withdraw_lot
from marketplace.services.reference import current_world
from tests.factories import (
    BINH_DIEN,
    VI_THANH,
    a_lot,
    a_need,
    an_actor,
    an_organisation,
)
from tests.round_factories import a_match

TODAY = clock.today()
GOOD = {
    "commodity": "khóm cầu đúc",
    "quantity": "25,5 tấn",
    "ask": "7.800",
    "whole": "no",
    "place": "Phường Vị Thanh",
    "ready_on": TODAY.isoformat(),
    "until": (TODAY + timedelta(days=5)).isoformat(),
    "fresh": "",
    "grade": "",
    "unsold_reason": "",
    "note": "",
}


@pytest.fixture
def seller(app):
    return an_actor(Role.SELLER)


@pytest.fixture
def member(client_of, seller):
    return client_of(seller)


def send(member, step="save", url="/lots/new", **changes):
    return member.post(url, data={**GOOD, **changes, "step": step})


def count(kind=Lot):
    return db.session.scalar(select(func.count()).select_from(kind))


def text(response):
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True)))


def test_what_was_understood_is_read_back_before_anything_is_saved(member):
    page = send(member, step="review")

    assert page.status_code == 200
    for words in ("25,5 tấn = 25.500 kg", "7.800 ₫/kg", "198.900.000 ₫", "Phường Vị Thanh"):
        assert words in text(page).replace("\xa0", " ")
    assert count() == 0


def test_then_it_is_listed_and_its_page_says_everything(member):
    answer = send(member, certificates=["vietgap"], note="Trái <b>to</b>", trace_code="VN-1")
    page = text(member.get(answer.location))

    assert answer.status_code == 302
    for words in ("25,5", "7.800", "VietGAP", "VN-1", "Trái <b>to</b>"):
        assert words in page
    assert "<b>to</b>" not in member.get(answer.location).get_data(as_text=True)


def test_one_can_go_back_from_the_review_and_what_was_typed_is_there(member):
    page = send(member, step="edit:ask")

    assert page.status_code == 200
    assert 'value="25,5 tấn"' in text(page)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": "abc"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "0 tấn"}, "quantity"),
        ({"quantity": "-5"}, "quantity"),
        ({"quantity": "-5 tấn"}, "quantity"),
        ({"quantity": "1e9 tấn"}, "quantity"),
        ({"quantity": "1,250.5 tấn"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"quantity": "9" * 100_000}, "quantity"),
        ({"ask": "78.000"}, "ask"),
        ({"ask": "-1"}, "ask"),
        ({"ask": "rẻ"}, "ask"),
        ({"ready_on": "2026-01-01"}, "ready_on"),
        ({"until": "2025-12-31"}, "until"),
        ({"until": "20261-11-30"}, "until"),
        ({"until": "30/11/20261"}, "until"),
        ({"until": "31/02/2026"}, "until"),
        ({"until": ""}, "until"),
        ({"place": "Atlantis"}, "place"),
        ({"place": "Châu Thành"}, "place"),
        ({"place": ""}, "place"),
        ({"place": "Vị\0Thanh"}, "place"),
        ({"commodity": "khóm\x07 cầu đúc"}, "commodity"),
        ({"commodity": "<script>alert(1)</script>"}, "commodity"),
        ({"commodity": "kh🍍óm"}, "commodity"),
        ({"commodity": "mãng cầu"}, "commodity"),
        ({"commodity": ""}, "commodity"),
        ({"grade": "co-lon"}, "grade"),
        ({"grade": "x" * 1000}, "grade"),
        ({"certificates": "no-such"}, "certificates"),
        ({"fresh": "lâu"}, "fresh"),
        ({"note": "dài " * 25_000}, "note"),
        ({"note": "a\0b"}, "note"),
        ({"growing_area_code": "x" * 61}, "growing_area_code"),
    ],
)
@pytest.mark.parametrize("step", ["review", "save"])
def test_bad_input_is_told_at_its_field_and_changes_nothing(member, changes, field, step):
    page = send(member, step, **changes)

    assert page.status_code == 422
    html = page.get_data(as_text=True)
    assert re.search(rf'href="#{field}"', html)
    assert re.search(rf'id="{field}-error"', html)
    assert "<script>alert" not in html
    assert (count(), count(Movement)) == (0, 0)


def test_everything_that_is_wrong_is_told_at_once(member):
    page = text(
        send(
            member,
            "review",
            quantity="",
            ask="78",
            place="Xã Ở Đâu",
            until="1.1.2020",
            fresh="0",
        )
    )

    told = re.search(r'<div class="error-summary".*?</div>', page)[0]
    assert re.findall(r'href="#(\w+)"', told) == ["quantity", "ask", "place", "until", "fresh"]
    assert "Cần điền khối lượng." in told
    assert re.search(r'name="price_pick"[^>]*value="7800"', page)


def test_a_changed_lot_tells_what_is_wrong_beside_what_cannot_be_read(member, seller):
    lot = a_lot(organisation=seller.organisation_id)

    page = text(
        send(
            member,
            url=f"/lots/{lot.id}/edit",
            version=str(lot.version),
            commodity="?",
            quantity="nhiều",
            fresh="0",
        )
    )

    told = re.search(r'<div class="error-summary".*?</div>', page)[0]
    assert re.findall(r'href="#(\w+)"', told) == ["commodity", "fresh"]


def test_reversed_days_are_told(member):
    page = send(
        member,
        ready_on=(TODAY + timedelta(days=6)).isoformat(),
        until=(TODAY + timedelta(days=5)).isoformat(),
    )

    assert page.status_code == 422
    assert 'href="#until"' in text(page)


def test_what_was_typed_stays(member):
    page = text(send(member, quantity="nhiều lắm", note="giữ nguyên"))

    assert 'value="nhiều lắm"' in page
    assert "giữ nguyên" in page


def test_emoji_in_a_note_are_kept(each_app, client_of):
    member = client_of(an_actor(Role.SELLER))

    answer = send(member, note="Khóm 🍍 ngọt\r\nnhà tôi")

    assert answer.status_code == 302
    assert db.session.scalar(select(Lot.note)) == "Khóm 🍍 ngọt\nnhà tôi"


def test_a_quantity_with_two_readings_is_chosen_from(member):
    page = text(send(member, "review", quantity="1,250.5 tấn"))

    assert 'value="1250"' in page
    assert 'value="1250500"' in page
    assert "1,25 tấn = 1.250 kg" in text(
        send(member, "review", quantity="1,250.5 tấn", quantity_pick="1250")
    )


def test_a_name_that_several_places_have_is_chosen_from(member):
    page = text(send(member, "review", place="Châu Thành"))
    ids = re.findall(r'name="place_pick"[^>]*value="(\w+)"', page)

    chosen = send(member, place="Châu Thành", place_pick=ids[0])

    assert len(ids) >= 4
    assert chosen.status_code == 302
    assert db.session.scalar(select(Lot.place_id)) == ids[0]


def test_a_price_that_looks_a_zero_off_is_confirmed_or_corrected(member):
    page = text(send(member, "review", ask="78.000"))
    assert re.search(r'name="price_pick"[^>]*value="7800"', page)

    send(member, ask="78.000", price_pick="78000")
    send(member, ask="78.000", price_pick="7800")

    assert list(db.session.scalars(select(Lot.ask).order_by(Lot.id))) == [78_000, 7_800]


def test_another_price_than_the_confirmed_one_is_asked_again(member):
    assert send(member, ask="90.000", price_pick="78000").status_code == 422


def test_no_price_is_to_be_agreed(member, client):
    answer = send(member, ask="")

    assert "thỏa thuận" in text(client.get(answer.location))


def test_a_department_says_for_whom_and_why(client_of):
    member = client_of(an_actor(Role.OFFICER))

    assert "#producer" in text(send(member, basis="request"))
    assert "#basis" in text(send(member, producer="Bà Mai"))
    assert send(member, basis="request", producer="Bà Mai").status_code == 302


def test_strangers_see_who_lists_it_but_not_for_whom(client, member):
    lot = a_lot(producer="Bà Mai", basis="request", organisation=an_organisation(name="Sở X"))
    lot.search += "ba mai "
    db.session.commit()
    pages = ("/lots", f"/lots/{lot.id}")

    assert all("Sở X đăng giúp" in text(client.get(page)) for page in pages)
    assert not any("Bà Mai" in text(client.get(page)) for page in pages)
    assert all("Bà Mai" in text(member.get(page)) for page in pages)
    assert f'href="/lots/{lot.id}"' in text(member.get("/lots?q=mai"))
    assert f'href="/lots/{lot.id}"' not in text(client.get("/lots?q=mai")), "nor by searching"
    assert f'href="/lots/{lot.id}"' in text(client.get("/lots?q=khom+vi+thanh"))


def test_a_button_pressed_twice_lists_once(each_app, client_of):
    member = client_of(an_actor(Role.SELLER))

    first, second = (send(member, token="a1b2c3") for _ in range(2))
    other = send(member, token="a1b2c3", quantity="3 tấn")

    assert second.location == "/desk"
    assert first.location != other.location
    assert (count(), count(Movement)) == (2, 2)


def test_without_a_token_nothing_is_done_and_what_was_typed_stays(member):
    page = member.post(
        "/lots/new",
        data={**GOOD, "step": "save"},
        token=False,
        headers={"Origin": "http://localhost"},
    )

    assert page.status_code == 400
    assert 'value="25,5 tấn"' in text(page)
    assert count() == 0


def test_a_lost_session_loses_nothing_that_was_typed(member, client):
    page = client.post(
        "/lots/new", data={**GOOD, "step": "save"}, headers={"Origin": "http://localhost"}
    )

    assert page.status_code == 401
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    again = member.post(
        "/lots/new", data={"kept": unescape(kept[1])}, headers={"Origin": "http://localhost"}
    )
    assert 'value="25,5 tấn"' in text(again)
    assert count() == 0


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40, 0])
@pytest.mark.parametrize("page", ["", "/edit", "/withdraw"])
def test_ids_that_no_lot_can_have_are_not_found(each_app, client_of, number, page):
    assert client_of(an_actor()).get(f"/lots/{number}{page}").status_code == 404


@pytest.mark.parametrize("page", ["edit", "withdraw"])
def test_somebody_elses_lot_is_not_found(member, page):
    lot = a_lot(organisation=an_organisation())

    assert member.get(f"/lots/{lot.id}/{page}").status_code == 404
    assert member.post(f"/lots/{lot.id}/{page}", data=GOOD).status_code == 404


def test_a_lot_is_changed_through_the_same_form(member, seller):
    lot = a_lot(organisation=seller.organisation_id, quantity=40_000)
    url = f"/lots/{lot.id}/edit"
    form = member.get(url)

    assert 'value="40 tấn"' in text(form)
    answer = send(member, url=url, version="1", quantity="30 tấn")

    assert answer.status_code == 302
    assert db.session.get(Lot, lot.id, populate_existing=True).quantity == 30_000


def test_who_changes_an_old_version_sees_what_differs(member, seller):
    lot = a_lot(organisation=seller.organisation_id, quantity=40_000)
    url = f"/lots/{lot.id}/edit"
    send(member, url=url, version="1", ask="7.000")

    page = send(member, url=url, version="1", ask="9.000")

    assert page.status_code == 409
    assert seller.name in text(page)
    assert "7.000" in text(page).replace("\xa0", " ")
    assert 'name="version" type="hidden" value="2"' in text(page)
    assert db.session.get(Lot, lot.id, populate_existing=True).ask == 7_000
    assert send(member, url=url, version="2", ask="9.000").status_code == 302


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
def test_a_version_that_is_none_changes_nothing(member, seller, version):
    lot = a_lot(organisation=seller.organisation_id)

    assert send(member, url=f"/lots/{lot.id}/edit", version=version).status_code == 409


def test_a_lot_is_withdrawn_after_one_more_question(member, seller, client):
    lot = a_lot(organisation=seller.organisation_id)
    url = f"/lots/{lot.id}/withdraw"

    assert "1 tấn" in text(member.get(url)).replace("\xa0", " ")
    assert member.post(url, data={"version": "1"}).status_code == 302

    assert f"/lots/{lot.id}" not in text(client.get("/lots"))
    assert client.get(f"/lots/{lot.id}").status_code == 200


def test_an_old_lot_is_listed_again_with_new_days(member, seller):
    lot = a_lot(
        organisation=seller.organisation_id,
        note="như lần trước",
        ready_on=TODAY - timedelta(days=30),
        until=TODAY - timedelta(days=20),
    )

    page = text(member.get(f"/lots/new?from={lot.id}"))

    assert "như lần trước" in page
    assert f'value="{TODAY.isoformat()}"' in page


def test_strangers_never_see_a_number(client, member, client_of):
    lister = an_organisation(phone="+84909000111", contact_name="Bà Sáu")
    lot = a_lot(organisation=lister)

    pages = [client.get(f"/lots/{lot.id}"), client.get("/lots"), member.get(f"/lots/{lot.id}")]

    assert all("909000111" not in text(page) for page in pages)
    assert client.post(f"/lots/{lot.id}/contact").status_code in (302, 401)
    assert "+84909000111" in text(client_of(an_actor(Role.BUYER)).post(f"/lots/{lot.id}/contact"))


def test_the_list_says_what_it_did_not_understand(client):
    a_lot()

    page = client.get("/lots?to=Atlantis&from=32/13/2026&price=rẻ&page=-1&sort=x&size=y&within=z")

    assert page.status_code == 200
    for field in ("to-error", "f-from-error", "f-price-error"):
        assert f'id="{field}"' in text(page)


def test_a_price_beyond_all_prices_is_not_understood(client):
    page = client.get(f"/lots?price={'9' * 200}")

    assert page.status_code == 200
    assert 'id="f-price-error"' in text(page)


def test_an_ambiguous_place_is_chosen_from(client):
    page = text(client.get("/lots?to=Châu Thành"))

    assert len(re.findall(r'class="chip" href="[^"]*to=\w+', page)) >= 4


def test_the_readers_place_is_remembered_and_forgotten(client):
    lot = a_lot()

    client.get("/lots?to=Bình Điền")
    assert "Bình Điền" in text(client.get(f"/lots/{lot.id}"))

    client.get("/lots?to=")
    assert "Bình Điền" not in text(client.get(f"/lots/{lot.id}"))


def test_the_page_and_the_list_show_the_freight_of_flask_route(client):
    lot = a_lot(quantity=25_500, ask=7_800)
    world = current_world()
    good = world.catalogue.commodity(lot.commodity_id)
    cost = world.atlas.quote(VI_THANH, BINH_DIEN, good, 25_500).cost
    landed = f"{7_800 + round(cost / 25_500):,}".replace(",", ".")

    page = text(client.get(f"/lots/{lot.id}?to={BINH_DIEN}"))

    assert f"{cost:,}".replace(",", ".") in page
    assert landed in page
    assert landed in text(client.get(f"/lots?to={BINH_DIEN}"))


def test_whoever_listed_it_sees_what_became_of_it(member, seller, client):
    lot, need = a_lot(organisation=seller.organisation_id), a_need()
    match = Match(
        origin=Origin.DIRECT,
        lot_id=lot.id,
        need_id=need.id,
        state=MatchState.PROPOSED,
        quantity=600,
        ask=8_000,
        bid=12_000,
        price=9_000,
        freight=1_000,
        mode="truck",
        vehicles="1t*1",
        kilometres=10,
        hours=1,
        collect_on=TODAY,
        created_at=clock.now(),
    )
    db.session.add(match)
    db.session.commit()

    for url in (f"/lots/{lot.id}", "/desk"):
        assert "600 kg" in text(member.get(url)).replace("\xa0", " ")
    assert "600 kg" not in text(client.get(f"/lots/{lot.id}")).replace("\xa0", " ")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_in_both_languages(member, seller, language):
    lot = a_lot(organisation=seller.organisation_id, certificates=["vietgap"])
    a_lot(commodity="vit-trung", quantity=40_000)
    member.get(f"/language/{language}")

    for url in (
        "/lots?q=khom&group=trai_cay&to=Bình Điền",
        f"/lots/{lot.id}",
        "/lots/new",
        f"/lots/{lot.id}/edit",
        f"/lots/{lot.id}/withdraw",
        "/desk",
        "/lots/paste",
    ):
        assert member.get(url).status_code == 200, url
    assert send(member, "review").status_code == 200


def test_a_withdrawn_lot_says_what_it_was_and_promises_nothing(member, seller, client):
    lot = a_lot(organisation=seller.organisation_id, quantity=12_000)
    withdraw_lot(lot.id, lot.version, actor=seller, now=clock.now())

    for reader in (member, client):
        page = text(reader.get(f"/lots/{lot.id}?to={BINH_DIEN}"))

        assert "Loại 1, 12 tấn</h1>" in page
        assert "Đã rút lúc" in page
        assert "Phiên tới sẽ tự đưa vào" not in page
        assert 'id="landed"' not in page
    assert "Đăng lại" in text(member.get(f"/lots/{lot.id}"))


def test_what_both_sides_agreed_on_does_not_await_an_answer(member, seller):
    lot = a_lot(organisation=seller.organisation_id, quantity=12_000)
    agreed = a_match(lot=lot, need=a_need(quantity=8_000))
    agreed.lot_accepted_at = agreed.need_accepted_at = clock.now()
    agreed.state = MatchState.CONFIRMED
    db.session.commit()
    a_match(lot=lot, need=a_need(quantity=1_000))

    page = text(member.get(f"/lots/{lot.id}"))

    assert "8 tấn đã có người mua" in page
    assert "giữ 1 tấn chờ trả lời" in page
    assert "12 tấn, còn 3 tấn</h1>" in page
    assert "Đăng lại" not in page


def test_a_number_that_was_looked_up_stays_on_the_page(client_of):
    lot = a_lot(organisation=an_organisation(phone="+84909000111"))
    member = client_of(an_actor(Role.BUYER))
    assert "0909 000 111" not in text(member.get(f"/lots/{lot.id}"))

    member.post(f"/lots/{lot.id}/contact")

    page = text(member.get(f"/lots/{lot.id}"))
    assert "0909 000 111" in page
    assert "Hôm nay còn xem được 29 số khác." in page


def test_naming_a_place_orders_by_the_price_there(client):
    a_lot()

    page = text(client.get("/lots?sort=new&was=&to=Bình Điền"))

    assert re.search(r'aria-current="true"> ?Giá đến nơi thấp trước', page)
    assert "Giá thấp trước" not in page
    chosen = text(client.get("/lots?sort=days&to=Bình Điền&was=Bình Điền"))
    assert 'name="sort" value="days"' in chosen


def test_where_i_receive_is_not_where_i_send_from(client):
    a_lot()
    a_need()
    client.get("/lots?to=Bình Điền")

    assert 'name="to" maxlength="200" value=""' in text(client.get("/needs"))
    assert 'name="to" maxlength="200" value=""' not in text(client.get("/lots"))
