"""The price board: a page, pictures with their tables, and a file that spreadsheets open right."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import event

from marketplace.domain.actors import Role
from marketplace.domain.price_board import BoardState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.price_board import BoardPrice, PriceBoard
from marketplace.models.rounds import MatchRound
from tests.factories import a_lot, an_actor
from tests.page_laws import broken_laws
from tests.round_factories import a_round

DAY = datetime(2026, 11, 20, 3, tzinfo=UTC)


def a_board(*prices: dict, state: BoardState = BoardState.DONE) -> MatchRound:
    round_ = a_round(RoundState.PUBLISHED, decided_at=DAY, inputs=b"")
    done = DAY if state == BoardState.DONE else None
    db.session.add(PriceBoard(round_id=round_.id, state=state, done_at=done))
    db.session.flush()
    for price in prices:
        values = {
            "locality_id": "HG", "commodity_id": "khom-cau-duc", "grade": "loai-1",
            "low": 8_603, "high": 8_995, "kilograms": 527_200, "lots": 5, "needs": 4,
            "sellers": 3, "buyers": 3,
        }  # fmt: skip
        db.session.add(BoardPrice(round_id=round_.id, **values | price))
    db.session.commit()
    return round_


def rows(answer) -> list[dict[str, str]]:
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_everybody_sees_the_latest_board(client) -> None:
    a_board({"low": 7_000, "high": 7_500})
    latest = a_board(
        {}, {"commodity_id": "ca-tra", "grade": "co-vua", "low": 25_000, "high": 27_000}
    )

    page = client.get("/prices").text

    assert "8.603 – 8.995 ₫/kg".replace(" ", "\u00a0") in page
    assert "Cá tra" in page
    assert "7.500" not in page
    assert f"phiên {latest.id}" in page
    assert "không ràng buộc ai" in page
    assert broken_laws(page) == []


def test_older_rounds_goods_and_localities_can_be_chosen(client) -> None:
    old = a_board({"low": 7_000, "high": 7_500}, {"locality_id": "KG", "low": 6_100, "high": 6_200})
    a_board({})

    page = client.get(f"/prices?round={old.id}&locality=HG&commodity=khom-cau-duc").text

    assert "7.000" in page
    assert "6.100" not in page
    assert "Giá thị trường: Khóm Cầu Đúc" in page


def test_with_goods_chosen_pictures_show_where_and_how_it_moved(client) -> None:
    a_board({"low": 7_000, "high": 7_500})
    a_board({}, {"locality_id": "KG", "low": 6_100, "high": 6_200})

    page = client.get("/prices?commodity=khom-cau-duc").text

    assert page.count('role="img"') == 4  # two pictures, for desk and telephone
    assert "Kiên Giang" in page
    assert "7.000" in page  # of the round before
    assert broken_laws(page) == []


def test_an_empty_board_says_why(client) -> None:
    assert "Chưa công bố giá thị trường nào" in client.get("/prices").text
    a_board()
    assert "ba bên bán và ba bên mua" in client.get("/prices").text
    assert "Chưa có giá công bố cho lựa chọn này" in client.get("/prices?commodity=no-such").text


def test_goods_that_are_not_on_this_board_stay_chosen(client) -> None:
    a_board({})

    page = client.get("/prices?commodity=ca-tra&locality=KG").text

    assert '<option value="ca-tra" selected>' in page
    assert '<option value="KG" selected>' in page


def test_prices_that_are_being_worked_out_are_announced(client) -> None:
    a_board({})
    later = a_board(state=BoardState.WAITING)

    page = client.get("/prices").text

    assert f"Giá của phiên {later.id} đang được tính" in page
    assert "8.603" in page


@pytest.mark.parametrize("number", ["99", "0", "x", "-1", "9999999999", "1e3", "%00"])
def test_a_board_that_is_not_there_is_not_found(client, number: str) -> None:
    a_board({})

    assert client.get(f"/prices?round={number}").status_code == 404


def test_a_failed_board_is_not_shown(client) -> None:
    failed = a_board(state=BoardState.FAILED)

    assert client.get(f"/prices?round={failed.id}").status_code == 404
    assert client.get(f"/prices.csv?round={failed.id}").status_code == 404


def test_the_file_of_a_round_that_is_not_published_is_not_found(client) -> None:
    round_ = a_round(RoundState.SOLVED)
    a_board({})

    assert client.get(f"/prices.csv?round={round_.id}").status_code == 404
    assert client.get("/prices.csv?round=99").status_code == 404


def test_goods_that_the_latest_board_lacks_are_named_with_their_latest_round(client) -> None:
    fish = {"commodity_id": "ca-tra", "grade": "co-vua"}
    first, second, latest = a_board(fish), a_board(fish, {}), a_board({})

    page, before = (client.get(f"/prices{asked}").text for asked in ("", f"?round={second.id}"))

    assert f"Những mặt hàng sau không có giá trong phiên {latest.id}" in page
    assert f"/prices?commodity=ca-tra&amp;round={second.id}" in page
    assert f"commodity=ca-tra&amp;round={first.id}" not in page
    assert "chỉ có" not in page
    assert "không có giá trong phiên" not in before
    assert broken_laws(page) == []


def test_a_board_with_far_fewer_prices_says_so_and_leads_to_the_one_before(client) -> None:
    former = a_board({}, {"locality_id": "KG"}, {"grade": "loai-2"})
    latest = a_board({})

    page = client.get("/prices").text

    assert f"Phiên {latest.id} chỉ có 1 giá; phiên trước có 3" in page
    assert f'href="/prices?round={former.id}"' in page
    assert "không có giá trong phiên" not in page


def test_the_file_has_the_same_rows_and_opens_right(client) -> None:
    old = a_board({"low": 7_000, "high": 7_500})
    a_board({}, {"locality_id": "KG", "low": 6_100, "high": 6_200})

    latest = client.get("/prices.csv?locality=HG")
    every = client.get("/prices.csv?round=all&locality=HG")

    assert latest.get_data().startswith("\ufeff".encode())
    assert latest.mimetype == "text/csv"
    [row] = rows(latest)
    assert row["locality_name"] == "Hậu Giang"
    assert (row["low_vnd"], row["high_vnd"], row["kilograms"]) == ("8603", "8995", "527200")
    assert (row["day"], row["unit"]) == ("2026-11-20", "kg")
    assert [row["round"] for row in rows(every)] == [str(old.id + 1), str(old.id)]


def test_the_file_can_be_kept_and_asked_for_again(client) -> None:
    a_board({})
    first = client.get("/prices.csv")

    again = client.get("/prices.csv", headers={"If-None-Match": first.headers["ETag"]})

    assert "max-age" in first.headers["Cache-Control"]
    assert again.status_code == 304


def test_a_lots_page_tells_the_market_price_of_its_goods_there(client) -> None:
    a_board({})
    lot = a_lot(grade="loai-1")

    page = client.get(f"/lots/{lot.id}").text

    assert "Giá thị trường ở Hậu Giang" in page
    assert "8.603" in page


def test_the_round_links_to_its_prices(client) -> None:
    round_ = a_board({})

    assert f"/prices?round={round_.id}" in client.get(f"/rounds/{round_.id}").text


def test_the_board_makes_a_fixed_number_of_queries(client) -> None:
    a_board({})
    client.get("/prices")

    def queries() -> int:
        counted: list[str] = []
        with_ = lambda *said: counted.append(said[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", with_)
        client.get("/prices?commodity=khom-cau-duc")
        event.remove(db.engine, "before_cursor_execute", with_)
        return sum(statement.startswith("SELECT") for statement in counted)

    few = queries()
    for _ in range(3):
        a_board({}, {"locality_id": "KG"}, {"grade": "loai-2"})
    assert queries() == few


def test_coordinators_see_the_same_board(client_of, app: Flask) -> None:
    a_board({})

    assert "8.603" in client_of(an_actor(Role.COORDINATOR)).get("/prices").text
