"""Goods under restriction: everybody sees them, officers of the place state them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.conditions import RestrictionVersion
from marketplace.models.organisations import Organisation
from marketplace.models.reference import current_reference
from tests.condition_factories import a_condition, a_restriction
from tests.factories import VI_THANH, a_lot, an_actor, an_organisation
from tests.round_factories import a_match, seller_of

GOODS = {
    "goods": "khom-cau-duc",
    "place": "Phường Vị Thanh",
    "direction": "leaving",
    "papers": ["vietgap"],
    "first": "hôm nay",
    "last": "",
    "reason": "Rệp sáp hồng",
    "source": "Quyết định 5/QĐ-UBND",
    "seen": "0",
}


@pytest.fixture
def member(client_of):
    """An officer of Hậu Giang."""
    return client_of(an_actor(Role.OFFICER))


def send(member, url="/restrictions/new", step="save", **changes):
    return member.post(url, data={**GOODS, **changes, "step": step})


def text(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(RestrictionVersion)) or 0


def test_it_is_read_back_then_holds_and_everybody_sees_it(member, client) -> None:
    review = text(send(member, step="review"))
    assert "VietGAP" in review
    assert "Rệp sáp hồng" in review
    assert count() == 0

    assert send(member).status_code == 302

    [restriction] = current_reference().restrictions
    assert (restriction.commodity, restriction.place) == ("khom-cau-duc", VI_THANH)
    assert restriction.papers == ("vietgap",)
    assert "Rệp sáp hồng" in text(client.get("/restrictions?locality=HG"))
    assert "Rệp sáp hồng" not in text(client.get("/restrictions?locality=CM"))


def test_a_group_and_a_whole_locality_can_be_named(member) -> None:
    assert send(member, goods="group:trai_cay", place="Hậu Giang", papers=[]).status_code == 302

    [restriction] = current_reference().restrictions

    assert (restriction.group, restriction.locality) == ("trai_cay", "HG")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"goods": ""}, "Chọn một mặt hàng"),
    ({"goods": "group:no-such"}, "Chọn một mặt hàng"),
    ({"place": ""}, "Điền xã"),
    ({"place": "Xứ Nào Đó"}, "Xứ Nào Đó"),
    ({"direction": "around"}, "Chọn chở ra"),
    ({"papers": ["no-such"]}, "chứng nhận"),
    ({"last": "1/1/2020"}, "Ngày cuối"),
    ({"reason": "x"}, "Ghi lý do"),
]


def test_bad_input_is_said_at_its_field_and_changes_nothing(member) -> None:
    for changes, words in WRONG:
        page = send(member, **changes)

        assert page.status_code == 422, changes
        assert words in text(page), changes
    assert count() == 0


def test_of_two_officers_the_second_sees_what_the_first_has_stated(member) -> None:
    a_restriction(reason="Người trước ghi")

    page = send(member)

    assert page.status_code == 409
    assert "Người trước ghi" in text(page)
    assert "Rệp sáp hồng" in text(page)
    assert count() == 1


def test_it_can_be_changed_lifted_and_restored_and_all_of_it_stays(member, client) -> None:
    send(member)
    number = db.session.scalars(select(RestrictionVersion.id)).one()
    assert "Rệp sáp hồng" in text(member.get(f"/restrictions/{number}/edit"))

    send(member, f"/restrictions/{number}/edit", seen="1", papers=["ocop"], reason="Đổi giấy tờ")
    lift = {"reason": "Hết dịch", "source": "Chi cục"}
    member.post(f"/restrictions/{number}/lift", data={**lift, "seen": "2"})
    assert current_reference().restrictions == ()
    member.post(f"/restrictions/{number}/lift", data={**lift, "seen": "3"})

    assert len(current_reference().restrictions) == 1
    page = text(client.get("/restrictions"))
    assert all(words in page for words in ("Rệp sáp hồng", "Đổi giấy tờ", "Hết dịch"))


def test_officers_of_another_locality_may_look_only(client_of) -> None:
    stranger = an_actor(Role.OFFICER, an_organisation("department", locality_id="CM"))
    member, there = client_of(stranger), a_restriction()

    assert member.get("/restrictions").status_code == 200
    refused = send(member, reason="Rệp sáp hồng lan rộng")
    assert refused.status_code == 422
    assert "Chỉ cán bộ của địa phương" in text(refused)
    assert "Rệp sáp hồng lan rộng" in text(refused)
    assert count() == 1
    for address in (f"/restrictions/{there.id}/edit", f"/restrictions/{there.id}/lift"):
        assert member.get(address).status_code == 403


@pytest.mark.parametrize(
    ("held", "words"),
    [((), "Lô này còn thiếu giấy."), (("vietgap",), "Lô này đã có đủ giấy.")],
)
def test_the_page_of_a_lot_says_what_restricts_it_and_until_when(app, client, held, words):
    lot = a_lot(certificates=held)
    until = clock.today() + timedelta(days=4)
    a_restriction(papers=("vietgap",), last=until)
    elsewhere = a_lot(place="D966")

    page = unescape(client.get(f"/lots/{lot.id}").text)

    assert "Hàng này đang bị hạn chế vận chuyển." in page
    assert words in page
    assert "VietGAP" in page
    assert f"{until:%d/%m/%Y}" in page
    assert "Phường Vị Thanh" in page
    assert "bị hạn chế vận chuyển" not in client.get(f"/lots/{elsewhere.id}").text


def test_the_page_of_a_match_names_the_paper_that_its_lot_lacks(app, client_of):
    match = a_match()
    until = clock.today() + timedelta(days=4)
    a_restriction(papers=("vietgap",), last=until)

    page = unescape(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    assert "lô còn thiếu giấy" in page
    assert "VietGAP" in page
    assert f"{until:%d/%m/%Y}" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"A", "B", "C", "D"}),
        ("?goods=khom-cau-duc", {"A", "B", "D"}),
        ("?goods=trai_cay", {"A", "B", "D"}),
        ("?goods=heo-hoi", {"C"}),
        ("?goods=lua-st25", set()),
        ("?state=now", {"A", "C"}),
        ("?state=coming", {"B"}),
        ("?state=over", {"D"}),
        ("?state=over&goods=heo-hoi", set()),
        ("?locality=CM&state=now", {"C"}),
    ],
)
def test_they_are_found_by_goods_and_state(client, query: str, shown: set[str]) -> None:
    later = clock.today() + timedelta(days=3)
    a_restriction(reason="Reason A")
    a_restriction(commodity_id=None, group_id="trai_cay", first=later, reason="Reason B")
    a_restriction(commodity_id="heo-hoi", place_id=None, locality_id="CM", reason="Reason C")
    a_restriction(
        first=clock.today() - timedelta(days=9),
        last=clock.today() - timedelta(days=1),
        reason="Reason D",
    )

    page = text(client.get(f"/restrictions{query}"))
    sheet = client.get(f"/restrictions{query}{'&' if query else '?'}as=csv").text

    assert set(re.findall(r"Reason (\w)", page)) == shown
    assert set(re.findall(r"Reason (\w)", sheet)) == shown


@pytest.mark.parametrize("query", ["goods=xyz", "state=gone", "locality=XX", "goods=" + "x" * 3000])
def test_filters_that_are_none_are_not_found(client, query: str) -> None:
    assert client.get(f"/restrictions?{query}").status_code == 404


def test_lists_mark_lots_that_lack_a_paper_and_no_others(client) -> None:
    own = an_organisation()
    lacking = a_lot(organisation=own)
    a_lot(organisation=own, certificates=("vietgap",))
    a_restriction(papers=("vietgap",))
    marked = "Vùng đang kiểm soát dịch"

    page = BeautifulSoup(client.get("/lots").text, "html.parser")
    [mark] = [tag for tag in page.select(".status") if marked in tag.text]

    assert mark.find_parent("li").find("a")["href"].endswith(f"/lots/{lacking.id}")


def test_a_list_by_landed_price_marks_what_may_not_enter_the_place(client) -> None:
    a_lot()
    a_restriction(place_id="M_BINHDIEN", direction="entering")

    assert "status-bad" not in client.get("/lots").text
    assert "status-bad" in client.get("/lots?to=M_BINHDIEN").text


def test_the_desk_marks_lots_that_lack_a_paper(client_of) -> None:
    seller = an_actor(Role.SELLER)
    a_lot(organisation=db.session.get(Organisation, seller.organisation_id))
    browser = client_of(seller)
    assert "status-bad" not in browser.get("/desk").text

    a_restriction()

    assert "status-bad" in browser.get("/desk").text


def test_the_desk_marks_what_is_all_held_for_a_match_too(client_of) -> None:
    lot = a_lot(quantity=1_000)
    browser = client_of(seller_of(a_match(lot=lot, quantity=1_000)))
    db.session.refresh(lot)
    assert (lot.held, lot.open_quantity) == (1_000, 0)

    a_restriction()

    assert "status-bad" in browser.get("/desk").text


def test_the_desk_marks_what_waits_for_an_answer_and_has_no_way(client_of) -> None:
    route = [
        {
            "from": "A",
            "to": "B",
            "road": "QL61C",
            "km": 24.0,
            "hours": 0.6,
            "mode": "road",
            "links": ["D932-D930"],
        }
    ]
    browser = client_of(seller_of(a_match(route=route, vehicles="10t*1")))
    marks = ("Đường bị chặn", "Đi lâu hơn", "Sẽ tới trễ")
    assert not any(mark in browser.get("/desk").text for mark in marks)

    a_condition(effect="wait", minutes=120)
    assert "Đi lâu hơn" in browser.get("/desk").text
    a_condition()
    assert "status-bad" in browser.get("/desk").text


def test_the_map_draws_places_under_restriction_and_lists_them(client) -> None:
    assert 'id="restricted"' not in client.get("/map").text
    a_restriction(papers=("vietgap",))
    a_restriction(place_id=None, locality_id="CM", direction="both")
    a_restriction(place_id="C31338", first=clock.today() + timedelta(days=2))

    page = BeautifulSoup(client.get("/map").text, "html.parser")

    assert len(page.select("svg[role=img] .m-warn")) == 1
    assert len(page.select("svg[role=img] .m-restricted")) == 1
    rows = [" ".join(row.text.split()) for row in page.select("#restricted tbody tr")]
    assert len(rows) == 2
    assert "Phường Vị Thanh" in rows[0]
    assert "VietGAP" in rows[0]
    assert "Cà Mau" in rows[1]
    layer = json.loads(client.get("/map/network.json").data)
    assert layer["sealed"] == ["cm"]
    names = [f["properties"]["name"] for f in layer["features"] if "kind" in f["properties"]]
    assert names.count("Phường Vị Thanh") == 1
