"""Suggestions and read-backs while somebody types: what is offered is understood when it is chosen."""

from __future__ import annotations

import pytest

from marketplace.services.reference import current_world
from marketplace.web.fields import spell_place


def test_goods_and_places_are_suggested(client):
    goods = client.get("/goods/search?q=sau rieng").json["options"]
    places = client.get("/places/search?q=hoa luu").json["options"]

    assert [option["value"] for option in goods][:2] == [
        "Sầu riêng Monthong (Thái)",
        "Sầu riêng Ri6",
    ]
    assert places[0]["value"] == "Xã Hỏa Lựu, Hậu Giang"


@pytest.mark.parametrize("typed", ["", "x" * 5_000, "\0", "%", "🍍", "<script>"])
@pytest.mark.parametrize("kind", ["goods", "places"])
def test_strange_words_suggest_nothing(client, kind, typed):
    assert client.get(f"/{kind}/search", query_string={"q": typed}).json == {"options": []}


def test_every_suggestion_is_understood_when_it_is_chosen(app):
    with app.test_request_context():
        _all_are_understood()


def _all_are_understood():
    world = current_world()

    for place in world.gazetteer.places:
        assert world.gazetteer.resolve(spell_place(place)) == place
        assert spell_place(place) != place.id or place.kind == "junction"
    for good in world.catalogue.commodities:
        assert world.catalogue.find(good.name_vi) == good
        assert world.catalogue.find(good.name_en) == good


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("commodity?commodity=khom cau duc", "Khóm Cầu Đúc"),
        ("quantity?quantity=25,5 tan&commodity=khóm cầu đúc", "25,5 tấn = 25.500 kg"),
        ("quantity?min_quantity=3 ta&commodity=khóm cầu đúc", "300 kg"),
        ("price?ask=7.800&commodity=khóm cầu đúc&quantity=1 tấn", "7.800.000"),
        ("price?bid=&commodity=khóm cầu đúc", "thỏa thuận"),
        ("place?place=hoa luu", "Xã Hỏa Lựu, Hậu Giang"),
    ],
)
def test_what_is_typed_is_read_back(client, ask, words):
    said = client.get(f"/read-back/{ask}")

    assert said.status_code == 200
    assert words in said.get_data(as_text=True).replace("\xa0", " ")


@pytest.mark.parametrize(
    "ask",
    ["commodity", "quantity?quantity=abc", "price?ask=x&commodity=khom", "place?place=%00", "day"],
)
def test_nothing_is_said_of_what_is_not_understood(client, ask):
    assert client.get(f"/read-back/{ask}").get_data(as_text=True).strip() == ""


@pytest.mark.parametrize(
    ("typed", "told"),
    [("abc", "Không đọc được"), ("1250", "1.250 kg"), ("5–10", "hai cách")],
)
def test_a_quantity_that_cannot_be_read_is_asked_back_at_once(client, typed, told):
    said = client.get(f"/read-back/quantity?quantity={typed}&commodity=khóm cầu đúc")

    assert told in said.get_data(as_text=True)
