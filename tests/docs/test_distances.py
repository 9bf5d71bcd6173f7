"""docs/distances.md says what the network says, and both agree with what is published."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from marketplace.data.network_flaws import straight_km
from marketplace.data.reader import read_reference
from marketplace.domain.conditions import Effect
from marketplace.transport.atlas import Atlas
from tests.condition_factories import a_plain_condition

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "distances.md"
REFERENCE = read_reference()
EXPRESSWAY = "J_IC2-J_IC12"
SEATS = {
    "Cần Thơ": "D916", "Sóc Trăng": "D941", "Vị Thanh": "D930", "Long Xuyên": "D883",
    "Rạch Giá": "D899", "Bạc Liêu": "D954", "Cà Mau": "D964",
}  # fmt: skip


class Published(NamedTuple):
    """A distance as it stands on a page, or as a second network gives it."""

    start: str
    end: str
    second: float
    km: tuple[float, ...] = ()
    source: str = ""


PUBLISHED = [
    Published("Cần Thơ", "Sóc Trăng", 57.6, (63, 62, 60), "VNAT; tienphong.vn 2022-09; ntdvn.net"),
    Published("Cần Thơ", "Vị Thanh", 62.1),
    Published("Cần Thơ", "Long Xuyên", 63.8, (62,), "VNAT; vietsmilestravel.com"),
    Published("Cần Thơ", "Rạch Giá", 111.5, (116,), "VNAT; mekongkreuzfahrt.com"),
    Published("Cần Thơ", "Bạc Liêu", 108.2),
    Published("Cần Thơ", "Cà Mau", 134.3, (133,), "by the expressway, open since 19/01/2026"),
    Published("Sóc Trăng", "Vị Thanh", 74.3),
    Published("Sóc Trăng", "Long Xuyên", 116.8),
    Published("Sóc Trăng", "Rạch Giá", 132.4),
    Published("Sóc Trăng", "Bạc Liêu", 55.0),
    Published("Sóc Trăng", "Cà Mau", 109.9),
    Published("Vị Thanh", "Long Xuyên", 104.1),
    Published("Vị Thanh", "Rạch Giá", 59.7),
    Published("Vị Thanh", "Bạc Liêu", 74.4),
    Published("Vị Thanh", "Cà Mau", 100.6),
    Published("Long Xuyên", "Rạch Giá", 68.1),
    Published("Long Xuyên", "Bạc Liêu", 167.4),
    Published("Long Xuyên", "Cà Mau", 181.0),
    Published("Rạch Giá", "Bạc Liêu", 132.6),
    Published("Rạch Giá", "Cà Mau", 122.8),
    Published("Bạc Liêu", "Cà Mau", 66.7),
]


@cache
def atlas(*closed: str) -> Atlas:
    conditions = tuple(a_plain_condition(Effect.CLOSED, link) for link in closed)
    return Atlas(replace(REFERENCE, conditions=conditions))


def by_road(start: str, end: str, *closed: str) -> float:
    return atlas(*closed).route(SEATS[start], SEATS[end]).km


def other_ways() -> list[tuple[str, float, float, str]]:
    """What is asked, ours, published, source."""
    quan_lo = by_road("Cần Thơ", "Cà Mau", EXPRESSWAY)
    by_bac_lieu = by_road("Cần Thơ", "Bạc Liêu") + by_road("Bạc Liêu", "Cà Mau")
    return [
        (
            "Cần Thơ – Cà Mau, expressway closed",
            quan_lo,
            150,
            "icas.ctu.edu.vn, Quản Lộ – Phụng Hiệp",
        ),
        ("Cần Thơ – Bạc Liêu – Cà Mau", by_bac_lieu, 179, "VNAT, QL1 through Bạc Liêu"),
    ]


def table() -> list[str]:
    lines = [
        "| from | to | straight | by road | by boat of 20 t | published | off by | second network |"
    ]
    lines.append("|---|---|---:|---:|---:|---|---:|---:|")
    for row in PUBLISHED:
        road = by_road(row.start, row.end)
        boat = atlas().route(SEATS[row.start], SEATS[row.end], "boat20t").km
        told = ", ".join(f"{km:g}" for km in row.km)
        off = f"{worst(road, row.km):+.0%}" if row.km else ""
        said = f"{told} ({row.source})" if told else ""
        lines.append(
            f"| {row.start} | {row.end} | {straight(row):.1f} | {road:.1f} | {boat:.1f} |"
            f" {said} | {off} | {row.second:.1f} |"
        )
    lines += ["| way | ours | published | off by | source |", "|---|---:|---:|---:|---|"]
    for way, ours, km, source in other_ways():
        lines.append(f"| {way} | {ours:.1f} | {km} | {ours / km - 1:+.0%} | {source} |")
    return lines


def worst(ours: float, published: tuple[float, ...]) -> float:
    return max((ours / km - 1 for km in published), key=abs)


def straight(row: Published) -> float:
    where = {place.id: (place.lat, place.lon) for place in REFERENCE.places}
    return straight_km(where[SEATS[row.start]], where[SEATS[row.end]])


def test_the_document_says_what_the_network_says() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    missing = [line for line in table() if line not in text]

    assert not missing, "docs/distances.md lacks\n" + "\n".join(missing)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row.start}–{row.end}")
def test_seats_are_as_far_apart_as_people_say(row: Published) -> None:
    road = by_road(row.start, row.end)

    assert abs(worst(road, row.km or (road,))) <= 0.15
    assert road >= straight(row)


def test_other_ways_between_seats_are_as_long_as_people_say() -> None:
    assert all(abs(ours / km - 1) <= 0.15 for _, ours, km, _ in other_ways())


def test_no_way_between_any_two_places_is_shorter_than_the_straight_line() -> None:
    ids = [place.id for place in REFERENCE.places if not place.island]
    km, _ = atlas().distance(ids, ids)
    where = [(place.lat, place.lon) for place in REFERENCE.places if not place.island]
    for row in range(0, len(ids), 7):
        assert all(km[row, n] + 0.2 >= straight_km(where[row], where[n]) for n in range(len(ids)))
