"""The pages of an import: upload or paste, look, answer, mend, save."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.listings import Basis
from marketplace.models.base import db
from marketplace.models.imports import SheetImport
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.services import import_laying, import_reading, import_saving
from marketplace.sheets.files import read_file
from marketplace.sheets.layout import lay_out
from marketplace.web.import_books import COLUMNS
from tests.factories import an_actor
from tests.paper_factories import a_certificate
from tests.sheets import bulletins
from tests.sheets.test_looks import a_workbook as a_workbook_with_hidden_parts
from tests.sheets.traps import workbook

LAST = clock.today() + timedelta(days=9)
HEAD = "Mặt hàng\tSố lượng\tGiá\tĐịa chỉ\tĐến ngày\tHộ sản xuất"
GOOD = f"Khóm Cầu Đúc\t25,5 tấn\t7.800\tPhường Vị Thanh\t{LAST:%d/%m/%Y}\tBà Mai"


@pytest.fixture
def officer(app: Flask) -> Actor:
    return an_actor(Role.OFFICER)


@pytest.fixture
def member(client_of: Callable[[Actor], FlaskClient], officer: Actor) -> FlaskClient:
    return client_of(officer)


def paste(member: FlaskClient, *rows: str, head: str = HEAD) -> TestResponse:
    data = {"basis": "request", "rows": "\n".join([head, *rows])}
    return member.post("/lots/paste", data=data)


def upload(member: FlaskClient, name: str, content: bytes) -> TestResponse:
    """As a browser sends it; built here because the test client would leave a large one open."""
    parts = b"".join(
        b"--limit\r\nContent-Disposition: form-data; name=" + head + b"\r\n\r\n" + body + b"\r\n"
        for head, body in (
            (b'"basis"', b"request"),
            (b'"file"; filename="' + name.encode() + b'"', content),
        )
    )
    kind = "multipart/form-data; boundary=limit"
    return member.post("/lots/paste", data=parts + b"--limit--\r\n", content_type=kind)


def text(response: TestResponse) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def version(page: TestResponse) -> str:
    found = re.search(r'name="version"[^>]* value="(\d+)"', page.text)
    return found[1] if found else ""


def lots() -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(Lot)) or 0


def test_pasted_rows_are_shown_saved_and_known_again(member: FlaskClient) -> None:
    answer = paste(member, GOOD, "Mít Thái\t-5 tấn\t9.500\tnt\tnt\tnt")

    assert "lớn hơn 0" in text(member.get(answer.location)), "refused rows come first, with why"
    page = member.get(f"{answer.location}?status=")
    for words in ("25,5 tấn", "7.800 ₫/kg", "Phường Vị Thanh", "Bà Mai", "Ghi 1 dòng"):
        assert words in text(page)
    assert lots() == 0
    saved = member.post(f"{answer.location}/save", data={"version": version(page)})
    assert (saved.status_code, saved.location) == (302, answer.location)
    assert "đang được ghi" in text(member.get(answer.location))

    assert import_saving.save_next(lambda: False)
    assert "Đã ghi 1 dòng" in text(member.get(answer.location))
    assert lots() == 1
    again = paste(member, GOOD, "Mít Thái\t-5 tấn\t9.500\tnt\tnt\tnt")
    assert "Ghi 1 dòng" not in text(member.get(again.location))


@pytest.mark.parametrize(
    ("cell", "instead", "name", "answer", "told"),
    [
        ("25,5 tấn", "300 thùng", "all:unit=thung / khom-cau-duc", "hôm qua", "là khối lượng"),
        (f"{LAST:%d/%m/%Y}", "", "own:all:until=", "abc", "abc"),
        (f"{LAST:%d/%m/%Y}", "", "own:all:until=", "1/1/2020", "2020"),
        ("Khóm Cầu Đúc", "Khóm Cầu", "own:all:commodity=khóm cầu", "ghế đá", "ghế đá"),
    ],
)
def test_what_cannot_be_used_is_asked_again_with_why_and_the_text(
    member: FlaskClient, cell: str, instead: str, name: str, answer: str, told: str
) -> None:
    where = paste(member, GOOD.replace(cell, instead)).location
    page = member.get(where)
    assert f'name="{name}"' in page.text

    member.post(f"{where}/answers", data={"version": version(page), name: answer})

    page = member.get(where)
    field = re.search(rf'<input[^>]* name="{name}"[^>]* value="{answer}"[^>]*invalid', page.text)
    assert field is not None
    assert "[khom" not in text(page), "codes are for the command line"
    error = re.search(r'id="unread-1">(.*?)</p>', text(page))
    assert told in (error or [""])[0]


def test_the_number_of_a_certificate_is_shown_and_whether_it_is_kept(
    member: FlaskClient, officer: Actor
) -> None:
    a_certificate(officer, number="VG-9", holder="Bà Mai")
    head = f"{HEAD}\tChứng nhận"
    rows = (f"{GOOD}\tVietGAP số VG-9", f"{GOOD}\tOCOP số 12/QĐ".replace("25,5", "12"))

    page = text(member.get(paste(member, *rows, head=head).location))

    assert "VietGAP số VG-9 (giấy lưu ở đây)" in page
    assert "số 12/QĐ (chỉ nêu tên)" in page


def test_a_forgotten_basis_says_that_the_file_must_be_chosen_again(member: FlaskClient) -> None:
    file = (BytesIO(f"{HEAD}\n{GOOD}".encode()), "bản tin.csv")

    answer = member.post("/lots/paste", data={"file": file})

    assert answer.status_code == 422
    assert "Chọn lại tệp “bản tin.csv”" in text(answer).split("<form", 1)[0]
    assert answer.text.index('id="basis"') < answer.text.index('id="file"')


def test_goods_without_an_amount_are_refused_with_why(member: FlaskClient) -> None:
    said = "Chào em, chị báo hàng nhé:\nlúa ST25 chín chục công, Vị Thủy\nKhóm 5 tấn giá 7.800"

    where = member.post("/lots/paste", data={"basis": "request", "rows": said}).location

    page = text(member.get(f"{where}?status="))
    assert "lúa ST25 chín chục công" in page.split("Từng dòng", 1)[1]
    assert "Khối lượng: Ô này trống" in page
    assert "báo hàng nhé" not in page.split("Chọn giúp", 1)[1].split("Từng dòng", 1)[0]


@pytest.mark.parametrize("answer", ["named", "25.300 kg"])
def test_an_amount_beyond_what_one_listing_is_is_asked(member: FlaskClient, answer: str) -> None:
    where = paste(member, GOOD.replace("25,5 tấn", "25300 tấn")).location
    page = member.get(where)
    assert "Ghi 1 dòng" not in text(page)
    assert 'value="25.300 kg"' in page.text
    name = "all:quantity=large / 25300 tấn / khom-cau-duc"
    assert f'name="{name}"' in page.text

    member.post(f"{where}/answers", data={"version": version(page), name: answer})

    assert "Ghi 1 dòng" in text(member.get(where))
    assert {"named": "25.300 tấn", "25.300 kg": "25,3 tấn"}[answer] in text(member.get(where))


def test_goods_are_asked_once_under_the_headings_of_several_districts(member: FlaskClient) -> None:
    rest = f"\t5 tấn\t7.800\tPhường Vị Thanh\t{LAST:%d/%m/%Y}\tBà Mai"
    rows = ("A. Huyện Vị Thủy", f"khom{rest}", "B. Huyện Phụng Hiệp", f"khom{rest}x")

    page = member.get(paste(member, *rows).location)

    assert page.text.count('value="khom-tac-cau"') == 1
    assert "2 dòng: 3, 5" in text(page)
    assert "trả lời 1 câu hỏi" in text(page)


def test_goods_of_another_locality_are_refused_before_anything_is_asked(
    member: FlaskClient,
) -> None:
    row = f"Khóm Cầu\t25,5 tấn\t7.500 - 8.000\tThành phố Sóc Trăng\t{LAST:%d/%m/%Y}\tBà Mai"

    page = text(member.get(paste(member, row).location))

    assert 'id="questions-h"' not in page
    assert "Sở chỉ đăng hàng của địa phương mình" in page


def test_a_question_is_answered_on_the_page(member: FlaskClient) -> None:
    where = paste(member, GOOD.replace("7.800", "7.500 - 8.000")).location
    page = member.get(where)
    assert 'name="all:ask=range" value="least"' in page.text

    data = {"version": version(page), "all:ask=range": "most"}
    assert member.post(f"{where}/answers", data=data).status_code == 302

    assert "Ghi 1 dòng" in text(member.get(where))
    late = member.post(f"{where}/answers", data={**data, "all:ask=range": "least"})
    assert late.status_code == 409
    assert "đã trả lời lúc" in text(late)


def test_an_answer_may_be_written(member: FlaskClient) -> None:
    where = paste(member, GOOD.replace("Bà Mai", "")).location

    data = {"version": version(member.get(where)), "all:producer=": "Ông Tư"}
    member.post(f"{where}/answers", data=data)

    assert "Ghi 1 dòng" in text(member.get(where))


MESSAGE = (
    "ban 5 tan khom cau duc gia 7800 lay tai vi thanh den 30/12",
    "chu bay 2 tan xoai cat hoa loc 25k xa hoa luu den 30/12",
    "bac sau ban 300kg ca that lat 65k xa hoa luu den 30/12",
)


def test_of_a_message_each_line_may_be_somebody_elses(member: FlaskClient) -> None:
    data = {"basis": "request", "rows": "\n".join(MESSAGE)}
    where = member.post("/lots/paste", data=data).location
    page = member.get(where)

    shown = text(page)
    assert all(f'name="{name}"' in shown for name in ("row:1:producer", "own:row:3:producer"))
    assert 'name="row:3:producer" value="bac sau"' in shown
    assert "row:2:producer" not in shown
    assert "Cột của bạn" not in shown
    assert "Bảng mã" not in shown
    answers = {"row:1:producer": "Bà Tư", "row:3:producer": "bac sau"}
    member.post(f"{where}/answers", data={"version": version(page), **answers})

    member.post(f"{where}/save", data={"version": version(member.get(where))})
    assert import_saving.save_next(lambda: False)
    goods = {lot.commodity_id: lot.producer for lot in db.session.scalars(select(Lot))}
    assert goods["khom-cau-duc"] == "Bà Tư"
    assert goods["ca-thac-lac"] == "bac sau"
    assert goods["xoai-hoa-loc"] == "chu bay"


def test_one_name_serves_all_rows_and_another_one_of_them(member: FlaskClient) -> None:
    rows = [GOOD.replace("Bà Mai", ""), GOOD.replace("Bà Mai", "").replace("25,5", "26,5")]
    where = paste(member, *rows).location
    page = member.get(where)
    assert "Cột của bạn" in text(page)

    answers = {"all:producer=": "HTX Tân Long", "row:3:producer": "Bà Tư"}
    member.post(f"{where}/answers", data={"version": version(page), **answers})

    member.post(f"{where}/save", data={"version": version(member.get(where))})
    assert import_saving.save_next(lambda: False)
    whose = sorted(lot.producer for lot in db.session.scalars(select(Lot)))
    assert whose == ["Bà Tư", "HTX Tân Long"]


def test_numbers_without_a_unit_are_asked_with_all_of_them(member: FlaskClient) -> None:
    rows = [GOOD.replace("25,5 tấn", amount) for amount in ("12", "2,5", "12")]

    page = text(member.get(paste(member, *rows).location))

    asked = page.split("Chọn giúp</h2>", 1)[1].split("Cột của bạn", 1)[0]
    assert "Số không ghi đơn vị (12; 2,5) là kg hay tấn?" in asked
    assert "<span>kg</span>" in asked
    assert "<span>tấn</span>" in asked
    assert "12 kg" not in asked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Xã Hỏa Tiến, Vị Thanh", "Xã Hỏa Tiến, nay là Xã Hỏa Lựu, Hậu Giang"),
        ("Phường Vị Thanh", "· Phường Vị Thanh, Hậu Giang"),
        ("Xã Hỏa Lựu", "· Xã Hỏa Lựu, Hậu Giang"),
    ],
)
def test_a_commune_of_before_is_named_with_what_it_is_today(
    member: FlaskClient, written: str, shown: str
) -> None:
    page = text(member.get(paste(member, GOOD.replace("Phường Vị Thanh", written)).location))

    assert shown in page


@pytest.mark.parametrize("goods", ["Lông ngỗng", "Khóm"])
def test_all_flaws_of_a_row_are_said_at_once(member: FlaskClient, goods: str) -> None:
    row = GOOD.replace("Khóm Cầu Đúc", goods).replace("25,5 tấn", "abc").replace("7.800", "xyz")

    page = text(member.get(paste(member, row, GOOD).location))

    said = page.split("Từng dòng", 1)[1]
    for words in (f"“{goods}”", "“abc”", "“xyz”"):
        assert words in said
    assert "Cộng lại 3 dòng" in page
    good = text(member.get(paste(member, GOOD.replace("Khóm Cầu Đúc", goods)).location))
    assert "“25,5 tấn”" not in good, "an amount of something"


def test_what_is_written_beside_a_choice_counts_and_the_page_says_so(member: FlaskClient) -> None:
    where = paste(member, GOOD.replace("7.800", "7.500 - 8.000")).location
    name, page = "all:ask=range", member.get(where)
    assert "tính trước lựa chọn" in text(page)

    both = {"version": version(page), f"own:{name}": "7.600", name: "least"}
    page = member.post(f"{where}/answers", data=both, follow_redirects=True)

    assert "phần ghi được tính: “7.600”" in text(page)
    assert "7.600 ₫/kg" in text(page).split("Từng dòng", 1)[1]
    assert "Ghi 1 dòng" in text(page)


def test_a_price_outside_the_range_that_the_sheet_names_is_asked_again(member: FlaskClient) -> None:
    where = paste(member, GOOD.replace("7.800", "7.500 - 8.000")).location
    data = {"version": version(member.get(where)), "own:all:ask=range": "9.000"}

    page = text(member.post(f"{where}/answers", data=data, follow_redirects=True))

    assert "Ghi 1 dòng" not in page
    assert "“9.000” chưa trả lời được câu này" in page


def test_what_did_not_serve_does_not_count_before_a_choice(member: FlaskClient) -> None:
    where = paste(member, GOOD.replace(f"{LAST:%d/%m/%Y}", "")).location
    name = "all:until="
    data = {"version": version(member.get(where)), f"own:{name}": "abc"}
    member.post(f"{where}/answers", data=data)

    page = member.get(where)
    chosen = {**data, "version": version(page), name: LAST.isoformat()}
    page = member.post(f"{where}/answers", data=chosen, follow_redirects=True)

    assert "Ghi 1 dòng" in text(page)
    assert "phần ghi được tính" not in text(page)


def test_a_column_is_named_by_hand(member: FlaskClient) -> None:
    where = paste(member, GOOD, head=HEAD.replace("Số lượng", "Cột lạ")).location
    page = member.get(where)
    assert "Ghi 1 dòng" not in text(page)

    data = {"version": version(page), "column-1": "quantity"}
    member.post(f"{where}/columns", data=data)

    assert "Ghi 1 dòng" in text(member.get(where))


def test_letters_are_named_and_can_be_overruled(member: FlaskClient) -> None:
    content = f"{HEAD}\n{GOOD}".replace("\t", ";").encode("utf-16-le")
    where = upload(member, "nong san.csv", content).location
    page = member.get(where)
    assert "UTF-16" in text(page)

    data = {"version": version(page), "encoding": "utf-8"}
    assert member.post(f"{where}/columns", data=data, follow_redirects=True).status_code == 200


def test_refused_rows_come_back_with_reasons_and_can_be_mended(member: FlaskClient) -> None:
    name, rows = "chao.xlsx", bulletins.CALL_FOR_BUYERS
    where = upload(member, name, workbook(rows)).location

    file = member.get(f"{where}/refused")

    table = read_file("mend.xlsx", file.data)
    heads = [cell.text for cell in table.lines[0].cells]
    assert heads[:8] == [str(head) for head in rows[0]]
    assert heads[-1] == "Lý do"
    reasons = [line.cells[-1].text for line in table.lines[1:]]
    assert all(reasons)
    sheet = lay_out(table)
    assert {c.meaning for c in sheet.columns if c.header == "Lý do"} <= {None, "ignore"}
    mit = next(record for record in sheet.records if record.cells["commodity"].text == "Mít Thái")
    assert mit.cells["place"].text == "xã Hỏa Lựu", "as above has been written out"


def test_headings_of_goods_are_kept_beside_refused_rows(member: FlaskClient) -> None:
    row = f"\t-5 tấn\t7.800\tPhường Vị Thanh\t{LAST:%d/%m/%Y}\tBà Mai"
    sheet = ["Xoài\t\t\t\t\t", f"cát Chu{row}", f"Hòa Lộc{row}", f"không ai biết{row}"]
    where = upload(
        member, "Bản tin 11.csv", "\n".join([HEAD, GOOD, *sheet]).replace("\t", ";").encode()
    ).location

    file = member.get(f"{where}/refused")

    assert 'filename="ban-tin-11-' in file.headers["Content-Disposition"]
    rows = read_file("mend.xlsx", file.data).lines[1:]
    assert [line.cells[0].text for line in rows] == [
        "Xoài cát Chu", "Hòa Lộc", "Xoài không ai biết",
    ]  # fmt: skip


def test_what_was_answered_of_words_is_remembered_for_the_next_sheet(member: FlaskClient) -> None:
    row = GOOD.replace("Khóm Cầu Đúc", "Khóm Cầu").replace(f"{LAST:%d/%m/%Y}", "")
    where = paste(member, row).location
    data = {"all:commodity=khóm cầu": "khom-cau-duc", "all:until=": LAST.isoformat()}
    member.post(f"{where}/answers", data={"version": version(member.get(where)), **data})

    page = member.get(paste(member, row.replace("25,5", "26,5")).location).text

    assert 'name="all:commodity=' not in page
    assert 'name="all:until=' in page, "days are asked of each sheet"


@pytest.mark.parametrize(("word", "again"), [("khom", False), ("dua", True)])
def test_what_a_word_without_marks_means_is_asked_of_each_sheet(
    member: FlaskClient, word: str, again: bool
) -> None:
    row, name = GOOD.replace("Khóm Cầu Đúc", word), f"all:commodity={word}"
    where = paste(member, row).location
    data = {"version": version(member.get(where)), name: "khom-cau-duc"}
    member.post(f"{where}/answers", data=data)
    assert "Ghi 1 dòng" in text(member.get(where))

    page = member.get(paste(member, row.replace("25,5", "26,5")).location).text

    assert (f'name="{name}"' in page) == again


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.SELLER])
def test_the_template_imports_as_it_is(
    client_of: Callable[[Actor], FlaskClient], app: Flask, language: str, role: Role
) -> None:
    member = client_of(an_actor(role))
    member.get(f"/language/{language}")

    file = member.get("/lots/template")

    sheet = lay_out(read_file("lots.xlsx", file.data))
    assert [column.meaning for column in sheet.columns] == list(COLUMNS)
    where = upload(member, "lots.xlsx", file.data).location
    assert ("Save 2 rows" if language == "en" else "Ghi 2 dòng") in text(member.get(where))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gia.xlsx", b"<html><table><tr><td>1"),
        ("lon.csv", b"a;b\n" * 5_100_000),
        ("trong.csv", b"\n\n"),
        ("la.csv", "Mặt hàng;Số lượng\nkhóm\x07;5".encode()),
    ],
)
def test_what_is_no_sheet_is_told_and_harms_nothing(
    member: FlaskClient, name: str, content: bytes
) -> None:
    page = upload(member, name, content)

    assert page.status_code == 422
    assert 'class="error-summary"' in page.text


@pytest.mark.parametrize("rows", ["", " \n\t\n", HEAD])
def test_no_rows_are_told(member: FlaskClient, rows: str) -> None:
    page = member.post("/lots/paste", data={"basis": "request", "rows": rows})

    assert page.status_code == 422


@pytest.mark.parametrize(
    "rows", ["a\0b\tc", '"', '"\t"\t', "🍍\t🍍\t🍍", "<script>alert(1)</script>\t1"]
)
def test_strange_rows_harm_nothing(member: FlaskClient, rows: str) -> None:
    answer = member.post(
        "/lots/paste", data={"basis": "request", "rows": rows}, follow_redirects=True
    )

    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert lots() == 0


def test_a_department_says_on_which_basis(member: FlaskClient) -> None:
    assert member.post("/lots/paste", data={"rows": f"{HEAD}\n{GOOD}"}).status_code == 422


def test_it_can_be_dropped(member: FlaskClient) -> None:
    where = paste(member, GOOD).location

    assert member.post(f"{where}/discard", follow_redirects=True).status_code == 200

    assert member.get(where).status_code == 404


def test_an_import_is_for_those_who_list(client_of: Any, member: FlaskClient) -> None:
    where = paste(member, GOOD).location

    assert client_of(an_actor(Role.BUYER)).get("/lots/paste").status_code == 403
    assert client_of(an_actor(Role.OFFICER)).get(where).status_code == 404
    assert client_of(an_actor(Role.OFFICER)).get(f"{where}/refused").status_code == 404


@pytest.mark.parametrize(
    "status", ["", "new", "refused", "asked", "change", "repeat", "passed", "x"]
)
def test_rows_are_looked_at_by_status(member: FlaskClient, status: str) -> None:
    where = paste(member, GOOD).location

    assert member.get(f"{where}?status={status}").status_code == 200


NEED_HEAD = (
    "Mặt hàng cần mua\tSố lượng\tGiá mua cao nhất\tNơi nhận hàng\tĐến ngày\tBên mua"
    "\tGiao ít nhất\tNhận nhiều nơi góp"
)
NEED = (
    f"Khóm Cầu Đúc\t30-40 tấn\t9.200\tPhường Vị Thanh\t{LAST:%d/%m/%Y}\tCông ty Hậu\t5 tấn\tkhông"
)


def test_a_sheet_of_needs_is_posted_and_known_again(member: FlaskClient) -> None:
    data = {"basis": "request", "rows": f"{NEED_HEAD}\n{NEED}"}
    where = member.post("/needs/paste", data=data).location

    page = member.get(where)
    for words in ("30 tấn – 40 tấn", "9.200 ₫/kg", "Công ty Hậu", "Ghi 1 dòng"):
        assert words in text(page)
    member.post(f"{where}/save", data={"version": version(page)})
    assert import_saving.save_next(lambda: False)
    [need] = db.session.scalars(select(Need))
    assert (need.quantity, need.quantity_least, need.bid) == (40_000, 30_000, 9_200)
    assert (need.bid_sealed, need.splits, need.min_quantity) == (True, False, 5_000)
    assert need.buyer == "Công ty Hậu"

    data["rows"] = data["rows"].replace("9.200", "9.500")
    again = member.get(member.post("/needs/paste", data=data).location)
    for words in ("Sửa tin đã có", "9.200 ₫/kg 9.500 ₫/kg", f"Nhu cầu {need.id}"):
        assert words in text(again).replace('<s class="muted">', "").replace("</s> <b>", " ")


@pytest.mark.parametrize(("role", "language"), [(Role.BUYER, "vi"), (Role.OFFICER, "en")])
def test_the_template_of_needs_imports_as_it_is(
    app: Flask, client_of: Callable[[Actor], FlaskClient], role: Role, language: str
) -> None:
    client = client_of(an_actor(role))
    client.get(f"/language/{language}")
    book = client.get("/needs/template").data
    made = import_laying.begin(
        "needs.xlsx", book, basis=Basis.REQUEST if role == Role.OFFICER else Basis.OWN,
        actor=an_actor(role), today=clock.today(), now=clock.now(), side="need",
    )  # fmt: skip
    import_reading.read_this(made.id)

    db.session.expire_all()
    assert db.session.get_one(SheetImport, made.id).counts == {"new": 2, "passed over": 1}


def test_each_side_of_the_market_is_for_those_who_list_there(
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    assert client_of(an_actor(Role.SELLER)).get("/needs/paste").status_code == 403
    assert client_of(an_actor(Role.BUYER)).get("/lots/paste").status_code == 403


def test_hidden_rows_are_asked_and_counted_and_a_hidden_column_is_named(
    member: FlaskClient,
) -> None:
    where = upload(
        member, "an.xlsx", a_workbook_with_hidden_parts(until=f"{LAST:%d/%m/%Y}")
    ).location
    page = member.get(where)
    for words in ("Dòng bị ẩn trong bảng", "Ẩn trong bảng, chưa đọc: Giá vốn", "Ghi 2 dòng"):
        assert words in text(page).replace('<span lang="vi">', "")
    name = "all:hidden=rows"
    assert f'name="{name}" value="pass"' in page.text

    member.post(f"{where}/answers", data={"version": version(page), name: "pass"})
    page = member.get(where)
    assert "1 dòng bị ẩn đã bỏ qua" in text(page)
    counts = db.session.scalars(select(SheetImport.counts)).one()
    assert counts == {"new": 2, "passed over": 2}
    assert "25,5 tấn" in text(page), "the unit stands in the format alone"

    member.post(f"{where}/answers", data={"version": version(page), name: "read"})
    assert "Ghi 3 dòng" in text(member.get(where))


def test_rows_to_mend_keep_the_unit_of_their_format(member: FlaskClient) -> None:
    where = upload(
        member, "an.xlsx", a_workbook_with_hidden_parts(until=f"{LAST:%d/%m/%Y}")
    ).location

    file = member.get(f"{where}/refused")

    [_, line] = read_file("mend.xlsx", file.data).lines
    assert "25,5 tấn" in [cell.text for cell in line.cells]
