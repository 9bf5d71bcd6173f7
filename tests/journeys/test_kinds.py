"""Eggs by the ten thousand, seedlings by the piece with their papers, animals by the head, a restricted input."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import SignIn, Site, link_in, wait_for
from tests.journeys.test_closing_a_road import letter_to, run_and_publish

YESTERDAY = clock.today() - timedelta(days=1)


def tell(page: Page, goods: str, quantity: str, price: str) -> None:
    """The plain part of the form, sent on."""
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill("HTX Vị Tân")
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill(goods)
    page.get_by_label("Khối lượng").fill(quantity)
    page.get_by_label("Giá chào tại vườn").fill(price)
    page.get_by_label("Nơi lấy hàng").fill("TP Vị Thanh")
    go_on(page)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Tiếp: đọc lại").click()


def post(page: Page) -> None:
    page.get_by_role("button", name="Đăng lô hàng").click()
    expect(page).to_have_url(re.compile(r"/lots/\d+$"))


def list_eggs(page: Page) -> None:
    tell(page, "trứng vịt", "3 vạn trứng", "25.000 đ/chục")
    expect(page.locator("main")).to_contain_text("30.000 trứng")
    expect(page.locator("main")).to_contain_text("2.500 ₫/trứng, tất cả khoảng 75.000.000 ₫")
    post(page)


def list_seedlings(page: Page) -> None:
    """Asked for the paper, half of it told, what was typed is still there, then all of it."""
    tell(page, "dừa giống", "500 cây", "45.000")
    expect(page.locator("main")).to_contain_text("số giấy kiểm dịch")
    page.get_by_role("button", name="Ghi thêm").click()
    page.get_by_label("Tuổi").fill("6 tháng")
    page.get_by_label("Số giấy kiểm dịch").fill("HG 0456")
    go_on(page)
    expect(page.locator("main")).to_contain_text("Ghi cả số và ngày cấp giấy kiểm dịch")
    expect(page.get_by_label("Tuổi")).to_have_value("6 tháng")
    expect(page.get_by_label("Khối lượng")).to_have_value("500 cây")
    page.get_by_label("Ngày cấp giấy kiểm dịch").fill(YESTERDAY.isoformat())
    go_on(page)
    post(page)
    expect(page.locator("main")).to_contain_text("HG 0456")
    expect(page.locator("main")).to_contain_text("6 tháng")


def list_cattle(page: Page) -> None:
    """By the head: what one weighs is asked for, and the price of one is understood."""
    tell(page, "bò thịt", "3 con", "25 triệu/con")
    expect(page.locator("main")).to_contain_text("Ghi thêm mỗi con bao nhiêu kg")
    page.get_by_label("Khối lượng").fill("3 con, mỗi con 350 kg")
    go_on(page)
    expect(page.locator("main")).to_contain_text("khoảng 25.000.000 ₫ mỗi con")
    post(page)
    expect(page.locator("main")).to_contain_text("3 con, khoảng 350 kg mỗi con")


def is_found_under(page: Page, kind: str, goods: str) -> None:
    page.goto("/lots")
    page.locator("summary", has_text="Lọc").click()
    page.get_by_role("checkbox", name=kind).check()
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.locator(".lots h2")).to_have_text([goods])


def test_goods_of_every_kind_are_listed_found_and_matched(market: Site, sign_in: SignIn) -> None:
    officer, trader, coordinator = sign_in("officer"), sign_in("trader"), sign_in("coordinator")
    list_eggs(officer)
    list_seedlings(officer)
    list_cattle(officer)
    tell(officer, "thuốc trừ sâu", "20 lít", "200.000")
    expect(officer.locator("main")).to_contain_text("phải ghi số đăng ký lưu hành")
    expect(officer.get_by_label("Khối lượng")).to_have_value("20 lít")

    is_found_under(trader, "Trứng", "Trứng vịt")
    is_found_under(trader, "Cây giống, hạt giống", "Cây dừa giống")
    is_found_under(trader, "Vật nuôi sống", "Bò thịt")
    trader.goto("/needs/new")
    trader.get_by_label("Mặt hàng").fill("trứng vịt")
    trader.get_by_label("Khối lượng").first.fill("2 vạn")
    trader.get_by_label("Giá mua cao nhất, tới tận nơi").fill("32.000 đ/chục")
    trader.get_by_label("Nơi nhận hàng").fill("Chợ Bình Điền")
    go_on(trader)
    trader.get_by_role("button", name="Đăng nhu cầu mua").click()
    run_and_publish(coordinator)

    found = wait_for(lambda: letter_to(market, "trader", "Trứng vịt"), "the match by e-mail")
    trader.goto(link_in(found))
    expect(trader.locator("main")).to_contain_text("20.000 trứng")
