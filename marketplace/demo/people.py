"""Invented organisations and people. Their names say that they are samples.

Telephone numbers begin with 0710: the area code that Cần Thơ gave up in 2017, and no mobile prefix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from marketplace.domain.places import Place, PlaceKind
from marketplace.domain.reference import Reference

_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Danh", "Thạch", "Đặng", "Lâm", "Sơn")
_MIDDLE = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Kim", "Hoàng", "Mỹ", "Tấn")
_GIVEN = ("Mẫu", "Thí", "Dụ", "Ví", "Thử", "Giả", "Định", "Nháp")
_MARK = "(mẫu)"

_FISH, _RICE, _CROPS, _STOCK = "thuy_san", "lua_gao", "trai_cay rau_mau", "chan_nuoi"
_BUYERS = {  # kind: what it is called, where it is, what it buys (nothing named: everything)
    "processor": (
        ("Nhà máy chế biến thủy sản Sông Mẫu", "D916", _FISH),
        ("Nhà máy xay xát Lúa Mẫu", "D883", _RICE),
        ("Nhà máy trái cây đóng hộp Mẫu", "D930", _CROPS),
        ("Nhà máy muối Biển Mẫu", "D954", "muoi"),
        ("Nhà máy cá tra Thí Dụ", "D883", _FISH),
        ("Nhà máy tôm Biển Mẫu", "D964", _FISH),
        ("Nhà máy tôm Ví Dụ", "D954", _FISH),
        ("Xí nghiệp thủy sản Nháp", "D941", _FISH),
        ("Nhà máy xay xát Thử Nghiệm", "D923", _RICE),
        ("Công ty lương thực Giả Định", "D899", _RICE),
        ("Công ty lương thực Thí Dụ", "D941", _RICE),
        ("Nhà máy rau quả Ví Dụ", "D931", _CROPS),
    ),
    "wholesale": (
        ("Vựa thủy sản số 1 Bình Điền", "M_BINHDIEN", _FISH),
        ("Vựa rau quả số 2 Bình Điền", "M_BINHDIEN", _CROPS),
        ("Vựa súc sản số 3 Bình Điền", "M_BINHDIEN", _STOCK),
        ("Vựa trái cây số 4 Thủ Đức", "M_THUDUC", _CROPS),
        ("Vựa rau số 5 Thủ Đức", "M_THUDUC", _CROPS),
        ("Vựa thịt số 6 Hóc Môn", "M_HOCMON", _STOCK),
        ("Vựa nông sản số 7 Hóc Môn", "M_HOCMON", ""),
        ("Vựa nông sản Tân An", "D916", ""),
        ("Vựa thủy sản Rạch Sỏi", "D899", _FISH),
        ("Vựa nông sản Sóc Trăng", "D941", ""),
    ),
    "trader": (
        ("Công ty xuất khẩu trái cây Mẫu", "M_CATLAI", _CROPS),
        ("Công ty xuất khẩu nông sản Thí Dụ", "J_CUIPORT", f"{_RICE} {_CROPS}"),
        ("Thương lái cửa khẩu Tịnh Biên", "D890", _CROPS),
        ("Thương lái cửa khẩu Khánh Bình", "J_LONGBINH", _CROPS),
        ("Thương lái cửa khẩu Hà Tiên", "J_XAXIA", _CROPS),
        ("Thương lái Cái Tắc", "D933", ""),
        ("Thương lái Long Xuyên", "D883", ""),
        ("Thương lái Cà Mau", "D964", ""),
        ("Thương lái Gành Hào", "D960", ""),
        ("Thương lái Ngã Bảy", "D931", ""),
    ),
    "retailer": (
        ("Siêu thị Mẫu Ninh Kiều", "D916", ""),
        ("Siêu thị Thí Dụ Long Xuyên", "D883", ""),
        ("Siêu thị Ví Dụ Rạch Giá", "D899", ""),
        ("Siêu thị Nháp Cà Mau", "D964", ""),
        ("Siêu thị Mẫu Sóc Trăng", "D941", ""),
        ("Bếp ăn công nghiệp Thử", "D919", ""),
        ("Bếp ăn khu công nghiệp Giả Định", "M_BINHDIEN", ""),
        ("Chuỗi cửa hàng rau Ví Dụ", "M_THUDUC", _CROPS),
    ),
}


@dataclass(frozen=True)
class SampleOrganisation:
    """An organisation that does not exist."""

    key: str
    name: str
    kind: str  # department, cooperative, farm, trader, processor, wholesale, retailer
    locality: str | None
    place: str
    contact: str
    phone: str
    groups: str = ""  # of goods that it buys

    def buys(self, group: str) -> bool:
        """Whether it deals in such goods."""
        return not self.groups or group in self.groups


class People:
    """The organisations of a sample market, as many as asked for."""

    def __init__(
        self, reference: Reference, rng: np.random.Generator, *, sellers: int, buyers: int
    ) -> None:
        self._rng = rng
        self._numbers = count(1)
        self._places = {place.id: place for place in reference.places}
        self._localities = {locality.id: locality.name for locality in reference.localities}
        self.departments = [
            self._organisation("S", f"Sở Nông nghiệp {x.name} {_MARK}", "department", x.id, x.seat)
            for x in reference.localities
        ]
        communes = [
            place
            for place in reference.places
            if place.kind == PlaceKind.COMMUNE and not place.island
        ]
        self.sellers = list(self._listers(communes, sellers))
        self.buyers = list(self._orderers(buyers))

    @property
    def organisations(self) -> tuple[SampleOrganisation, ...]:
        return (*self.departments, *self.sellers, *self.buyers)

    def seller_near(self, place: str, number: int) -> SampleOrganisation:
        """A seller of the place's locality, another one for each number while there are some."""
        locality = self._places[place].locality
        near = [seller for seller in self.sellers if seller.locality == locality] or self.sellers
        return near[number % len(near)]

    def name(self) -> str:
        """A person who does not exist."""
        return " ".join(str(self._rng.choice(part)) for part in (_SURNAMES, _MIDDLE, _GIVEN))

    def _listers(self, communes: Sequence[Place], many: int) -> Iterator[SampleOrganisation]:
        order = self._rng.permutation(len(communes))
        for n in range(many):
            place = communes[int(order[n % len(communes)])]
            bare = f"{place.name.split(' ', 1)[1]}, {self._localities[place.locality or '']}"
            kind, called = (
                ("cooperative", f"HTX Mẫu {bare}"),
                ("farm", f"Trại Thí Dụ {bare}"),
                ("cooperative", f"Tổ hợp tác Ví Dụ {bare}"),
            )[n % 3]
            again = f" {n // len(communes) + 1}" if n >= len(communes) else ""
            name = f"{called}{again} {_MARK}"
            yield self._organisation("P", name, kind, place.locality, place.id)

    def _orderers(self, many: int) -> Iterator[SampleOrganisation]:
        known = [(kind, *buyer) for kind, buyers in _BUYERS.items() for buyer in buyers]
        for n in range(many):
            kind, called, place, groups = known[n % len(known)]
            again = f" {n // len(known) + 1}" if n >= len(known) else ""
            locality = self._places[place].locality
            name = f"{called}{again} {_MARK}"
            yield self._organisation("B", name, kind, locality, place, groups)

    def _organisation(
        self,
        letter: str,
        name: str,
        kind: str,
        locality: str | None,
        place: str,
        groups: str = "",
    ) -> SampleOrganisation:
        number = next(self._numbers)
        return SampleOrganisation(
            key=f"{letter}{number:04d}",
            name=name,
            kind=kind,
            locality=locality,
            place=place,
            contact=self.name(),
            phone=f"0710{number:06d}",
            groups=groups,
        )
