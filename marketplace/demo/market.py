"""Draws sample markets: a normal week, a crisis week, the board of 2021.

The same seed and day give the same market. Shares of groups, seasons, sizes and prices follow the
data files; who offers, who wants and how much on this very day is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle

import numpy as np

from marketplace.data.reader import read_reference
from marketplace.demo.examples import example_commodities, examples
from marketplace.demo.people import People, SampleOrganisation
from marketplace.demo.records import SampleLot, SampleMarket, SampleNeed
from marketplace.demo.sizes import LISTED_BY_A_DEPARTMENT, lot_size, order_size
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.kinds import GoodsKind
from marketplace.domain.places import Place, PlaceKind

Weights = tuple[float, ...]

_GROUPS = {  # share of listings
    "lua_gao": 0.24, "thuy_san": 0.28, "trai_cay": 0.24, "rau_mau": 0.13, "chan_nuoi": 0.06,
    "muoi": 0.015, "giong": 0.02, "che_bien": 0.005, "cong_nghiep": 0.005, "khac": 0.005,
}  # fmt: skip
_BUYERS: dict[str, dict[str, float]] = {
    "lua_gao": {"processor": 0.7, "trader": 0.3},
    "thuy_san": {"processor": 0.45, "wholesale": 0.4, "retailer": 0.15},
    "trai_cay": {"wholesale": 0.45, "trader": 0.3, "retailer": 0.15, "processor": 0.1},
    "rau_mau": {"wholesale": 0.6, "retailer": 0.3, "trader": 0.1},
    "chan_nuoi": {"wholesale": 0.6, "retailer": 0.25, "trader": 0.15},
    "muoi": {"processor": 0.7, "trader": 0.3},
}
_ANY_BUYER = {"trader": 0.6, "wholesale": 0.25, "retailer": 0.15}
_GRADE_PRICE = {
    "loai-1": 1.06, "loai-2": 1.0, "xo": 0.95, "che-bien": 0.78,
    "co-lon": 1.06, "co-vua": 1.0, "co-nho": 0.93,
}  # fmt: skip
_SOLD_GRADES: dict[int, Weights] = {4: (0.22, 0.25, 0.45, 0.08), 3: (0.3, 0.5, 0.2)}
_WANTED_GRADES: dict[int, Weights] = {4: (0.08, 0.17, 0.75, 0.0), 3: (0.08, 0.22, 0.7)}
_UNSOLD = ("no_buyer", "price", "transport", "harvest_peak", "buyer_withdrew")
_CITY_CARRIAGE, _LOCAL_CARRIAGE = 500, 250  # VND per kg that buyers reckon with


@dataclass(frozen=True)
class Week:
    """What makes one week unlike another."""

    lots: int
    needs: int
    sellers: int
    buyers: int
    ask_level: float = 0.95  # of the middle of the price band
    bid_level: float = 1.08
    department_share: float = 0.35  # of lots that a department lists for others
    bulk_share: float = 0.01  # of lots that are a whole district's surplus


NORMAL = Week(lots=600, needs=450, sellers=150, buyers=40)
CRISIS = Week(
    lots=4_000, needs=2_000, sellers=1_000, buyers=120, ask_level=0.85, bid_level=1.0,
    department_share=0.6,
)  # fmt: skip
BOARD_OF_2021 = Week(
    lots=1_009, needs=206, sellers=1_009, buyers=206, ask_level=0.85, bid_level=1.02,
    department_share=0.0,
)  # fmt: skip


def normal_week(today: date, seed: int = 0) -> SampleMarket:
    """About what is open on a normal day, with one example of each reason to be left out."""
    return draw_week(NORMAL, today, seed, with_examples=True)


def crisis_week(today: date, seed: int = 0) -> SampleMarket:
    """A glut like that of August 2021: four thousand lots, prices down."""
    return draw_week(CRISIS, today, seed)


def board_of_2021(today: date, seed: int = 0) -> SampleMarket:
    """As many sellers and buyers as the task force's board of 2021 had: 1,009 and 206."""
    return draw_week(BOARD_OF_2021, today, seed)


def draw_week(week: Week, today: date, seed: int, *, with_examples: bool = False) -> SampleMarket:
    """A market of the kind ``week``, drawn with ``seed``."""
    draw = Draw(today, seed, sellers=week.sellers, buyers=week.buyers)
    added = examples(today, draw.people) if with_examples else ((), ())
    lots = [draw.lot(week, n) for n in range(week.lots - len(added[0]))]
    needs = [draw.need(week, n) for n in range(week.needs - len(added[1]))]
    return SampleMarket(today, draw.people.organisations, (*lots, *added[0]), (*needs, *added[1]))


