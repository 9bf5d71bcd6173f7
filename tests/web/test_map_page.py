"""The big map: a picture and a table that say the same, by mode, locality and state."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock, create_app
from marketplace.config import Settings
from marketplace.domain.conditions import Effect
from marketplace.services import network
from marketplace.web import formats, link_words
from tests.condition_factories import a_condition
from tests.domain import test_stretches as stretches

CLOSED = "D932-D930"


def the_page(client: FlaskClient, query: str = "") -> BeautifulSoup:
    answer = client.get("/map" + query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_links_are_drawn_and_listed(client: FlaskClient):
    page = the_page(client)

    picture = page.select_one("svg[role=img]")
    assert picture
    assert "Bản đồ bảy địa phương" in picture["aria-label"]
    assert len(picture.select(".m-canal")) >= 1
    assert len(page.select("tbody tr")) == network.PAGE
    assert "253 tuyến" in page.text


def test_nothing_comes_from_elsewhere_and_the_script_is_this_pages_own(client: FlaskClient):
    page, other = the_page(client), client.get("/distances").text

    addresses = [each.get("src") or each.get("href") for each in page.select("script, link")]
    assert all(address.startswith("/") for address in addresses)
    assert "/map-" not in other
    assert page.select_one("[data-tiles]")["data-tiles"] == ""
    assert "img-src 'self' data:;" in client.get("/map").headers["Content-Security-Policy"]


def test_sources_are_marked_with_their_language(client: FlaskClient):
    for address in ("/map?link=", "/roads/"):
        for link, words, language in (
            ("D916-D919", "theo hiểu biết của nhóm", "vi"),
            (CLOSED, "chia đoạn theo toạ độ", "vi"),
        ):
            page = BeautifulSoup(client.get(address + link).text, "html.parser")
            assert page.find(lang=language, string=re.compile(words))


@pytest.mark.parametrize(
    ("query", "count"), [("?mode=water", 55), ("?mode=transfer", 38), ("?mode=road", 160)]
)
def test_links_are_chosen_by_mode(client: FlaskClient, query: str, count: int):
    assert f"{count} tuyến" in the_page(client, query).text


def test_what_holds_something_comes_first_and_can_be_asked_for(client: FlaskClient):
    a_condition(link=CLOSED)
    a_condition(effect="load", link="D916-D919", most=5_000)

    rows = the_page(client).select("tbody tr")
    closed = the_page(client, "?state=closed")

    assert ["Đang đóng" in row.text for row in rows[:3]] == [False, True, False]
    assert "Chỉ cho xe, ghe chở đến 5 tấn" in rows[0].text.replace("\u00a0", " ")
    assert len(closed.select("tbody tr")) == 1
    assert [sign.text for sign in closed.select(".m-sign")] == ["≤5 t", "✕"]


def test_a_closed_locality_shows_on_all_its_roads(client: FlaskClient):
    a_condition(mode="road", locality_id="BL")

    page = the_page(client, "?state=closed&locality=BL")

    assert len(page.select("tbody tr")) > 10
    assert all("Đường thủy" not in row.text for row in page.select("tbody tr"))


def test_a_links_figures_stand_beside_the_map_and_alone(client: FlaskClient):
    chosen = the_page(client, f"?link={CLOSED}")
    alone = client.get(f"/map/links/{CLOSED}").text

    for text in (chosen.select_one("#chosen").text, BeautifulSoup(alone, "html.parser").text):
        assert re.search(r"QL61C.*24\s*km.*45\s*km/h", text, re.S)
        assert "Nguồn:" in text
    assert "<html" not in alone
    assert chosen.select_one(".m-chosen")


def test_figures_of_each_mode_say_what_belongs_to_it(client: FlaskClient):
    water = client.get("/map/links/W_CHAUDOC--W_CAIDAU").text
    quay = client.get("/map/links/T_CHAUDOC").text

    assert "Ghe, tàu lớn nhất" in water
    assert "2.000" in water
    assert "80.000" in quay
    assert "ước tính" in quay


@pytest.mark.parametrize("path", ["/map?link=nowhere", "/map/links/nowhere", "/map?page=x"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["?mode=x&state=y&locality=z", "?page=900"])
def test_filters_that_mean_nothing_ask_for_nothing(client: FlaskClient, query: str):
    assert "253 tuyến" in the_page(client, query).text


def test_a_lane_opens_what_is_closed_to_others(client: FlaskClient):
    a_condition(link=CLOSED)
    a_condition(effect="lane", link=CLOSED, percent=150, paper="giấy đi đường")

    page = the_page(client)

    assert page.select(".m-lane")
    assert not page.select("svg.map .m-shut")
    assert "cần có giấy đi đường" in page.select("tbody tr")[0].text


def test_signs_need_no_words():
    signs = {
        "✕": stretches.a_condition(),
        "≤2.5 t": stretches.a_condition(Effect.LOAD, most=2_500),
        "6–18:30h": stretches.a_condition(Effect.HOURS, opens=360, closes=1_110),
        "+45′": stretches.a_condition(Effect.WAIT, minutes=45),
    }

    assert [link_words.sign([each]) for each in signs.values()] == list(signs)


def test_it_is_told_why_until_when_and_who_said_so(client: FlaskClient):
    a_condition(link=CLOSED, reason="Sập nhịp cầu", source="TB 12/TB-SXD", last=clock.today())

    alone = client.get(f"/map/links/{CLOSED}").text
    row = the_page(client).select("tbody tr")[0].text

    for text in (alone, row):
        assert "Sập nhịp cầu" in text
        assert "TB 12/TB-SXD" in text
        assert formats.day(clock.today()) in text


def test_a_link_leads_to_its_own_page_and_back(client: FlaskClient):
    [own] = [a["href"] for a in the_page(client, f"?link={CLOSED}").select("#chosen a")]

    answer = client.get(own)

    assert answer.status_code == 200
    assert f'href="/map?link={CLOSED}#map"' in answer.text


def test_pictures_of_a_tile_server_are_allowed_only_where_one_is_set(app: Flask, tmp_path: Path):
    settings = Settings(
        instance=str(tmp_path),
        database_url=app.config["SQLALCHEMY_DATABASE_URI"],
        secret_key="test",
        tiles="https://{s}.tiles.example/{z}/{x}/{y}.png",
        tiles_credit="© a mapper https://tiles.example/licence",
    )

    answer = create_app(settings, TESTING=True).test_client().get("/map")

    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://*.tiles.example;" in policy
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("[data-tiles]")["data-tiles"] == settings.tiles
    assert page.select_one(".map-credit a")["href"] == "https://tiles.example/licence"


def test_names_are_vietnamese_in_english_too(client: FlaskClient):
    client.get("/language/en?next=/")

    page = the_page(client, "?mode=water&link=W_CHAUDOC--W_CAIDAU")

    assert "special class" in page.text
    assert page.select_one("#chosen h2[lang=vi]").text == "sông Hậu"
