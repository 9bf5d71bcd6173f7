"""A state as plain values, to be stored beside what was solved under it."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from typing import Any

from marketplace.domain.conditions import Condition, Effect, Restriction
from marketplace.domain.network import BoatRate
from marketplace.domain.reference import HandlingRate, State, TruckRate

RECORDS: dict[str, type[Any]] = {
    "conditions": Condition,
    "restrictions": Restriction,
    "truck_rates": TruckRate,
    "handling": HandlingRate,
    "boat_rates": BoatRate,
}
"""What each part of a state consists of."""


def plain_state(state: State) -> dict[str, list[dict[str, Any]]]:
    """Values that JSON knows."""
    return {
        name: [{key: _plain(value) for key, value in asdict(row).items()} for row in rows]
        for name in RECORDS
        if (rows := getattr(state, name))
    }


def read_state(values: dict[str, list[dict[str, Any]]]) -> State:
    """The state of which `plain_state` made the values."""
    return State(
        **{
            name: tuple(_record(RECORDS[name], row) for row in rows)
            for name, rows in values.items()
        }
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _record(kind: type[Any], row: dict[str, Any]) -> Any:
    types = {field.name: str(field.type) for field in fields(kind)}
    return kind(**{name: _restored(value, types[name]) for name, value in row.items()})


def _restored(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind.startswith("date"):
        return date.fromisoformat(value)
    return Effect(value) if kind == "Effect" else _tuple(value)


def _tuple(value: Any) -> Any:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value
