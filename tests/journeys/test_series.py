"""“5–10 tấn mỗi ngày” in a real browser: asked back, started, seen by a buyer, changed, paused."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import SignIn

TODAY = clock.today()


def start(page: Page) -> str:
    """Goods for every day, as an officer tells them; the address of the series."""
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill("HTX khóm Vị Thanh")
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill("khóm cầu đúc")
    page.get_by_label("Khối lượng").fill("5-10 tấn mỗi ngày")
    page.get_by_label("Giá chào tại vườn").fill("7.800")
    page.get_by_label("Nơi lấy hàng").fill("TP Vị Thanh")
    expect(page.locator("#quantity-read")).to_contain_text("5 – 10 tấn mỗi ngày")
    page.get_by_label("Lấy hàng đến ngày").fill((TODAY + timedelta(days=19)).isoformat())
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_label("Đăng đều: mỗi ngày 5 – 10 tấn").check()
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    expect(page.locator("main")).to_contain_text("20 đợt, cả thảy 100 – 200 tấn")
    page.get_by_role("button", name="Bắt đầu đăng đều").click()
    expect(page).to_have_url(re.compile(r"/series/\d+$"))
    return page.url


def test_goods_for_every_day_are_started_seen_changed_and_paused(sign_in: SignIn) -> None:
    officer, trader = sign_in("officer"), sign_in("trader")
    series = start(officer)

    trader.goto("/lots")
    expect(trader.locator(".lots")).to_contain_text("có đều: còn 14 đợt nữa")
    trader.get_by_role("link", name="Khóm Cầu Đúc").first.click()
    expect(trader.locator("main")).to_contain_text("chắc chắn có 5 tấn, có thể có thêm")
    expect(trader.locator("main")).to_contain_text("Đây là một trong nhiều đợt: mỗi ngày")

    officer.get_by_role("link", name="Đổi từ một ngày").click()
    officer.get_by_label("Từ ngày nào").fill((TODAY + timedelta(days=5)).isoformat())
    officer.get_by_label("Số lượng mỗi đợt").fill("6 tấn")
    officer.get_by_label("Giá mỗi kg hoặc mỗi đơn vị").fill("8.000")
    officer.get_by_role("button", name="Tiếp: xem sẽ thay đổi những gì").click()
    expect(officer.locator("main")).to_contain_text("10 đợt đang đăng sẽ đổi theo")
    officer.get_by_role("button", name="Lưu thay đổi").click()
    expect(officer).to_have_url(series)

    officer.get_by_role("link", name="Tạm ngừng").click()
    officer.get_by_label("Từ ngày nào").fill((TODAY + timedelta(days=1)).isoformat())
    officer.get_by_role("button", name="Tiếp: xem sẽ thay đổi những gì").click()
    expect(officer.locator("main")).to_contain_text("14 đợt được rút khỏi chợ")
    officer.get_by_role("button", name="Tạm ngừng").click()
    expect(officer.locator("main")).to_contain_text("Chuỗi tạm ngừng")

    trader.goto("/lots")
    expect(trader.locator(".lots")).not_to_contain_text("đợt nữa")
