"""Plans of production in a browser: a season at once, pasted too; charts, tables, files, history."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.plans import weeks_from
from marketplace.models.base import db
from marketplace.models.plans import ProductionPlan
from tests.factories import PINEAPPLE, a_lot, an_actor

TODAY = clock.today()
WEEKS = weeks_from(TODAY, 3)
URL = f"/plans/HG/{PINEAPPLE}"


@pytest.fixture
def member(app, client_of):
    return client_of(an_actor(Role.OFFICER))


def send(member, *cells, step="save", seen=0, **more):
    data = {"unit": "tấn", "step": step, **more}
    for week, cell in zip(WEEKS, cells, strict=False):
        data[f"week-{week}"] = cell
        data[f"seen-{week}"] = str(seen)
    return member.post(f"{URL}/edit", data=data)


def planned() -> list[int | None]:
    found = db.session.scalars(select(ProductionPlan).order_by(ProductionPlan.week))
    return [plan.quantity for plan in found]


def test_a_season_is_typed_read_back_and_stands_for_everybody(member, client) -> None:
    form = member.get(f"{URL}/edit").text
    review = send(member, "12", "8,5 tấn", "850 kg", step="review", source="KH 214").text
    saved = send(member, "12", "8,5 tấn", "850 kg", source="KH 214")

    assert form.count('name="week-') == 16
    assert "Chưa ghi gì cả" in review
    assert re.search(r"21,35\s*tấn", review.replace("&nbsp;", " "))
    assert planned() == [12_000, 8_500, 850]
    assert saved.location.startswith(f"{URL}?from=")
    page = client.get(URL).text
    assert "Nguồn: KH 214" in page
    assert page.count('<svg class="chart"') == 2
    assert "Khóm Cầu Đúc" in client.get("/plans").text
    assert "Nhập kế hoạch" not in page


def test_what_cannot_be_read_is_said_at_its_week_and_nothing_is_saved(member) -> None:
    answer = send(member, "12", "abc", "5-7 tấn")

    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="abc"' in answer.text
    assert planned() == []


BAD = (
    {},
    {"week-2026-13-45": "1"},
    {f"week-{WEEKS[0] + timedelta(days=1)}": "1"},
    {"week-9999-12-27": "1 tấn"},
    {f"week-{WEEKS[0]}": "\x00"},
    {f"week-{WEEKS[0]}": "1", f"seen-{WEEKS[0]}": "x"},
    {f"week-{WEEKS[0]}": "1", "unit": "con", "source": "x" * 300},
    {"pasted": "x" * 30_000, "step": "paste"},
)


def test_bad_input_plans_nothing(member) -> None:
    for data in BAD:
        answer = member.post(f"{URL}/edit", data={"step": "save", **data})

        assert answer.status_code in (302, 409, 422), data
    assert planned() == []


def test_a_season_is_pasted_and_nothing_is_saved_before_it_was_read(member) -> None:
    last = WEEKS[0] + timedelta(weeks=20)
    pasted = f"Tuần\tSản lượng\n{WEEKS[1]:%d/%m/%Y}\t12\n{last:%d/%m/%Y}\t3,5 tấn"

    page = send(member, "4", step="paste", pasted=pasted).text

    assert planned() == []
    assert "2 tuần đã được điền" in page
    for week, cell in ((WEEKS[0], "4"), (WEEKS[1], "12"), (last, "3,5 tấn")):
        assert re.search(rf'name="week-{week}"[^>]*value="{cell}"', page)


def test_what_was_pasted_and_is_no_season_stays_to_be_mended(member) -> None:
    answer = send(member, "4", step="paste", pasted="a\tb\tc\nd\te\tf")

    assert answer.status_code == 422
    assert "dán một cột tuần" in answer.text
    assert "a\tb\tc" in answer.text or "a b c" in answer.text


def test_the_second_of_two_officers_sees_what_the_first_entered(member, client_of) -> None:
    send(client_of(an_actor(Role.OFFICER)), "12")

    stale = send(member, "5")
    mine = send(member, "5", seen=1)

    assert stale.status_code == 409
    assert "12" in stale.text
    assert 'value="5"' in stale.text
    assert f'name="seen-{WEEKS[0]}"' in stale.text
    assert 'value="1"' in stale.text
    assert mine.status_code == 302
    assert planned() == [5_000]


def test_the_history_names_every_entry_and_to_strangers_no_person(member, client) -> None:
    send(member, "12")
    send(member, "", seen=1, take_back="yes")

    page = member.get(f"{URL}/history").text

    assert "rút lại" in page
    assert page.count("<tr>") == 3
    assert "Người" in page
    assert "Người" not in client.get(f"{URL}/history").text


def test_only_the_department_of_the_locality_enters_it(member, client, client_of) -> None:
    assert client.get(f"{URL}/edit").status_code == 302
    assert client_of(an_actor(Role.SELLER)).get(f"{URL}/edit").status_code == 403
    assert member.get(f"/plans/CT/{PINEAPPLE}/edit").status_code == 403
    assert member.post(f"/plans/CT/{PINEAPPLE}/edit", data={}).status_code == 403


def test_what_there_is_not_is_not_found(client) -> None:
    for path in ("XX/khom-cau-duc", "HG/nothing", "HG/%00", "HG/nothing/history"):
        assert client.get(f"/plans/{path}").status_code == 404


def test_an_address_that_asks_nonsense_shows_the_usual(client) -> None:
    for query in ("from=abc", "from=31/12/9999", "weeks=9999", "weeks=%00", "locality=zz"):
        assert client.get(f"/plans?{query}").status_code == 200
        assert client.get(f"{URL}?{query}").status_code == 200


def test_files_have_a_line_for_each_week_with_figures(member, client) -> None:
    send(member, "12", "0")
    a_lot(quantity=3_000, confidence=70, ready_on=WEEKS[1], until=WEEKS[1])

    lines = client.get("/plans?as=csv").text.strip().splitlines()

    assert lines[0].lstrip("\ufeff").startswith("Địa phương,Hàng,Tuần từ")
    assert lines[1].endswith("kg,12000,0,0,0")
    assert lines[2].endswith("kg,0,3000,3000,0")
    assert len(client.get(f"{URL}?as=csv").text.strip().splitlines()) == 17
    assert client.get("/plans?as=xlsx").data[:2] == b"PK"


def test_goods_are_found_as_people_call_them(member) -> None:
    found = member.get("/plans/new?commodity=khom+cau+duc")
    nothing = member.get("/plans/new?commodity=xyz")

    assert found.location == f"{URL}/edit"
    assert nothing.status_code == 422
    assert member.get("/plans/new").status_code == 200


def test_what_is_offered_without_a_plan_is_shown_when_asked(client) -> None:
    a_lot(quantity=3_000)

    assert "Khóm Cầu Đúc</a>" not in client.get("/plans").text
    assert "/plans/HG/khom-cau-duc" in client.get("/plans?all=1").text


TABLE = (
    "Mặt hàng\t{0:%d/%m/%Y}\t{1:%d/%m/%Y}\n{2}\t12\t8 tấn\nMãng cầu xiêm\t3\t\nTổng\t15\t8".format
)


def test_a_table_of_several_goods_is_pasted_read_back_and_saved(member) -> None:
    data = {"pasted": TABLE(*WEEKS[:2], "Khóm Cầu Đúc"), "unit": "tấn", "source": "KH 214"}

    review = member.post("/plans/season", data={**data, "step": "review"})
    before = planned()
    saved = member.post("/plans/season", data={**data, "step": "save"})
    again = member.post("/plans/season", data={**data, "step": "save"})

    assert review.status_code == 200
    assert "Mãng cầu xiêm" in review.text
    assert "&#34;mang-cau-xiem&#34;:{}" in review.text
    assert before == []
    assert sorted(planned()) == [3_000, 8_000, 12_000]
    assert saved.location == again.location == "/plans?locality=HG"


def test_what_of_a_table_cannot_be_read_is_told_line_by_line(member) -> None:
    for goods, words in (("xyz", "xyz"), ("Mãng cầu xiêm", "ghi hai lần"), ("xoài", "xoài")):
        answer = member.post("/plans/season", data={"pasted": TABLE(*WEEKS[:2], goods)})
        assert answer.status_code == 422
        assert words in answer.text
    bad = member.post("/plans/season", data={"pasted": TABLE(*WEEKS[:2], "Khóm Cầu Đúc\tabc")})
    assert bad.status_code == 422
    assert "“abc”" in bad.text
    assert planned() == []


def test_a_table_over_what_somebody_else_entered_is_shown_once_more(member, client_of) -> None:
    send(client_of(an_actor(Role.OFFICER)), "99")
    data = {"pasted": TABLE(*WEEKS[:2], "Khóm Cầu Đúc"), "step": "save"}

    for seen in ("", "{", "[]", '{"khom-cau-duc":{"x":1}}', "[" * 5_000):
        assert member.post("/plans/season", data={**data, "seen": seen}).status_code == 409
    mine = f'{{"khom-cau-duc":{{"{WEEKS[0]}":1}}}}'
    assert member.post("/plans/season", data={**data, "seen": mine}).status_code == 302
    assert sorted(planned()) == [3_000, 8_000, 12_000]


def test_an_empty_cell_takes_a_plan_back_only_where_that_is_named_and_ticked(member) -> None:
    send(member, "12", "8")

    review = send(member, "", "8", "3", step="review", seen=1)
    unticked = send(member, "", "8", "3", seen=1)
    assert planned() == [12_000, 8_000]
    ticked = send(member, "", "8", seen=1, take_back="yes")

    assert review.status_code == 200
    assert "1 tuần đang có kế hoạch mà ô để trống" in review.text
    assert f"{WEEKS[0]:%d/%m/%Y}: 12" in review.text.replace("\xa0", " ")
    assert unticked.status_code == 422
    assert "Đúng ý thì đánh dấu" in unticked.text
    assert 'value="3"' in unticked.text, "nothing typed is lost"
    assert ticked.status_code == 302
    assert planned() == [None, 8_000]
    assert "để trống. Ghi thì" not in send(member, "5", "8", step="review", seen=2).text


def test_an_empty_cell_of_a_table_is_named_and_ticked_too(member) -> None:
    first, second = (f"{week:%d/%m/%Y}" for week in WEEKS[:2])
    send(member, "12", "8")
    table = f"Mặt hàng\t{first}\t{second}\nKhóm Cầu Đúc\t\t9"

    review = member.post("/plans/season", data={"pasted": table, "unit": "tấn", "step": "review"})
    seen = unescape(re.findall(r'name="seen" value="([^"]*)"', review.text)[0])
    data = {"pasted": table, "unit": "tấn", "seen": seen, "step": "save"}
    unticked = member.post("/plans/season", data=data)

    assert "Khóm Cầu Đúc, " + first in review.text
    assert "1 tuần đang có kế hoạch mà ô để trống" in review.text
    assert unticked.status_code == 422
    assert planned() == [12_000, 8_000]
    assert member.post("/plans/season", data={**data, "take_back": "yes"}).status_code == 302
    assert planned() == [None, 9_000]


def test_goods_of_the_list_are_typed_and_asked_back(member, client) -> None:
    send(member, "12")

    assert "Khóm Cầu Đúc" in client.get("/plans?commodity=khom+cau+duc").text
    several = client.get("/plans?commodity=muối&weeks=8").text
    assert "Mặt hàng nào?" in several
    assert "commodity=muoi-den" in several
    unknown = client.get("/plans?commodity=xyz")
    assert unknown.status_code == 200
    assert "không có mặt hàng “xyz”" in unknown.text.lower()
    assert len(client.get("/plans?commodity=" + "x" * 5_000).text) < 40_000
    empty = member.get("/plans/new?commodity=")
    assert empty.status_code == 422
    assert "Cần điền mặt hàng" in empty.text
    assert member.get("/plans/new").status_code == 200


def test_the_page_says_what_it_counts_and_the_link_what_it_leads_to(client) -> None:
    page = client.get(URL).text

    assert "kể cả lô đã bán hết" in page
    assert "còn đang chào bán" in page
