"""What a row says of goods of some kinds: age, origin, papers, best before (`marketplace.domain.kinds`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.kinds import asked_of, parse_age
from marketplace.domain.packs import heads_told
from marketplace.domain.text import clean
from marketplace.sheets.answers import Answered
from marketplace.sheets.problems import Problem
from marketplace.sheets.table import Cell, Record

COLUMNS = (
    "age_days",
    "origin",
    "quarantine_number",
    "quarantine_on",
    "best_before",
    "batch_number",
    "registration_number",
)
"""Meanings of columns; how many animals there are is said by the quantity."""
_DAYS = ("quarantine_on", "best_before")
UNREADABLE = "detail_unreadable"


def read_details(record: Record, today: date) -> tuple[dict[str, Any], list[Problem]]:
    """What the row tells, by field of a lot, and what could not be read."""
    told: dict[str, Any] = {}
    problems = []
    for name, cell in _told(record):
        try:
            told[name] = _reader(name, today)(cell)
        except Rejected as error:
            error.field = name
            problems.append(Problem(name, UNREADABLE, error))
    return told, problems


def heads_in(record: Record, choices: Mapping[str, str], good: Commodity) -> dict[str, int]:
    """How many animals there are, where the amount says it: "50 con", however much one weighs."""
    if "heads" not in asked_of(good):
        return {}
    heads = heads_told(Answered(record, choices).figure("quantity"), good)
    return {"heads": heads} if heads else {}


def _told(record: Record) -> Iterator[tuple[str, Cell]]:
    for name in COLUMNS:
        cell = record.cells.get(name)
        if cell is not None and not cell.blank:
            yield name, cell


def _reader(name: str, today: date) -> Callable[[Cell], Any]:
    if name in _DAYS:
        return lambda cell: cell.day or parse_date(cell.text, today)
    if name == "age_days":
        return lambda cell: parse_age(clean(cell.text))
    return lambda cell: clean(cell.text)
