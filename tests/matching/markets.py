"""Markets for tests: small ones said in words, and random ones drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from marketplace.matching import BANNED, Goods, Lots, Market, Needs
from marketplace.transport.combinations import NO_ROAD
from marketplace.transport.freight import Freight

LOT = {
    "commodity": 0, "quantity": 1000, "ask": 10_000, "place": 0, "grade": 1, "certificates": 0,
    "ready": 100, "until": 110, "keeps": 0, "waits": False, "whole": False, "organisation": 1,
    "reference": False, "held": 0, "eligible": True, "soon": 0, "waited": 0, "leaving": 0,
    "expected": False,
}  # fmt: skip
NEED = {
    "commodity": 0, "quantity": 1000, "bid": 12_000, "place": 0, "grade": 9, "certificates": 0,
    "first": 100, "until": 110, "minimum": 0, "splits": True, "fresh": 0, "organisation": 2,
    "reference": False, "held": 0, "eligible": True, "entering": 0,
    "takes_expected": False,
}  # fmt: skip


BOATS = Freight(
    ("truck", "boat"),
    np.array([1000, 1000]),
    np.array([1_000_000, 100_000]).reshape(2, 1, 1),
    handling=0,
    pace=np.array([0, 1]),
)
"""A truck, and a boat of its size for a tenth of the price, at a pace of its own."""


def a_lot(**said: Any) -> dict[str, Any]:
    return LOT | said


def a_need(**said: Any) -> dict[str, Any]:
    return NEED | said


def a_freight(
    trip_cost: Any = 100_000,
    payload: Sequence[int] = (1000,),
    handling: int = 0,
    pace: Sequence[int] = (),
) -> Freight:
    """One origin and one destination unless ``trip_cost`` (K, A, B) says otherwise."""
    cost = np.array(trip_cost, dtype=np.int64)
    if cost.ndim < 3:
        cost = np.broadcast_to(cost, (len(payload), 1, 1)).copy()
    names = tuple(f"{kilograms}kg" for kilograms in payload)
    paces = np.array(pace, dtype=np.int64)
    return Freight(names, np.array(payload, dtype=np.int64), cost, handling, paces)


def a_market(
    lots: Sequence[dict[str, Any]],
    needs: Sequence[dict[str, Any]],
    freight: Freight | None = None,
    *,
    minutes: Any = 60,
    milligrams: int = 1_000_000,
    minutes_limit: int = 0,
    today: int = 100,
    credit: int = 0,
) -> Market:
    """One commodity; who is not told otherwise stands in order of listing."""
    tariff = freight or a_freight()
    places, of_travel = tariff.trip_cost.shape[1:], np.array(minutes)
    return Market(
        lots=Lots(**columns(lots, LOT)),
        needs=Needs(**columns(needs, NEED)),
        goods=Goods(
            milligrams=np.array([milligrams]),
            carriage=np.array([0]),
            minutes=np.array([minutes_limit]),
        ),
        freights=(tariff,),
        minutes=(np.broadcast_to(of_travel, (*of_travel.shape[:-2], *places)).copy(),),
        today=today,
        credit=credit,
    )


def columns(rows: Sequence[dict[str, Any]], names: dict[str, Any]) -> dict[str, Any]:
    table = {
        name: np.array([row[name] for row in rows], dtype=type(usual))
        for name, usual in names.items()
    }
    table["listed"] = np.array([row.get("listed", k) for k, row in enumerate(rows)], dtype=int)
    return table


def random_freight(random: np.random.Generator, origins: int, destinations: int) -> Freight:
    classes = int(random.integers(1, 4))
    payload = np.sort(random.choice([300, 500, 800, 1000, 2000], classes, replace=False))
    km = random.integers(0, 100, (origins, destinations))
    per_km = np.sort(random.integers(200, 6000, classes))[:, None, None]
    cost = random.integers(0, 200_000) + per_km * km
    cost[:, random.random(km.shape) < 0.1] = NO_ROAD
    names = tuple(str(p) for p in payload)
    return Freight(names, payload.astype(np.int64), cost.astype(np.int64), int(random.integers(3)))


def random_market(
    seed: int, most: int = 9, *, divisible: bool | None = None, credit: int | None = None
) -> Market:
    """A few commodities, every rule in play; ``divisible`` leaves out what cannot be divided."""
    random = np.random.default_rng(seed)
    plain = bool(random.integers(2)) if divisible is None else divisible
    goods, freights = int(random.integers(1, 4)), int(random.integers(1, 3))
    origins, destinations = random.integers(1, 5, 2)
    lots, needs = (int(n) for n in random.integers(0, most + 1, 2))
    scale = int(random.choice([40, 3000, 30_000]))
    wanted = random.integers(1, scale, needs)
    minimum = np.where(random.random(needs) < 0.5, random.integers(0, wanted + 1), 0)
    ready, first = random.integers(98, 104, lots), random.integers(98, 104, needs)
    return Market(
        lots=Lots(
            commodity=random.integers(0, goods, lots),
            quantity=random.integers(1, scale, lots),
            ask=random.integers(0, 300, lots) * 10,
            place=random.integers(0, origins, lots),
            grade=random.integers(1, 4, lots),
            certificates=random.integers(0, 4, lots) | random.integers(0, 4, lots),
            ready=ready,
            until=np.maximum(ready, 100) + random.integers(0, 6, lots),
            keeps=random.choice([0, 600, 3000, 9000], lots),
            waits=random.random(lots) < 0.3,
            whole=(random.random(lots) < 0.3) & (not plain),
            organisation=random.integers(0, 8, lots),
            listed=random.permutation(lots),
            reference=random.random(lots) < 0.2,
            held=np.zeros(lots, dtype=int),
            eligible=random.random(lots) < 0.95,
        ),
        needs=Needs(
            commodity=random.integers(0, goods, needs),
            quantity=wanted,
            bid=random.integers(0, 500, needs) * 10,
            place=random.integers(0, destinations, needs),
            grade=random.integers(1, 5, needs),
            certificates=random.integers(0, 4, needs) & random.integers(0, 4, needs),
            first=first,
            until=np.maximum(first, 100) + random.integers(0, 6, needs),
            minimum=np.zeros(needs, dtype=int) if plain else minimum,
            splits=(random.random(needs) < 0.7) | plain,
            fresh=random.choice([0, 0, 1500], needs),
            organisation=random.integers(0, 8, needs),
            listed=random.permutation(needs),
            reference=random.random(needs) < 0.2,
            held=np.zeros(needs, dtype=int),
            eligible=random.random(needs) < 0.95,
        ),
        goods=Goods(
            milligrams=random.choice([1_000_000, 350_000, 1_500_000, 12], goods),
            carriage=random.integers(0, freights, goods),
            minutes=random.choice([0, 0, 900], goods),
        ),
        freights=tuple(random_freight(random, origins, destinations) for _ in range(freights)),
        minutes=tuple(random.integers(0, 2000, (origins, destinations)) for _ in range(freights)),
        today=100,
        credit=int(random.choice([0, 20, 200])) if credit is None else credit,
    )


def with_boats(market: Market, seed: int) -> Market:
    """The market with boats of two paces beside its trucks, some of them faster, and with places
    that goods may leave or enter only with papers."""
    random = np.random.default_rng(90_000 + seed)
    freights, minutes = [], []
    for trucks, of_trucks in zip(market.freights, market.minutes, strict=True):
        boats = _random_boats(random, *trucks.trip_cost.shape[1:])
        freights.append(_both(trucks, boats))
        of_boats = of_trucks[0] * random.integers(1, 4) // 2 + random.integers(0, 3000)
        large = np.where(random.random(of_boats.shape) < 0.1, -1, 2 * of_boats)
        minutes.append(np.stack([of_trucks[0], of_boats, large]))
    lots, needs = market.lots, market.needs
    return replace(
        market,
        freights=tuple(freights),
        minutes=tuple(minutes),
        lots=replace(lots, leaving=_random_papers(random, len(lots))),
        needs=replace(needs, entering=_random_papers(random, len(needs))),
    )


def with_harvests(market: Market, seed: int) -> Market:
    """The market in which many lots are expected harvests, and not every need takes such."""
    random = np.random.default_rng(70_000 + seed)
    lots, needs = market.lots, market.needs
    return replace(
        market,
        lots=replace(lots, expected=random.random(len(lots)) < 0.4),
        needs=replace(needs, takes_expected=random.random(len(needs)) < 0.4),
    )


def _random_boats(random: np.random.Generator, origins: int, destinations: int) -> Freight:
    km = random.integers(0, 100, (origins, destinations))
    cost = random.integers(0, 200_000) + np.array([300, 900, 1500])[:, None, None] * km
    cost[:, random.random(km.shape) < 0.3] = NO_ROAD
    return a_freight(cost, payload=(400, 1500, 6000), pace=(1, 1, 2))


def _both(trucks: Freight, boats: Freight) -> Freight:
    payload = np.concatenate([trucks.payload, boats.payload])
    order = np.argsort(payload, kind="stable")
    return Freight(
        tuple(np.array([*trucks.vehicles, *boats.vehicles])[order].tolist()),
        payload[order],
        np.concatenate([trucks.trip_cost, boats.trip_cost])[order],
        trucks.handling,
        np.concatenate([trucks.pace, boats.pace])[order],
    )


def _random_papers(random: np.random.Generator, rows: int) -> np.ndarray:
    papers = random.choice([1, 2, BANNED], rows)
    return np.where(random.random(rows) < 0.1, papers, 0)
