"""The main job on a phone: 40 t of pineapples in Vị Thanh, 15 t wanted at Bình Điền, one round."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import SignIn, Site, address_of, link_in, wait_for


def day(after: int) -> str:
    """As a browser's own date field takes it."""
    return (clock.today() + timedelta(days=after)).isoformat()


def list_pineapples(page: Page) -> None:
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill("HTX khóm Cầu Đúc")
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill("khom cau duc")
    page.get_by_label("Khối lượng").fill("40 tấn")
    page.get_by_label("Giá chào tại vườn").fill("7.800")
    page.get_by_label("Nơi lấy hàng").fill("vi thanh")
    page.get_by_label("Lấy hàng từ ngày").fill(day(1))
    page.get_by_label("Lấy hàng đến ngày").fill(day(5))
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    expect(page.locator("main")).to_contain_text("40 tấn")
    expect(page.locator("main")).to_contain_text("40.000")
    page.get_by_role("button", name="Đăng lô hàng").click()
    expect(page).to_have_url(re.compile(r"/lots/\d+"))


def want_pineapples(page: Page) -> None:
    page.goto("/needs/new")
    page.get_by_label("Mặt hàng").fill("khóm Cầu Đúc")
    page.get_by_label("Khối lượng").fill("15 tấn")
    page.get_by_label("Giá mua cao nhất, tới tận nơi").fill("9.500")
    page.get_by_label("Nơi nhận hàng").fill("chợ Bình Điền")
    page.get_by_label("Nhận hàng từ ngày").fill(day(1))
    page.get_by_label("Nhận hàng đến ngày").fill(day(6))
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_role("button", name="Đăng nhu cầu mua").click()
    expect(page).to_have_url(re.compile(r"/needs/\d+"))


def run_and_publish(page: Page) -> None:
    page.goto("/rounds/new")
    page.get_by_role("button", name="Chạy phiên ghép").click()
    publish = page.get_by_role("link", name=re.compile("Công bố phiên"))
    expect(publish).to_be_visible(timeout=30_000)
    expect(page.locator("main")).to_contain_text("Vựa Tư Bình Điền")
    publish.click()
    page.get_by_role("button", name=re.compile("Công bố phiên")).click()
    expect(page.locator("main")).to_contain_text("Đã công bố")


def test_from_forty_tonnes_of_pineapples_to_two_telephone_numbers(
    market: Site, sign_in: SignIn
) -> None:
    officer, trader = sign_in("officer"), sign_in("trader")
    list_pineapples(officer)
    want_pineapples(trader)
    run_and_publish(sign_in("coordinator"))

    [letter] = wait_for(
        lambda: market.mailbox.to(address_of("officer")), "the officer's notice by e-mail"
    )
    assert "Khóm Cầu Đúc" in str(letter["Subject"])
    officer.goto(link_in(letter))
    expect(officer.locator("main")).to_contain_text("15 tấn")
    expect(officer.locator("main a[href^='tel:']")).to_have_count(0)
    officer.get_by_role("button", name="Đồng ý bán").first.click()

    trader.goto("/inbox")
    trader.get_by_role("link", name=re.compile("15 tấn")).first.click()
    trader.get_by_role("button", name="Đồng ý mua").first.click()

    for page, partner in ((officer, "Vựa Tư Bình Điền"), (trader, "Sở Nông nghiệp Hậu Giang")):
        page.reload()
        expect(page.locator("main")).to_contain_text("Hai bên đồng ý")
        expect(page.locator("main")).to_contain_text(partner)
        expect(page.locator("a[href^='tel:']").first).to_be_visible()
