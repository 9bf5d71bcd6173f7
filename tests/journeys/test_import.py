"""A department's list: 200 rows with 12 faulty ones, the worker killed in the middle, mended, finished."""

from __future__ import annotations

import io
import os
import re
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page, expect
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.organisations import Membership, User
from marketplace.services import accounts
from marketplace.sheets.files import read_file
from tests.conftest import make_app
from tests.factories import a_user
from tests.journeys.conftest import PASSWORD, SignIn, Site, address_of, serving, wait_for
from tests.journeys.test_serve import all_gone, one_of

ROWS, FAULTY = 200, 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def the_list() -> bytes:
    until = clock.today() + timedelta(days=9)
    heads = ["TT", "Ten san pham", "Sản lượng", "Gía bán", "Đến ngày", "Đ/chỉ", "Tên hộ"]
    rows = [
        [
            str(n),
            "Khóm Cầu Đúc",
            f"{'-' if n <= FAULTY else ''}{n} tấn",
            "7.800đ",
            f"{until:%d/%m/%Y}",
            "Phường Vị Thanh",
            f"Hộ số {n % 40}",
        ]
        for n in range(1, ROWS + 1)
    ]
    return a_workbook([["DANH SÁCH NÔNG SẢN CẦN TIÊU THỤ"], [], heads, *rows])


