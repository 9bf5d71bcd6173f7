"""What a solved round says, as files for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from marketplace.solving.results import NearbyRecord, RoundResult

MATCH_COLUMNS = (
    "lot",
    "need",
    "quantity",
    "freight_vnd",
    "price_low",
    "price",
    "price_high",
    "market_price",
    "mode",
    "vehicle",
    "trips",
    "km",
    "hours",
)


def write_matches(path: Path, result: RoundResult) -> None:
    """One row for each lot and need, in the columns `MATCH_COLUMNS`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(MATCH_COLUMNS)
        writer.writerows(_match_rows(result))


def _match_rows(result: RoundResult) -> Iterable[Sequence[object]]:
    for match in result.matches:
        yield (
            match.lot,
            match.need,
            match.quantity,
            match.freight,
            match.price_low,
            match.price,
            match.price_high,
            match.market_price,
            match.mode,
            match.vehicle,
            match.trips,
            match.km,
            match.hours,
        )


def report(result: RoundResult, seconds: float) -> dict[str, Any]:
    """What a round is worth and who is left out, for JSON."""
    return {
        "value_vnd": result.value,
        "bound_vnd": result.bound,
        "gap": round(result.gap, 6),
        "seconds": round(seconds, 3),
        "blocks": result.blocks,
        **({"hurried": list(result.hurried)} if result.hurried else {}),
        "matches": len(result.matches),
        "credit": {"cost_vnd": result.credit_cost, "kilograms": result.credit_kilograms},
        "left_out": [
            {
                "side": record.side,
                "id": record.id,
                "quantity": record.quantity,
                "reason": record.reason,
                "because": record.because,
                "counterpart": record.counterpart,
                "numbers": record.numbers,
                "change": record.change,
                "nearest": [_nearby(near) for near in record.nearest],
            }
            for record in result.left_out
        ],
    }


def _nearby(near: NearbyRecord) -> dict[str, Any]:
    return {
        "counterpart": near.counterpart,
        "reason": near.hurdles[0].because,
        "hurdles": [{"because": h.because, "numbers": h.numbers} for h in near.hurdles],
        "change": near.change,
        "km": None if near.km is None else round(near.km, 1),
    }
