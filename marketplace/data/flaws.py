"""What is wrong with the rows of data files by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

from marketplace.data.files import Files, Row
from marketplace.data.reader import tables

COLUMNS = {
    "water_class": "class",
    "road_class": "class",
    "largest_vessel": "largest_vessel_t",
    "payload": "payload_kg",
    "fixed": "fixed_vnd",
}
"""Columns that are not called like the field of their record."""

KEYS = {
    "provinces": ("code",),
    "grades": ("group", "id"),
    "truck_rates": ("vehicle", "valid_from"),
    "boat_rates": ("vehicle", "valid_from"),
    "handling": ("group", "valid_from"),
    "former_places": ("name", "district", "locality"),
}
"""What tells rows apart where it is not the id."""


@dataclass(frozen=True, order=True)
class Flaw:
    """Something that has to be mended before the files can be loaded."""

    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.text}"


@dataclass(frozen=True)
class Table:
    """The rows of one file that could be read, and the ids of all its rows."""

    part: str  # of `Reference`
    file: str
    rows: tuple[tuple[int, Any], ...]  # line, record
    ids: frozenset[str]

    def flaw(self, line: int, field: str, text: str) -> Flaw:
        """``field`` is that of the record."""
        return Flaw(self.file, line, COLUMNS.get(field, field), text)


def read_tables(source: Files) -> tuple[dict[str, Table], list[Flaw]]:
    """What can be read, by the part of `Reference` that it is, and why the rest cannot."""
    flaws = [Flaw(name, 1, "", "no data file is called so") for name in source.strangers]
    found: dict[str, Table] = {}
    for part, (name, record) in tables().items():
        file = f"{name}.csv"
        rows: list[tuple[int, Any]] = []
        ids: set[str] = set()
        try:
            all_rows = list(source.rows(name))
        except (UnicodeDecodeError, ValueError) as error:
            flaws.append(Flaw(file, 1, "", f"not a CSV file in UTF-8: {error}"))
            all_rows = []
        for line, row in all_rows:
            ids.add(row.get("id") or row.get("code") or "")
            problem = _unreadable(row)
            if problem is None:
                try:
                    rows.append((line, record(row)))
                    continue
                except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
                    problem = row.column, _said(row, error)
            flaws.append(Flaw(file, line, *problem))
        found[part] = Table(part, file, tuple(rows), frozenset(ids))
    for table in found.values():
        flaws += [*_numbers(table), *_twice(table)]
    return found, flaws


def _unreadable(row: Row) -> tuple[str, str] | None:
    if None in row:
        return "", "the row has more cells than there are columns"
    short = [column for column, cell in row.items() if cell is None]
    return (short[0], "the row ends before this column") if short else None


def _said(row: Row, error: Exception) -> str:
    if row.column not in row:
        return "there is no such column"
    return str(error) if "“" in str(error) else f"“{row[row.column]}” cannot be read"


def _numbers(table: Table) -> Iterator[Flaw]:
    """Figures that are no numbers, or below 0."""
    for line, record in table.rows:
        for field in fields(record):
            value = getattr(record, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if not isfinite(value):
                yield table.flaw(line, field.name, f"{value} is not a number")
            elif value < 0 and field.name not in ("lat", "lon"):
                yield table.flaw(line, field.name, f"{value} is negative")


def _twice(table: Table) -> Iterator[Flaw]:
    """Rows of the same key."""
    keys = KEYS.get(table.part, ("id",))
    first: dict[tuple[Any, ...], int] = {}
    for line, record in table.rows:
        key = tuple(getattr(record, name) for name in keys)
        if first.setdefault(key, line) != line:
            told = " ".join(str(part) for part in key)
            yield table.flaw(line, keys[0], f"{told} stands in line {first[key]} already")
