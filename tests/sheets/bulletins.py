"""Sheets as departments, buyers and wholesalers have them, made after descriptions of real ones."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import xlsxwriter

Rows = Sequence[Sequence[object]]

CALL_FOR_BUYERS: Rows = [
    ["STT", "Ten san pham", "Sản lượng", "Gía bán", "T/gian", "Đ/chỉ", "SĐT", "Ghi chú"],
    [
        1,
        "Khóm Cầu Đúc",
        "5 - 10 tấn mỗi ngày",
        "7.800đ",
        "24/11-29/11",
        "xã Hỏa Lựu",
        900123412,
        "VietGAP",
    ],
    [
        2,
        "Mít Thái",
        "hơn 400 tấn",
        "6.000 -6.150",
        "-nt-",
        "như trên",
        "0901 234 567 - 0292.3888999",
        "",
    ],
    [
        3,
        "Chanh không hạt",
        "1,250.5 kg",
        "9.000",
        "7-12/2021",
        "H. Châu Thành",
        "84901234568",
        "nt",
    ],
    [
        4,
        "Trứng vịt",
        "40.000 trứng/ngày",
        "2.300đ/trứng",
        "thường xuyên",
        "TP Vị Thanh",
        "",
        "giao tại trại",
    ],
    [],
    [5, "Cá thát lát", "25,3 nghìn tấn", "62.000", "Quý IV", "Long Mỹ", "0939111222", ""],
]

WHOLESALE: Rows = [
    ["CÔNG TY TNHH RAU SẠCH"],
    ["BẢNG BÁO GIÁ SỈ", "", "", "Áp dụng từ 01/12/2026"],
    [],
    ["Mã hàng", "Tên hàng", "ĐVT", "Giá sỉ", "Quy cách"],
    ["RAU ĂN LÁ"],
    ["RL01", "Cải thìa", "Kg", 18000, "Loại 1"],
    ["RL02", "Rau muống", "Bó", 6000, ""],
    ["RL03", "Hành lá", "kg", 25000, "Loại 2"],
    ["CỦ QUẢ"],
    ["CQ01", "Bí đỏ hồ lô", "Trái", 21000, ""],
    ["Mã hàng", "Tên hàng", "ĐVT", "Giá sỉ", "Quy cách"],
    ["CQ02", "Trứng gà ta", "VỈ", 32000, "hộp 10"],
    ["Ghi chú: giá chưa gồm VAT"],
]

BY_GOODS: Rows = [
    ["Nông sản", "Xã, phường", "Huyện", "Số lượng", "ĐVT", "Hộ sản xuất", "Điện thoại"],
    ["Khóm Cầu Đúc:"],
    ["", "Hỏa Tiến", "Vị Thanh", 12.5, "tấn", "HTX Thạnh Thắng", "0901000111"],
    ["", "Tân Tiến", '"', 3, "nt", "Ông Ba", ""],
    ["Xoài keo:"],
    ["", "Nhơn Nghĩa", "Phong Điền", 800, "kg", "HTX Nhơn Nghĩa", "0901000222"],
    ["Tổng cộng", "", "", 816.3, "", "", ""],
]


def as_csv(rows: Rows, delimiter: str = ";") -> str:
    """Texts and numbers with a comma before the fraction."""
    lines = (delimiter.join(_written(value) for value in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines)


def _written(value: object) -> str:
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def bulletin(letters: Callable[[str], str] = str) -> bytes:
    """A department's list: merged titles, a header of two lines, districts, groups, sums, signatures.

    ``letters`` writes every text, as an old font would.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Tong hop")
    sheet.set_column("A:K", 14)

    def merged(where: str, text: str) -> None:
        sheet.merge_range(where, letters(text))

    def row(number: int, *values: object) -> None:
        for column, value in enumerate(values):
            if value != "":
                sheet.write(number - 1, column, letters(value) if isinstance(value, str) else value)

    merged("A1:C1", "SỞ NÔNG NGHIỆP VÀ PTNT")
    merged("F1:K1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    merged("A2:K2", "DANH SÁCH NÔNG SẢN CẦN HỖ TRỢ TIÊU THỤ")
    merged("A3:K3", "(Kèm theo Công văn số 123/SNN ngày 24 tháng 11 năm 2026)")
    row(4, "", "", "", "", "", "", "", "", "", "ĐVT: tấn")
    for column, text in zip(
        "ABCHK", ("TT", "Tên nông sản", "Diện tích (ha)", "Địa chỉ", "Ghi chú"), strict=True
    ):
        merged(f"{column}5:{column}6", text)
    merged("D5:E5", "Sản lượng")
    merged("F5:G5", "Thời gian thu hoạch")
    merged("I5:J5", "Liên hệ")
    row(6, "", "", "", "Thu hoạch", "Cần tiêu thụ", "Từ ngày", "Đến ngày", "", "Họ tên", "Số ĐT")
    row(7, *(f"({n})" for n in range(1, 12)))
    row(8, "I", "Huyện Phụng Hiệp", 120, 300, 185)
    row(9, "", "Trái cây")
    row(10, 1, "Mãng cầu xiêm", 20, 100, 60, "01/12", "15/12", "xã Hòa Mỹ", "Ông Tư", 939123456, "")
    row(11, 2, "Cam sành", 100, 200, 125, "nt", "nt", "xã Tân Bình", "Bà Năm", 909000111, "VietGAP")
    row(12, "", "Cộng", 120, 300, 185)
    row(14, "II", "Thành phố Vị Thanh", 10, 45, 40.5)
    row(15, "", "Trái cây")
    merged("B16:B17", "Khóm Cầu Đúc")
    row(
        16,
        1,
        "Khóm Cầu Đúc",
        6,
        30,
        28,
        "24/11",
        "29/11",
        "xã Hỏa Tiến",
        "HTX Thạnh Thắng",
        "0293.3888.777",
        "",
    )
    row(17, 2, "", 4, 15, 12.5, "như trên", "như trên", "xã Tân Tiến", "Ông Bảy", 918222333, "")
    row(18, "", "Cộng huyện", 10, 45, 40.5)
    row(19, "Tổng cộng", "", 130, 345, 225.5)
    row(22, "", "Người lập biểu", "", "", "", "", "", "", "GIÁM ĐỐC")
    row(1000, "", "", "", " ")
    book.close()
    return target.getvalue()
