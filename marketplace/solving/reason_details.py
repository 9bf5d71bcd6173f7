"""What is stored of a reason: figures and names that its texts are made of, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.solving.change import papers_of
from marketplace.solving.listings import ListingId, OpenLot, OpenNeed
from marketplace.solving.results import HurdleRecord, LeftOutRecord, NearbyRecord
from marketplace.solving.world import World

Details = dict[str, Any]


def reason_details(
    left: LeftOutRecord,
    lots: Mapping[ListingId, OpenLot],
    needs: Mapping[ListingId, OpenNeed],
    world: World,
) -> Details:
    """``nearest`` are the counterparts, each with its hurdles; beside it the figures of the first."""
    details: Details = {
        "because": left.because,
        "left": left.quantity,
        "numbers": left.numbers,
        "change": left.change,
        "nearest": [_nearby(left, near, lots, needs, world) for near in left.nearest],
    }
    if details["nearest"]:
        first = details["nearest"][0]
        details |= {name: first[name] for name in ("place", "km") if name in first}
        details |= {n: v for n, v in first["hurdles"][0].items() if n not in ("because", "numbers")}
    return details


def _nearby(
    left: LeftOutRecord,
    near: NearbyRecord,
    lots: Mapping[ListingId, OpenLot],
    needs: Mapping[ListingId, OpenNeed],
    world: World,
) -> Details:
    of_lot = left.side == "lot"
    lot = lots[left.id if of_lot else near.counterpart]
    need = needs[near.counterpart if of_lot else left.id]
    there = need.place if of_lot else lot.place
    found: Details = {
        "place": world.gazetteer.get(there).name,
        "change": near.change,
        "hurdles": [_hurdle(hurdle, lot, need, world, of_lot=of_lot) for hurdle in near.hurdles],
    }
    return found if near.km is None else found | {"km": near.km}


def _hurdle(
    hurdle: HurdleRecord, lot: OpenLot, need: OpenNeed, world: World, *, of_lot: bool
) -> Details:
    details: Details = {"because": hurdle.because, "numbers": hurdle.numbers}
    if hurdle.because == "grade":
        details |= _grade(lot.commodity, need.min_grade if of_lot else lot.grade, world)
    elif hurdle.because == "certificate":
        details |= _certificates(sorted(need.certificates - lot.certificates), world)
    elif hurdle.because == "movement":
        details |= _certificates(papers_of(hurdle.numbers.get("limit", 0), world.catalogue), world)
    return details


def _grade(commodity: str, named: str | None, world: World) -> dict[str, str]:
    """What the need asks for, or what the lot is of."""
    catalogue = world.catalogue
    group = catalogue.commodity(commodity).group
    grade = catalogue.grade(group, named) if named else catalogue.default_grade(group)
    return {"grade_vi": grade.name_vi, "grade_en": grade.name_en}


def _certificates(missing: Sequence[str], world: World) -> dict[str, str]:
    """What they are called."""
    papers = [world.catalogue.certifications[paper] for paper in missing]
    return {
        "certificate_vi": ", ".join(paper.name_vi for paper in papers),
        "certificate_en": ", ".join(paper.name_en for paper in papers),
    }
