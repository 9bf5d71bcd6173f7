"""Goods by what a whole family is called, those of the own locality first: form, type-ahead, list."""

import re

import pytest

from marketplace.domain.actors import Role
from tests.factories import a_lot, an_actor

PLACE_IN = {"HG": "Phường Vị Thanh", "KG": "Rạch Giá"}


@pytest.fixture
def officer(client_of):
    return client_of(an_actor(Role.OFFICER))


def picks(member, typed, url="/lots/new", **more):
    answer = member.post(url, data={"commodity": typed, "step": "review", **more})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    return re.findall(r'name="commodity_pick"[^>]*value="([^"]+)"', page)


def suggested(client, typed):
    options = client.get("/goods/search", query_string={"q": typed}).json["options"]
    return [option["value"] for option in options]


@pytest.mark.parametrize("url", ["/lots/new", "/needs/new"])
def test_a_family_is_chosen_from_on_the_forms(officer, url):
    assert "phan-ure" in picks(officer, "phan bon", url)
    assert "phan-ure" in picks(officer, "vật tư", url)
    assert "heo-giong" in picks(officer, "giong", url)


def test_a_family_is_suggested_while_typing(client):
    assert "Phân urê" in suggested(client, "phan bon")
    assert "Phân urê" in suggested(client, "vat tu")
    assert "Thức ăn tôm" in suggested(client, "thuc an")
    assert suggested(client, "thuoc tru sau")


def test_a_family_is_found_in_the_list_of_offers(client):
    urea = a_lot(commodity="phan-ure", grade="loai-1")
    pineapples = a_lot()

    for typed, shown in (("phan bon", urea), ("vật tư", urea), ("trai cay", pineapples)):
        page = client.get("/lots", query_string={"q": typed}).get_data(as_text=True)
        found = set(re.findall(r'href="/lots/(\d+)', page))
        assert found == {str(shown.id)}, typed


def test_what_grows_where_the_officer_is_stands_first(officer):
    assert picks(officer, "khom")[0] == "khom-cau-duc"
    assert suggested(officer, "khom")[0] == "Khóm Cầu Đúc"


def test_the_place_of_the_goods_counts_before_that_of_the_officer(officer):
    assert picks(officer, "khom", place=PLACE_IN["KG"])[0] == "khom-tac-cau"
    assert picks(officer, "khom", place=PLACE_IN["HG"])[0] == "khom-cau-duc"
