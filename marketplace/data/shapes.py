"""Rough outlines of the localities and courses of the rivers, for drawing only."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Point = tuple[float, float]
"""Latitude, longitude."""

NEIGHBOURS = "other"
"""The area under which the outlines of neighbouring land stand."""


@dataclass(frozen=True)
class Shapes:
    """Rings of each area, the line of each river."""

    areas: dict[str, tuple[tuple[Point, ...], ...]]
    rivers: dict[str, tuple[Point, ...]]


@cache
def read_shapes() -> Shapes:
    """Read once per process: the files are part of the program."""
    rings: dict[tuple[str, str], list[Point]] = {}
    for row in _rows("outlines"):
        rings.setdefault((row["area"], row["ring"]), []).append(_point(row))
    areas: dict[str, tuple[tuple[Point, ...], ...]] = {}
    for (area, _), ring in rings.items():
        areas[area] = (*areas.get(area, ()), tuple(ring))
    rivers: dict[str, tuple[Point, ...]] = {}
    for row in _rows("rivers"):
        rivers[row["river"]] = (*rivers.get(row["river"], ()), _point(row))
    return Shapes(areas, rivers)


def _rows(name: str) -> list[dict[str, str]]:
    text = (files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _point(row: dict[str, str]) -> Point:
    return float(row["lat"]), float(row["lon"])
