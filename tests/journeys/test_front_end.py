"""What the browser gets: how heavy it is, and what our script adds to pages that work without it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Request, expect

from tests.journeys.conftest import SignIn, Site

FIRST_LOAD, LATER = 150_000, 40_000


def weigh(page: Page, address: str) -> int:
    """Bytes on the wire until the page is quiet."""
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    page.on("requestfinished", note)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("requestfinished", note)
    sizes = [request.sizes() for request in requests]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def test_the_first_load_is_light_and_later_ones_lighter(site: Site, page: Page) -> None:
    assert weigh(page, site.address) < FIRST_LOAD
    assert weigh(page, f"{site.address}/distances") < LATER


def test_the_big_map_with_its_own_script_is_a_first_load_too(site: Site, page: Page) -> None:
    assert weigh(page, f"{site.address}/map") < FIRST_LOAD
    assert weigh(page, f"{site.address}/map?state=closed") < LATER


def test_places_are_suggested_without_tone_marks_and_chosen_by_keyboard(
    site: Site, page: Page
) -> None:
    page.goto(f"{site.address}/distances")
    field = page.get_by_label("Từ", exact=True)

    field.press_sequentially("xa hoa luu")
    expect(page.locator(".suggestions li").first).to_contain_text("Hỏa Lựu")
    field.press("ArrowDown")
    field.press("Enter")

    assert "Hỏa Lựu" in field.input_value()
    expect(page.locator(".suggestions li")).to_have_count(0)


def test_choosing_a_place_shows_the_prices_there_at_once(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/lots")

    page.locator("#to").press_sequentially("binh dien")
    page.locator(".suggestions li").first.click()

    expect(page.locator(".chips [aria-current=true]")).to_have_text("Giá đến nơi thấp trước")


def test_what_is_typed_before_everything_has_loaded_is_read_back_then(
    market: Site, sign_in: SignIn
) -> None:
    page = sign_in("officer")
    page.route("**/*.woff2", lambda font: None)
    page.goto("/lots/new", wait_until="domcontentloaded")
    page.wait_for_function("document.fonts.status === 'loading'")

    page.get_by_label("Mặt hàng").fill("khóm Cầu Đúc")
    page.get_by_label("Khối lượng").press_sequentially("25 tấn")
    assert page.evaluate("document.readyState") == "interactive"
    page.unroute("**/*.woff2")

    expect(page.locator("#quantity-read")).to_contain_text("25.000")


def test_suggestions_close_on_escape_and_keep_what_was_typed(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/distances")
    field = page.locator("[name=goods]")

    field.press_sequentially("khom")
    expect(page.locator(".suggestions li").first).to_be_visible()
    field.press("Escape")

    expect(page.locator(".suggestions li")).to_have_count(0)
    assert field.input_value() == "khom"


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/distances?origin=zzz&destination=binh+dien")

    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.get_by_label("Từ", exact=True)).to_be_focused()


def test_a_way_can_be_found_without_script(site: Site, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/distances")

    page.get_by_label("Từ", exact=True).fill("vị thanh")
    page.get_by_label("Đến", exact=True).fill("bình điền")
    page.get_by_role("button", name="Tìm đường").click()

    expect(page.get_by_role("heading", level=2).first).to_contain_text("Bình Điền")


def test_pages_break_no_policy(site: Site, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/distances?origin=vị+thanh&destination=bình+điền", "/about", "/privacy"):
        page.goto(site.address + path, wait_until="networkidle")

    assert [text for text in said if "Content Security Policy" in text] == []
