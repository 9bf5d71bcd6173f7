"""What-ifs in a browser: made, changed, solved, shown, shared; bad input is said at its field."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.scenarios import (
    Deed,
    FuelChange,
    LinkChange,
    MoreDemand,
    MoreSupply,
    ScenarioKind,
    ScenarioState,
    SealedOff,
    ShutPlace,
)
from marketplace.models.base import db
from marketplace.models.needs import Need
from marketplace.models.scenarios import Scenario
from marketplace.services import scenario_runs, scenarios
from tests.factories import BINH_DIEN, a_lot, a_need, an_actor, an_organisation
from tests.scenario_factories import a_scenario

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return an_actor(Role.COORDINATOR)


@pytest.fixture
def page(client_of: Browser, coordinator: Actor) -> FlaskClient:
    return client_of(coordinator)


def changes_of(scenario: Scenario) -> tuple[object, ...]:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Scenario, scenario.id).changes


def a_market(parties: int = 4) -> None:
    for number in range(parties):
        a_lot(quantity=15_000 + 500 * number, ask=7_000 + 200 * number)
        a_need(quantity=9_000 + 700 * number, bid=12_000 + 310 * number)


def test_from_a_name_to_the_outcome(app: Flask, page: FlaskClient) -> None:
    a_market()

    made = page.post("/what-if/new", data={"name": "Xăng tăng", "kind": "changes", "note": "thử"})
    address = made.headers["Location"]
    assert "Chưa đổi gì" in page.get(address).text
    added = page.post(f"{address}/add/fuel", data={"percent": "+20 %"})
    assert added.status_code == 302
    assert "Nhiên liệu đắt thêm 20" in page.get(address).text
    page.post(f"{address}/run")
    assert "Đang chờ máy" in page.get(address).text
    assert page.get(f"{address}/progress").status_code == 200
    scenario_runs.run_next(lambda: False)

    shown = page.get(address).text
    assert "Lợi ích chung sẽ giảm" in shown
    assert "Ai lợi, ai thiệt: theo địa phương bán" in shown
    assert "Hậu Giang" in shown
    assert "Chênh lệch thật nằm giữa" in shown
    assert page.get(f"{address}/progress").status_code == 302
    assert "Xăng tăng" in page.get("/what-if").text


@pytest.mark.parametrize(
    ("kind", "typed", "change"),
    [
        ("link", {"link": "D930-J_CAITU", "deed": "close"}, LinkChange(Deed.CLOSE, "D930-J_CAITU")),
        ("link", {"link": "D930-J_CAITU", "deed": "widen"}, LinkChange(Deed.WIDEN, "D930-J_CAITU")),
        ("fuel", {"percent": "−15"}, FuelChange(-15)),
        ("sealed_off", {"locality": "HG"}, SealedOff("HG")),
        ("shut", {"place": "binh dien"}, ShutPlace(BINH_DIEN)),
    ],
)
def test_each_kind_of_change_can_be_typed(
    page: FlaskClient, coordinator: Actor, kind: str, typed: dict[str, str], change: object
) -> None:
    scenario = a_scenario(coordinator)
    assert page.get(f"/what-if/{scenario.id}/add/{kind}").status_code == 200

    page.post(f"/what-if/{scenario.id}/add/{kind}", data=typed)

    assert changes_of(scenario) == (change,)


def test_more_goods_and_more_buyers_are_typed_as_people_speak(
    page: FlaskClient, coordinator: Actor
) -> None:
    scenario, today = a_scenario(coordinator), clock.today()
    listing = {
        "commodity": "nhãn ido",
        "quantity": "500 tấn",
        "first": today.isoformat(),
        "until": today.isoformat(),
    }

    page.post(
        f"/what-if/{scenario.id}/add/supply",
        data={**listing, "ask": "12.000", "place": "vĩnh châu, sóc trăng", "sellers": "1"},
    )
    page.post(
        f"/what-if/{scenario.id}/add/demand",
        data={**listing, "bid": "", "place": "bình điền", "buyers": "3"},
    )

    supply, demand = changes_of(scenario)
    assert isinstance(supply, MoreSupply)
    assert isinstance(demand, MoreDemand)
    assert (supply.quantity, supply.ask, supply.sellers) == (500_000, 12_000, 1)
    assert (demand.place, demand.bid, demand.buyers) == (BINH_DIEN, None, 3)
    shown = page.get(f"/what-if/{scenario.id}").text
    assert "Thêm 3 người mua" in shown


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("link", {"link": "D930-NOWHERE"}, "Không tuyến nào"),
        ("link", {"link": "a"}, "hiểu nhiều cách"),
        ("link", {"link": ""}, "Chọn"),
        ("fuel", {"percent": "nhiều"}, "Ghi số phần trăm"),
        ("fuel", {"percent": "0"}, "khác 0"),
        ("fuel", {"percent": "9999"}, "từ -80 đến 300"),
        ("sealed_off", {"locality": "XX"}, "Không có"),
        ("shut", {"place": "đâu đó"}, "đâu đó"),
        ("supply", {"quantity": "nhiều lắm", "commodity": "nhãn ido"}, "nhiều lắm"),
        ("supply", {"quantity": "500.000.000 tấn", "commodity": "nhãn ido"}, "500.000.000 tấn"),
        ("demand", {"buyers": "ba", "commodity": "nhãn ido"}, "số nguyên"),
    ],
)
def test_bad_input_is_said_at_its_field_and_stays(
    page: FlaskClient, coordinator: Actor, kind: str, typed: dict[str, str], said: str
) -> None:
    scenario = a_scenario(coordinator)

    answer = page.post(f"/what-if/{scenario.id}/add/{kind}", data=typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    for name in ("link", "percent", "place", "quantity", "buyers"):
        if name in typed:
            assert f'value="{typed[name]}"' in answer.text
    assert changes_of(scenario) == ()


def test_an_absurd_quantity_is_refused_with_what_was_typed(
    page: FlaskClient, coordinator: Actor
) -> None:
    scenario, today = a_scenario(coordinator), clock.today().isoformat()
    typed = {
        "commodity": "nhãn ido",
        "quantity": "5.000.000 tấn",
        "place": "bình điền",
        "first": today,
        "until": today,
        "buyers": "50",
    }

    answer = page.post(f"/what-if/{scenario.id}/add/demand", data=typed)

    assert answer.status_code == 422
    assert "5.000.000 tấn" in answer.text
    assert changes_of(scenario) == ()


def test_an_empty_market_and_an_empty_name_are_said(page: FlaskClient) -> None:
    answer = page.post("/what-if/new", data={"name": "Thử", "kind": "changes"})
    assert answer.status_code == 422
    assert "chưa có thị trường để chép" in answer.text
    assert 'value="Thử"' in answer.text

    a_lot()
    unnamed = page.post("/what-if/new", data={"name": " ", "kind": "changes"})
    assert unnamed.status_code == 422
    assert "Đặt một tên" in unnamed.text


def test_nothing_changed_is_solved_and_both_come_out_the_same(
    page: FlaskClient, coordinator: Actor
) -> None:
    a_market()
    scenario = a_scenario(coordinator)

    page.post(f"/what-if/{scenario.id}/run")
    scenario_runs.run_next(lambda: False)

    shown = BeautifulSoup(page.get(f"/what-if/{scenario.id}").text, "html.parser")
    assert "Không đổi gì: hai thị trường ra như nhau" in shown.select_one("#sum-h").text
    rows = shown.select("section[aria-labelledby=sum-h] tbody tr")
    figures = [[cell.text for cell in row.select("td")] for row in rows]
    assert len(figures) >= 10
    assert all(was == would for was, would, _difference in figures)


def test_a_link_is_found_by_what_people_call_it_or_asked_back(
    page: FlaskClient, coordinator: Actor
) -> None:
    scenario = a_scenario(coordinator)
    address = f"/what-if/{scenario.id}/add/link"

    asked = BeautifulSoup(page.post(address, data={"link": "ql61c"}).text, "html.parser")
    offered = {each["value"] for each in asked.select("input[name=link_pick]")}
    assert "D932-D930" in offered
    assert len(offered) > 1
    assert changes_of(scenario) == ()

    page.post(address, data={"link": "ql61c", "link_pick": "D932-D930", "deed": "close"})
    assert changes_of(scenario) == (LinkChange(Deed.CLOSE, "D932-D930"),)


def test_every_link_that_is_suggested_can_be_sent(page: FlaskClient, coordinator: Actor) -> None:
    for typed in ("ql61c", "kênh xà no", "vị thanh", "cái tư"):
        found = page.get("/links/search", query_string={"q": typed}).json["options"]
        assert found, typed
        scenario = a_scenario(coordinator)
        answer = page.post(f"/what-if/{scenario.id}/add/link", data={"link": found[0]["value"]})
        assert answer.status_code == 302, found[0]
    assert page.get("/links/search?q=").json == {"options": []}


def test_one_that_failed_says_why_and_how_to_go_on(page: FlaskClient, coordinator: Actor) -> None:
    scenario = a_scenario(coordinator, FuelChange(20))
    scenario = db.session.get_one(Scenario, scenario.id)
    scenario.state = ScenarioState.FAILED
    scenario.failure = (
        "Places, goods or roads have changed in the data since this market was copied."
        " Copy the scenario on the market as it is now."
    )
    db.session.commit()

    shown = page.get(f"/what-if/{scenario.id}").text

    assert "Dữ liệu về địa điểm" in shown
    assert f"/what-if/{scenario.id}/copy?market=now" in shown


def test_a_change_is_taken_out_and_nonsense_is_not_found(
    page: FlaskClient, coordinator: Actor
) -> None:
    scenario = a_scenario(coordinator, FuelChange(20))
    shown = page.get(f"/what-if/{scenario.id}").text
    kept = re.search(r'name="change" value="([^"]+)"', shown)
    assert kept

    for nonsense in ("", "{}", "[]", '{"kind": "magic"}', "1"):
        answer = page.post(f"/what-if/{scenario.id}/remove", data={"change": nonsense})
        assert answer.status_code == 404
    page.post(f"/what-if/{scenario.id}/remove", data={"change": kept[1].replace("&#34;", '"')})

    assert changes_of(scenario) == ()


def test_copies_names_archive_and_deletion(page: FlaskClient, coordinator: Actor) -> None:
    scenario = a_scenario(coordinator, FuelChange(20), run=True)
    address = f"/what-if/{scenario.id}"

    form = page.get(f"{address}/copy").text
    assert "(bản chép)" in form
    made = page.post(f"{address}/copy", data={"name": "Bản hai", "market": "same"})
    assert "Bản hai" in page.get(made.headers["Location"]).text
    page.post(f"{address}/edit", data={"name": "Tên mới", "note": "ghi"})
    assert "Tên mới" in page.get(address).text
    page.post(f"{address}/archive", data={"archived": "yes"})
    assert "Tên mới" not in page.get("/what-if").text
    assert "Tên mới" in page.get("/what-if?archived=1").text
    assert "Xóa “Tên mới”?" in page.get(f"{address}/delete").text
    page.post(f"{address}/delete")
    assert page.get(address).status_code == 404


def test_officers_see_what_is_shared_and_no_button_that_changes_it(
    client_of: Browser, coordinator: Actor, page: FlaskClient
) -> None:
    a_market()
    scenario = a_scenario(coordinator, FuelChange(20), run=True)
    officer = client_of(an_actor(Role.OFFICER))
    address = f"/what-if/{scenario.id}"
    assert officer.get(address).status_code == 404
    assert officer.get(f"{address}.xlsx").status_code == 404

    page.post(f"{address}/share", data={"shared": "yes"})

    shown = officer.get(address).text
    assert "Lợi ích chung sẽ giảm" in shown
    assert "bậc" in shown, "sealed bids count as the step below"
    assert "Mức trần" not in shown
    for deed in ("copy", "edit", "delete", "share", "archive"):
        assert f"{address}/{deed}" not in shown
    assert officer.get(f"{address}.xlsx").status_code == 200
    assert officer.get("/what-if").text.count("Đường Vị Thanh đóng") == 1


def test_officers_see_no_figure_of_fewer_than_three_parties(
    client_of: Browser, coordinator: Actor, page: FlaskClient
) -> None:
    trader = an_organisation("trader")
    for number in range(4):
        a_lot(quantity=15_000 + 500 * number)
        a_need(quantity=9_000, bid=13_000, organisation=trader)
    scenario = a_scenario(coordinator, FuelChange(20), shared=True, run=True)

    officer = client_of(an_actor(Role.OFFICER)).get(f"/what-if/{scenario.id}").text
    exact = page.get(f"/what-if/{scenario.id}").text

    assert "Không hiện: dưới ba bên" in officer
    assert "Lợi ích chung sẽ" not in officer
    assert "Lợi ích chung sẽ giảm" in exact


def test_what_officers_read_follows_from_the_steps_of_sealed_bids(
    app: Flask, client_of: Browser, coordinator: Actor
) -> None:
    """Bids on one step that lead to the same matches give the same page."""
    a_market()
    first = a_scenario(coordinator, FuelChange(20), shared=True, run=True)
    db.session.execute(update(Need).values(bid=Need.bid + 1))
    db.session.commit()
    second = a_scenario(coordinator, FuelChange(20), shared=True, run=True)
    officer = client_of(an_actor(Role.OFFICER))

    def told(scenario: Scenario) -> str:
        main = BeautifulSoup(officer.get(f"/what-if/{scenario.id}").text, "html.parser").main
        assert main
        return re.sub(r"\d\d:\d\d", "", main.get_text(" "))

    assert "Lợi ích chung sẽ giảm" in told(first)
    assert told(first) == told(second)


def test_the_file_has_the_figures_of_the_page(page: FlaskClient, coordinator: Actor) -> None:
    a_market()
    scenario = a_scenario(coordinator, FuelChange(20), run=True, name="=1+1")

    answer = page.get(f"/what-if/{scenario.id}.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    summary = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert summary[1][:2] == ["Tên", "=1+1"]
    result = db.session.get_one(Scenario, scenario.id).result
    gain = next(row for row in summary if row[0] == "Lợi ích chung, đồng")
    before, after = (result[name]["total"]["value"] for name in ("baseline", "scenario"))
    assert gain[1:4] == [before, after, after - before]
    assert len(book.sheet_names) == 6


def test_the_worth_of_links_is_shown_with_its_bounds(page: FlaskClient, coordinator: Actor) -> None:
    a_market()
    scenario = a_scenario(coordinator, kind=ScenarioKind.LINKS, run=True)

    shown = page.get(f"/what-if/{scenario.id}").text

    assert "Giá trị của các tuyến" in shown
    assert "nếu đóng" in shown
    assert "Ước tính từ thị trường của một ngày" in shown
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(page.get(f"/what-if/{scenario.id}.xlsx").data))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert len(rows) >= 4


def test_another_coordinators_scenario_is_looked_at_and_not_changed(
    client_of: Browser, coordinator: Actor
) -> None:
    scenario = a_scenario(coordinator, FuelChange(20), shared=True)
    other = client_of(an_actor(Role.COORDINATOR))
    address = f"/what-if/{scenario.id}"

    assert other.get(address).status_code == 200
    for path in ("edit", "delete", "add/fuel"):
        assert other.get(f"{address}/{path}").status_code == 404
    assert other.post(f"{address}/run").status_code == 403
    assert other.get(f"{address}/copy").status_code == 200


def test_strange_addresses_are_not_found(page: FlaskClient, coordinator: Actor) -> None:
    scenario = a_scenario(coordinator)

    for path in (
        "/what-if/999999",
        f"/what-if/{scenario.id}/add/magic",
        f"/what-if/{scenario.id}.xlsx",
    ):
        assert page.get(path).status_code == 404
    assert scenarios.show(scenario.id, actor=coordinator).state == ScenarioState.DRAFT


def test_buyers_at_a_market_that_is_shut_are_warned_of(
    page: FlaskClient, coordinator: Actor
) -> None:
    day = clock.today()
    demand = MoreDemand("khom-cau-duc", "M_BINHDIEN", 9_000, 14_000, day, day + timedelta(days=5))
    warned = a_scenario(coordinator, ShutPlace("M_BINHDIEN"), demand)
    plain = a_scenario(coordinator, demand)

    assert "đóng cửa ở đây" in page.get(f"/what-if/{warned.id}").text
    assert "đóng cửa ở đây" not in page.get(f"/what-if/{plain.id}").text
