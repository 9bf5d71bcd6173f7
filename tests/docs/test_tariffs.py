"""docs/tariffs.md stands our curve beside the printed tariff, class by class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marketplace.data.reader import read_reference
from marketplace.transport.tariff import boat_price, trip_price

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tariffs.md"
REFERENCE = read_reference()
TRUCKS = {rate.vehicle: rate for rate in REFERENCE.truck_rates}
BOATS = {rate.vehicle: rate for rate in REFERENCE.boat_rates}

BANDS = [(0, 10), (11, 25), (25, 50), (51, 100), (101, 150), (151, 200), (201, 300)]
"""As printed, with their gaps and overlaps."""

MIDDLES = [5, 18, 38, 75, 125, 175, 250]

PRINTED = {
    "1t": (200_000, [20_000, 17_000, 14_000, 11_000, 9_000, 8_000, 7_000]),
    "2.5t": (250_000, [30_000, 20_000, 17_000, 13_000, 10_000, 9_000, 8_000]),
    "3.5t": (300_000, [35_000, 30_000, 20_000, 15_000, 12_000, 10_000, 9_000]),
    "5t": (500_000, [50_000, 45_000, 35_000, 20_000, None, None, None]),
    "8t": (700_000, [60_000, 54_000, 42_000, 24_000, None, None, None]),
    "10t": (800_000, [65_000, 58_500, 45_500, None, None, None, None]),
    "15t": (1_000_000, [None, None, None, 30_000, 26_000, 24_000, 22_000]),
    "28t": (1_500_000, [None, None, None, 40_000, 36_000, 34_000, 31_000]),
}
"""₫ a trip and ₫ per km of each band; None: not printed, extrapolated by us."""

BOATS_PRINTED = {
    "boat20t": (300_000, 22_000, "900–1,800"),
    "boat80t": (800_000, 60_000, "600–1,200"),
    "boat250t": (2_500_000, 110_000, "350–700"),
}
"""₫ a trip, ₫ per km, usual ₫ per tonne-kilometre: own knowledge, an estimate."""


def ours(vehicle: str, km: int) -> int:
    return int(trip_price(TRUCKS[vehicle], 100, np.array([10 * km]))[0])


def truck_tables() -> list[str]:
    lines = []
    for vehicle, (fixed, rates) in PRINTED.items():
        head = " | ".join(f"{km} km" for km in MIDDLES)
        lines.append(f"| {vehicle} | {head} |")
        bands = [f"{rate:,}" if rate else "–" for rate in rates]
        lines.append(f"| printed, ₫/km, and {fixed:,} ₫ | {' | '.join(bands)} |")
        trips = [
            fixed + km * rate if rate else None for km, rate in zip(MIDDLES, rates, strict=True)
        ]
        lines.append(f"| printed, a trip | {' | '.join(f'{t:,}' if t else '–' for t in trips)} |")
        lines.append(f"| ours, a trip | {' | '.join(f'{ours(vehicle, km):,}' for km in MIDDLES)} |")
    return lines


def edge_table() -> list[str]:
    """Where a printed band ends and the next begins."""
    lines = []
    for vehicle, (fixed, rates) in PRINTED.items():
        for (_, end), rate, following in zip(BANDS, rates, rates[1:], strict=False):
            if rate and following and end in (50, 100, 150, 200):
                printed = fixed + end * rate, fixed + (end + 1) * following
                curve = ours(vehicle, end), ours(vehicle, end + 1)
                cells = " | ".join(f"{price:,}" for price in (*printed, *curve))
                lines.append(f"| {vehicle} | {end} → {end + 1} km | {cells} |")
    return lines


def boat_table() -> list[str]:
    lines = []
    for vehicle, (fixed, per_km, usual) in BOATS_PRINTED.items():
        tonnes = BOATS[vehicle].payload // 1000
        trips = [
            int(boat_price(BOATS[vehicle], 100, np.array([10 * km]))[0]) for km in (75, 120, 170)
        ]
        cells = [
            f"{trip:,} ({trip / tonnes / km:,.0f})"
            for trip, km in zip(trips, (75, 120, 170), strict=True)
        ]
        lines.append(f"| {vehicle} | {fixed:,} + {per_km:,} × km | {usual} | {' | '.join(cells)} |")
    return lines


def test_the_document_says_what_the_code_says() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    missing = [line for line in (*truck_tables(), *edge_table(), *boat_table()) if line not in text]

    assert not missing, "docs/tariffs.md lacks\n" + "\n".join(missing)


@pytest.mark.parametrize("vehicle", PRINTED)
def test_in_the_middle_of_each_printed_band_our_curve_is_the_printed_price(vehicle: str) -> None:
    fixed, rates = PRINTED[vehicle]

    for km, rate in zip(MIDDLES, rates, strict=True):
        assert rate is None or ours(vehicle, km) == fixed + km * rate


def test_the_printed_tariff_falls_at_the_edges_of_its_bands_and_ours_never() -> None:
    for line in edge_table():
        before, after, ours_before, ours_after = (
            int(cell.replace(",", "")) for cell in line.strip("| ").split(" | ")[2:]
        )
        assert after < before
        assert ours_after >= ours_before
    assert edge_table()


@pytest.mark.parametrize("vehicle", BOATS_PRINTED)
def test_boats_cost_what_the_facts_say(vehicle: str) -> None:
    rate = BOATS[vehicle]

    assert (rate.fixed, rate.vnd_per_km) == BOATS_PRINTED[vehicle][:2]
    assert rate.confidence == "estimate"
