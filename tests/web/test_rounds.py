"""Pages about rounds: for coordinators from start to decision, for everybody once published."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import event, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.rounds import MatchRound
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.round_factories import a_match, a_round, an_entry, drafted

FIGURES = {
    "value_vnd": 4_128_000_000,
    "bound_vnd": 4_187_000_000,
    "gap": 59 / 4187,
    "blocks": 3,
    "loads": 861,
    "settled": 2,
    "trips": 12,
    "credit_vnd": 4_100_000,
    "credit_kilograms": 96_000,
    "seconds": 0.41,
}


@pytest.fixture
def coordinator(app: Flask):
    return an_actor(Role.COORDINATOR)


def a_solved_round(matches: int = 3, **columns) -> MatchRound:
    round_ = a_round(**{"result": FIGURES, **columns})
    for _ in range(matches):
        drafted(round_, a_lot(), a_need(), quantity=900)
    an_entry(round_, a_lot(), reason="no_counterpart", details={"because": "no_counterpart"})
    return round_


def test_a_coordinator_sees_what_is_open_and_starts_a_round(client_of, coordinator) -> None:
    a_lot(quantity=25_500)
    a_need()
    browser = client_of(coordinator)

    page = browser.get("/rounds/new").text
    answer = browser.post("/rounds/new")

    assert "Hậu Giang" in page
    assert "25,5" in page
    round_ = db.session.scalars(select(MatchRound)).one()
    assert answer.location == f"/rounds/{round_.id}"
    assert round_.state == RoundState.QUEUED


def test_a_coordinator_is_told_that_unanswered_proposals_are_looked_at_again(
    client_of, coordinator
) -> None:
    browser = client_of(coordinator)
    assert "xét lại" not in browser.get("/rounds/new").text
    published = a_round(RoundState.PUBLISHED)
    a_match(round_=published, lot=a_lot(quantity=1_500), need=a_need(quantity=1_500))
    answered = a_match(round_=published)
    answered.lot_accepted_at = answered.proposed_at
    db.session.commit()

    page = browser.get("/rounds/new").text

    assert "xét lại 1 đề nghị của phiên trước chưa ai trả lời (1,5 tấn)" in page


def test_a_second_round_at_once_names_the_first(client_of, coordinator) -> None:
    browser = client_of(coordinator)
    browser.post("/rounds/new")
    other = client_of(an_actor(Role.COORDINATOR))

    answer = other.post("/rounds/new", follow_redirects=True)

    assert len(db.session.scalars(select(MatchRound)).all()) == 1
    assert coordinator.name in answer.text
    assert "đang chạy" in answer.text


def test_a_running_round_shows_its_progress_with_and_without_script(client_of, coordinator) -> None:
    round_ = a_round(RoundState.SOLVING, blocks=12, blocks_done=5)
    browser = client_of(coordinator)

    assert "Đã giải 5 trên 12 mặt hàng" in browser.get(f"/rounds/{round_.id}").text
    assert "Đã giải 5 trên 12 mặt hàng" in browser.get(f"/rounds/{round_.id}/progress").text


def test_progress_leads_to_the_outcome_when_it_is_there(client_of, coordinator) -> None:
    round_ = a_solved_round()
    browser = client_of(coordinator)

    polled = browser.get(f"/rounds/{round_.id}/progress", headers={"HX-Request": "true"})
    loaded = browser.get(f"/rounds/{round_.id}/progress")

    assert polled.headers["HX-Redirect"] == f"/rounds/{round_.id}"
    assert loaded.location == f"/rounds/{round_.id}"


def test_the_outcome_says_two_things_and_never_mixes_them(client_of, coordinator) -> None:
    round_ = a_solved_round()

    page = client_of(coordinator).get(f"/rounds/{round_.id}").text.replace("\u00a0", " ")

    assert "98,6 %" in page
    assert "không cách ghép nào khác của 861 cặp chuyến này được lợi hơn" in page
    assert "kém mọi cách có thể không quá 1,41 %" in page
    assert "2 kết quả không chia nhỏ được đã chọn trước" in page
    assert "bớt 4.100.000 ₫ lợi ích chung" in page
    assert "Chưa ai cần mặt hàng này" in page
    assert "Công bố phiên" in page


def test_an_outcome_that_ran_out_of_time_names_the_goods(client_of, coordinator) -> None:
    goods = [{"id": "ca-tra", "vi": "Cá tra", "en": "Pangasius"}]
    round_ = a_solved_round(result={**FIGURES, "hurried": goods})

    page = client_of(coordinator).get(f"/rounds/{round_.id}").text

    assert "chỉ được ghép nhanh nên có thể còn ghép được thêm: Cá tra." in page


def test_nobody_else_knows_of_an_unpublished_round(client, client_of) -> None:
    round_ = a_solved_round()

    assert client.get(f"/rounds/{round_.id}").status_code == 404
    assert client_of(an_actor(Role.OFFICER)).get(f"/rounds/{round_.id}").status_code == 404
    assert f"/rounds/{round_.id}" not in client.get("/rounds").text


def test_publishing_and_then_everybody_sees_the_public_page(client, client_of, coordinator) -> None:
    round_ = a_solved_round()

    said = client_of(coordinator).post(f"/rounds/{round_.id}/publish", follow_redirects=True)
    public = client.get(f"/rounds/{round_.id}").text.replace("\u00a0", " ")

    assert f"Đã công bố phiên {round_.id}: 3 kết quả chờ trả lời." in said.text
    assert set(db.session.scalars(select(Match.state))) == {MatchState.PROPOSED}
    assert "98,6 %" in public
    assert "2,7" in public
    assert "12.000" not in public, "a sealed bid stays sealed"
    assert f'href="/rounds/{round_.id}"' in client.get("/rounds").text


def test_the_public_page_says_how_much_of_it_was_agreed(client, client_of, coordinator) -> None:
    round_ = a_solved_round(matches=4)
    client_of(coordinator).post(f"/rounds/{round_.id}/publish")
    matches = db.session.scalars(select(Match)).all()

    def page() -> str:
        return client.get(f"/rounds/{round_.id}").text.replace("\u00a0", " ")

    def agree(count: int) -> None:
        for match in matches[:count]:
            match.state = MatchState.CONFIRMED
            match.lot_accepted_at = match.need_accepted_at = clock.now()
        db.session.commit()

    assert "trong 3,6 tấn ghép được" in page()
    agree(2)
    assert "trong 3,6 tấn ghép được" not in page(), "two sellers"
    agree(3)
    assert "2,7 <small>tấn</small>" in page()


def test_one_day_of_a_round_for_everybody(client, client_of, coordinator) -> None:
    night = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)  # half past midnight here
    with clock.standing_at(night):
        round_ = a_solved_round(day=date(2026, 11, 25))
        client_of(coordinator).post(f"/rounds/{round_.id}/publish")

    for path in ("/rounds", f"/rounds/{round_.id}", "/"):
        for browser in (client, client_of(coordinator)):
            assert "26/11" in browser.get(path).text, path


def test_what_is_held_for_other_matches_is_not_counted(client_of, coordinator) -> None:
    round_ = a_solved_round()
    an_entry(round_, a_lot(), quantity=0, reason="reserved", details={"because": "reserved"})
    browser = client_of(coordinator)

    page = browser.get(f"/rounds/{round_.id}").text.replace("\u00a0", " ")
    left_out = browser.get(f"/rounds/{round_.id}/left-out").text
    held = browser.get(f"/rounds/{round_.id}/left-out?reason=reserved").text

    assert "đưa vào 4 lô" in page.lower()
    assert "Không tính, vì đang giữ hết cho kết quả khác:" in page
    assert left_out.count('class="reason"') == 1
    assert held.count('class="reason"') == 1


def test_publishing_asks_once_more(client_of, coordinator) -> None:
    round_ = a_solved_round()
    browser = client_of(coordinator)

    page = browser.get(f"/rounds/{round_.id}").text
    asked = browser.get(f"/rounds/{round_.id}/publish").text

    assert f'action="/rounds/{round_.id}/publish"' not in page
    assert f'href="/rounds/{round_.id}/publish"' in page
    assert "Báo ngay cho 6 đơn vị" in asked
    assert set(db.session.scalars(select(Match.state))) == {MatchState.DRAFT}
    browser.post(f"/rounds/{round_.id}/publish")
    assert browser.get(f"/rounds/{round_.id}/publish").location == f"/rounds/{round_.id}"


def test_a_round_without_matches_hides_nothing_and_says_so(client, client_of, coordinator) -> None:
    round_ = a_solved_round(matches=0)
    client_of(coordinator).post(f"/rounds/{round_.id}/publish")

    for path in (f"/rounds/{round_.id}", "/"):
        page = client.get(path).text
        assert "Không hiện: dưới ba bên" not in page
        assert "vào phiên sau" in page


def test_two_parties_a_side_are_not_published(client, client_of, coordinator) -> None:
    round_ = a_solved_round(matches=2)
    client_of(coordinator).post(f"/rounds/{round_.id}/publish")

    page = client.get(f"/rounds/{round_.id}").text.replace("\u00a0", " ")

    assert "Không hiện: dưới ba bên tham gia" in page
    assert "98,6 %" not in page


def test_what_was_dropped_is_listed_with_the_reason(client_of, coordinator) -> None:
    round_, lot = a_solved_round(), a_lot()
    drafted(round_, lot, a_need())
    lot.note = "đổi"
    db.session.commit()
    browser = client_of(coordinator)

    page = browser.post(f"/rounds/{round_.id}/publish", follow_redirects=True).text
    listed = browser.get(f"/rounds/{round_.id}/matches?dropped=1").text

    assert "lô đã sửa" in page
    assert "lô đã sửa" in listed


def test_discarding(client_of, coordinator) -> None:
    round_ = a_solved_round()

    page = client_of(coordinator).post(f"/rounds/{round_.id}/discard", follow_redirects=True).text

    assert "Không ai được báo" in page
    assert db.session.get_one(MatchRound, round_.id).state == RoundState.DISCARDED


def test_deciding_twice_says_so(client_of, coordinator) -> None:
    round_ = a_solved_round()
    browser = client_of(coordinator)
    browser.post(f"/rounds/{round_.id}/publish")

    page = browser.post(f"/rounds/{round_.id}/discard", follow_redirects=True).text

    assert "không còn chờ quyết định" in page


@pytest.mark.parametrize("path", ["/rounds/new", "/rounds/1/progress", "/rounds/1/matches"])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.SELLER, Role.BUYER, Role.READER])
def test_only_coordinators_enter(client_of, path: str, role: Role) -> None:
    assert client_of(an_actor(role)).get(path).status_code == 403


def test_all_matches_and_all_reasons_are_paged(client_of, coordinator) -> None:
    round_ = a_solved_round(matches=0)
    lots = [a_lot() for _ in range(30)]
    for lot in lots:
        an_entry(round_, lot, reason="outbid", details={"because": "outbid"})
    browser = client_of(coordinator)

    first = browser.get(f"/rounds/{round_.id}/left-out?side=lot").text
    second = browser.get(f"/rounds/{round_.id}/left-out?side=lot&page=2").text
    filtered = browser.get(f"/rounds/{round_.id}/left-out?side=lot&reason=no_counterpart").text

    assert (first.count('class="reason"'), second.count('class="reason"')) == (25, 6)
    assert filtered.count('class="reason"') == 1
    assert browser.get(f"/rounds/{round_.id}/left-out?side=need").status_code == 200
    assert browser.get(f"/rounds/{round_.id}/matches").status_code == 200


def test_a_reason_that_there_is_not_asks_for_all(client_of, coordinator) -> None:
    round_ = a_solved_round()
    address = f"/rounds/{round_.id}/left-out"
    browser = client_of(coordinator)

    odd, all_ = (browser.get(f"{address}{query}").text for query in ("?reason=%00", ""))

    assert odd.count('class="reason"') == all_.count('class="reason"') > 0


@pytest.mark.parametrize(("matches", "told"), [(2, False), (3, True)])
def test_the_list_tells_no_gain_of_few_parties(client, matches: int, told: bool) -> None:
    a_solved_round(matches=matches, state=RoundState.PUBLISHED)

    assert ("4,13" in client.get("/rounds").text) is told


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "9" * 4_400])
def test_a_page_that_cannot_be_is_not_found(client, number: str) -> None:
    assert client.get(f"/rounds?page={number}").status_code == 404


def test_a_failed_round_says_why_to_coordinators_only(client, client_of, coordinator) -> None:
    round_ = a_round(RoundState.FAILED, failure="Refuted: a kilogram is sold twice")

    assert "sold twice" in client_of(coordinator).get(f"/rounds/{round_.id}").text
    assert client.get(f"/rounds/{round_.id}").status_code == 404


def test_english_by_one_click(client_of, coordinator) -> None:
    round_ = a_solved_round()
    browser = client_of(coordinator)
    browser.get("/language/en?next=/rounds")

    page = browser.get(f"/rounds/{round_.id}").text

    assert "Proved to be within" in page
    assert "Nobody wants this commodity yet" in page


@pytest.mark.parametrize("path", ["", "/matches", "/left-out?side=lot", "/left-out?side=need"])
def test_pages_make_a_fixed_number_of_queries(client_of, coordinator, path: str) -> None:
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    round_ = a_solved_round(matches=2)
    browser = client_of(coordinator)

    def queries() -> int:
        counted.clear()
        assert browser.get(f"/rounds/{round_.id}{path}").status_code == 200
        return sum(statement.startswith("SELECT") for statement in counted)

    queries()
    few = queries()
    for _ in range(4):
        drafted(round_, a_lot(), a_need(), quantity=900)
        for listing in (a_lot(), a_need()):
            an_entry(round_, listing, reason="outbid", details={"because": "outbid"})

    assert queries() == few


def test_a_coordinator_finds_one_lot_or_organisation_among_all(client_of, coordinator) -> None:
    round_ = a_solved_round(matches=0)
    mine = a_lot(organisation=an_organisation(name="HTX Bảy Ngàn"))
    left = [a_lot(), mine]
    for lot in left:
        an_entry(round_, lot, reason="outbid", details={"because": "outbid"})
    traded = drafted(round_, a_lot(organisation=an_organisation(name="Trại Ô Lâm")), a_need())
    other = drafted(round_, a_lot(), a_need())
    browser = client_of(coordinator)

    def found(path: str, text: str) -> int:
        page = browser.get(f"/rounds/{round_.id}/{path}", query_string={"q": text}).text
        return page.count('class="reason"') + page.count('<th scope="row"><a href="/matches/')

    assert found("left-out", "bay ngan") == 1
    assert found("left-out", f"{mine.id}") == 1
    assert found("left-out", "khóm vị thanh") == 3
    assert found("left-out", "không có gì") == 0
    assert found("matches", "trại Ô LÂM") == 1
    assert found("matches", "khóm") == 2
    assert found("matches", str(other.need_id)) >= 1
    assert found("matches", "% _ 99999999999999999999") == 0
    assert traded.lot_id != other.lot_id


def test_a_coordinator_sees_at_a_lot_and_a_need_what_became_of_it(
    client, client_of, coordinator
) -> None:
    round_ = a_round(RoundState.PUBLISHED)
    lot, need = a_lot(), a_need()
    an_entry(round_, lot, reason="outbid", details={"because": "outbid"})
    an_entry(round_, need, reason="outbid", details={"because": "outbid"})

    for path in (f"/lots/{lot.id}", f"/needs/{need.id}"):
        assert "Kết quả tới nay" in client_of(coordinator).get(path).text
        assert "Kết quả tới nay" not in client_of(an_actor(Role.BUYER)).get(path).text
        assert "Kết quả tới nay" not in client.get(path).text
