"""The surplus of August 2021, as two provinces told it: a second sample market."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from marketplace.demo.market import Draw, Week
from marketplace.demo.records import SampleLot, SampleMarket, SampleNeed
from marketplace.demo.sizes import Size

_INDUSTRY_AND_TRADE = "thongtincongthuong 05/08/2021"


@dataclass(frozen=True)
class Surplus:
    """So many tonnes of goods were to be sold from a locality in so many weeks."""

    commodity: str
    locality: str
    tonnes: int
    weeks: int
    lot_tonnes: int  # about; how it was split is ours
    source: str

    @property
    def kilograms_a_week(self) -> int:
        return self.tonnes * 1_000 // self.weeks


SURPLUS_OF_2021 = (
    Surplus("nhan-ido", "ST", 24_443, 26, 20, _INDUSTRY_AND_TRADE),
    Surplus("buoi-da-xanh", "ST", 15_373, 26, 15, _INDUSTRY_AND_TRADE),
    Surplus("cam-sanh", "ST", 15_800, 26, 15, _INDUSTRY_AND_TRADE),
    Surplus("xoai-dai-loan", "ST", 15_535, 9, 40, _INDUSTRY_AND_TRADE),
    Surplus("chanh-khong-hat", "ST", 20_496, 26, 20, _INDUSTRY_AND_TRADE),
    Surplus("vu-sua-lo-ren", "ST", 4_600, 26, 8, _INDUSTRY_AND_TRADE),
    Surplus("ca-tra", "HG", 4_900, 1, 120, "tapchitaichinh 2021"),
    Surplus("ca-thac-lac", "HG", 472, 1, 8, "tapchitaichinh 2021"),
    Surplus("tom-the-50", "KG", 12_500, 4, 60, "baotintuc 09/08/2021"),
    Surplus("ca-chem-mu", "KG", 400, 1, 10, "own knowledge, not checked (8/2021)"),
)
_ORDERS = 206  # buyers on the task force's board
_WEEK = Week(
    lots=0, needs=_ORDERS, sellers=150, buyers=60, ask_level=0.8, bid_level=1.0,
    department_share=0.85,
)  # fmt: skip


def surplus_of_2021(today: date, seed: int = 0) -> SampleMarket:
    """One week of that surplus, as if it lay there today, and the orders that there were for it."""
    draw = Draw(today, seed, sellers=_WEEK.sellers, buyers=_WEEK.buyers)
    lots = tuple(lot for surplus in SURPLUS_OF_2021 for lot in _lots(draw, surplus))
    return SampleMarket(today, draw.people.organisations, lots, tuple(_needs(draw)))


def _lots(draw: Draw, surplus: Surplus) -> Iterator[SampleLot]:
    """Lots that are together exactly what one week had to sell."""
    goods = draw.catalogue.commodity(surplus.commodity)
    size = Size(surplus.lot_tonnes * 1_000, surplus.lot_tonnes * 3_000)
    left = surplus.kilograms_a_week
    first = SURPLUS_OF_2021.index(surplus) * 1_000
    number = first
    while left > 0:
        quantity = min(left, size.draw(draw.rng))
        yield draw.lot_of(goods, _WEEK, number, surplus.locality, quantity)
        left -= quantity
        number += 1


def _needs(draw: Draw) -> Iterator[SampleNeed]:
    for number in range(_ORDERS):
        surplus = SURPLUS_OF_2021[int(draw.rng.integers(len(SURPLUS_OF_2021)))]
        yield draw.need_of(draw.catalogue.commodity(surplus.commodity), _WEEK, number)
