"""Posting a need in a browser; a sealed bid is nobody else's business."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.needs import Need
from tests.factories import a_need, an_actor, an_organisation

TODAY = clock.today()
GOOD = {
    "commodity": "khóm cầu đúc",
    "quantity": "15 tấn",
    "bid": "11.350",
    "bid_sealed": "yes",
    "place": "Chợ đầu mối Bình Điền",
    "from_on": TODAY.isoformat(),
    "until": (TODAY + timedelta(days=5)).isoformat(),
    "splits": "yes",
    "min_quantity": "5 tấn",
    "min_grade": "loai-2",
    "fresh": "2",
}


@pytest.fixture
def buyer(app):
    return an_actor(Role.BUYER)


@pytest.fixture
def member(client_of, buyer):
    return client_of(buyer)


def send(member, step="save", url="/needs/new", **changes):
    return member.post(url, data={**GOOD, **changes, "step": step})


def count():
    return db.session.scalar(select(func.count()).select_from(Need))


def text(response):
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def test_everything_that_is_wrong_is_told_at_once(member):
    page = text(send(member, "review", quantity="", bid="0", until="1.1.2020", min_quantity="x"))

    told = re.search(r'<div class="error-summary".*?</div>', page)[0]
    fields = ["quantity", "bid", "until", "min_quantity"]
    assert re.findall(r'href="#(\w+)"', told) == fields


def test_what_was_understood_is_read_back_and_then_posted(member):
    page = text(send(member, "review"))
    answer = send(member)

    for words in ("15 tấn = 15.000 kg", "11.350 ₫/kg", "Bình Điền", "5 tấn = 5.000 kg"):
        assert words in page
    assert answer.status_code == 302
    need = db.session.scalar(select(Need))
    assert (need.bid, need.bid_sealed, need.min_quantity, need.min_grade, need.fresh_hours) == (
        11_350,
        True,
        5_000,
        "loai-2",
        48,
    )


def test_a_sealed_bid_is_seen_by_its_poster_only(member, client, client_of):
    url = send(member).location

    assert "11.350" in text(member.get(url))
    for other in (client, client_of(an_actor(Role.SELLER)), client_of(an_actor(Role.OFFICER))):
        assert "11.350" not in text(other.get(url))
        assert "11.350" not in text(other.get("/needs?to=Vị Thanh&sort=price"))


def test_strangers_see_who_posts_it_but_not_for_whom(member, client):
    need = a_need(buyer="Bà Mai", basis="request")

    for page in ("/needs", f"/needs/{need.id}"):
        assert "Bà Mai" not in text(client.get(page))
        assert "Bà Mai" in text(member.get(page))


def test_an_open_bid_is_seen_by_everybody_and_what_it_leaves_at_their_place(member, client):
    url = send(member, bid_sealed="no").location

    assert "<b>11.350</b>" in text(client.get("/needs"))
    assert "11.350" in text(client.get(f"{url}?to=Vị Thanh"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": "abc"}, "quantity"),
        ({"quantity": "-5"}, "quantity"),
        ({"bid": "113.500"}, "bid"),
        ({"min_quantity": "16 tấn"}, "min_quantity"),
        ({"min_quantity": "nhiều"}, "min_quantity"),
        ({"min_grade": "co-lon"}, "min_grade"),
        ({"place": "Atlantis"}, "place"),
        ({"from_on": "2026-01-01"}, "from_on"),
        ({"until": "30/11/20261"}, "until"),
        ({"fresh": "lâu"}, "fresh"),
        ({"note": "a\0b"}, "note"),
        ({"commodity": "<script>alert(1)</script>"}, "commodity"),
    ],
)
def test_bad_input_is_told_at_its_field_and_changes_nothing(member, changes, field):
    page = send(member, **changes)

    assert page.status_code == 422
    assert f'href="#{field}"' in text(page)
    assert "<script>alert" not in page.get_data(as_text=True)
    assert count() == 0


def test_a_bid_that_looks_a_zero_off_is_corrected(member):
    send(member, bid="113.500", price_pick="11350")

    assert db.session.scalar(select(Need.bid)) == 11_350


def test_a_need_is_changed_once(member, buyer):
    need = a_need(organisation=buyer.organisation_id, quantity=15_000)
    url = f"/needs/{need.id}/edit"

    assert 'value="15 tấn"' in text(member.get(url))
    assert send(member, url=url, version="1", quantity="20 tấn").status_code == 302
    assert send(member, url=url, version="1", quantity="30 tấn").status_code == 409

    assert db.session.get(Need, need.id, populate_existing=True).quantity == 20_000


def test_a_need_is_withdrawn(member, buyer, client):
    need = a_need(organisation=buyer.organisation_id)

    member.post(f"/needs/{need.id}/withdraw", data={"version": "1"})

    assert f'href="/needs/{need.id}"' not in text(client.get("/needs"))


@pytest.mark.parametrize("page", ["edit", "withdraw"])
def test_somebody_elses_need_is_not_found(member, page):
    need = a_need(organisation=an_organisation("trader"))

    assert member.get(f"/needs/{need.id}/{page}").status_code == 404


@pytest.mark.parametrize("number", [2**31, 2**63])
def test_ids_that_no_need_can_have_are_not_found(each_app, client_of, number):
    member = client_of(an_actor(Role.BUYER))

    for page in ("", "/edit", "/withdraw"):
        assert member.get(f"/needs/{number}{page}").status_code == 404


def test_a_number_is_looked_up_by_one_click(client, client_of):
    need = a_need(organisation=an_organisation("trader", phone="+84909000222"))
    url = f"/needs/{need.id}"

    assert "909000222" not in text(client.get(url))
    assert "+84909000222" in text(client_of(an_actor(Role.SELLER)).post(f"{url}/contact"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_in_both_languages(member, buyer, language):
    need = a_need(organisation=buyer.organisation_id, certificates=["vietgap"], min_quantity=10)
    member.get(f"/language/{language}")

    for url in (
        "/needs?q=khom&to=Vị Thanh",
        f"/needs/{need.id}",
        "/needs/new",
        f"/needs/{need.id}/edit",
        f"/needs/{need.id}/withdraw",
        "/desk",
    ):
        assert member.get(url).status_code == 200, url
    assert send(member, "review").status_code == 200
