"""A sample import: a message with new goods, a repeat, a question and a row that is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from marketplace.domain.actors import Actor
from marketplace.domain.listings import Basis
from marketplace.services import import_laying, import_reading, imports

PLACE = "Phường Vị Thanh"


def upload_sample(actor: Actor, *, now: datetime, today: date) -> None:
    """Let the department have an import to look at; none where there is one already."""
    if imports.listing(actor=actor, side="lot", limit=1):
        return
    made = import_laying.begin(
        "Nông sản cần tiêu thụ.csv",
        _content(today + timedelta(days=9)).encode(),
        basis=Basis.COMMUNE_REPORT,
        actor=actor,
        today=today,
        now=now,
    )
    import_reading.read_if_small(made.id)


def _content(last: date) -> str:
    until = f"{last:%d/%m/%Y}"
    rows = (
        "DANH SÁCH NÔNG SẢN CẦN TIÊU THỤ",
        "",
        "TT;Ten san pham;Sản lượng;Gía bán;Đến ngày;Đ/chỉ;Tên hộ;SĐT;Ghi chú",
        f"1;Khóm Cầu Đúc;25,5 tấn;7.800đ;{until};{PLACE};HTX Thạnh Thắng;0901 000 111;VietGAP",
        "2;Mít Thái;5-7 tấn;9.500;nt;nt;Ông Ba;;",
        f"3;Mít Thái;-5 tấn;9.000;{until};{PLACE};Bà Tư;;",
        "4;Chanh không hạt;12 tạ;;nt;nt;Bà Tư;;cắt theo yêu cầu",
        f"5;Khóm Cầu Đúc;5 - 10 tấn mỗi ngày;7.500;{until};{PLACE};Ông Năm;;",
        "Tổng cộng;;;;;;;;",
    )
    return "\n".join(rows)
