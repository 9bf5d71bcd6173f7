"""What was understood of a row, as JSON has it; and back where it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marketplace.domain.drafts import plain
from marketplace.domain.errors import Rejected
from marketplace.sheets.problems import Problem
from marketplace.sheets.table import Cell, Record
from marketplace.sheets.understanding import Understood

Json = dict[str, Any]


def understood_to_json(row: Understood) -> Json:
    """Every field but the problems; days as ISO dates, certificates in order, papers as lists."""
    told = {f.name: plain(getattr(row, f.name)) for f in fields(row) if f.name != "problems"}
    return told | {"papers": [list(map(plain, astuple(paper))) for paper in row.papers]}


def problem_to_json(problem: Problem) -> Json:
    """With the reason as a catalogue entry and what fills it, so that pages can say it anew."""
    unread = {"unread": _error(problem.unread)} if problem.unread else {}
    return {
        "field": problem.field,
        "code": problem.code,
        **_error(problem.error),
        **unread,
        "candidates": [list(pair) for pair in problem.candidates],
        "key": problem.key,
    }


def problem_from_json(kept: Json) -> Problem:
    field, unread = kept["field"], kept.get("unread")
    candidates = tuple((value, label) for value, label in kept["candidates"])
    return Problem(
        field,
        kept["code"],
        _error_from(kept, field),
        candidates,
        kept["key"],
        _error_from(unread, field) if unread else None,
    )


def _error(error: Rejected) -> Json:
    params = {name: _tagged(value) for name, value in error.params.items()}
    return {"reason": error.reason, "params": params}


def _error_from(kept: Json, field: str) -> Rejected:
    params = {name: _untagged(value) for name, value in kept["params"].items()}
    reason = kept["reason"]
    return Rejected(reason, field=field, **params)


def problem_told(problem: Problem) -> Json:
    """For other programs: in English, filled in."""
    return {
        "field": problem.field,
        "code": problem.code,
        "message": str(problem.error),
        "candidates": [{"value": value, "label": label} for value, label in problem.candidates],
    }


def record_to_json(record: Record) -> Json:
    cells = {name: _cell(cell) for name, cell in record.cells.items()}
    hidden = {"hidden": True} if record.hidden else {}
    return {"cells": cells, "section": record.section, **hidden}


def record_from_json(number: int, kept: Json, raw: Mapping[str, str]) -> Record:
    cells = {
        name: Cell(
            text,
            None if figure is None else Decimal(figure),
            None if day is None else date.fromisoformat(day),
            *unit,
        )
        for name, (text, figure, day, *unit) in kept["cells"].items()
    }
    return Record(number, cells, raw, kept["section"], kept.get("hidden", False))


def _cell(cell: Cell) -> list[str | None]:
    number = None if cell.number is None else str(cell.number)
    day = None if cell.day is None else cell.day.isoformat()
    return [cell.text, number, day, *([cell.unit] if cell.unit else [])]


def _tagged(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"date": value.isoformat()}
    return value if isinstance(value, str | int) and not isinstance(value, bool) else str(value)


def _untagged(value: Any) -> object:
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value
