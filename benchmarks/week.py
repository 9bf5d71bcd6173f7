"""Draws a week of lots and needs of the seven localities from the project's own data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from marketplace.domain.commodities import Commodity
from marketplace.domain.places import PlaceKind
from marketplace.solving import OpenLot, OpenNeed
from marketplace.solving.world import World

TODAY = date(2026, 11, 25)
MARKETS = ("M_BINHDIEN", "M_THUDUC", "M_HOCMON")
# Share of the listings, and median and 90th percentile of a lot in tonnes, by group: figures of the
# same origin as the data files, rounded.
GROUPS = {
    "lua_gao": (0.25, 60, 400),
    "thuy_san": (0.30, 3, 15),
    "trai_cay": (0.25, 5, 30),
    "rau_mau": (0.12, 2, 10),
    "chan_nuoi": (0.06, 3, 20),
    "muoi": (0.02, 20, 150),
}
Week = tuple[list[OpenLot], list[OpenNeed]]


@dataclass(frozen=True)
class Size:
    """How many lots and needs, and how large lots are beside the usual."""

    lots: int
    needs: int
    lot_size: float = 1.0


NORMAL = Size(900, 700)
SMALL_LOTS = Size(1009, 206, 0.1)  # the board of 2021: five sellers to one buyer
CRISIS = Size(4000, 2000)


def draw_week(world: World, seed: int, size: Size) -> Week:
    """Everything divisible: what the engine is held to on its own."""
    random = np.random.default_rng(seed)
    goods, weight = _goods(world)
    sold = random.choice(len(goods), size.lots, p=weight)
    wanted = random.choice(len(goods), size.needs, p=weight)
    lots = [_lot(world, random, goods[c], k, size.lot_size) for k, c in enumerate(sold)]
    needs = [_need(world, random, goods[c], k) for k, c in enumerate(wanted)]
    return lots, needs


def with_rules(week: Week, seed: int) -> Week:
    """The same week with whole lots, needs without splits and smallest quantities."""
    random = np.random.default_rng(1000 + seed)
    lots, needs = week
    return (
        [replace(lot, whole=bool(random.random() < 0.25)) for lot in lots],
        [
            replace(
                need,
                splits=bool(random.random() >= 0.1),
                min_quantity=int(need.quantity * random.choice([0, 0, 0.1, 0.3])),
            )
            for need in needs
        ],
    )


def _goods(world: World) -> tuple[list[Commodity], np.ndarray]:
    goods = [c for c in world.catalogue.commodities if c.base_unit == "kg" and c.group in GROUPS]
    weight = np.zeros(len(goods))
    for group, (share, _, _) in GROUPS.items():
        here = [k for k, c in enumerate(goods) if c.group == group]
        popular = np.arange(1, len(here) + 1) ** -0.8
        weight[here] = share * popular / popular.sum()
    return goods, weight / weight.sum()


def _lot(
    world: World, random: np.random.Generator, goods: Commodity, number: int, size: float
) -> OpenLot:
    _, median, tenth = GROUPS[goods.group]
    spread = np.log(tenth / median) / 1.2816
    tonnes = median * np.exp(random.normal(0, 1) * spread) * size
    ready = TODAY + timedelta(int(random.integers(0, 5)))
    seats = [
        place.id
        for place in _seats(world)
        if place.locality in goods.localities or not goods.localities
    ]
    return OpenLot(
        id=number,
        organisation=f"seller {number}",
        commodity=goods.id,
        quantity=_kilograms(tonnes),
        place=str(random.choice(seats or [place.id for place in _seats(world)])),
        ready_on=ready,
        until=ready + timedelta(int(random.integers(3, 10))),
        ask=_price(goods, random.normal(-0.05, 0.08)),
    )


def _need(world: World, random: np.random.Generator, goods: Commodity, number: int) -> OpenNeed:
    _, median, _ = GROUPS[goods.group]
    factory = random.random() < 0.2
    tonnes = (
        150 * np.exp(random.normal(0, 1.2)) if factory else 8 * np.exp(random.normal())
    ) * min(1, median / 5)
    first = TODAY + timedelta(int(random.integers(0, 5)))
    seats = [place.id for place in _seats(world)]
    return OpenNeed(
        id=number,
        organisation=f"buyer {number}",
        commodity=goods.id,
        quantity=_kilograms(tonnes),
        place=str(random.choice(MARKETS if random.random() < 0.35 else seats)),
        wanted_from=first,
        until=first + timedelta(int(random.integers(3, 10))),
        bid=_price(goods, random.normal(0.08, 0.08)),
    )


def _seats(world: World) -> list:
    return [
        place
        for place in world.reference.places
        if place.kind is PlaceKind.SEAT and place.locality and not place.island
    ]


def _kilograms(tonnes: float) -> int:
    return max(50, round(tonnes * 100) * 10)


def _price(goods: Commodity, away: float) -> int:
    middle = (goods.ask_low + goods.ask_high) / 2
    return max(50, round(middle * (1 + away) / 50) * 50)
