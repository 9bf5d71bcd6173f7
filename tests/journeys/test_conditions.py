"""On a phone: the road from Vị Thanh to Cần Thơ is closed, prices and a match follow, paddy goes by canal."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import SignIn, Site, address_of, wait_for

WAY = "/distances?origin=phuong+vi+thanh&destination=can+tho&goods=lua+st25&load=2500"
QL61C = re.compile(r"QL61C \(Một Ngàn – Vị Thanh\)")


def day(after: int) -> str:
    return (clock.today() + timedelta(days=after)).isoformat()


def list_paddy(page: Page) -> None:
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill("HTX lúa Vị Thanh")
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill("lua st25")
    page.get_by_label("Khối lượng").fill("6 tấn")
    page.get_by_label("Giá chào tại vườn").fill("8.000")
    page.get_by_label("Nơi lấy hàng").fill("phường vị thanh")
    page.get_by_label("Lấy hàng từ ngày").fill(day(0))
    page.get_by_label("Lấy hàng đến ngày").fill(day(5))
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_role("button", name="Đăng lô hàng").click()
    expect(page).to_have_url(re.compile(r"/lots/\d+"))


def want_paddy(page: Page) -> None:
    page.goto("/needs/new")
    page.get_by_label("Mặt hàng").fill("lua st25")
    page.get_by_label("Khối lượng").fill("3 tấn")
    page.get_by_label("Giá mua cao nhất, tới tận nơi").fill("10.000")
    page.get_by_label("Nơi nhận hàng").fill("can tho")
    page.get_by_label("Nhận hàng từ ngày").fill(day(0))
    page.get_by_label("Nhận hàng đến ngày").fill(day(6))
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    page.get_by_role("button", name="Đăng nhu cầu mua").click()
    expect(page).to_have_url(re.compile(r"/needs/\d+"))


def run_and_publish(page: Page) -> None:
    page.goto("/rounds/new")
    page.get_by_role("button", name="Chạy phiên ghép").click()
    publish = page.get_by_role("link", name=re.compile("Công bố phiên"))
    expect(publish).to_be_visible(timeout=60_000)
    publish.click()
    page.get_by_role("button", name=re.compile("Công bố phiên")).click()
    expect(page.locator("main")).to_contain_text("Đã công bố")


def close(page: Page, reason: str) -> None:
    """From the page of a link or of a locality's roads."""
    page.get_by_role("link", name="Đóng, hạn chế hay mở").click()
    page.get_by_label("Đóng", exact=False).first.check()
    expect(page.get_by_label("Số phút chờ")).to_be_hidden()
    page.get_by_label("Lý do").fill(reason)
    page.get_by_label("Nguồn").fill("Thông báo 12/TB-SXD")
    page.get_by_role("button", name="Tiếp: xem ai bị ảnh hưởng").click()


def lift(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Gỡ")).click()
    page.get_by_label("Lý do").fill("Sửa xong, xe chạy lại")
    page.get_by_label("Nguồn").fill("Đội quản lý đường")
    page.get_by_role("button", name="Gỡ").click()
    expect(page.locator("main")).to_contain_text("Đã gỡ")


def test_a_road_is_closed_and_opened_again(market: Site, sign_in: SignIn) -> None:
    officer, trader, coordinator = map(sign_in, ("officer", "trader", "coordinator"))
    list_paddy(officer), want_paddy(trader), run_and_publish(coordinator)
    trader.goto(WAY)
    expect(trader.locator(".route")).to_contain_text("QL61C")

    officer.goto("/roads?q=ql61c")
    officer.get_by_role("link", name=QL61C).first.click()
    close(officer, "Sập nhịp cầu, chờ sửa")
    expect(officer.locator("main")).to_contain_text("1 kết quả ghép đang thực hiện")
    officer.get_by_role("button", name="Ghi").click()
    expect(officer.locator("main")).to_contain_text("Đã ghi")

    trader.goto(WAY)
    expect(trader.locator(".route")).not_to_contain_text("Một Ngàn – Vị Thanh")
    trader.goto("/matches")
    trader.locator("main a[href^='/matches/']").first.click()
    expect(trader.locator("main")).to_contain_text("Đường đi của kết quả này đang bị chặn")
    expect(trader.locator("main")).to_contain_text("tiền cước")
    warned = wait_for(
        lambda: [
            letter
            for letter in market.mailbox.to(address_of("trader"))
            if "có đường vòng thêm" in str(letter["Subject"])
        ],
        "the trader to be told of the detour",
    )
    assert len(warned) == 1

    officer.goto("/roads/road:HG")
    close(officer, "Ngập sâu, cấm mọi xe tải")
    officer.get_by_role("button", name="Ghi").click()
    want_paddy(trader), run_and_publish(coordinator)
    trader.goto("/matches")
    trader.locator("main a[href^='/matches/']").first.click()
    expect(trader.locator("main")).to_contain_text("Xà No")

    lift(officer)
    officer.goto("/roads/D932-D930")
    lift(officer)
    trader.goto(WAY)
    expect(trader.locator(".route")).to_contain_text("QL61C")
