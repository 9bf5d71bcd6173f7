"""The big map in a browser: pressed, walked by keyboard, without script, and with nobody else asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site

ROAD = "D932-D930"


@pytest.fixture
def map_page(demo_site: Site, page: Page) -> Iterator[Page]:
    """The map, ready; whatever it asked of others or the policy stopped fails the test."""
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{demo_site.address}/map")
    expect(page.locator("[data-ready]")).to_be_attached()
    yield page
    assert [url for url in asked if not url.startswith((demo_site.address, "data:"))] == []
    assert said == []


def test_a_pressed_link_shows_its_figures_and_stands_in_the_address(map_page: Page) -> None:
    link = map_page.get_by_role("button", name="QL61C (Một Ngàn – Vị Thanh)")

    link.dispatch_event("click")

    expect(map_page.locator("#chosen h2")).to_have_text("QL61C (Một Ngàn – Vị Thanh)")
    expect(map_page.locator("#chosen")).to_contain_text("45 km/h")
    assert f"link={ROAD}" in map_page.url


def test_links_are_walked_by_keyboard_from_the_middle(map_page: Page) -> None:
    map_page.locator("[data-canvas]").focus()

    map_page.keyboard.press("Tab")
    first = focused(map_page)
    map_page.keyboard.press("ArrowDown")
    second = focused(map_page)
    map_page.keyboard.press("Enter")

    assert "" not in (first, second)
    assert first != second
    road = second.split(":")[0]
    expect(map_page.locator("#chosen h2")).to_have_text(road)
    assert focused(map_page) == second
    assert map_page.locator(".touch[tabindex='0']").count() == 1


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.getAttribute('aria-label')")
    return name


def test_the_table_leads_to_the_map(map_page: Page) -> None:
    row = map_page.locator("tbody tr").nth(3)

    row.get_by_role("link", name="trên bản đồ").click()

    road = row.locator("th").inner_text().split("\n")[0]
    expect(map_page.locator("#chosen h2")).to_have_text(road)
    assert focused(map_page).startswith(road)


def test_layers_are_hidden_and_then_not_walked(map_page: Page) -> None:
    map_page.get_by_label("Đường bộ và phà").uncheck()

    expect(map_page.locator("path.m-express").first).to_be_hidden()
    expect(map_page.locator("path.m-canal").first).to_be_visible()
    expect(map_page.get_by_role("button", name="QL61C (Một")).to_have_count(0)


def test_without_script_the_server_draws_it(demo_site: Site, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo_site.address}/map")

    expect(page.get_by_role("img", name=re.compile("Bản đồ bảy địa phương"))).to_be_visible()
    page.get_by_role("link", name="trên bản đồ").nth(3).click()

    expect(page.locator("#chosen")).to_contain_text("km/h")
    expect(page.locator(".m-chosen")).to_be_attached()


BOXES = """() => [...document.querySelectorAll('.spot-seat > span:not(.out), .sign > span')].map(label => {
  const { left, right, top, bottom } = label.getBoundingClientRect();
  return [left, top, right, bottom];
})"""


def test_on_a_phone_names_lie_inside_the_map_and_over_nothing(demo_site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{demo_site.address}/map", wait_until="networkidle")
    expect(page.locator("[data-ready]")).to_be_attached()
    frame = page.locator("[data-canvas]").bounding_box()
    assert frame

    boxes = page.evaluate(BOXES)

    assert len(boxes) > 6
    for left, _, right, _ in boxes:
        assert frame["x"] <= left < right <= frame["x"] + frame["width"]
    for (left, top, right, bottom), other in combinations(boxes, 2):
        apart = other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
        assert apart


def test_a_links_state_is_read_out_with_its_name(map_page: Page) -> None:
    assert map_page.get_by_role("button", name=re.compile("Thông suốt$")).count() > 100
    assert map_page.get_by_role("button", name=re.compile("Đang đóng$")).count() >= 1
