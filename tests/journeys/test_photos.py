"""A department's telephone and its paper: a certificate kept, a lot listed with a photo, listed once more."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import SignIn, Site
from tests.journeys.test_main_job import day
from tests.picture_factories import a_pdf, a_photo

HOLDER = "HTX khóm Cầu Đúc"


def keep_a_certificate(page: Page) -> None:
    page.goto("/certificates/new")
    page.get_by_label("Loại chứng nhận").select_option("vietgap")
    page.get_by_label("Giấy của ai").fill(HOLDER)
    page.get_by_label("Số", exact=True).fill("VG-7")
    page.get_by_label("Ngày cấp").fill((clock.today() - timedelta(days=9)).isoformat())
    page.get_by_label("Giấy không ghi ngày hết hạn").check()
    file = {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    page.get_by_label("Tệp", exact=True).set_input_files(files=[file])
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".error-summary")).to_contain_text("Nhập nơi cấp")
    expect(page.locator("main")).to_contain_text("Đã nhận tệp: PDF")
    page.get_by_label("Nơi cấp").fill("Trung tâm Chất lượng")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main")).to_contain_text("không ghi hạn")


def list_with_a_photo(page: Page) -> None:
    page.goto("/lots/new")
    page.get_by_label("Hàng của ai").fill(HOLDER)
    page.get_by_label("Bên đó nhờ Sở").check()
    page.get_by_label("Mặt hàng").fill("khom cau duc")
    page.get_by_label("Khối lượng").fill("40 tấn")
    page.get_by_label("Nơi lấy hàng").fill("vi thanh")
    page.get_by_label("Lấy hàng từ ngày").fill(day(1))
    page.get_by_label("Lấy hàng đến ngày").fill(day(5))
    page.get_by_text("Thêm ảnh").click()
    page.get_by_label("Ảnh chụp hàng").set_input_files(files=[a_large_photo()])
    page.get_by_text("Thêm phẩm cấp").click()
    page.get_by_label("VietGAP số VG-7").check()
    page.get_by_role("button", name="Tiếp: đọc lại").click()
    expect(page.get_by_role("img", name="Ảnh 1")).to_be_visible()
    page.get_by_role("button", name="Đăng lô hàng").click()
    expect(page).to_have_url(re.compile(r"/lots/\d+"))


def a_large_photo() -> dict[str, object]:
    """Of six megabytes, more than is taken: the browser sends a smaller one."""
    noise = Image.effect_noise((3_000, 2_000), 90).convert("RGB")
    out = io.BytesIO()
    exif = Image.open(io.BytesIO(a_photo(size=(40, 30), located=True))).getexif()
    noise.save(out, "JPEG", quality=95, exif=exif)
    assert len(out.getvalue()) > 5_000_000
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_photo_and_a_certificate_go_with_a_lot_and_with_the_next_one(
    market: Site, sign_in: SignIn
) -> None:
    officer = sign_in("officer")
    keep_a_certificate(officer)
    list_with_a_photo(officer)

    trader = sign_in("trader")
    trader.goto(officer.url)
    photo = trader.get_by_role("img", name=re.compile("Ảnh 1"))
    expect(photo).to_be_visible()
    kept = Image.open(io.BytesIO(trader.request.get("/photos/1").body()))
    assert max(kept.size) == 1_600
    assert not kept.getexif()
    trader.get_by_role("link", name="VietGAP").click()
    expect(trader.locator("main")).to_contain_text("Trung tâm Chất lượng")
    file = trader.get_by_role("link", name=re.compile("Mở tệp"))
    assert trader.request.get(file.get_attribute("href") or "").body() == a_pdf()

    officer.get_by_role("link", name="Đăng thêm lô giống vậy").click()
    officer.get_by_role("button", name="Đăng lô hàng").click()
    expect(officer).to_have_url(re.compile(r"/lots/\d+"))
    expect(officer.get_by_role("img", name=re.compile("Ảnh 1"))).to_be_visible()
    expect(officer.locator("main")).to_contain_text("số VG-7")
