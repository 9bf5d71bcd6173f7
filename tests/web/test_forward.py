"""Expected harvests in a browser: listed, marked wherever they are shown, confirmed by one button."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.notices import Notice
from marketplace.notifications import words
from marketplace.services import forward
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, member_of

from .test_lots import GOOD
from .test_needs import GOOD as WANTED

TODAY = clock.today()
SOON = {"ready_on": TODAY + timedelta(days=2), "until": TODAY + timedelta(days=9)}
DAYS = {name: day.isoformat() for name, day in SOON.items()}


@pytest.fixture
def seller(app):
    return an_actor(Role.SELLER)


@pytest.fixture
def member(client_of, seller):
    return client_of(seller)


def test_an_expected_harvest_is_listed_read_back_and_marked(member, client) -> None:
    typed = {**GOOD, **DAYS, "confidence": "70"}

    review = member.post("/lots/new", data={**typed, "step": "review"}).text
    member.post("/lots/new", data={**typed, "step": "save"})

    lot = db.session.scalars(select(Lot)).one()
    assert "Dự kiến, khá chắc" in review
    assert lot.confidence == 70
    page = client.get(f"/lots/{lot.id}").text
    assert "Dự kiến, khá chắc" in page
    assert "Chưa xác nhận thu hoạch" in page
    assert "Dự kiến, khá chắc" in client.get("/lots").text
    assert "khá chắc" in client.get("/lots?as=csv").text


def test_the_plain_form_is_no_longer_for_it(member) -> None:
    page = member.get("/lots/new").text

    assert '<details class="mb-4"><summary class="fw-semibold mb-3">Chưa thu hoạch?' in page


def test_a_confidence_that_is_no_choice_is_refused_at_its_field(member) -> None:
    for typed in ("7", "999999999999999999999", "-1", "abc", "\x00", "70 "):
        data = {**GOOD, **DAYS, "confidence": typed, "step": "save"}
        answer = member.post("/lots/new", data=data)

        assert answer.status_code == 422
        assert "Hãy chọn mức chắc chắn" in answer.text
    assert db.session.scalars(select(Lot)).all() == []


def test_goods_that_are_there_are_no_expected_harvest(member) -> None:
    answer = member.post("/lots/new", data={**GOOD, "confidence": "90", "step": "save"})

    assert answer.status_code == 422
    assert "Ngày đầu của hàng dự kiến" in answer.text


def test_whoever_lists_weeks_ahead_is_asked_whether_it_is_sure(member) -> None:
    days = {"ready_on": TODAY + timedelta(days=30), "until": TODAY + timedelta(days=33)}
    typed = {**GOOD, **{name: day.isoformat() for name, day in days.items()}, "step": "review"}

    page = member.post("/lots/new", data=typed).text

    assert "Còn 30 ngày nữa" in page
    assert 'value="edit:confidence"' in page


def test_the_list_confirms_by_one_button(member, seller) -> None:
    lot = a_lot(confidence=70, organisation=seller.organisation_id, **SOON)

    page = member.get("/harvests").text
    data = {"version": lot.version, "from": "list"}
    answer = member.post(f"/harvests/{lot.id}/confirm", data=data, follow_redirects=True)

    assert "Sắp đến ngày, cần xác nhận" in page
    assert "Đã xác nhận thu hoạch" in answer.text
    assert "Không có hàng dự kiến" in answer.text
    db.session.refresh(lot)
    assert (lot.confidence, lot.quantity) == (None, 1_000)
    assert (
        "Đã xác nhận thu hoạch lúc" in member.application.test_client().get(f"/lots/{lot.id}").text
    )


def test_the_page_asks_how_much_it_became(member, seller) -> None:
    lot = a_lot(confidence=70, organisation=seller.organisation_id, **SOON)
    url = f"/harvests/{lot.id}/confirm"

    shown = member.get(url).text
    member.post(url, data={"version": lot.version, "quantity": "0,7 tấn"})

    assert "1 tấn" in shown
    db.session.refresh(lot)
    assert (lot.quantity, lot.confidence) == (700, None)


def test_a_quantity_far_from_what_was_expected_is_read_back_first(member, seller) -> None:
    lot = a_lot(confidence=70, quantity=20_000, organisation=seller.organisation_id, **SOON)
    url, data = f"/harvests/{lot.id}/confirm", {"version": lot.version, "quantity": "999999 tấn"}

    asked = member.post(url, data=data)

    assert asked.status_code == 422
    assert "Dự kiến 20 tấn, bạn ghi 999.999 tấn. Đúng vậy không?" in asked.text
    assert "Đúng, 999.999 tấn" in asked.text
    db.session.refresh(lot)
    assert (lot.quantity, lot.confidence) == (20_000, 70)

    other = member.post(url, data={**data, "quantity": "60 tấn", "far_pick": "999999000"})
    assert "Dự kiến 20 tấn, bạn ghi 60 tấn." in other.text
    member.post(url, data={**data, "quantity": "60 tấn", "far_pick": "60000"})
    db.session.refresh(lot)
    assert (lot.quantity, lot.confidence) == (60_000, None)


def test_who_mistyped_confirms_what_was_expected(member, seller) -> None:
    lot = a_lot(confidence=70, quantity=20_000, organisation=seller.organisation_id, **SOON)
    data = {"version": lot.version, "quantity": "999999 tấn", "far_pick": "expected"}

    member.post(f"/harvests/{lot.id}/confirm", data=data)

    db.session.refresh(lot)
    assert (lot.quantity, lot.confidence) == (20_000, None)


def test_the_second_tab_is_told_what_holds_and_what_it_typed(member, seller) -> None:
    lot = a_lot(confidence=70, quantity=20_000, organisation=seller.organisation_id, **SOON)
    url = f"/harvests/{lot.id}/confirm"
    member.post(url, data={"version": 1, "quantity": "18 tấn"})

    answer = member.post(url, data={"version": 1, "quantity": "15 tấn"})

    assert answer.status_code == 409
    assert "đã được xác nhận trước đó" in answer.text
    assert "<b>18 tấn</b>" in answer.text.replace("\xa0", " ")
    assert "<b>15 tấn</b>" in answer.text.replace("\xa0", " ")
    assert f'action="{url}"' not in answer.text
    assert 'name="quantity"' not in answer.text
    db.session.refresh(lot)
    assert lot.quantity == 18_000


def test_a_lot_changed_before_it_is_confirmed_is_compared(member, seller) -> None:
    lot = a_lot(confidence=70, quantity=20_000, organisation=seller.organisation_id, **SOON)

    answer = member.post(f"/harvests/{lot.id}/confirm", data={"version": 7, "quantity": "18 tấn"})

    assert answer.status_code == 409
    assert "<b>20 tấn</b>" in answer.text.replace("\xa0", " ")
    assert 'name="version" type="hidden" value="1"' in answer.text


def test_a_quantity_that_cannot_be_read_confirms_nothing(member, seller) -> None:
    lot = a_lot(confidence=70, organisation=seller.organisation_id, **SOON)

    for typed in ("abc", "0", "-5", "1.250.000.000.000.000 tấn", "\x00", "x" * 999):
        data = {"version": lot.version, "quantity": typed}
        answer = member.post(f"/harvests/{lot.id}/confirm", data=data)

        assert answer.status_code == 422
    db.session.refresh(lot)
    assert lot.confidence == 70


def test_whoever_looked_at_another_version_looks_again(member, seller) -> None:
    lot = a_lot(confidence=70, organisation=seller.organisation_id, **SOON)

    for version in ("9", "x", ""):
        answer = member.post(f"/harvests/{lot.id}/confirm", data={"version": version})
        assert answer.location == f"/lots/{lot.id}"
    db.session.refresh(lot)
    assert lot.confidence == 70


def test_sure_goods_have_nothing_to_confirm(member, seller) -> None:
    lot = a_lot(organisation=seller.organisation_id)
    url = f"/harvests/{lot.id}/confirm"

    assert member.get(url).location == f"/lots/{lot.id}"
    assert "không có gì để xác nhận" in member.post(url, data={"version": lot.version}).text


def test_nobody_confirms_what_is_another_s(client_of, member) -> None:
    lot = a_lot(confidence=70, **SOON)

    assert member.get(f"/harvests/{lot.id}/confirm").status_code == 404
    assert member.post(f"/harvests/{lot.id}/confirm", data={"version": 1}).status_code == 404
    assert client_of(an_actor(Role.BUYER)).get("/harvests").status_code == 403


def test_the_desk_says_how_many_await_a_word(member, seller) -> None:
    assert "/harvests" not in member.get("/desk").text
    a_lot(confidence=70, organisation=seller.organisation_id, **SOON)

    assert "1 lô dự kiến cần xác nhận" in member.get("/desk").text


def test_an_unconfirmed_lot_can_still_be_mended_by_its_holder(member, seller, client) -> None:
    late = {"ready_on": TODAY, "until": TODAY + timedelta(days=5)}
    lot = a_lot(confidence=70, organisation=seller.organisation_id, **late)

    page = member.get(f"/lots/{lot.id}").text

    assert "Chưa xác nhận kịp" in page
    assert f"/harvests/{lot.id}/confirm" in page
    assert f"/lots/{lot.id}/edit" in page
    assert "Chưa xác nhận kịp" in client.get(f"/lots/{lot.id}").text
    assert f'href="/lots/{lot.id}"' not in client.get("/lots").text


def test_lists_of_lots_and_needs_show_what_is_asked(client) -> None:
    sure, expected = a_lot(), a_lot(confidence=50, **SOON)
    plain, ahead = a_need(), a_need(accepts_expected=True)

    for path, kind, shown, hidden in (
        ("/lots", "forward", expected, sure),
        ("/lots", "sure", sure, expected),
        ("/needs", "forward", ahead, plain),
        ("/needs", "sure", plain, ahead),
    ):
        page = client.get(f"{path}?kind={kind}").text
        assert f'href="{path}/{shown.id}"' in page
        assert f'href="{path}/{hidden.id}"' not in page
    every = client.get("/lots?kind=nothing").text
    assert f'href="/lots/{sure.id}"' in every
    assert f'href="/lots/{expected.id}"' in every


def test_a_need_is_ordered_ahead(client_of, client) -> None:
    buyer = client_of(an_actor(Role.BUYER))
    typed = {**WANTED, "accepts_expected": "yes"}

    review = buyer.post("/needs/new", data={**typed, "step": "review"}).text
    buyer.post("/needs/new", data={**typed, "step": "save"})

    need = db.session.scalars(select(Need)).one()
    assert need.accepts_expected
    assert "Có, tôi đặt trước" in review
    assert "nhận cả hàng dự kiến" in client.get(f"/needs/{need.id}").text


def test_the_match_says_so_to_both_and_that_it_became_sure(client_of) -> None:
    lot, need = a_lot(confidence=70, **SOON), a_need(accepts_expected=True)
    match = a_match(lot=lot, need=need)
    holder = member_of(lot, Role.SELLER)
    seller, buyer = client_of(holder), client_of(member_of(need, Role.BUYER))

    before = [each.get(f"/matches/{match.id}").text for each in (seller, buyer)]
    assert "Dự kiến, khá chắc" in buyer.get("/desk").text
    listed = buyer.get("/matches").text
    forward.confirm_harvest(lot.id, 1, None, actor=holder, today=TODAY, now=clock.now())

    assert "Hãy xác nhận thu hoạch trước" in before[0]
    assert "Bên bán chưa xác nhận thu hoạch" in before[1]
    assert "Dự kiến, khá chắc" in listed
    assert "Đã xác nhận thu hoạch lúc" in buyer.get(f"/matches/{match.id}").text
    assert "Đã xác nhận thu hoạch: " in buyer.get("/inbox").text


def test_every_message_says_what_to_do_in_both_languages(app, client_of) -> None:
    lot, need = a_lot(confidence=70, **SOON), a_need(accepts_expected=True)
    a_match(lot=lot, need=need)
    holder = member_of(lot, Role.SELLER)
    forward.remind_next(clock.now(), TODAY)
    forward.lapse_next(clock.now(), SOON["ready_on"])
    forward.confirm_harvest(lot.id, 1, None, actor=holder, today=TODAY, now=clock.now())

    notices = db.session.scalars(select(Notice)).all()
    told = {notice.kind: notice.details | {"reader": "Bà Mai"} for notice in notices}

    assert set(told) == {
        "harvest_due",
        "harvest_lapsed",
        "harvest_unconfirmed",
        "harvest_confirmed",
    }
    for kind, details in told.items():
        for language in ("vi", "en"):
            letter = words.write(kind, details, language)
            assert letter.html
            assert letter.subject in letter.html.replace("\xa0", " ").replace("&nbsp;", " ")
            assert ("Khóm" if language == "vi" else "pineapple") in letter.text
    inbox = client_of(holder).get("/inbox").text
    assert "Cần xác nhận thu hoạch: " in inbox
    assert f'href="/lots/{lot.id}"' in inbox


def test_who_wants_to_buy_it_sees_that_it_is_only_expected(client_of) -> None:
    lot = a_lot(confidence=50, **SOON)

    page = client_of(an_actor(Role.BUYER)).get(f"/lots/{lot.id}/buy").text

    assert "Dự kiến, chưa chắc" in page
    assert SOON["ready_on"].isoformat() in page


def test_the_list_is_a_file_too(member, seller) -> None:
    a_lot(organisation=seller.organisation_id, confidence=70, producer="Tổ Hỏa Tiến", **SOON)

    lines = member.get("/harvests?as=csv").text.splitlines()

    assert len(lines) == 2
    for words_ in (
        "Khóm Cầu Đúc",
        "1000",
        "8000",
        "Tổ Hỏa Tiến",
        "khá chắc",
        "Sắp đến ngày, cần xác nhận",
    ):
        assert words_ in lines[1]
    assert member.get("/harvests?as=xlsx").data[:2] == b"PK"
    assert "as=xlsx" in member.get("/harvests").text


def an_expected_series(member) -> str:
    """Five days of an expected harvest, from tomorrow on; the address of the series."""
    days = {"ready_on": TODAY + timedelta(days=1), "until": TODAY + timedelta(days=5)}
    typed = {**GOOD, **{name: day.isoformat() for name, day in days.items()}, "confidence": "70"}
    return member.post("/lots/new", data={**typed, "rhythm": "daily", "step": "save"}).location


def test_all_instalments_of_a_series_are_confirmed_at_once_or_none(member, client_of) -> None:
    where = an_expected_series(member)
    page = member.get("/harvests").text
    sent = re.findall(r'name="lot" value="(\d+:\d+)"', page)
    assert len(sent) == 5
    assert "Xác nhận cả 5 đợt" in page
    assert where in page

    def unsure() -> int:
        db.session.expire_all()
        return len(db.session.scalars(select(Lot.id).where(Lot.confidence.is_not(None))).all())

    stranger = client_of(an_actor(Role.SELLER))
    assert stranger.post("/harvests/confirm", data={"lot": sent}).status_code == 404
    for bad in ([], ["x"], ["1:0"], ["9" * 30 + ":1"], ["\x00"]):
        assert (
            "Chưa chọn gì"
            in member.post("/harvests/confirm", data={"lot": bad}, follow_redirects=True).text
        )
    old = [*sent[:4], sent[4].partition(":")[0] + ":77"]
    stale = member.post("/harvests/confirm", data={"lot": old}, follow_redirects=True).text
    assert "Chưa xác nhận đợt nào" in stale
    assert unsure() == 5

    done = member.post("/harvests/confirm", data={"lot": sent}, follow_redirects=True).text

    assert "Đã xác nhận 5 đợt thu hoạch" in done
    assert unsure() == 0
    again = member.post("/harvests/confirm", data={"lot": sent}, follow_redirects=True).text
    assert "không có gì thay đổi" in again, "pressed twice is the same as once"
