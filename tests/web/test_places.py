"""The page of distances."""

import pytest
from flask.testing import FlaskClient

from tests.condition_factories import VI_THANH_ROAD, a_condition, a_restriction


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_seven_by_seven_stands_without_asking(client: FlaskClient):
    answer = client.get("/distances")

    assert answer.status_code == 200
    for seat in ("TP Cần Thơ (Ninh Kiều)", "TP Vị Thanh", "TP Cà Mau"):
        assert answer.text.count(f">{seat}<") >= 2
    assert "Đây là ước tính." in answer.text


def test_a_way_can_be_asked_for(client: FlaskClient):
    asked = {
        "origin": "xã hỏa lựu",
        "destination": "bình điền",
        "goods": "khóm cầu đúc",
        "load": 15_000,
    }

    text = plain(client.get("/distances", query_string=asked).text)

    assert "1 chuyến xe 15 tấn" in text
    assert "7.897.200 ₫ cho 15 tấn" in text
    assert 'role="img"' in text


@pytest.mark.parametrize(
    "asked",
    [
        {"origin": "zzz", "destination": "bình điền"},
        {"origin": "phú tân", "destination": "bình điền"},
        {"origin": "vị thanh"},
        {"destination": "bình điền"},
        {"origin": "vị thanh", "destination": "bình điền", "goods": "zzz"},
        {"origin": "vị thanh", "destination": "bình điền", "load": "abc"},
        {"origin": "vị thanh", "destination": "bình điền", "load": "-1"},
        {"origin": "x" * 100_000, "destination": "bình điền"},
        {"origin": "<script>alert(1)</script>", "destination": "\x00"},
        {"goods": "zzz"},
    ],
)
def test_what_cannot_be_understood_is_said_and_the_table_stays(client: FlaskClient, asked):
    answer = client.get("/distances", query_string=asked)

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert "TP Cà Mau" in answer.text
    assert "<script>alert" not in answer.text


def test_a_way_to_an_island_is_an_answer_and_no_mistake(client: FlaskClient):
    asked = {"origin": "vị thanh", "destination": "C31078", "goods": "khóm cầu đúc"}

    answer = client.get("/distances", query_string=asked)

    assert answer.status_code == 200
    assert "là đảo: chỉ những hàng đi được bằng ghe" in answer.text
    assert "error-summary" not in answer.text


def test_paddy_goes_by_boat_and_the_page_says_what_trucks_would_cost(client: FlaskClient):
    asked = {"origin": "D956", "destination": "cần thơ", "goods": "lua-st25", "load": 100_000}

    text = plain(client.get("/distances", query_string=asked).text)

    assert "1 chuyến ghe 80 tấn, 1 chuyến ghe 20 tấn" in text
    assert "21.259.800 ₫ cho 100 tấn" in text
    assert "Nếu đi bằng xe tải" in text
    assert "28.830.600 ₫" in text
    assert "kênh Quản Lộ – Phụng Hiệp" in text


def test_the_paper_of_a_priority_lane_is_named_on_the_way(app, client: FlaskClient):
    a_condition(effect="lane", percent=130, paper="Giấy nông sản ưu tiên")
    asked = {"origin": "vị thanh", "destination": "cần thơ", "goods": "khom-cau-duc"}

    text = plain(client.get("/distances", query_string=asked).text)

    assert text.count("Giấy nông sản ưu tiên") >= 1
    assert "làn ưu tiên" in text


def test_a_detour_says_which_closure_it_goes_round(app, client: FlaskClient):
    asked = {"origin": "vị thanh", "destination": "D932", "goods": "khom-cau-duc"}
    link = f'href="/roads/{VI_THANH_ROAD}"'
    assert link not in client.get("/distances", query_string=asked).text
    a_condition()

    page = client.get("/distances", query_string=asked).text

    assert "đây là đường vòng" in page
    assert link in page


def test_a_place_that_is_cut_off_says_by_what(app, client: FlaskClient):
    a_condition(mode="road", locality_id="HG")
    asked = {"origin": "vị thanh", "destination": "cà mau", "goods": "khom-cau-duc"}

    answer = client.get("/distances", query_string=asked)

    assert answer.status_code == 200
    assert 'href="/roads/road:HG"' in answer.text


def test_goods_that_may_not_move_are_told_beside_their_way(app, client: FlaskClient):
    a_restriction(papers=("vietgap",))
    asked = {"origin": "C31321", "destination": "cà mau", "goods": "khom-cau-duc"}

    page = client.get("/distances", query_string=asked).text
    other = client.get("/distances", query_string={**asked, "goods": "lua-st25"}).text

    assert "bị hạn chế vận chuyển" in page
    assert "VietGAP" in page
    assert "bị hạn chế vận chuyển" not in other


def test_shrimp_go_by_refrigerated_truck(client: FlaskClient):
    asked = {"origin": "năm căn", "destination": "bình điền", "goods": "tom-the-30", "load": 2_500}

    text = plain(client.get("/distances", query_string=asked).text)

    assert "bằng xe lạnh" in text
    assert "Nếu đi" not in text
