"""What holds of ways: everybody sees it, officers state it, and of two the second sees the first's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.conditions import ConditionVersion
from marketplace.models.reference import current_reference
from marketplace.web.condition_words import held_words
from tests.condition_factories import VI_THANH_ROAD, a_condition
from tests.factories import an_actor, an_organisation

NEW = f"/roads/{VI_THANH_ROAD}/new"
CLOSED = {
    "effect": "closed",
    "kind": "order",
    "first": "hôm nay",
    "last": "",
    "reason": "Sửa cầu Cái Tư",
    "source": "Thông báo 12/TB-SXD",
    "seen": "0",
    "most": "",
    "opens": "",
    "closes": "",
    "percent": "",
    "paper": "",
    "minutes": "",
}


@pytest.fixture
def officer(app: Flask):
    """Of Hậu Giang, where the road lies."""
    return an_actor(Role.OFFICER)


@pytest.fixture
def member(client_of, officer):
    return client_of(officer)


def send(member, url=NEW, step="save", **changes):
    return member.post(url, data={**CLOSED, **changes, "step": step})


def text(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(ConditionVersion)) or 0


def test_what_was_understood_is_read_back_before_anything_is_saved(member) -> None:
    page = send(member, step="review", effect="load", most="5 tấn")

    assert page.status_code == 200
    for words in ("QL61C (Một Ngàn – Vị Thanh)", "chở đến 5 tấn", "Sửa cầu Cái Tư", "tới khi gỡ"):
        assert words.lower() in text(page).lower()
    assert count() == 0


def test_then_it_holds_and_everybody_sees_it(member, client) -> None:
    answer = send(member)

    assert answer.status_code == 302
    [condition] = current_reference().conditions
    assert condition.link == VI_THANH_ROAD
    for address in ("/roads", f"/roads/{VI_THANH_ROAD}", "/roads?locality=HG&mode=road"):
        page = text(client.get(address))
        assert "Sửa cầu Cái Tư" in page
        assert "Thông báo 12/TB-SXD" in page
    assert "Sửa cầu" not in text(client.get("/roads?locality=CM"))


WRONG = [
    ({"effect": ""}, "Chọn tình trạng"),
    ({"effect": "load"}, "5 tấn"),
    ({"effect": "load", "most": "nhiều"}, "5 tấn"),
    ({"effect": "hours", "opens": "6h", "closes": "25:00"}, "06:00"),
    ({"effect": "lane", "percent": "90"}, "100 %"),
    ({"effect": "wait", "minutes": "lâu"}, "số phút"),
    ({"first": "mai", "last": "hôm qua"}, "Ngày cuối"),
    ({"first": "31/2"}, "Không có ngày"),
    ({"reason": ""}, "Ghi lý do"),
    ({"source": ""}, "quyết định"),
]


def test_bad_input_is_said_at_its_field_and_changes_nothing(member) -> None:
    for changes, words in WRONG:
        page = send(member, **changes)

        assert page.status_code == 422, changes
        assert words in text(page), changes
        assert "Sửa cầu Cái Tư" in text(page) or "reason" in changes
    assert count() == 0


SPOKEN: list[tuple[dict[str, str], str, int | None]] = [
    ({"effect": "load", "most": "2,5 tấn"}, "most", 2_500),
    ({"effect": "load", "most": "3.500 kg"}, "most", 3_500),
    ({"effect": "hours", "opens": "20h", "closes": "5:30"}, "closes", 330),
    ({"effect": "lane", "percent": "130 %", "paper": "Giấy luồng xanh"}, "percent", 130),
    ({"effect": "wait", "minutes": "1,5 giờ", "kind": "sluice"}, "minutes", 90),
    ({"effect": "closed", "most": "5 tấn"}, "most", None),
]


def test_figures_are_understood_as_they_are_spoken(member) -> None:
    for seen, (typed, column, value) in enumerate(SPOKEN):
        assert send(member, seen=str(seen), **typed).status_code == 302, typed

        row = db.session.scalars(
            select(ConditionVersion).order_by(ConditionVersion.id.desc())
        ).first()
        assert getattr(row, column) == value, typed


def test_of_two_officers_the_second_sees_what_the_first_has_stated(member, client_of) -> None:
    other = client_of(an_actor(Role.COORDINATOR))
    send(other, effect="load", most="8 tấn", reason="Cầu yếu")

    page = send(member)

    assert page.status_code == 409
    assert "Cầu yếu" in text(page)
    assert "Sửa cầu Cái Tư" in text(page)
    assert count() == 1
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page.get_data(as_text=True))
    assert send(member, seen=seen[1]).status_code == 302
    assert count() == 2


def test_it_can_be_changed_lifted_and_restored_and_all_of_it_stays(member, client) -> None:
    send(member)
    number = db.session.scalars(select(ConditionVersion.id)).one()

    form = member.get(f"/roads/entries/{number}/edit")
    assert "Sửa cầu Cái Tư" in text(form)
    send(member, f"/roads/entries/{number}/edit", seen="1", reason="Sửa cầu, kéo dài")
    lift = {"reason": "Sửa xong sớm", "source": "Đội quản lý đường"}
    member.post(f"/roads/entries/{number}/lift", data={**lift, "seen": "2"})
    assert current_reference().conditions == ()
    assert f"gỡ ngày {clock.today():%d/%m/%Y}" in text(client.get(f"/roads/{VI_THANH_ROAD}"))
    member.post(f"/roads/entries/{number}/lift", data={**lift, "seen": "3"})

    assert len(current_reference().conditions) == 1
    page = text(client.get(f"/roads/{VI_THANH_ROAD}"))
    for words in ("Sửa cầu Cái Tư", "Sửa cầu, kéo dài", "Sửa xong sớm"):
        assert words in page
    assert count() == 4


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 20), None, "từ 20/11/2026, gỡ ngày 25/11/2026"),
        (date(2026, 11, 26), None, "gỡ trước khi có hiệu lực"),
        (date(2026, 11, 20), date(2026, 11, 22), "20 – 22/11/2026"),
    ],
)
def test_a_lifted_entry_says_until_when_it_held(app, first, last, words) -> None:
    lifted = datetime(2026, 11, 24, 18, tzinfo=UTC)  # one o'clock of the next day here
    row = ConditionVersion(withdrawn=True, made_at=lifted, first=first, last=last)

    with app.test_request_context():
        assert held_words(row).replace("\xa0", " ") == words


def test_who_lifts_what_another_has_changed_meanwhile_is_shown_the_change(member) -> None:
    first = a_condition()
    lift = {"reason": "Sửa xong", "source": "Đội", "seen": "0"}

    page = member.post(f"/roads/entries/{first.id}/lift", data=lift)

    assert page.status_code == 409
    assert "Sửa xong" in text(page)
    assert count() == 1


def test_officers_of_another_locality_may_look_only(client_of) -> None:
    stranger = an_actor(Role.OFFICER, an_organisation("department", locality_id="CM"))
    member = client_of(stranger)
    there = a_condition()

    assert member.get(f"/roads/{VI_THANH_ROAD}").status_code == 200
    for address in (NEW, f"/roads/entries/{there.id}/edit", f"/roads/entries/{there.id}/lift"):
        assert member.get(address).status_code == 403
        assert member.post(address, data=CLOSED).status_code == 403
    assert count() == 1


def test_all_roads_of_a_locality_are_its_officers_business(member, client_of) -> None:
    assert send(member, "/roads/road:HG/new").status_code == 302
    assert send(member, "/roads/road:CM/new").status_code == 403
    assert send(member, "/roads/water:all/new").status_code == 403
    coordinator = client_of(an_actor(Role.COORDINATOR))
    assert send(coordinator, "/roads/water:all/new").status_code == 302

    scopes = {(c.mode, c.locality) for c in current_reference().conditions}

    assert scopes == {("road", "HG"), ("water", None)}


def test_there_is_no_page_for_what_is_no_link(client) -> None:
    for scope in ("NO--LINK", "road:XX", "air:HG", "road:", "entries"):
        assert client.get(f"/roads/{scope}").status_code == 404, scope


def test_links_are_found_by_road_and_by_place_without_tone_marks(client) -> None:
    for typed, found in (
        ("ql61c", "Một Ngàn – Vị Thanh"),
        ("vi thanh", "QL61C (Một Ngàn – Vị Thanh)"),
        ("xã hỏa lựu", "Vị Thanh"),
        ("kênh xà no", "kênh xáng Xà No"),
    ):
        page = text(client.get("/roads", query_string={"q": typed}))

        assert found.lower() in page.lower(), typed


def test_what_no_link_is_called_is_said_so(client) -> None:
    assert "Không có tuyến nào tên vậy" in text(client.get("/roads?q=xyzxyz"))
    assert client.get("/roads?locality=XX").status_code == 404


def test_the_calendar_shows_its_own_entries_only(client) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    a_condition(
        effect="wait", minutes=45, kind="sluice", first=tomorrow, reason="Đóng cống ngăn mặn"
    )
    a_condition(reason="Sạt lở")

    page = text(client.get("/roads/calendar"))

    assert "Đóng cống ngăn mặn" in page
    assert "Sạt lở" not in page
