"""Goods that come again and again, in a browser: asked, read back, changed, and bad input changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, func, select
from werkzeug.datastructures import MultiDict

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.series import Series, SeriesVersion
from marketplace.services import series_reminders
from tests.factories import an_actor
from tests.round_factories import a_match

TODAY = clock.today()
LAST = TODAY + timedelta(days=19)
GOOD = {
    "commodity": "khóm cầu đúc",
    "quantity": "5–10 tấn mỗi ngày",
    "ask": "7.800",
    "whole": "no",
    "place": "Phường Vị Thanh",
    "ready_on": TODAY.isoformat(),
    "until": LAST.isoformat(),
}
WANTED = {
    "commodity": "khóm cầu đúc",
    "quantity": "2–4 tấn",
    "bid": "11.350",
    "bid_sealed": "yes",
    "place": "Chợ đầu mối Bình Điền",
    "from_on": TODAY.isoformat(),
    "until": LAST.isoformat(),
    "splits": "yes",
}


@pytest.fixture
def member(app, client_of):
    return client_of(an_actor(Role.SELLER))


@pytest.fixture
def buyer(app, client_of):
    return client_of(an_actor(Role.BUYER))


def send(member, step="save", url="/lots/new", **changes):
    return member.post(url, data={**GOOD, **changes, "step": step})


def a_series(member):
    return send(member, rhythm="daily").location


def count(kind=Series):
    return db.session.scalar(select(func.count()).select_from(kind))


def text(response):
    page = re.sub(r"\s+", " ", response.get_data(as_text=True))
    return unescape(page).replace("\xa0", " ")


def error_at(page, field):
    return re.search(rf'id="{field}-error"', page) is not None


# Typed in the quantity field


def test_a_rate_is_asked_about_not_guessed(member):
    answer = send(member)
    page = text(answer)

    assert answer.status_code == 422
    assert "“5–10 tấn mỗi ngày” là lượng bán hoặc mua đều" in page
    assert "Đăng đều: mỗi ngày 5 – 10 tấn" in page
    assert "Đăng một lần: 100 – 200 tấn từ ngày đầu đến ngày cuối" in page
    assert (count(), count(Lot)) == (0, 0)


def test_as_a_series_it_is_read_back_and_started(member):
    read = text(send(member, "review", quantity_pick="each"))
    answer = send(member, quantity_pick="each")
    page = text(member.get(answer.location))

    for words in ("mỗi ngày", "20 đợt, cả thảy 100 – 200 tấn", "5 – 10 tấn"):
        assert words in read
    assert answer.location.startswith("/series/")
    assert "Bán đều: Khóm Cầu Đúc, 5 – 10 tấn" in page
    assert "tự được đăng lên chợ trước 14 ngày" in page
    lots = db.session.scalars(select(Lot).order_by(Lot.ready_on)).all()
    assert len(lots) == 15
    assert {(lot.quantity, lot.quantity_most) for lot in lots} == {(5_000, 10_000)}


def test_what_was_read_once_more_is_what_is_started(member):
    page = send(member, "review", quantity_pick="each").get_data(as_text=True)
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)

    answer = member.post("/lots/new", data=MultiDict([*kept, ("step", "save")]))

    assert answer.location.startswith("/series/")
    said = db.session.scalars(select(SeriesVersion)).one()
    assert (said.first_on, said.last_on, said.weekdays) == (TODAY, LAST, 127)


def test_once_it_is_one_lot_of_what_it_comes_to(member):
    answer = send(member, quantity_pick="all")

    assert answer.location.startswith("/lots/")
    [lot] = db.session.scalars(select(Lot))
    assert (lot.quantity, lot.quantity_most, lot.until) == (100_000, 200_000, LAST)


def test_a_range_is_least_and_most_of_one_lot(member, client):
    answer = send(member, quantity="5-10 tấn")
    page = text(client.get(answer.location))

    [lot] = db.session.scalars(select(Lot))
    assert (lot.quantity, lot.quantity_most) == (5_000, 10_000)
    assert "5 – 10 tấn: chắc chắn có 5 tấn" in page


def test_more_is_sure_by_one_button(member, client_of):
    where = send(member, quantity="5-10 tấn").location
    page = text(member.get(f"{where}/more"))
    bad = [
        member.post(f"{where}/more", data={"version": "1", "quantity": typed})
        for typed in ("", "5 tấn", "ít", "4-8 tấn", "9" * 300)
    ]
    stale = member.post(f"{where}/more", data={"version": "0", "quantity": "8 tấn"})
    stranger = client_of(an_actor(Role.SELLER)).get(f"{where}/more")
    before = db.session.scalars(select(Lot.quantity)).one()

    good = member.post(f"{where}/more", data={"version": "1", "quantity": "8 tấn"})

    assert f"{where}/more" in text(member.get(where))
    assert 'value="10 tấn"' in page
    assert [each.status_code for each in bad] == [422] * 5
    assert (stale.status_code, stranger.status_code, good.location) == (409, 404, where)
    lot = db.session.scalars(select(Lot)).one()
    assert (before, lot.quantity, lot.quantity_most) == (5_000, 8_000, 10_000)


def test_a_range_without_a_unit_is_asked_back(member):
    page = text(send(member, quantity="5-10"))
    answer = send(member, quantity="5-10", quantity_pick="5 tấn – 10 tấn")

    assert 'value="5 tấn – 10 tấn"' in page
    assert answer.location.startswith("/lots/")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": "10-5 tấn"}, "quantity"),
        ({"quantity": "hơn 5 tấn mỗi ngày"}, "quantity"),
        ({"quantity": "5 tấn/tháng"}, "quantity"),
        ({"quantity": "0-0 tấn mỗi ngày", "rhythm": "daily"}, "quantity"),
        ({"quantity": "5-9999999 tấn", "rhythm": "daily"}, "quantity"),
        ({"quantity": "5 tấn mỗi tuần", "rhythm": "daily"}, "quantity"),
        ({"quantity": "5 tấn mỗi ngày", "rhythm": "weekly"}, "quantity"),
        ({"rhythm": "weekdays"}, "weekdays"),
        ({"rhythm": "weekdays", "weekdays": ["9", "x", "", "-1"]}, "weekdays"),
        ({"rhythm": "daily", "days_each": "0"}, "days_each"),
        ({"rhythm": "daily", "days_each": "99"}, "days_each"),
        ({"rhythm": "daily", "days_each": "mười"}, "days_each"),
        ({"rhythm": "daily", "days_each": "9" * 1_000}, "days_each"),
        ({"rhythm": "daily", "until": "2020-01-01"}, "until"),
        ({"rhythm": "daily", "until": "31/12/2099"}, "until"),
        ({"rhythm": "daily", "until": ""}, "until"),
        ({"rhythm": "daily", "ready_on": "2020-01-01"}, "ready_on"),
        ({"rhythm": "hourly"}, "quantity"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_started(member, changes, field):
    answer = send(member, **changes)

    assert answer.status_code == 422
    assert error_at(text(answer), field)
    assert (count(), count(Lot)) == (0, 0)


def test_without_a_last_day_it_runs_as_far_as_dates_go(member):
    answer = send(member, rhythm="daily", until="", open_end="y")

    assert answer.location.startswith("/series/")
    assert db.session.scalars(select(SeriesVersion.last_on)).one() == TODAY + timedelta(days=400)


def test_a_lot_that_is_there_is_no_series(member):
    lot = send(member, quantity="5 tấn").location

    page = text(member.get(f"{lot}/edit"))
    again = send(member, url=f"{lot}/edit", version="1", rhythm="daily", quantity="6 tấn mỗi ngày")

    assert "Bán đều" not in page
    assert again.status_code == 422
    assert count() == 0


def test_an_edited_range_keeps_its_ends(member):
    lot = send(member, quantity="5-10 tấn").location

    assert 'value="5 tấn – 10 tấn"' in text(member.get(f"{lot}/edit"))


def test_what_is_typed_is_read_back_while_typing(client):
    def said(quantity):
        asked = {"commodity": "khóm cầu đúc", "quantity": quantity}
        return text(client.get("/read-back/quantity", query_string=asked))

    assert "5 – 10 tấn mỗi ngày" in said("5-10 tấn/ngày")
    assert "800 kg – 1,2 tấn" in said("800-1.200 kg")
    assert "số sau nhỏ hơn số trước" in said("10-5 tấn")


# Standing orders


def test_a_standing_order_is_needs_for_each_week(buyer, client):
    data = {**WANTED, "rhythm": "weekly", "step": "save"}

    answer = buyer.post("/needs/new", data=data)

    needs = db.session.scalars(select(Need).order_by(Need.from_on)).all()
    assert [(need.from_on - TODAY).days for need in needs] == [0, 7, 14]
    assert {(need.quantity, need.quantity_least) for need in needs} == {(4_000, 2_000)}
    series = text(buyer.get(answer.location))
    assert "Mua đều: Khóm Cầu Đúc, 2 – 4 tấn" in series
    assert "giao trong 7 ngày" in series
    page = text(client.get(f"/needs/{needs[0].id}"))
    assert "Đây là một trong nhiều đợt: mỗi tuần" in page
    assert "11.350" not in page


# Pages of a series


def test_the_list_shows_ours_only(member, buyer, client_of):
    where = a_series(member)

    assert where in text(member.get("/series"))
    assert where not in text(buyer.get("/series"))
    assert buyer.get(where).status_code == 404
    assert client_of(an_actor(Role.SELLER)).get(where).status_code == 404


def test_the_list_is_a_file_too(member):
    a_series(member)

    lines = member.get("/series?as=csv").get_data(as_text=True).splitlines()

    assert len(lines) == 2
    for words in ("Chuỗi", "Khóm Cầu Đúc", "5000", "10000", "7800", "mỗi ngày", "15", "Đang chạy"):
        assert words in lines[1]
    assert member.get("/series?as=xlsx").data[:2] == b"PK"


def test_a_change_is_read_once_more_with_what_becomes_of_it(member):
    where = a_series(member)
    held = db.session.scalars(select(Lot).order_by(Lot.ready_on)).all()[4]
    a_match(lot=held, quantity=1_000)
    form = text(member.get(f"{where}/change"))
    data = {
        "version": "1",
        "since": (TODAY + timedelta(days=3)).isoformat(),
        "quantity": "6 tấn",
        "price": "8.000",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "days_each": "1",
        "last": LAST.isoformat(),
    }
    assert 'value="5 tấn – 10 tấn"' in form

    read = text(member.post(f"{where}/change", data={**data, "step": "review"}))
    assert "11 đợt đang đăng sẽ đổi theo" in read
    assert "1 đợt giữ nguyên" in read
    assert db.session.scalars(select(SeriesVersion)).all()[-1].number == 1

    answer = member.post(f"{where}/change", data={**data, "step": "save"})
    assert answer.location == where
    asks = db.session.scalars(select(Lot.ask).order_by(Lot.ready_on)).all()
    assert asks == [7_800] * 3 + [8_000, 7_800] + [8_000] * 10

    second = member.post(f"{where}/change", data={**data, "step": "save"})
    assert second.status_code == 409
    assert "đã đổi chuỗi này" in text(second)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": ""}, "quantity"),
        ({"quantity": "nhiều"}, "quantity"),
        ({"quantity": "\0"}, "quantity"),
        ({"price": "78.000"}, "price"),
        ({"price": "-1"}, "price"),
        ({"since": "2020-01-01"}, "since"),
        ({"since": "31/02"}, "since"),
        ({"since": ""}, "since"),
        ({"last": "2020-01-01"}, "last"),
        ({"last": ""}, "last"),
        ({"weekdays": []}, "weekdays"),
        ({"days_each": ""}, "days_each"),
    ],
)
def test_a_bad_change_is_said_at_its_field_and_changes_nothing(member, changes, field):
    where = a_series(member)
    data = {
        "version": "1",
        "since": TODAY.isoformat(),
        "quantity": "6 tấn",
        "price": "8.000",
        "weekdays": ["0", "1"],
        "days_each": "1",
        "last": LAST.isoformat(),
    }

    answer = member.post(f"{where}/change", data={**data, **changes, "step": "save"})

    assert answer.status_code == 422
    assert error_at(text(answer), field)
    assert count(SeriesVersion) == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_change_without_a_version_that_can_be_is_stale(member, version):
    where = a_series(member)

    answer = member.post(
        f"{where}/pause", data={"version": version, "since": TODAY, "step": "save"}
    )

    assert answer.status_code == 409


def test_pause_go_on_stop(member):
    where = a_series(member)
    since = (TODAY + timedelta(days=2)).isoformat()

    def say(what, version, **more):
        data = {"version": version, "since": since, "step": "save", **more}
        return text(member.post(f"{where}/{what}", data=data, follow_redirects=True))

    assert f"Chuỗi tạm ngừng từ ngày {TODAY + timedelta(days=2):%d/%m/%Y}." in say("pause", 1)
    assert db.session.scalar(select(func.count(Lot.id)).where(Lot.withdrawn_at.is_(None))) == 2
    assert "Chuỗi chạy tiếp." in say("resume", 2)
    assert db.session.scalar(select(func.count(Lot.id)).where(Lot.withdrawn_at.is_(None))) == 15
    assert "Đã dừng chuỗi." in say("stop", 3, since=TODAY.isoformat())
    assert "Đã dừng" in text(member.get(where))
    assert member.get(f"{where}/change").status_code == 200
    assert member.post(f"{where}/resume", data={"version": 4, "since": since}).status_code == 422


def test_a_pause_to_come_is_named_and_can_be_lifted(member):
    url = a_series(member)
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
    pause = {"version": 1, "since": first.isoformat(), "until": last.isoformat(), "step": "save"}

    done = member.post(f"{url}/pause", data=pause, follow_redirects=True)

    page = text(done)
    assert "Chuỗi tạm ngừng vào các ngày" in page
    assert f"Từ {first:%d/%m/%Y}:</b> tạm ngừng" in page
    assert "Bỏ tạm ngừng" in page
    assert page.count(f"Từ {first:%d/%m/%Y}:") == 2, "once to come and once as it was said"
    assert db.session.scalar(select(func.count()).select_from(SeriesVersion)) == 3
    assert len(re.findall(r"Từ \d", page)) == 3 + 2, "three pieces to come, and two sayings"

    lift = text(member.get(f"{url}/resume"))
    assert f'value="{first.isoformat()}"' in lift
    member.post(f"{url}/resume", data={"version": 2, "since": first.isoformat(), "step": "save"})
    assert "Bỏ tạm ngừng" not in text(member.get(url))


def test_a_series_that_is_stopped_before_it_begins_is_stopped_not_over(member):
    url = a_series(member)

    data = {"version": 1, "since": TODAY.isoformat(), "step": "save"}
    page = text(member.post(f"{url}/stop", data=data, follow_redirects=True))

    assert "Đã dừng" in page
    assert "Đã hết hạn" not in page


def test_the_second_tab_sees_what_the_first_has_just_set(member):
    url = a_series(member)
    later = TODAY + timedelta(days=2)
    said = {"version": 1, "since": later.isoformat(), "step": "save"}
    member.post(f"{url}/pause", data=said)

    stale = member.post(f"{url}/pause", data=said | {"step": "review"})

    assert stale.status_code == 409
    assert f"Từ {later:%d/%m/%Y}:</b> tạm ngừng" in text(stale)


def test_lists_show_the_next_instalment_for_all_that_follow(member, client):
    where = a_series(member)
    lots = db.session.scalars(select(Lot).order_by(Lot.ready_on)).all()

    page, desk = text(client.get("/lots")), text(member.get("/desk"))
    later = text(
        client.get("/lots", query_string={"from": (TODAY + timedelta(days=5)).isoformat()})
    )
    exported = client.get("/lots?as=csv").get_data(as_text=True)

    assert "1 lô" in page
    assert "có đều: còn 14 đợt nữa" in page
    assert "(có thể đến 10 tấn)" in page
    assert f"/lots/{lots[0].id}" in page
    assert f"/lots/{lots[5].id}" in later
    assert exported.count("Khóm Cầu Đúc") == 15
    assert set(re.findall(r'href="/lots/(\d+)"', desk)) == {str(lots[0].id)}
    assert where in desk


def test_an_instalment_says_that_it_is_one_of_many(member, client):
    where = a_series(member)
    lot = db.session.scalars(select(Lot)).first()

    mine, theirs = (text(one.get(f"/lots/{lot.id}")) for one in (member, client))

    assert where in mine
    assert "Đây là một trong nhiều đợt: mỗi ngày đến" in theirs
    assert where not in theirs


@pytest.mark.parametrize("path", ["/series/0", "/series/2147483648", "/series/9" + "0" * 30])
def test_ids_that_no_series_can_have_are_not_found(member, path):
    assert member.get(path).status_code == 404
    assert member.get(f"{path}/change").status_code == 404


def test_the_list_takes_the_same_queries_however_many_series_there_are(member):
    def queries():
        counted = []
        note = lambda *told: counted.append(told[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        member.get("/series")
        event.remove(db.engine, "before_cursor_execute", note)
        return len(counted)

    a_series(member)
    queries()
    one = queries()
    for _ in range(3):
        a_series(member)
    queries()

    assert queries() == one


# Place, grade, certificates; an address for what is read once more; longer


def test_place_grade_and_certificates_are_read_once_more_and_changed(member):
    where = a_series(member)
    form = member.get(f"{where}/change").get_data(as_text=True)
    assert 'value="TP Vị Thanh' in form or 'value="Phường Vị Thanh' in form
    data = {
        "version": "1",
        "since": TODAY.isoformat(),
        "quantity": "5 tấn – 10 tấn",
        "price": "7.800",
        "weekdays": [str(n) for n in range(7)],
        "days_each": "1",
        "last": LAST.isoformat(),
        "place": "Xã Hỏa Lựu",
        "grade": "loai-2",
        "certificates": ["vietgap"],
    }

    asked = member.get(f"{where}/change", query_string={**data, "step": "review"})

    read = text(asked)
    assert asked.status_code == 200
    assert "Xã Hỏa Lựu" in read
    assert "Loại 2" in read
    assert "VietGAP" in read
    assert count(SeriesVersion) == 1, "an address that is only opened changes nothing"
    member.get(f"{where}/change", query_string={**data, "step": "save"})
    assert count(SeriesVersion) == 1
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
    last_form = asked.text[asked.text.index('method="post"') :]
    assert 'name="csrf_token"' in last_form
    assert member.post(f"{where}/change", data=MultiDict([*set(kept), ("step", "save")])).location
    lots = db.session.scalars(select(Lot)).all()
    assert {(lot.grade, lot.place_id) for lot in lots} == {("loai-2", lots[0].place_id)}
    assert "VietGAP" in text(member.get(f"/lots/{lots[0].id}"))
    refused = member.get(
        f"{where}/change",
        query_string={**data, "version": "2", "place": "nơi nào đó", "step": "review"},
    )
    assert refused.status_code == 422
    assert error_at(text(refused), "place")


def test_the_link_in_the_letter_proposes_four_more_weeks(member):
    where = a_series(member)

    series_reminders.remind_next(clock.now(), LAST - timedelta(days=7))
    inbox = text(member.get("/inbox"))
    assert f'href="{where}/change?longer=1"' in inbox
    assert f"Bán đều sắp hết, đợt cuối {LAST:%d/%m/%Y}: 5 tấn Khóm Cầu Đúc" in inbox

    page = text(member.get(f"{where}/change?longer=1"))

    assert f'value="{(LAST + timedelta(weeks=4)).isoformat()}"' in page


def test_another_weight_of_animals_is_another_number_of_them(member):
    pigs = {"commodity": "heo hơi", "quantity": "10 con, mỗi con 100 kg", "ask": "5,5 triệu/con"}
    where = send(member, **pigs, rhythm="daily").location
    data = {
        "version": "1",
        "since": TODAY.isoformat(),
        "price": "5,5 triệu/con",
        "weekdays": [str(n) for n in range(7)],
        "days_each": "1",
        "last": LAST.isoformat(),
    }

    def change(version, quantity):
        more = {"version": version, "quantity": quantity, "step": "save"}
        assert member.post(f"{where}/change", data={**data, **more}).location == where
        db.session.expire_all()
        return {(lot.quantity, lot.heads, lot.ask) for lot in db.session.scalars(select(Lot))}

    assert change("1", "20 con, mỗi con 100 kg") == {(2_000, 20, 55_000)}
    data["price"] = "55.000"
    assert change("2", "3 tấn") == {(3_000, None, 55_000)}
