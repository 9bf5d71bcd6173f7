"""How large lots and orders are: a log-normal distribution each, from what was seen of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from marketplace.domain.commodities import Commodity

_Z90 = 1.2816  # of the normal distribution, below which nine tenths lie


@dataclass(frozen=True)
class Size:
    """Half of all are smaller than ``median``, nine tenths smaller than ``p90``; base units."""

    median: float
    p90: float

    def draw(self, rng: np.random.Generator) -> int:
        """One quantity, rounded as people round."""
        spread = log(self.p90 / self.median) / _Z90
        return round_as_people_do(self.median * exp(rng.normal(0.0, spread)))

    def times(self, factor: float) -> Size:
        return Size(self.median * factor, self.p90 * factor)


def round_as_people_do(quantity: float) -> int:
    """Two figures, the second from 1 to 9 below thirty and 0 or 5 above: 17, 25, 350, 4.500."""
    digits: int = 10 ** max(0, len(str(int(quantity))) - 2)
    step = digits if quantity < 30 * digits else 5 * digits
    return max(step, round(quantity / step) * step)


def _tonnes(median: float, p90: float) -> Size:
    return Size(median * 1_000, p90 * 1_000)


_POND = _tonnes(4, 30)
_CRAB = _tonnes(0.15, 1)
_SHRIMP = _tonnes(3, 15)
_WILD_SHRIMP = _tonnes(0.3, 2)
_SPECIALITY = _tonnes(0.5, 3)

# Boats of 30 to 60 t carry paddy from the field; a catfish pond gives 150 to 300 t; a jackfruit
# grower has 0.5 t a week and a cooperative 10 to 30 t. Figures without a source are our estimates.
_BY_COMMODITY = {
    **dict.fromkeys(("gao-nguyen-lieu-504", "gao-nguyen-lieu-om18", "gao-st25"), _tonnes(50, 300)),
    **dict.fromkeys(("tam-thom", "cam-gao", "trau"), _tonnes(50, 300)),
    "rom": Size(3_000, 15_000),
    "ca-tra": _tonnes(120, 300),
    **dict.fromkeys(("tom-the-100", "tom-the-50", "tom-the-30"), _SHRIMP),
    **dict.fromkeys(("tom-su-20", "tom-su-30", "tom-cang-xanh"), _WILD_SHRIMP),
    **dict.fromkeys(("cua-gach", "cua-y-thit", "ba-khia", "so-huyet", "artemia"), _CRAB),
    **dict.fromkeys(("ba-ba", "ca-chinh-bong-tuong"), _CRAB),
    "hanh-tim": _tonnes(15, 100),
    **dict.fromkeys(("dua-hau", "khoai-lang", "khoai-mon"), _tonnes(20, 80)),
    "mia": _tonnes(30, 150),
    "dua-kho": Size(10_000, 60_000),
    "dua-uong": Size(5_000, 30_000),
    "nam-rom": _SPECIALITY,
    "bon-bon": _SPECIALITY,
    "heo-hoi": _tonnes(3, 20),
    **dict.fromkeys(("bo-thit", "de"), _tonnes(2, 10)),
    **dict.fromkeys(("vit-trung", "trung-ga"), Size(20_000, 150_000)),
    "sua-bo": _tonnes(2, 10),
    "yen-sao": Size(20, 100),
    "mat-ong": Size(200, 1_500),
    **dict.fromkeys(("thot-not", "tom-kho", "kho-ca", "mam", "ho-tieu-pq"), _SPECIALITY),
    "heo-giong": Size(60, 300),
    "ga-vit-con": Size(3_000, 20_000),
    "ca-tra-giong": _POND,
    **dict.fromkeys(("tom-giong", "cua-giong", "luon-giong"), Size(300_000, 3_000_000)),
    "cay-giong": Size(1_000, 10_000),
    "lua-giong": _tonnes(10, 60),
    "hoa-kieng": Size(300, 2_000),
    "go-tram-than": Size(1_000, 10_000),
}
_BY_GROUP = {
    "lua_gao": _tonnes(60, 400),
    "trai_cay": _tonnes(5, 30),
    "rau_mau": _tonnes(2, 10),
    "thuy_san": _POND,
    "chan_nuoi": _tonnes(4, 20),
    "muoi": _tonnes(20, 150),
    "giong": _tonnes(4, 30),
    "cong_nghiep": _tonnes(5, 30),
    "che_bien": _SPECIALITY,
    "vat_tu": _tonnes(2, 20),
    "khac": _tonnes(5, 30),
}
_ORDERS = {  # kilograms; a processor's month, of which it orders a quarter every week
    "processor": _tonnes(150, 1_000).times(1 / 4),
    "wholesale": _tonnes(8, 30),
    "trader": _tonnes(8, 30),
    "retailer": _tonnes(5, 20),
}
LISTED_BY_A_DEPARTMENT = _tonnes(500, 5_000)  # a district's or a province's surplus at once


def lot_size(commodity: Commodity) -> Size:
    """How much one lister offers at once."""
    return _BY_COMMODITY.get(commodity.id, _BY_GROUP[commodity.group])


def order_size(buyer: str, commodity: Commodity) -> Size:
    """How much a kind of buyer orders at once: of crab less than of paddy."""
    lot = lot_size(commodity)
    if commodity.base_unit != "kg":
        return lot.times(1.3)
    return _ORDERS[buyer].times(min(3.0, lot.median / 5_000))
