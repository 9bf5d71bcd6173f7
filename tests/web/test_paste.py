"""Rows of a spreadsheet: a preview first, then all or nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import Basis
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.services import paste
from marketplace.web.paste import LABELS
from tests.factories import an_actor

TODAY = clock.today()
FIRST, LAST = TODAY + timedelta(days=1), TODAY + timedelta(days=6)
GOOD = (
    f"Khóm Cầu Đúc\tLoại 1\t25,5 tấn\t7.800\tPhường Vị Thanh\t{FIRST:%d/%m/%Y}\t{LAST:%d/%m/%Y}"
    "\tVietGAP, hữu cơ\tkhông\tBà Mai\tvườn cạnh lộ"
)


@pytest.fixture
def officer(app):
    return an_actor(Role.OFFICER)


@pytest.fixture
def member(client_of, officer):
    return client_of(officer)


def send(member, rows, step="preview", **changes):
    data = {"basis": "request", "rows": rows, "step": step, **changes}
    return member.post("/lots/paste", data=data)


def count():
    return db.session.scalar(select(func.count()).select_from(Lot))


def text(response):
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def read(actor, rows, **known):
    return paste.read_rows(rows, actor=actor, today=TODAY, **known)


def problems(actor, rows):
    rows = read(actor, rows, basis=Basis.REQUEST)
    return [(row.line, problem.column) for row in rows for problem in row.problems]


def test_rows_are_shown_as_understood_and_not_saved(member):
    page = send(member, GOOD)

    assert page.status_code == 200
    for words in ("25,5 tấn", "7.800 ₫/kg", "Phường Vị Thanh", "VietGAP", "Bà Mai"):
        assert words in text(page)
    assert '<span class="muted small">vườn cạnh lộ</span>' in text(page)
    assert count() == 0


def test_all_rows_are_listed_together(member):
    other = GOOD.replace("Khóm Cầu Đúc", "Mít Thái").replace("7.800", "9.500")

    answer = send(member, f"{GOOD}\n\n{other}\n", "save")

    assert (answer.status_code, answer.location) == (302, "/desk")
    listed = db.session.scalars(select(Lot).order_by(Lot.id)).all()
    assert [(lot.commodity_id, lot.quantity, lot.ask) for lot in listed] == [
        ("khom-cau-duc", 25_500, 7_800),
        ("mit-thai", 25_500, 9_500),
    ]
    assert listed[0].note == "vườn cạnh lộ"


def test_rows_sent_twice_are_listed_once(member):
    rows = f"{GOOD}\n{GOOD}"

    for _ in range(2):
        assert send(member, rows, "save", token="a1b2c3").location == "/desk"

    assert count() == 2


@pytest.mark.parametrize("step", ["preview", "save"])
def test_one_bad_row_and_nothing_is_listed(member, step):
    page = send(member, f"{GOOD}\nkhóm\t\t-5 tấn", step)

    assert page.status_code == 422
    assert "-5 tấn" in text(page)
    assert "25,5 tấn" in text(page)
    assert count() == 0


def test_each_problem_names_line_and_column(officer):
    bad = GOOD.replace("25,5 tấn", "abc").replace("Loại 1", "Loại 9").replace("Phường", "Xã Atlant")
    late = GOOD.replace(f"{LAST:%d/%m/%Y}", "31/02/2026").replace("VietGAP", "bùa")
    past = GOOD.replace(f"{FIRST:%d/%m/%Y}", "01/01/2026")
    dear = GOOD.replace("7.800", "78.000")
    vague = GOOD.replace("không", "có lẽ").replace("Phường Vị Thanh", "Châu Thành")

    found = problems(officer, "\n".join((bad, late, past, dear, vague)))

    assert found == [
        (1, "place"),
        (1, "quantity"),
        (1, "grade"),
        (2, "until"),
        (2, "certificates"),
        (3, "ready_on"),
        (4, "ask"),
        (5, "place"),
        (5, "whole"),
    ]


def test_unusual_prices_can_be_confirmed_for_all_rows(member):
    rows = GOOD.replace("7.800", "78.000")

    assert "confirmed" in text(send(member, rows))
    assert send(member, rows, "save", confirmed="y").status_code == 302


@pytest.mark.parametrize(
    "header",
    [
        "Mặt hàng\tĐịa chỉ\tKhối lượng\tĐến ngày\tHàng của ai",
        "commodity\tplace\tquantity\tuntil\tproducer",
        "MAT HANG\tNOI LAY HANG\tSO LUONG\tDEN NGAY\tHTX",
    ],
)
def test_a_first_row_may_name_the_columns(officer, header):
    row = f"khóm cầu đúc\tPhường Vị Thanh\t3 tạ\t{LAST:%d/%m/%Y}\tBà Mai"

    [found] = read(officer, f"{header}\n{row}", basis="request")

    assert found.problems == []
    assert (found.draft.quantity, found.draft.ask, found.draft.ready_on) == (300, None, TODAY)
    assert found.draft.grade == "xo"


def test_semicolons_and_bare_numbers_do_as_well(officer):
    rows = f"khom-cau-duc;loai-1;25500;7800;C31321;{FIRST};{LAST};vietgap;no;Bà Mai;"

    [found] = read(officer, rows, basis="request")

    assert found.problems == []
    assert (found.draft.quantity, found.draft.certificates) == (25_500, frozenset({"vietgap"}))


def test_a_department_lists_for_its_own_locality_and_names_the_producer(officer):
    elsewhere = GOOD.replace("Phường Vị Thanh", "Phường Sóc Trăng")
    nobody = GOOD.replace("Bà Mai", "")

    found = [
        p.column
        for row in read(officer, f"{elsewhere}\n{nobody}", basis="request")
        for p in row.problems
    ]

    assert found == ["place", "producer"]


@pytest.mark.parametrize("rows", ["", " \n\t\n", "Mặt hàng\tKhối lượng\tĐịa chỉ"])
def test_no_rows_are_told(member, rows):
    page = send(member, rows)

    assert page.status_code == 422
    assert "#rows" in text(page)


def test_too_many_rows_are_told(officer, member):
    with pytest.raises(Rejected):
        read(officer, "\n".join([GOOD] * (paste.MOST_ROWS + 1)))
    assert send(member, "x" * 200_001).status_code == 422


@pytest.mark.parametrize(
    "rows", ["a\0b\tc", '"', '"\t"\t', "🍍\t🍍\t🍍", "<script>alert(1)</script>\t1"]
)
def test_strange_rows_are_told_and_harm_nothing(member, rows):
    page = send(member, rows)

    assert page.status_code == 422
    assert "<script>alert" not in page.get_data(as_text=True)
    assert count() == 0


def test_a_cooperative_lists_its_own_rows(client_of):
    member = client_of(an_actor(Role.SELLER))

    assert send(member, GOOD, "save").status_code == 302
    assert db.session.scalar(select(Lot.producer)) == ""


def test_a_trader_pastes_nothing(client_of):
    assert client_of(an_actor(Role.BUYER)).get("/lots/paste").status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_columns_that_the_page_names_are_known_as_headers(app, officer, language):
    with app.test_request_context(), force_locale(language):
        names = [str(LABELS[column]) for column in paste.COLUMNS]
    cells = dict(zip(names, GOOD.split("\t"), strict=True))
    backwards = list(reversed(names))

    [row] = read(
        officer,
        "\n".join("\t".join(line) for line in (backwards, [cells[name] for name in backwards])),
        basis=Basis.REQUEST,
    )

    assert row.problems == []
    assert (row.draft.ready_on, row.draft.until) == (FIRST, LAST)
    assert (row.draft.producer, row.draft.note) == ("Bà Mai", "vườn cạnh lộ")
