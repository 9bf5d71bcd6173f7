"""One lot for each reason to be left out, with the needs that make it so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from marketplace.demo.people import People
from marketplace.demo.records import SampleLot, SampleNeed

_REASONS = {  # reason: goods of which nobody else lists any
    "no_counterpart": "lac-coi",
    "grade": "thot-not",
    "certificate": "me-vung",
    "window": "dau-phong",
    "freshness": "nam-rom",
    "no_route": "ho-tieu-pq",
    "freight": "mia",
    "price": "tom-kho",
    "outbid": "mat-ong",
    "minimum": "artemia",
    "whole": "khoai-mon",
    "partly": "gung",
}


def example_commodities() -> frozenset[str]:
    """Goods that the examples keep for themselves."""
    return frozenset(_REASONS.values())


def example_lot(reason: str) -> str:
    """Key of the lot that is left out for that reason."""
    return f"L-{reason.replace('_', '-')}"


def examples(today: date, people: People) -> tuple[tuple[SampleLot, ...], tuple[SampleNeed, ...]]:
    """The lots that are left out, those that take their place, and the needs."""
    lots, needs = dict(_lots(today, people)), dict(_needs(today, people))
    lots["grade"] = replace(lots["grade"], grade="che-bien")
    lots["freshness"] = replace(lots["freshness"], quantity=800, ready_on=today - _days(2))
    lots["no_route"] = replace(lots["no_route"], place="C31078")
    lots["freight"] = replace(lots["freight"], place="C32248", quantity=600, ask=1_400)
    lots["window"] = replace(lots["window"], until=today + _days(2))
    lots["price"] = replace(lots["price"], ask=1_400_000, quantity=300)
    lots["outbid"] = replace(lots["outbid"], ask=700_000, quantity=500)
    lots["minimum"] = replace(lots["minimum"], quantity=40)
    lots["whole"] = replace(lots["whole"], quantity=60_000, whole=True)
    lots["partly"] = replace(lots["partly"], quantity=12_000)
    del needs["no_counterpart"]
    needs["grade"] = replace(needs["grade"], min_grade="loai-1")
    needs["certificate"] = replace(needs["certificate"], certificates=frozenset({"vietgap"}))
    needs["window"] = replace(
        needs["window"], wanted_from=today + _days(9), until=today + _days(14)
    )
    needs["freshness"] = replace(needs["freshness"], fresh_hours=60)
    needs["freight"] = replace(needs["freight"], place="M_HOCMON", bid=1_500)
    needs["price"] = replace(needs["price"], bid=1_000_000, quantity=300)
    needs["outbid"] = replace(needs["outbid"], bid=720_000, quantity=500)
    needs["minimum"] = replace(needs["minimum"], min_quantity=200, quantity=500)
    needs["whole"] = replace(needs["whole"], quantity=20_000)
    needs["partly"] = replace(needs["partly"], quantity=7_000)
    winners = [
        replace(lots["price"], key="L-price-taken", ask=750_000, place="C32244"),
        replace(lots["outbid"], key="L-outbid-taken", ask=450_000, place="C32041"),
    ]
    listed = [
        replace(lot, organisation=people.seller_near(lot.place, n).key)
        for n, lot in enumerate((*lots.values(), *winners))
    ]
    return tuple(listed), tuple(needs.values())


def _lots(today: date, people: People) -> Iterator[tuple[str, SampleLot]]:
    for n, (reason, goods) in enumerate(_REASONS.items()):
        yield (
            reason,
            SampleLot(
                key=example_lot(reason),
                organisation=people.sellers[n].key,
                commodity=goods,
                grade="co-vua" if goods == "artemia" else "xo",
                quantity=3_000,
                ask=_PRICE[goods],
                place="C31321",
                ready_on=today,
                until=today + _days(6),
                listed_minutes_ago=60 * (n + 1),
            ),
        )


def _needs(today: date, people: People) -> Iterator[tuple[str, SampleNeed]]:
    for n, (reason, goods) in enumerate(_REASONS.items()):
        buyer = people.buyers[-1 - n]
        yield (
            reason,
            SampleNeed(
                key=f"N-{reason.replace('_', '-')}",
                organisation=buyer.key,
                commodity=goods,
                quantity=3_000,
                bid=int(1.4 * _PRICE[goods]) + 1_000,
                place="D916",
                wanted_from=today,
                until=today + _days(6),
                listed_minutes_ago=60 * (n + 1),
            ),
        )


def _days(n: int) -> timedelta:
    return timedelta(days=n)


_PRICE = {
    "lac-coi": 8_000, "thot-not": 40_000, "me-vung": 40_000, "dau-phong": 24_000,
    "nam-rom": 60_000, "ho-tieu-pq": 140_000, "mia": 1_500, "tom-kho": 900_000,
    "mat-ong": 500_000, "artemia": 1_000_000, "khoai-mon": 15_000, "gung": 15_000,
}  # fmt: skip
