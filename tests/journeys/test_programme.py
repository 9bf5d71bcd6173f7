"""A criterion is stated, a department applies for a producer, the goods are admitted, a letter says so."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn, Site, address_of, wait_for


def state_criterion(page: Page) -> None:
    page.goto("/programme/criteria")
    page.get_by_role("link", name="Thêm tiêu chí").click()
    page.get_by_label("Bằng tiếng Việt").fill("Có mã số vùng trồng")
    page.get_by_label("Bằng tiếng Anh").fill("Has a growing-area code")
    page.get_by_label("Vì sao thêm hoặc sửa").fill("Nghị quyết của bảy địa phương")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đang áp dụng")


def apply(page: Page) -> str:
    """The address of the entry."""
    page.goto("/programme")
    page.get_by_role("link", name="Đăng ký hàng").click()
    page.get_by_label("Hàng", exact=True).press_sequentially("mit th")
    page.get_by_role("option", name="Mít Thái").click()
    page.get_by_role("button", name="Tiếp: cần chứng minh những gì").click()
    page.get_by_label(re.compile("Đăng ký cho ai")).fill("HTX Thạnh Lợi")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("main")).to_contain_text("Gửi tệp giấy tờ")
    page.get_by_label("Giấy tờ: số, nơi cấp, ngày cấp").fill("VN-HGOR-0123, Chi cục cấp 3/11/2026")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("main")).to_contain_text("Chờ xét")
    return page.url


def admit(page: Page) -> None:
    page.goto("/programme/queue")
    page.get_by_role("link", name="Mít Thái, Hậu Giang").click()
    expect(page.locator("main")).to_contain_text("VN-HGOR-0123")
    page.get_by_label("Nhận vào chương trình").check()
    page.get_by_label("Số quyết định").fill("88/QĐ-SNN")
    page.get_by_role("button", name="Quyết định").click()
    expect(page.locator("main")).to_contain_text("Đã quyết định")


def test_goods_are_applied_for_and_admitted(market: Site, sign_in: SignIn) -> None:
    officer, coordinator = sign_in("officer"), sign_in("coordinator")
    state_criterion(coordinator)
    entry = apply(officer)

    admit(coordinator)

    officer.goto(entry)
    expect(officer.locator("main")).to_contain_text("Quyết định 88/QĐ-SNN")
    expect(officer.locator("main")).to_contain_text("Được nhận đến")
    letter = wait_for(
        lambda: next(iter(market.mailbox.to(address_of("officer"))), None), "the letter"
    )
    assert "Được nhận vào chương trình" in str(letter["Subject"])
    officer.goto("/programme")
    expect(officer.locator("main")).to_contain_text("88/QĐ-SNN")
