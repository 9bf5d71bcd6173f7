"""A road is closed: the landed price, the match under way and the next round follow; then it opens."""

from __future__ import annotations

import re
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn, Site, address_of, link_in, wait_for

ROAD = "/roads/D932-D930"
"""Provincial road QL61C between Một Ngàn and Vị Thanh, the straight way to Cần Thơ."""


def offer_paddy(page: Page, quantity: str) -> str:
    """The address of the lot's page."""
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill("HTX lúa Vị Thanh")
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill("lúa ST25")
    page.get_by_label("Khối lượng").fill(quantity)
    page.get_by_label("Giá chào tại vườn").fill("8.000")
    page.get_by_label("Nơi lấy hàng").fill("TP Vị Thanh")
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_role("button", name="Đăng lô hàng").click()
    expect(page).to_have_url(re.compile(r"/lots/\d+"))
    return page.url


def want_paddy(page: Page, quantity: str) -> None:
    page.goto("/needs/new")
    page.get_by_label("Mặt hàng").fill("lúa ST25")
    page.get_by_label("Khối lượng").fill(quantity)
    page.get_by_label("Giá mua cao nhất, tới tận nơi").fill("9.800")
    page.get_by_label("Nơi nhận hàng").fill("Phong Điền")
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_role("button", name="Đăng nhu cầu mua").click()
    expect(page).to_have_url(re.compile(r"/needs/\d+"))


def run_and_publish(page: Page) -> str:
    """The text of the round's page."""
    page.goto("/rounds/new")
    page.get_by_role("button", name="Chạy phiên ghép").click()
    publish = page.get_by_role("link", name=re.compile("Công bố phiên"))
    expect(publish).to_be_visible(timeout=90_000)
    publish.click()
    page.get_by_role("button", name=re.compile("Công bố phiên")).click()
    expect(page.locator("main")).to_contain_text("Đã công bố")
    return page.locator("main").inner_text()


def landed(page: Page, lot: str) -> tuple[int, str]:
    """₫ per kg at Phong Điền, and the whole panel."""
    page.goto(f"{lot}?to=Phong+Điền")
    panel = page.locator("#landed")
    figure = panel.locator(".big").first.inner_text()
    return int(re.sub(r"\D", "", figure.partition("₫")[0])), panel.inner_text()


def close(page: Page) -> None:
    page.goto("/roads?q=ql61c")
    page.get_by_role("link", name=re.compile(r"QL61C \(Một Ngàn – Vị Thanh\)")).first.click()
    expect(page).to_have_url(re.compile(ROAD))
    page.get_by_role("link", name="Đóng, hạn chế hay mở làn ưu tiên").click()
    page.get_by_role("radio", name=re.compile("^Đóng")).check()
    page.get_by_label("Lý do").fill("Sửa cầu Cái Tư, cấm mọi xe")
    page.get_by_label("Nguồn").fill("Thông báo của Sở Xây dựng")
    page.get_by_role("button", name="Tiếp: xem ai bị ảnh hưởng").click()
    expect(page.locator("main")).to_contain_text("1 kết quả")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page).to_have_url(re.compile(ROAD))


def lift(page: Page) -> None:
    page.goto(ROAD)
    page.get_by_role("link", name="Gỡ").first.click()
    page.get_by_label("Lý do").fill("Cầu Cái Tư đã sửa xong")
    page.get_by_label("Nguồn").fill("Thông báo của Sở Xây dựng")
    page.get_by_role("button", name="Gỡ").click()
    expect(page.locator("main")).to_contain_text("Thông suốt")


def letter_to(market: Site, who: str, words: str) -> EmailMessage | None:
    found = (m for m in market.mailbox.to(address_of(who)) if words in str(m["Subject"]))
    return next(found, None)


def test_a_closed_road_moves_the_price_warns_the_match_and_sends_the_next_round_by_canal(
    market: Site, sign_in: SignIn
) -> None:
    officer, trader, coordinator = sign_in("officer"), sign_in("trader"), sign_in("coordinator")
    lot = offer_paddy(officer, "2 tấn")
    before, by = landed(trader, lot)
    assert "xe" in by.lower()
    want_paddy(trader, "2 tấn")
    run_and_publish(coordinator)

    close(officer)

    after, by = landed(trader, lot)
    assert after > before
    assert "ghe" in by
    warning = wait_for(lambda: letter_to(market, "trader", "bị chặn"), "the warning by e-mail")
    trader.goto(link_in(warning))
    expect(trader.locator("main")).to_contain_text("Đường đi của kết quả này đang bị chặn")
    expect(trader.locator("main")).to_contain_text("QL61C")
    expect(trader.locator("main")).to_contain_text("ghe 20 tấn")

    offer_paddy(officer, "2 tấn")
    want_paddy(trader, "2 tấn")
    assert "ghe" in run_and_publish(coordinator)

    lift(officer)

    assert landed(trader, lot)[0] == before
    trader.goto(link_in(warning))
    expect(trader.locator("main")).not_to_contain_text("đang bị chặn")
    wait_for(lambda: letter_to(market, "trader", "thông"), "word that the road is open again")