def a_workbook(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def upload(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Báo cáo của xã").check()
    file = {"name": name, "mimeType": XLSX, "buffer": content}
    page.get_by_label("Tệp").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Đọc bảng").click()
    expect(page.locator("h1")).to_contain_text("chưa ghi gì cả")


def asked(instance: Path, query: str) -> int:
    with closing(sqlite3.connect(instance / "marketplace.db", timeout=30)) as database:
        found: int = database.execute(query).fetchone()[0]
        return found


def test_a_list_with_faults_becomes_lots_though_the_worker_dies(
    market: Site, sign_in: SignIn
) -> None:
    page, lots = sign_in("officer"), "SELECT count(*) FROM lot"
    page.goto("/lots/paste")
    upload(page, "nong san.xlsx", the_list())
    page.get_by_role("button", name=f"Ghi {ROWS - FAULTY} dòng").click()
    wait_for(lambda: asked(market.instance, lots), "the first rows to be saved")
    os.kill(one_of(market.instance, "worker"), signal.SIGKILL)
    wait_for(lambda: all_gone(market.instance), "the site to have ended")
    assert asked(market.instance, lots) <= ROWS - FAULTY
    let_the_lease_run_out(market.instance)

    with serving(market.instance, market.mailbox) as again:
        page.goto(f"{again.address}/imports/1")
        wait_for(lambda: asked(again.instance, lots) == ROWS - FAULTY, "the others to be saved")
        wait_for(lambda: asked(again.instance, SAVED) == 1, "the import to be done")
        page.goto(f"{again.address}/imports/1")
        expect(page.locator("main")).to_contain_text(f"Đã ghi {ROWS - FAULTY} dòng")

        with page.expect_download() as download:
            page.get_by_role("link", name=f"Tải {FAULTY} dòng cần sửa").click()
        mended = mend(download.value.path().read_bytes())
        page.goto(f"{again.address}/lots/paste")
        upload(page, "da sua.xlsx", mended)
        page.get_by_role("button", name=f"Ghi {FAULTY} dòng").click()
        wait_for(lambda: asked(again.instance, SAVED) == 2, "the mended rows to be saved")

        page.goto(f"{again.address}/lots/paste")
        upload(page, "nong san.xlsx", the_list())
        expect(page.get_by_role("button", name=re.compile(r"^Ghi \d+ dòng"))).to_have_count(0)
        assert asked(again.instance, lots) == ROWS
        assert asked(again.instance, "SELECT count(DISTINCT quantity) FROM lot") == ROWS


SAVED = "SELECT count(*) FROM sheet_import WHERE state = 'saved'"


def let_the_lease_run_out(instance: Path) -> None:
    """As half a minute would."""
    with closing(sqlite3.connect(instance / "marketplace.db", timeout=30)) as database:
        database.execute("UPDATE sheet_import SET lease_until = '2000-01-01 00:00:00'")
        database.commit()


def mend(refused: bytes) -> bytes:
    """What an officer does: read the reason, take the sign away, upload."""
    lines = read_file("refused.xlsx", refused).lines
    rows = [[cell.text for cell in line.cells] for line in lines]
    assert len(rows) == 1 + FAULTY
    assert all("lớn hơn 0" in row[-1] for row in rows[1:])
    return a_workbook([rows[0], *([cell.removeprefix("-") for cell in row] for row in rows[1:])])


def test_the_second_of_two_officers_sees_what_the_first_has_answered(
    market: Site, sign_in: SignIn
) -> None:
    a_colleague(market.instance)
    first, second = sign_in("officer"), sign_in("colleague")
    first.goto("/lots/paste")
    until = clock.today() + timedelta(days=9)
    rows = "".join(
        f"\n{good}\t5 tấn\t{price}\tPhường Vị Thanh\t{until:%d/%m/%Y}\tBà Mai"
        for good, price in (("Khóm Cầu Đúc", "7.500 - 8.000"), ("Mít Thái", "9.000 - 9.500"))
    )
    first.get_by_label("Báo cáo của xã").check()
    first.get_by_label("Hoặc dán các dòng").fill(
        f"Mặt hàng\tSố lượng\tGiá\tĐịa chỉ\tĐến ngày\tHộ sản xuất{rows}"
    )
    first.get_by_role("button", name="Đọc bảng").click()
    expect(first.locator("h1")).to_contain_text("chưa ghi gì cả")
    second.goto(first.url)
    check_that_it_fits_a_telephone(first)

    first.get_by_label("con số thấp").check()
    first.get_by_role("button", name="Dùng câu trả lời").click()
    expect(first.get_by_role("button", name="Ghi 2 dòng")).to_be_visible()
    second.get_by_label("con số cao").check()
    second.get_by_role("button", name="Dùng câu trả lời").click()
    expect(second.get_by_role("alert")).to_contain_text("đã trả lời lúc")

    second.get_by_role("button", name="Ghi 2 dòng").click()
    wait_for(lambda: asked(market.instance, SAVED), "the rows to be saved")
    first.get_by_role("button", name="Ghi 2 dòng").click()  # of a page that is out of date
    expect(first.locator("main")).to_contain_text("Đã ghi 2 dòng")
    assert asked(market.instance, "SELECT count(*) FROM lot") == 2
    assert asked(market.instance, "SELECT min(ask) FROM lot") == 7_500


def check_that_it_fits_a_telephone(page: Page) -> None:
    """Questions before columns and rows, which are folded; the buttons in one row."""
    page.set_viewport_size({"width": 390, "height": 844})
    bar, buttons = page.locator(".actionbar"), page.locator(".actionbar .btn:visible")
    assert {round((b.bounding_box() or {"y": 0})["y"]) for b in buttons.all()} == {
        round((buttons.first.bounding_box() or {"y": 1})["y"])
    }
    assert (bar.bounding_box() or {"height": 999})["height"] < 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator("table:visible")).to_have_count(0)
    page.locator("summary", has_text="Từng dòng").click()
    expect(page.locator("table:visible")).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 900})


def a_colleague(instance: Path) -> None:
    """A second officer of the same department."""
    with make_app(instance).app_context():
        officer = db.session.scalars(select(User).where(User.email == address_of("officer"))).one()
        mine = select(Membership).where(Membership.user_id == officer.id)
        department = db.session.scalars(mine).one().organisation_id
        user = a_user(name="colleague", email=address_of("colleague"), language="vi")
        db.session.add(Membership(user_id=user.id, organisation_id=department, role=Role.OFFICER))
        db.session.commit()
        accounts.give_password(address_of("colleague"), PASSWORD)
        db.session.remove()
        db.engine.dispose()
