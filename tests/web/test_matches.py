"""The page of a match: five questions, two buttons, and what stays sealed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from marketplace import clock
from marketplace.data.reader import read_reference
from marketplace.domain.actors import Role
from marketplace.domain.bands import rounded_down
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.telling import with_parties
from marketplace.services import answers, publishing, rounds, solve
from marketplace.solving.world import world_of
from marketplace.web import formats
from tests.condition_factories import VI_THANH_ROAD, a_condition, a_restriction
from tests.factories import PINEAPPLE, a_lot, a_need, an_actor, an_organisation
from tests.round_factories import a_match, a_round, an_entry, buyer_of, seller_of

PINEAPPLES = world_of(read_reference()).catalogue.commodity(PINEAPPLE)

HEADINGS = [
    "Vì sao giá này",
    "Vì sao là bên này",
    "Đường đi và cước",
    "Nếu không phải nơi này",
    "Sau khi đồng ý",
]


@pytest.fixture
def match(app: Flask) -> Match:
    """A match of a round with a runner-up on either side."""
    round_, lot, need = a_round(RoundState.PUBLISHED), a_lot(), a_need(bid=12_345)
    other_need, other_lot = a_need(), a_lot()
    for listing in (lot, need, other_need, other_lot):
        an_entry(round_, listing)
    return a_match(
        round_=round_,
        lot=lot,
        need=need,
        price_low=8_517,
        price_high=9_613,
        seller_next={"need_id": other_need.id, "less": 217},
        buyer_next={"lot_id": other_lot.id, "less": 417},
    )


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", page.replace("\u00a0", " "))


def test_the_seller_reads_five_answers(client_of, match: Match) -> None:
    page = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    for heading in HEADINGS:
        assert heading in page
    assert "9.000.000" in page
    assert "Trong 2 nơi đang cần" in page
    assert "ít hơn khoảng 100 – 300 ₫/kg" in page
    assert "QL61C" in page


def test_before_both_agree_each_sees_only_its_own_end(client_of, match: Match) -> None:
    seller = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)
    buyer = text_of(client_of(buyer_of(match)).get(f"/matches/{match.id}").text)

    assert "8.783" in seller  # what is told of the runners-up, not the engine's range
    assert "9.417" in buyer
    for sealed in ("9.613", "9.417", "12.345", "11.829", "8.517"):
        assert sealed not in seller
    for sealed in ("8.783", "8.517", "9.613"):
        assert sealed not in buyer
    step = rounded_down(12_345, PINEAPPLES.usual_ask)
    assert f"ít nhất khoảng {step - 516:,}".replace(",", ".") in seller
    assert "100 – 300 ₫/kg" in buyer


def test_the_coordinator_sees_everything(client_of, match: Match) -> None:
    page = text_of(client_of(an_actor(Role.COORDINATOR)).get(f"/matches/{match.id}").text)

    for figure in ("8.517", "9.613", "11.829"):
        assert figure in page
    assert "Đồng ý bán" not in page


def test_both_agree_and_see_a_telephone_number(client_of, match: Match) -> None:
    seller, buyer = client_of(seller_of(match)), client_of(buyer_of(match))
    before = seller.get(f"/matches/{match.id}").text
    assert 'href="tel:' not in before

    first = seller.post(f"/matches/{match.id}/accept", follow_redirects=True).text
    second = buyer.post(f"/matches/{match.id}/accept", follow_redirects=True).text

    assert "Bên kia cũng phải đồng ý" in first
    assert "Hai bên đã đồng ý" in second
    assert 'href="tel:+849' in second
    assert 'href="tel:+849' in seller.get(f"/matches/{match.id}").text


def test_declining_asks_for_a_reason(client_of, match: Match) -> None:
    seller = client_of(seller_of(match))
    address = f"/matches/{match.id}/decline"

    asked = seller.get(address)
    empty = seller.post(address, data={"note": "bán rồi"})
    done = seller.post(address, data={"reason": "sold", "note": "bán rồi"}, follow_redirects=True)

    assert asked.status_code == 200
    assert empty.status_code == 422
    assert "Chọn một lý do." in empty.text
    assert "bán rồi" in empty.text
    assert "Đã từ chối" in done.text
    db.session.refresh(match)
    assert (match.state, match.decline_reason) == (MatchState.DECLINED, "sold")


def test_a_stale_link_says_what_became_of_it(client_of, match: Match) -> None:
    seller, buyer = seller_of(match), client_of(buyer_of(match))
    answers.decline(match.id, "sold", "", actor=seller, now=clock.now())

    page = buyer.post(f"/matches/{match.id}/accept", follow_redirects=True).text

    assert "không trả lời được nữa" in page
    assert "Đã từ chối" in page
    assert buyer.get(f"/matches/{match.id}/decline").location == f"/matches/{match.id}"


@pytest.mark.parametrize("role", list(Role))
def test_others_find_no_such_match(client_of, match: Match, role: Role) -> None:
    expected = 200 if role is Role.COORDINATOR else 404

    assert client_of(an_actor(role)).get(f"/matches/{match.id}").status_code == expected


def test_a_reader_sees_the_match_and_may_not_answer(client_of, match: Match) -> None:
    reader = client_of(seller_of(match, Role.READER))

    assert "Đồng ý bán" not in reader.get(f"/matches/{match.id}").text
    assert reader.post(f"/matches/{match.id}/accept").status_code == 403


def test_a_draft_is_shown_to_coordinators_only(client_of) -> None:
    round_ = a_round()
    match = a_match(round_=round_, state=MatchState.DRAFT)

    assert client_of(an_actor(Role.COORDINATOR)).get(f"/matches/{match.id}").status_code == 200
    assert client_of(seller_of(match)).get(f"/matches/{match.id}").status_code == 404


def test_that_whole_vehicles_leave_no_range_is_told_to_coordinators_only(client_of) -> None:
    """Whether it is empty turns with one đồng of a sealed bid."""
    round_ = a_round(RoundState.PUBLISHED)
    match = a_match(round_=round_, price_low=None, price_high=None)

    page, all_of_it = (
        text_of(client_of(actor).get(f"/matches/{match.id}").text)
        for actor in (seller_of(match), an_actor(Role.COORDINATOR))
    )

    assert "không có khoảng giá chung" not in page
    assert "8.000 là giá bạn chào" in page
    assert "không có khoảng giá chung" in all_of_it


def test_my_matches_show_what_waits_first(client_of, match: Match) -> None:
    seller = seller_of(match)
    a_match(lot=a_lot(organisation=seller.organisation_id), state=MatchState.EXPIRED)

    page = client_of(seller).get("/matches").text

    assert page.index("Chờ trả lời") < page.index("Đã hết hạn" if "Đã hết hạn" in page else "hạn")
    assert page.count("<tr>") == 3


def test_lists_make_a_fixed_number_of_queries(app: Flask, client_of) -> None:
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    seller = an_actor(Role.SELLER)
    browser = client_of(seller)

    def queries() -> int:
        counted.clear()
        browser.get("/matches")
        return len(counted)

    a_match(lot=a_lot(organisation=seller.organisation_id))
    queries()
    one = queries()
    for _ in range(5):
        a_match(lot=a_lot(organisation=seller.organisation_id))

    assert queries() == one


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (a_condition, "Đường bị chặn"),
        (a_restriction, "Vùng đang kiểm soát dịch"),
        (lambda: a_restriction(papers=("vietgap",)), None),
    ],
)
def test_the_list_marks_what_is_stopped(app: Flask, client_of, stated, words) -> None:
    lot = a_lot(certificates=("vietgap",))
    way = [{"links": [VI_THANH_ROAD], "mode": "road", "road": "QL61C", "km": 24.0, "hours": 0.6}]
    stopped = a_match(lot=lot, route=way, vehicles="10t*1")
    a_match(lot=a_lot(organisation=lot.organisation_id), state=MatchState.DECLINED, route=way)
    stated()

    page = client_of(seller_of(stopped)).get("/matches").text

    assert page.count("status-bad") == (2 if words else 1), "one is declined"
    assert not words or words in page


def test_the_paper_of_a_lane_on_the_way_is_named(app: Flask, client_of) -> None:
    way = [
        {"from": "Vị Thanh", "to": "Một Ngàn", "links": [VI_THANH_ROAD], "mode": "road"}
        | {"road": "QL61C", "km": 24.0, "hours": 0.6}
    ]
    match = a_match(route=way)
    a_condition(effect="lane", percent=130, paper="Giấy nông sản ưu tiên")

    page = client_of(seller_of(match)).get(f"/matches/{match.id}").text

    assert "Giấy nông sản ưu tiên" in page


def test_a_department_between_two_of_its_own_is_told_whose_goods_they_are(
    app: Flask, client_of
) -> None:
    department = an_organisation("department", name="Sở Nông nghiệp")
    match = a_match(
        lot=a_lot(organisation=department, producer="Ông Tư", basis="request"),
        need=a_need(organisation=department, buyer="Bếp ăn Sáu", basis="request"),
    )
    officer = client_of(an_actor(Role.OFFICER, department))

    page = text_of(officer.get(f"/matches/{match.id}").text)
    done = officer.post(f"/matches/{match.id}/accept", follow_redirects=True).text

    assert "Bếp ăn Sáu" in page
    assert "Ông Tư nhận" in page
    assert "đứng ra cho cả hai bên" in page
    assert "Hai bên đã đồng ý" in done


def test_a_direct_match_says_that_no_round_stands_behind_its_price(client_of) -> None:
    match = a_match(price_low=None, price_high=None, ask_named=False)

    page = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    assert "không qua phiên ghép" in page
    assert "giá tham khảo" not in page
    assert "không có khoảng giá chung" not in page


def test_an_end_that_is_the_own_price_is_called_so(client_of) -> None:
    round_ = a_round(RoundState.PUBLISHED)
    match = a_match(round_=round_, price_low=8_000, price_high=11_484, ask=8_000, bid=12_000)

    seller = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)
    buyer = text_of(client_of(buyer_of(match)).get(f"/matches/{match.id}").text)

    assert "8.000 là giá bạn chào; chưa có nơi nào khác." in seller
    assert "11.484 là giá cao nhất bạn trả, đã trừ cước; chưa có lô nào khác." in buyer
    for page in (seller, buyer):
        assert "bán nơi khác lợi hơn" not in page
        assert "mua nơi khác lợi hơn" not in page


def test_a_lot_with_two_buyers_does_not_call_each_the_best(client_of) -> None:
    round_ = a_round(RoundState.PUBLISHED)
    lot, one, two = a_lot(quantity=2_000), a_need(), a_need()
    for listing in (lot, one, two):
        an_entry(round_, listing)
    shared = {"round_": round_, "lot": lot, "quantity": 1_000}
    first = a_match(**shared, need=one, seller_next={"need_id": two.id, "less": 40})
    second = a_match(**shared, need=two, seller_next={"need_id": one.id, "less": -40})
    seller = client_of(seller_of(first))

    for match in (first, second):
        page = text_of(seller.get(f"/matches/{match.id}").text)
        assert "để lại cho bên mình nhiều tiền nhất" not in page
        assert "cũng đang nhận một phần khác của lô này" in page
        assert "ít hơn khoảng" not in page
        assert "lợi hơn khoảng" not in page


def test_the_best_place_is_called_so_only_where_the_next_one_is_worse(client_of) -> None:
    round_ = a_round(RoundState.PUBLISHED)
    lot, need, other = a_lot(), a_need(), a_need()
    for listing in (lot, need, other):
        an_entry(round_, listing)
    match = a_match(round_=round_, lot=lot, need=need, seller_next={"need_id": other.id, "less": 0})

    page = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    assert "nhiều tiền nhất" not in page
    assert f"một bên mua khác ở {need.place.name}" in page


def test_a_reader_is_told_why_there_are_no_buttons(client_of, match: Match) -> None:
    page = text_of(client_of(seller_of(match, Role.READER)).get(f"/matches/{match.id}").text)

    assert "Tài khoản của bạn chỉ xem" in page


def test_it_is_said_once_that_the_other_side_has_to_agree(client_of, match: Match) -> None:
    seller = client_of(seller_of(match))

    for page in (
        seller.get(f"/matches/{match.id}"),
        seller.post(f"/matches/{match.id}/accept", follow_redirects=True),
    ):
        assert text_of(page.text).count("Bên kia cũng phải đồng ý") == 1


def solved_match(lot: Lot) -> Match:
    """The match of a lot in a published round."""
    coordinator = an_actor(Role.COORDINATOR)
    round_ = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today())
    solve.solve_next(lambda: False)
    publishing.publish(
        round_.id, actor=coordinator, now=clock.now(), today=clock.today(), answer_hours=48
    )
    return db.session.scalars(select(Match).where(Match.lot_id == lot.id)).one()


def test_the_way_is_drawn_and_a_long_one_is_folded(client_of) -> None:
    lot, _need = a_lot(), a_need()
    match = solved_match(lot)

    page = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    shown, _, folded = page.partition("Xem cả chặng")
    assert 'class="map map-s"' in shown
    assert shown.count('<span class="dot">') == 3
    assert folded.count('<span class="dot">') == len(match.route) + 1


def test_a_way_that_is_another_today_is_not_drawn(client_of, match: Match) -> None:
    assert 'class="map' not in client_of(seller_of(match)).get(f"/matches/{match.id}").text


def test_a_truck_that_carries_less_than_its_size_is_explained(client_of) -> None:
    fish = {"commodity": "ca-tra", "quantity": 7_000}
    match = a_match(lot=a_lot(**fish), need=a_need(**fish), vehicles="15t*1")

    page = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    assert re.search(r"Xe 15 tấn chở được \d+(,\d)? tấn Cá tra", page)


def test_goods_are_collected_after_both_can_have_agreed(client_of) -> None:
    today = clock.today()
    days = {"until": today + timedelta(days=6)}
    match = a_match(
        lot=a_lot(ready_on=today, fresh_hours=24 * 30, **days),
        need=a_need(**days),
        collect_on=today,
    )

    page = text_of(client_of(seller_of(match)).get(f"/matches/{match.id}").text)

    first, last = today + timedelta(days=2), today + timedelta(days=6)
    assert text_of(formats.day_range(first, last)) in page
    assert "từ khi hai bên đồng ý" in page
    assert "hàng còn tươi 27," in page


def test_goods_that_spoil_are_collected_while_they_are_as_fresh_as_asked(app: Flask) -> None:
    today = clock.today()
    lot = a_lot(ready_on=today, fresh_hours=24 * 5, until=today + timedelta(days=9))
    need = a_need(fresh_hours=48, until=today + timedelta(days=9))

    match = a_match(lot=lot, need=need, collect_on=today)
    loaded = db.session.scalars(with_parties().where(Match.id == match.id)).one()

    assert loaded.collect_until == today + timedelta(days=2)
