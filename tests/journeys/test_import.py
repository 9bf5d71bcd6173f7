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

from marketplace import clock
from marketplace.sheets.files import read_file
from tests.journeys.conftest import SignIn, Site, serving, wait_for
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
