"""Headers in the spellings that people use, with and without marks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.domain.text import fold
from marketplace.sheets.columns import MEANINGS, ONLY_NEEDS, by_content, guesses, is_text, seen_in
from marketplace.sheets.table import Cell

SPELLINGS = {
    "commodity": [
        "Tên sản phẩm",
        "Ten san pham",
        "MẶT HÀNG",
        "Nông sản",
        "Tên SP",
        "(2) Mặt hàng",
        "Tên hàng hóa",
    ],
    "grade": ["Phẩm cấp", "Quy cách", "Qui cách/chất lượng", "Kích cỡ", "Loại"],
    "quantity": [
        "SL",
        "S/lượng",
        "Sản lượng (tấn)",
        "Khối lượng",
        "Số lượng cần tiêu thụ đến ngày 30/11",
        "Tồn đọng",
    ],
    "unit": ["ĐVT", "Đơn vị tính", "Don vi tinh", "đ/v", "Đơn vị tính: kg"],
    "ask": ["Gía bán", "Đơn giá", "đ/giá", "Giá bán tại vườn (đ/kg)", "GIÁ", "Giá (1.000 đồng)"],
    "place": ["Địa chỉ", "Đ/chỉ", "ĐC", "Nơi lấy hàng", "Địa điểm giao hàng"],
    "commune": ["Xã", "Xã, phường, thị trấn", "Xã/Phường/TT"],
    "district": ["Huyện", "Huyện, TX, TP", "Quận/Huyện", "Tỉnh", "Địa phương"],
    "ready_on": ["Từ ngày", "Ngày thu hoạch dự kiến (dd/mm)", "Ngày lấy hàng", "Bắt đầu"],
    "until": ["Đến ngày", "Hạn chót", "den ngay"],
    "window": ["Thời gian", "T/gian", "Thời gian thu hoạch", "Thời điểm bán"],
    "producer": ["Hộ sản xuất", "HTX", "Tên đơn vị", "Doanh nghiệp", "Họ và tên"],
    "contact": ["Người liên hệ", "Đầu mối liên hệ"],
    "phone": ["SĐT", "Số điện thoại", "ĐT", "ĐTDĐ", "dien thoai", "Số ĐT/Zalo"],
    "certificates": ["Chứng nhận", "VietGAP", "Tiêu chuẩn (VietGAP, OCOP)", "Mã số vùng trồng"],
    "note": ["Ghi chú", "G/chú", "Ghi chu khac"],
    "season": ["Mùa vụ", "Vụ"],
    "area": ["Diện tích", "DT (ha)", "Diện tích (công)"],
    "id": ["Mã", "Mã lô", "id"],
    "ignore": ["STT", "TT", "#", "Stt."],
    "age_days": ["Tuổi", "Ngày tuổi"],
    "origin": ["Nguồn gốc giống", "Trại giống"],
    "quarantine_number": ["Số giấy kiểm dịch"],
    "quarantine_on": ["Ngày cấp giấy kiểm dịch"],
    "best_before": ["HSD", "Hạn sử dụng"],
    "batch_number": ["Số lô sản xuất"],
    "registration_number": ["Số đăng ký lưu hành"],
}


@pytest.mark.parametrize(("meaning", "header"), [(m, h) for m, hs in SPELLINGS.items() for h in hs])
def test_a_header_is_known(meaning: str, header: str) -> None:
    assert guesses(header)[0].meaning == meaning
    assert guesses(fold(header))[0].meaning == meaning


@pytest.mark.parametrize(
    "header", ["Giá trị (tr.đ)", "Gia cầm", "12", "", "(1)", "Kết quả", "x" * 200]
)
def test_other_headers_are_left_to_people(header: str) -> None:
    assert guesses(header) == ()


def test_every_meaning_has_a_spelling_and_a_name() -> None:
    assert {*SPELLINGS, "ask_unit", "whole", *ONLY_NEEDS} == set(MEANINGS)


@pytest.mark.parametrize(
    ("header", "meaning", "cells", "meant"),
    [
        ("Đơn vị", "unit", ["kg", "tấn", "Trái"], "unit"),
        ("Đơn vị", "unit", ["HTX Thạnh Thắng", "Cty Ba Con"], "producer"),
        ("Liên hệ", "contact", ["0901 234 567", "02923888999"], "phone"),
        ("Liên hệ", "contact", ["Ông Ba", "Bà Tư"], "contact"),
    ],
)
def test_cells_tell_what_an_ambiguous_header_means(
    header: str, meaning: str, cells: list[str], meant: str
) -> None:
    assert by_content(header, meaning, [Cell(text) for text in cells]) == meant


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        (["0901234567", "0918 222 333"], "phone"),
        (["5 tấn", "400 kg", ""], "quantity"),
        (["7.800đ/kg", "6.000 đồng"], "ask"),
        (["kg", "tấn"], "unit"),
        (["24/11-29/11", "1/12/2026"], "window"),
        (["xã Hỏa Lựu", "TP. Vị Thanh"], "place"),
        (["Khóm", "Mít Thái"], None),
        (["", ""], None),
    ],
)
def test_cells_without_a_header_show_what_they_are(cells: list[str], meaning: str | None) -> None:
    assert seen_in([Cell(text) for text in cells]) == meaning


def test_a_number_is_no_text() -> None:
    assert not is_text(Cell("5E+3", number=Decimal(5000)))
