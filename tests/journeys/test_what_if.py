"""A coordinator tries a closed road on a copy of the market, and a department looks at what came out."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site

ROAD = re.compile("^QL61, Vị Thanh – Cầu Cái Tư")


def signed_in(browser: Browser, site: Site, who: str) -> Page:
    """By one click, as the demo offers it."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site.address}/sign-in")
    page.locator(f"form:has(input[value='{who}']) button").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    return page


def test_a_closed_road_is_tried_shared_and_looked_at(demo_site: Site, browser: Browser) -> None:
    page = signed_in(browser, demo_site, "dieuphoi@demo.example")
    page.goto(f"{demo_site.address}/rounds")
    page.get_by_role("link", name="Nếu như").click()
    page.get_by_role("link", name="Kịch bản mới").click()
    page.get_by_label("Tên", exact=True).fill("Đóng đường Vị Thanh")
    page.get_by_role("button", name="Chép thị trường").click()

    page.get_by_role("link", name="Đóng, mở hoặc nới một tuyến").click()
    page.get_by_label("Tuyến", exact=True).press_sequentially("cai tu")
    page.get_by_role("option", name=ROAD).click()
    page.get_by_role("button", name="Thêm thay đổi này").click()
    page.get_by_role("link", name="Nhiên liệu đắt lên hoặc rẻ đi").click()
    page.get_by_label("Giá nhiên liệu").fill("nhiều")
    page.get_by_role("button", name="Thêm thay đổi này").click()
    expect(page.get_by_label("Giá nhiên liệu")).to_have_value("nhiều")
    page.get_by_label("Giá nhiên liệu").fill("20 %")
    page.get_by_role("button", name="Thêm thay đổi này").click()
    expect(page.get_by_role("button", name="Bỏ ra Nhiên liệu đắt thêm 20")).to_be_visible()

    page.get_by_role("button", name="Tính cả hai thị trường").click()
    came_out = page.get_by_role("heading", name=re.compile("Lợi ích chung sẽ giảm"))
    expect(came_out).to_be_visible(timeout=120_000)  # the page goes on by itself
    expect(page.get_by_role("img", name=re.compile("Bản đồ bảy địa phương"))).to_be_visible()
    page.get_by_role("button", name="Chia sẻ với điều phối viên và các Sở").click()
    address = page.url

    officer = signed_in(browser, demo_site, "canbo@demo.example")
    officer.goto(address)
    expect(officer.get_by_role("heading", name=re.compile("Lợi ích chung sẽ giảm"))).to_be_visible()
    assert officer.get_by_text("Mức trần").count() == 0
    assert officer.get_by_role("button", name="Giữ riêng").count() == 0
    for each in (page, officer):
        each.context.close()
