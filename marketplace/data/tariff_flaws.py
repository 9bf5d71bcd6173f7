"""What is wrong with tariffs: prices that fall with the distance, or that are slips of the pen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from marketplace.data.flaws import Flaw, Table
from marketplace.domain.network import WATER_CLASSES
from marketplace.domain.tariffs import MOST_FIXED, MOST_PER_KG, MOST_PER_KM

LARGEST_TRIP = 262_143
"""Kilograms."""


def tariff_flaws(tables: Mapping[str, Table]) -> Iterator[Flaw]:
    """Of trucks, boats and handling."""
    yield from _trucks(tables["truck_rates"])
    yield from _boats(tables["boat_rates"])
    yield from _handling(tables["handling"])
    for part in ("truck_rates", "boat_rates"):
        for line, rate in tables[part].rows:
            if not 0 < rate.payload <= LARGEST_TRIP:
                told = f"{rate.payload} kg is no payload up to {LARGEST_TRIP} kg"
                yield tables[part].flaw(line, "payload", told)
            if rate.fixed > MOST_FIXED:
                yield tables[part].flaw(
                    line, "fixed", f"{rate.fixed} ₫ is more than {MOST_FIXED} ₫"
                )


def _trucks(table: Table) -> Iterator[Flaw]:
    for line, rate in table.rows:
        for km, per_km in rate.per_km:
            if not 0 < per_km <= MOST_PER_KM:
                told = f"{per_km} ₫ per km is no price up to {MOST_PER_KM} ₫"
                yield table.flaw(line, f"vnd_per_km_{km}", told)
        trips = [(km, rate.fixed + km * per_km) for km, per_km in rate.per_km]
        for (near, less), (far, more) in pairwise(trips):
            if more < less:
                told = f"the tariff falls: {less} ₫ for {near} km, {more} ₫ for {far} km"
                yield table.flaw(line, f"vnd_per_km_{far}", told)


def _boats(table: Table) -> Iterator[Flaw]:
    for line, rate in table.rows:
        if not 0 < rate.vnd_per_km <= MOST_PER_KM:
            told = f"{rate.vnd_per_km} ₫ per km is no price up to {MOST_PER_KM} ₫"
            yield table.flaw(line, "vnd_per_km", told)
        if rate.water_class not in WATER_CLASSES:
            told = ", ".join(WATER_CLASSES)
            yield table.flaw(line, "water_class", f"“{rate.water_class}” is none of {told}")


def _handling(table: Table) -> Iterator[Flaw]:
    for line, rate in table.rows:
        if rate.vnd_per_kg > MOST_PER_KG:
            told = f"{rate.vnd_per_kg} ₫/kg is more than {MOST_PER_KG} ₫/kg"
            yield table.flaw(line, "vnd_per_kg", told)
    if table.rows and all(rate.group != "*" for _, rate in table.rows):
        yield table.flaw(1, "group", "there is no row “*” for groups without their own")
