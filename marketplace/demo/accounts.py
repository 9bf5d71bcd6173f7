"""The accounts of the demo: one of each role, with a password that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.domain.actors import Role
from marketplace.services.accounts import DEMO

PASSWORD = "khom chin vang"  # noqa: S105  no secret: the sign-in page itself lets anybody in


@dataclass(frozen=True)
class SampleAccount:
    """Somebody whom a visitor can be. ``can`` is said in the terminal."""

    email: str
    name: str
    phone: str
    role: Role
    organisation: str
    can: str


COORDINATION = "Tổ giúp việc liên kết bảy địa phương (mẫu)"
DEPARTMENT = "Sở Nông nghiệp Hậu Giang (mẫu)"
COOPERATIVE = "HTX Khóm Cầu Đúc (mẫu)"
BUYER = "Vựa rau quả số 2 Bình Điền (mẫu)"

ACCOUNTS = (
    SampleAccount(
        f"canbo@{DEMO}",
        "Nguyễn Thị Mẫu",
        "0710 800001",
        Role.OFFICER,
        DEPARTMENT,
        "cán bộ sở: đăng lô hàng, nhu cầu thay người dân Hậu Giang, trả lời kết quả ghép",
    ),
    SampleAccount(
        f"dieuphoi@{DEMO}",
        "Trần Văn Thử",
        "0710 800002",
        Role.COORDINATOR,
        COORDINATION,
        "điều phối: chạy phiên ghép, xem trước, công bố hoặc bỏ",
    ),
    SampleAccount(
        f"hoptacxa@{DEMO}",
        "Lê Hữu Dụ",
        "0710 800003",
        Role.SELLER,
        COOPERATIVE,
        "hợp tác xã: đăng lô hàng, đồng ý bán hoặc từ chối",
    ),
    SampleAccount(
        f"nguoimua@{DEMO}",
        "Phạm Ngọc Ví",
        "0710 800004",
        Role.BUYER,
        BUYER,
        "người mua ở chợ Bình Điền: đăng nhu cầu, đồng ý mua hoặc từ chối",
    ),
    SampleAccount(
        f"nguoixem@{DEMO}",
        "Võ Thanh Giả",
        "0710 800005",
        Role.READER,
        DEPARTMENT,
        "người xem của sở: xem, không sửa",
    ),
    SampleAccount(
        f"quantri@{DEMO}",
        "Danh Minh Định",
        "0710 800006",
        Role.ADMINISTRATOR,
        COORDINATION,
        "quản trị: đơn vị, thành viên, cấp tài khoản",
    ),
)
