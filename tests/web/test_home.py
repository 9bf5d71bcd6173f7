"""The home page in the browser's eyes."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from marketplace.domain.matches import MatchState
from marketplace.models.base import db
from tests.condition_factories import a_condition
from tests.factories import a_lot, a_need, an_actor
from tests.services.test_home import a_match_of, a_published_round


def test_an_empty_market_has_a_home_page(client: FlaskClient):
    answer = client.get("/")

    assert answer.status_code == 200
    assert "Chưa có phiên nào được công bố" in answer.text


def test_matches_are_sentences_without_names_and_prices(client: FlaskClient):
    round_ = a_published_round()
    for _ in range(3):
        a_match_of(round_, quantity=15_000)

    text = client.get("/").text.replace("\u00a0", " ")

    assert (
        "Đề nghị chở 15 tấn Khóm Cầu Đúc từ Phường Vị Thanh, Hậu Giang đến Chợ đầu mối Bình Điền"
        in text
    )
    assert "Đơn vị" not in text.split("<main")[1].split("</main>")[0]
    assert "m-flow" in text


def test_what_was_agreed_in_a_month_stands_beside_what_was_matched(client: FlaskClient):
    round_ = a_published_round()
    for state in (MatchState.CONFIRMED,) * 3 + (MatchState.PROPOSED,) * 3:
        a_match_of(round_, state, quantity=15_000)

    text = client.get("/").text.replace("\u00a0", " ")

    assert "Hai bên đồng ý: 45 tấn; ghép được: 90 tấn" in text


def test_the_balance_has_a_sign_and_two_weeks(client: FlaskClient):
    a_lot(quantity=3_000_000)
    a_need(quantity=1_000_000)

    text = client.get("/").text

    assert "+3.000" in text
    assert "−1.000" in text


def test_english_is_one_click_away(client: FlaskClient):
    client.get("/language/en")

    assert "What seven localities sell and buy today" in client.get("/").text


def test_the_number_of_queries_does_not_grow(app: Flask):
    round_ = a_published_round()
    a_match_of(round_)
    few = _queries(app)
    for _ in range(5):
        a_match_of(round_)

    assert _queries(app) == few


def _queries(app: Flask) -> int:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    app.test_client().get("/")
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_whoever_is_signed_in_is_not_told_that_looking_is_free(client, client_of):
    words = "Xem không cần tài khoản"

    assert words in client.get("/").text
    assert words not in client_of(an_actor()).get("/").text


def test_nothing_in_the_balance_is_a_dot_that_is_read_as_zero(client: FlaskClient):
    a_lot(quantity=3_000_000)

    text = client.get("/").text

    assert (
        '<span class="muted" aria-hidden="true">·</span><span class="visually-hidden">0</span>'
        in text
    )


def test_what_is_closed_today_is_drawn_on_the_map(client: FlaskClient):
    a_condition(link="D932-D930")

    page = client.get("/").text

    assert "hôm nay có 1 tuyến đóng" in page
    assert 'class="m-shut"' in page
    assert ">✕</text>" in page
