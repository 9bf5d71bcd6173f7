"""Lists as files: everything in them comes back, and nothing in them runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.services.rounds import request_round
from marketplace.services.solve import solve_next
from marketplace.sheets.files import read_file
from marketplace.web.exports import as_csv, as_workbook, plain_cell
from tests.condition_factories import a_condition
from tests.factories import a_lot, a_need, an_actor
from tests.paper_factories import a_certificate
from tests.programme_factories import an_entry_for
from tests.sheets.office import converted
from tests.web.test_prices import a_board

NASTY = [
    "=1+1", "=HYPERLINK(\"http://x\")", "+84-1", "-5+3", "@SUM(A1)", "\t=1", " =1+1", "＝1+1", "=cmd|' /C calc'!A0",
]  # fmt: skip
PLAIN = [
    "-5",
    "+84 901 234 567",
    "Khóm Cầu Đúc",
    "1.250,5",
    "5 - 10 tấn",
    'a "b"; c, d',
    "x\ny",
    "",
]


@pytest.mark.parametrize("text", NASTY)
def test_what_would_run_is_made_a_text(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", [*PLAIN, "+84901234567", "-1.250,5", "12/11/2026"])
def test_what_would_not_run_survives(text: str) -> None:
    assert plain_cell(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_text_begins_like_a_formula(text: str) -> None:
    cell = plain_cell(text)

    assert cell in (text, f"'{text}")
    assert not cell.lstrip().startswith(("=", "@"))
    assert not re.match(r"\s*[+-]\D", cell)


def test_a_file_of_commas_comes_back() -> None:
    heads, rows = ["a", "b"], [[text, number] for number, text in enumerate(PLAIN)]

    read = csv.reader(io.StringIO(as_csv(heads, rows).decode("utf-8-sig"), newline=""))

    assert [*read] == [heads, *([text, str(number)] for text, number in rows)]


def test_a_workbook_comes_back_as_it_was() -> None:
    content = as_workbook("Bảng", ["chữ", "số"], [[text, -5] for text in (*NASTY, *PLAIN) if text])

    table = read_file("a.xlsx", content)

    texts = [text for text in (*NASTY, *PLAIN) if text]
    assert [line.cells[0].text for line in table.lines[1:]] == texts
    assert {line.cells[1].number for line in table.lines[1:]} == {-5}


def test_another_program_reads_every_cell_and_runs_none(tmp_path: Path) -> None:
    texts = [
        text for text in (*NASTY, *PLAIN, "+84901234567") if text and not {"\n", "\t"} & {*text}
    ]
    book, sheet = tmp_path / "book.xlsx", tmp_path / "commas.csv"
    book.write_bytes(as_workbook("Bảng", ["chữ", "số"], [[text, -5] for text in texts]))
    sheet.write_bytes(as_csv(["chữ", "số"], [[text, -5] for text in texts]))

    again = converted(book, "ods")
    from_commas = converted(sheet, "xlsx")

    read = read_file("a.ods", again.read_bytes())
    assert [line.cells[0].text for line in read.lines[1:]] == texts
    assert {line.cells[1].number for line in read.lines[1:]} == {-5}
    opened = [
        line.cells[0].text for line in read_file("b.xlsx", from_commas.read_bytes()).lines[1:]
    ]
    for text, cell in zip(texts, opened, strict=True):
        if text.isascii():  # without its dialog LibreOffice takes other letters for Western ones
            assert cell.lstrip("'+") == plain_cell(text).lstrip("'+"), "a formula shows its value"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_lists_are_files_too(
    app: Flask, client_of: Callable[[Actor], FlaskClient], kind: str
) -> None:
    seller = an_actor(Role.SELLER)
    lot = a_lot(organisation=seller.organisation_id, producer="=1+1")
    need = a_need(bid=12_345, bid_sealed=True)
    member = client_of(seller)

    offers, wants = (rows_of(member, url, kind) for url in ("/lots", "/needs"))

    assert len(offers) == len(wants) == 2
    assert offers[1][0].endswith(str(lot.id))
    assert offers[1][-1] == ("=1+1" if kind == "xlsx" else "'=1+1")
    assert wants[1][0].endswith(str(need.id))
    assert "12345" not in wants[1], "a sealed bid stays sealed"
    for url in ("/matches", "/rounds", "/roads?links=all"):
        assert rows_of(member, url, kind)
    assert len(rows_of(member, "/roads?links=all", kind)) > 100


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_left_out_and_who_takes_part_are_files_too(
    app: Flask, client_of: Callable[[Actor], FlaskClient], kind: str
) -> None:
    coordinator, administrator = an_actor(Role.COORDINATOR), an_actor(Role.ADMINISTRATOR)
    lot = a_lot(commodity="khom-cau-duc")
    request_round(actor=coordinator, now=clock.now(), today=clock.today())
    solve_next(lambda: False)
    member = client_of(coordinator)

    [heads, row] = rows_of(member, "/rounds/1/left-out", kind)

    assert row[0].endswith(str(lot.id))
    assert len(row) == len(heads) or row[7], "with its reason"
    assert len(rows_of(client_of(administrator), "/organisations", kind)) > 2
    for url in ("/members", "/inbox", "/restrictions", "/tariffs"):
        assert rows_of(member, url, kind)
    assert len(rows_of(member, "/tariffs", kind)) > 10


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_prices_distances_and_certificates_are_files_too(
    app: Flask, client_of: Callable[[Actor], FlaskClient], kind: str
) -> None:
    seller = an_actor(Role.SELLER)
    paper, other = a_certificate(seller, holder="=1+1"), a_certificate()
    a_board({"low": 7_000, "high": 7_500})
    latest = a_board({}, {"commodity_id": "ca-tra", "grade": "co-vua"})
    member = client_of(seller)

    prices, ways, papers = (
        rows_of(member, url, kind) for url in ("/prices", "/distances?load=28000", "/certificates")
    )

    assert [row[0] for row in prices[1:]] == [str(latest.id)] * 2
    assert prices[1][5:7] == ["8603", "8995"]
    assert len(rows_of(member, "/prices?commodity=ca-tra", kind)) == 2
    assert len(ways) > 1 + 7 * 6
    assert {row[3] for row in ways[1:]} == {"28000"}
    assert [row[1] for row in papers[1:]] == [paper.number]
    assert papers[1][2] == ("=1+1" if kind == "xlsx" else "'=1+1")
    assert other.number not in str(papers)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_states_of_ways_scenarios_and_applications_are_files_too(
    app: Flask, client_of: Callable[[Actor], FlaskClient], kind: str
) -> None:
    a_condition(reason="=1+1", first=clock.today())
    seller, coordinator = an_actor(Role.SELLER), client_of(an_actor(Role.COORDINATOR))
    entry = an_entry_for(seller)

    [_heads, state] = rows_of(coordinator, "/roads", kind)

    assert state[5] == ("=1+1" if kind == "xlsx" else "'=1+1")
    for member, url in ((client_of(seller), "/programme/mine"), (coordinator, "/programme/queue")):
        [_heads, row] = rows_of(member, url, kind)
        assert row[1] == entry.locality_id
        assert row[6] == "Chờ xét"
    assert rows_of(coordinator, "/what-if", kind)


def test_without_a_board_the_file_of_prices_has_its_heads(client: FlaskClient) -> None:
    assert len(rows_of(client, "/prices", "csv")) == 1


def rows_of(member: FlaskClient, url: str, kind: str) -> list[list[str]]:
    answer: Any = member.get(f"{url}{'&' if '?' in url else '?'}as={kind}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return [
        [cell.text for cell in line.cells] for line in read_file(f"a.{kind}", answer.data).lines
    ]
