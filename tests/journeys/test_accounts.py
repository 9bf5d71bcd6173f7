"""Accounts in a real browser: one click into the demo, a lost session, an invitation by e-mail."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site, wait_for


@pytest.fixture
def phone(demo_site: Site, browser: Browser, browser_context_args: dict[str, object]) -> Page:
    context = browser.new_context(**{**browser_context_args, "base_url": demo_site.address})
    return context.new_page()


def enter(page: Page, name: str) -> None:
    """One click into a sample account."""
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()


def link_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"https?://\S+", body.get_content())
    assert found
    return found.group()


@pytest.mark.parametrize("name", ["Nguyễn Thị Mẫu", "Trần Văn Thử", "Lê Hữu Dụ", "Phạm Ngọc Ví"])
def test_one_click_leads_into_a_sample_account_that_has_something_to_do(
    phone: Page, name: str
) -> None:
    enter(phone, name)
    phone.goto("/account")

    expect(phone.get_by_role("heading", level=1)).to_have_text(name)


def test_a_form_survives_the_loss_of_the_session(phone: Page) -> None:
    enter(phone, "Lê Hữu Dụ")
    phone.goto("/lots/new")
    phone.get_by_label("Khối lượng").fill("25,5 tấn")
    phone.get_by_label("Mặt hàng").fill("Khóm Cầu Đúc")
    phone.context.clear_cookies()

    phone.locator("main form button[type=submit]").last.click()
    expect(phone.get_by_role("status").first).to_contain_text("những gì đã gõ vẫn còn")
    phone.get_by_role("button", name="Lê Hữu Dụ").click()

    expect(phone).to_have_url(re.compile("/lots/new$"))
    expect(phone.get_by_label("Khối lượng")).to_have_value("25,5 tấn")
    expect(phone.get_by_label("Mặt hàng")).to_have_value("Khóm Cầu Đúc")


def test_somebody_invited_follows_the_link_of_the_letter_and_is_in(
    phone: Page, demo_site: Site
) -> None:
    enter(phone, "Lê Hữu Dụ")
    phone.goto("/members")
    phone.get_by_role("link", name="Mời thêm người").click()
    phone.get_by_label("Tên", exact=True).fill("Hùng")
    phone.get_by_label("Thư điện tử").fill("hung@htx.example.vn")
    phone.get_by_role("button", name="Mời").click()
    expect(phone.get_by_role("status").first).to_contain_text("hung@htx.example.vn")
    letters = wait_for(lambda: demo_site.mailbox.to("hung@htx.example.vn"), "the letter")

    phone.context.clear_cookies()
    phone.goto(link_in(letters[0]))
    phone.get_by_label("Mật khẩu mới").fill("mưa rơi đêm qua")
    phone.get_by_role("button", name="Đặt mật khẩu").click()
    phone.goto("/account")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Hùng")
    expect(phone.locator("main")).to_contain_text("HTX Khóm Cầu Đúc")
