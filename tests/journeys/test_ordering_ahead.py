"""A harvest is offered ahead, ordered, matched, confirmed by one button; the season is pasted as a plan."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import SignIn, Site, address_of, link_in, wait_for
from tests.journeys.test_closing_a_road import letter_to, run_and_publish

FIRST = clock.today() + timedelta(days=2)
LAST = FIRST + timedelta(days=6)


def offer_harvest(page: Page) -> str:
    """The address of the lot's page."""
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill("Tổ hợp tác Hỏa Tiến")
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill("mãng cầu xiêm")
    page.get_by_label("Khối lượng").fill("3 tấn")
    page.get_by_label("Giá chào tại vườn").fill("12.000")
    page.get_by_label("Nơi lấy hàng").fill("TP Vị Thanh")
    _days(page, "Lấy hàng từ ngày", "Lấy hàng đến ngày")
    page.get_by_text("Chưa thu hoạch? Chào trước hàng dự kiến").click()
    page.get_by_label("Dự kiến, khá chắc").check()
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    expect(page.locator("main")).to_contain_text("Dự kiến, khá chắc")
    page.get_by_role("button", name="Đăng lô hàng").click()
    expect(page).to_have_url(re.compile(r"/lots/\d+"))
    return page.url


def order_ahead(page: Page) -> None:
    page.goto("/needs/new")
    page.get_by_label("Mặt hàng").fill("mãng cầu xiêm")
    page.get_by_label("Khối lượng").fill("3 tấn")
    page.get_by_label("Giá mua cao nhất, tới tận nơi").fill("18.000")
    page.get_by_label("Nơi nhận hàng").fill("Chợ Bình Điền")
    _days(page, "Nhận hàng từ ngày", "Nhận hàng đến ngày")
    page.locator("summary", has_text="hàng dự kiến").click()
    page.get_by_label("Có, tôi đặt trước").check()
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_role("button", name="Đăng nhu cầu mua").click()
    expect(page).to_have_url(re.compile(r"/needs/\d+"))


def _days(page: Page, first: str, last: str) -> None:
    for label, day in ((first, FIRST), (last, LAST)):
        page.get_by_label(label).fill(day.isoformat())


def paste_season(page: Page, weeks: list[date]) -> None:
    page.goto("/plans/new")
    page.get_by_label("Mặt hàng").fill("mãng cầu xiêm")
    page.get_by_role("button", name="Tiếp: các tuần").click()
    page.get_by_text("Dán cả vụ từ bảng tính").click()
    cells = "\n".join(f"{week:%d/%m/%Y}\t{10 + n}" for n, week in enumerate(weeks))
    page.get_by_label("Các ô từ bảng tính").fill(cells)
    page.get_by_role("button", name="Điền vào các tuần").click()
    expect(page.locator("main")).to_contain_text(f"{len(weeks)} tuần đã được điền")
    page.get_by_role("button", name="Tiếp: đọc lại").last.click()
    expect(page.locator("main")).to_contain_text(f"Sẽ đổi {len(weeks)} tuần")
    page.get_by_role("button", name="Ghi kế hoạch").click()
    expect(page.locator("main")).to_contain_text(f"Đã ghi kế hoạch của {len(weeks)} tuần")


def test_a_harvest_is_ordered_ahead_and_confirmed(market: Site, sign_in: SignIn) -> None:
    officer, trader, coordinator = sign_in("officer"), sign_in("trader"), sign_in("coordinator")
    lot = offer_harvest(officer)
    reminder = wait_for(
        lambda: letter_to(market, "officer", "Cần xác nhận thu hoạch"), "the reminder by e-mail"
    )
    order_ahead(trader)
    run_and_publish(coordinator)

    proposal = wait_for(lambda: letter_to(market, "trader", "Mãng cầu xiêm"), "the match by e-mail")
    assert "chưa xác nhận" in proposal.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    trader.goto(link_in(proposal))
    expect(trader.locator("main")).to_contain_text("Bên bán chưa xác nhận thu hoạch")

    officer.goto("/desk")
    officer.get_by_role("link", name="1 lô dự kiến cần xác nhận").click()
    officer.get_by_role("button", name="Xác nhận").click()

    expect(officer.locator("main")).to_contain_text("Đã xác nhận thu hoạch")
    wait_for(lambda: letter_to(market, "trader", "Đã xác nhận thu hoạch"), "word of it by e-mail")
    trader.reload()
    expect(trader.locator("main")).to_contain_text("Đã xác nhận thu hoạch lúc")
    assert f"{lot.rpartition('/')[2]}" in reminder.as_string()
    assert address_of("officer") in str(reminder["To"])

    weeks = [clock.today() + timedelta(weeks=n) for n in range(3)]
    paste_season(officer, weeks)
    expect(officer.locator("main")).to_contain_text("33 tấn")