class Draw:
    """Draws listings one by one from a seeded generator."""

    def __init__(self, today: date, seed: int, *, sellers: int, buyers: int) -> None:
        reference = read_reference()
        self.today = today
        self.rng = np.random.default_rng([seed, today.toordinal()])
        self.catalogue = Catalogue.from_reference(reference)
        self.people = People(reference, self.rng, sellers=sellers, buyers=buyers)
        self._goods = [
            good
            for good in reference.commodities
            if good.id not in example_commodities() and good.kind != GoodsKind.INPUT
        ]
        self._share = _shares(self._goods, today)
        self._communes = _communes_by_locality(reference.places)
        self._sellers = {
            locality: cycle(sellers)
            for locality, sellers in _by_locality(self.people.sellers).items()
        }
        self._departments = {x.locality or "": x for x in self.people.departments}
        self._buyers = {kind: _of_kind(self.people.buyers, kind) for kind in _kinds()}

    def lot(self, week: Week, number: int) -> SampleLot:
        """One lot: goods in season, from where they grow, by somebody from there."""
        goods = self.commodity()
        return self.lot_of(goods, week, number, self.locality_of(goods))

    def lot_of(
        self, goods: Commodity, week: Week, number: int, locality: str, quantity: int = 0
    ) -> SampleLot:
        """One lot of these goods from that locality; its size is drawn unless it is named."""
        chance = self.rng.random(6)
        by_department = bool(chance[0] < week.department_share)
        lister = self._lister(locality, by_department)
        grade = self._grade(goods, _SOLD_GRADES)
        ready, until = self._collection(goods)
        size = LISTED_BY_A_DEPARTMENT if self._is_bulk(goods, chance[1], week) else lot_size(goods)
        return SampleLot(
            key=f"L{number:04d}",
            organisation=lister.key,
            producer=self.people.name() if by_department else "",
            basis=str(self.rng.choice(("request", "commune_report", "survey")))
            if by_department
            else "own",
            commodity=goods.id,
            grade=grade,
            quantity=quantity or size.draw(self.rng),
            ask=None if chance[2] < 0.1 else self._ask(goods, grade, week),
            place=self._commune(locality).id if by_department else lister.place,
            ready_on=ready,
            until=until,
            certificates=self._held(goods),
            whole=bool(chance[3] < (0.2 if goods.waits else 0.08)),
            unsold_reason=str(self.rng.choice(_UNSOLD)) if chance[4] < 0.5 else "",
            listed_minutes_ago=int(self.rng.integers(5, 8 * 24 * 60)),
        )

    def need(self, week: Week, number: int) -> SampleNeed:
        """One need: of goods in season, by a kind of buyer that buys them."""
        return self.need_of(self.commodity(), week, number)

    def need_of(self, goods: Commodity, week: Week, number: int) -> SampleNeed:
        """One need of these goods."""
        chance = self.rng.random(6)
        buyer = self._buyer(goods)
        quantity = order_size(buyer.kind, goods).draw(self.rng)
        start = self.today + timedelta(days=int(self.rng.integers(0, 5)))
        splits = bool(chance[0] > 0.06)
        return SampleNeed(
            key=f"N{number:04d}",
            organisation=buyer.key,
            commodity=goods.id,
            min_grade=self._grade(goods, _WANTED_GRADES) if chance[1] < 0.6 else None,
            quantity=quantity,
            bid=None if chance[2] < 0.1 else self._bid(goods, buyer, week),
            bid_sealed=bool(chance[3] < 0.8),
            place=buyer.place,
            wanted_from=start,
            until=start + timedelta(days=int(self.rng.integers(3, 11))),
            certificates=self._asked(goods, buyer),
            min_quantity=max(1, quantity // 5) if splits and chance[4] < 0.3 else 1,
            splits=splits,
            fresh_hours=24 if goods.shelf_hours >= 72 and chance[5] < 0.5 else 0,
            listed_minutes_ago=int(self.rng.integers(5, 8 * 24 * 60)),
        )

    def commodity(self) -> Commodity:
        """Goods by their share of listings this month."""
        return self._goods[int(self.rng.choice(len(self._goods), p=self._share))]

    def locality_of(self, goods: Commodity) -> str:
        """Where they come from; the locality that is named first grows most."""
        weights = 1 / np.arange(1, len(goods.localities) + 1) ** 0.5
        return str(self.rng.choice(goods.localities, p=weights / weights.sum()))

    def _commune(self, locality: str) -> Place:
        communes = self._communes[locality]
        return communes[int(self.rng.integers(len(communes)))]

    def _lister(self, locality: str, by_department: bool) -> SampleOrganisation:
        return self._departments[locality] if by_department else next(self._sellers[locality])

    def _buyer(self, goods: Commodity) -> SampleOrganisation:
        kinds = _BUYERS.get(goods.group, _ANY_BUYER)
        kind = str(self.rng.choice(list(kinds), p=list(kinds.values())))
        buyers = [buyer for buyer in self._buyers[kind] if buyer.buys(goods.group)]
        return buyers[int(self.rng.integers(len(buyers)))]

    def _is_bulk(self, goods: Commodity, chance: float, week: Week) -> bool:
        return chance < week.bulk_share and goods.group in ("lua_gao", "trai_cay")

    def _grade(self, goods: Commodity, weights: dict[int, Weights]) -> str:
        grades = self.catalogue.grades(goods.group)
        return grades[int(self.rng.choice(len(grades), p=weights[len(grades)]))].id

    def _ask(self, goods: Commodity, grade: str, week: Week) -> int:
        level = week.ask_level * _GRADE_PRICE[grade] * (1 + self.rng.normal(0, 0.08))
        return _round_price(goods.usual_ask * min(max(level, 0.5), 1.4))

    def _bid(self, goods: Commodity, buyer: SampleOrganisation, week: Week) -> int:
        level = week.bid_level * (1 + self.rng.normal(0, 0.08))
        carriage = _CITY_CARRIAGE if buyer.locality is None else _LOCAL_CARRIAGE
        kilograms = (goods.milligrams or 0) / 1_000_000
        return _round_price(goods.usual_ask * min(max(level, 0.6), 1.5) + carriage * kilograms)

    def _collection(self, goods: Commodity) -> tuple[date, date]:
        """Days of collection: what waits has a wide window, what spoils a short one."""
        if goods.waits or goods.shelf_hours >= 20 * 24:
            start, length = int(self.rng.integers(-5, 4)), int(self.rng.integers(7, 21))
        else:
            start = int(self.rng.integers(-1, 7))
            length = int(self.rng.integers(1, max(2, min(8, int(goods.shelf_hours // 24) + 1))))
        ready = self.today + timedelta(days=start)
        return ready, max(ready + timedelta(days=length), self.today + timedelta(days=1))

    def _held(self, goods: Commodity) -> frozenset[str]:
        usual = {"quarantine": 0.8, "msvt": 0.4, "vietgap": 0.3}
        return frozenset(
            paper for paper in goods.certifications if self.rng.random() < usual.get(paper, 0.1)
        )

    def _asked(self, goods: Commodity, buyer: SampleOrganisation) -> frozenset[str]:
        share = 0.3 if buyer.kind == "retailer" else 0.12
        usual = [p for p in goods.certifications if p in ("vietgap", "msvt", "quarantine", "asc")]
        if not usual or self.rng.random() > share:
            return frozenset()
        return frozenset({usual[int(self.rng.integers(len(usual)))]})


def _shares(goods: Sequence[Commodity], today: date) -> np.ndarray:
    """Share of listings of each: by group, by rank in the group, by season."""
    rank: dict[str, int] = {}
    weight = []
    for commodity in goods:
        rank[commodity.group] = rank.get(commodity.group, 0) + 1
        weight.append(rank[commodity.group] ** -0.8 * _season(commodity, today))
    share = np.array(weight)
    for group, total in _GROUPS.items():
        mine = np.array([commodity.group == group for commodity in goods])
        share[mine] *= total / max(share[mine].sum(), 1e-12)
    whole: np.ndarray = share / share.sum()
    return whole


def _season(goods: Commodity, today: date) -> float:
    """1 in the months of harvest; what keeps, or stays in the pond, is sold in others too."""
    if {today.month, (today + timedelta(days=7)).month} & set(goods.months):
        return 1.0
    return 0.3 if goods.waits or goods.shelf_hours >= 20 * 24 else 0.0


def _round_price(price: float) -> int:
    """To 10, 50, 100, 500 … VND by its size, as prices are named."""
    for limit, step in ((100, 1), (2_000, 10), (20_000, 50), (100_000, 500), (10**6, 5_000)):
        if price < limit:
            return max(1, round(price / step) * step)
    return round(price / 50_000) * 50_000


def _communes_by_locality(places: Sequence[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places:
        if place.kind == PlaceKind.COMMUNE and place.locality and not place.island:
            found.setdefault(place.locality, []).append(place)
    return found


def _by_locality(
    organisations: Sequence[SampleOrganisation],
) -> dict[str, list[SampleOrganisation]]:
    found: dict[str, list[SampleOrganisation]] = {}
    for organisation in organisations:
        found.setdefault(organisation.locality or "", []).append(organisation)
    return found


def _of_kind(organisations: Sequence[SampleOrganisation], kind: str) -> list[SampleOrganisation]:
    return [organisation for organisation in organisations if organisation.kind == kind]


def _kinds() -> set[str]:
    return {kind for kinds in (*_BUYERS.values(), _ANY_BUYER) for kind in kinds}
