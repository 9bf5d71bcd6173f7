"""What is told of a round that was published without some of its matches."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.published import Kept, Trips, kept_of
from marketplace.models.rounds import MatchRound
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round

SOLVED = {
    "value_vnd": 7_390_000_000, "bound_vnd": 7_450_000_000, "gap": 0.008, "blocks": 1,
    "loads": 9, "settled": 0, "trips": 204, "seconds": 0.4,
}  # fmt: skip
AS_SOLVED = "7,39\u00a0tỷ"
PUBLISHED = "252\u00a0triệu"
"""Three times 20 t at 5.000 ₫/kg less 16 million of freight."""


def a_round_without_some(**columns: object) -> MatchRound:
    round_ = a_round(RoundState.PUBLISHED, decided_at=clock.now(), result=SOLVED)
    for _ in range(3):
        a_match(
            lot=a_lot(quantity=20_000, ask=8_000),
            need=a_need(quantity=20_000, bid=13_000, bid_sealed=True),
            round_=round_, freight=16_000_000, vehicles="10t*2", mode="truck", price=9_000,
            **columns,
        )  # fmt: skip
    a_match(round_=round_, state=MatchState.DROPPED, drop_reason="route_closed", vehicles="28t*9")
    return round_


def test_sums_are_of_what_was_proposed(each_app: Flask) -> None:
    round_ = a_round_without_some()

    assert kept_of([round_.id], exact=True) == {round_.id: Kept(1, 3, 252_000_000)}
    assert kept_of([round_.id], exact=False) == {round_.id: Kept(1, 3, 252_000_000)}


def test_others_are_told_a_sealed_bid_by_its_step(app: Flask) -> None:
    round_ = a_round(RoundState.PUBLISHED, decided_at=clock.now(), result=SOLVED)
    need = a_need(quantity=1_000, bid=12_345, bid_sealed=True)
    a_match(lot=a_lot(quantity=1_000), need=need, round_=round_, freight=0, bid=12_345, ask=8_000)
    a_match(round_=round_, state=MatchState.DROPPED, drop_reason="route_closed")

    exact, told = (kept_of([round_.id], exact=each)[round_.id].value for each in (True, False))

    assert exact == 4_345_000
    assert told < exact


def test_as_solved_is_as_published_where_nothing_was_dropped(app: Flask) -> None:
    round_ = a_round(RoundState.PUBLISHED, decided_at=clock.now(), result=SOLVED)
    a_match(round_=round_)

    assert kept_of([round_.id], exact=True) == {}


@pytest.mark.parametrize("page", ["/", "/rounds", "/rounds/{}", "/rounds/{}/picture"])
def test_every_page_tells_the_gain_that_was_published(client, page: str) -> None:
    round_ = a_round_without_some()

    text = client.get(page.format(round_.id)).text

    assert PUBLISHED in text.replace(" <small>", "\u00a0")
    if AS_SOLVED in text or "99,2" in text:
        assert "lúc giải" in text


def test_the_sentence_for_the_newspaper_states_no_share_of_another_round(client) -> None:
    round_ = a_round_without_some()

    text = client.get(f"/rounds/{round_.id}/picture").text

    sentence = text.split('id="news-vi">')[1].split("</p>")[0]
    assert PUBLISHED in sentence
    assert "%" not in sentence
    assert AS_SOLVED not in sentence


def test_the_workbook_keeps_published_and_solved_apart(client) -> None:
    round_ = a_round_without_some()

    content = client.get(f"/rounds/{round_.id}.xlsx").data

    with ZipFile(BytesIO(content)) as book:
        summary = book.read("xl/worksheets/sheet1.xml").decode()
    assert "252000000" in summary
    assert (
        "Lợi ích chung lúc giải, trước khi bỏ, đồng"
        in ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode()
    )


def test_a_coordinator_sees_trips_and_modes_of_what_was_published(client_of) -> None:
    round_ = a_round_without_some()
    by_boat = a_match(round_=round_, mode="boat", vehicles="boat80t*1+5t*2")
    assert by_boat.round_id == round_.id

    text = client_of(an_actor(Role.COORDINATOR)).get(f"/rounds/{round_.id}").text

    assert "9 chuyến" in text
    assert "204 chuyến" not in text
    assert "1 kết quả đi ghe" in text
    assert "đi đường bộ cả" not in text


def test_trips_are_counted_from_what_matches_say() -> None:
    trips = Trips()

    trips.count("truck", "28t*1+5t*2")
    trips.count("live boat", "boat20t*4")

    assert (trips.trips, trips.afloat, trips.ashore) == (7, 1, 1)
