"""What is wrong with the rows of data files by themselves."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

from marketplace.data.files import Files, Row
from marketplace.data.reader import PER_KM, tables
from marketplace.domain.reference import CONFIDENCE

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
        place = f"{self.file}:{self.line}"
        return ": ".join(filter(None, (place, self.column, self.text)))


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


@dataclass(frozen=True)
class Tables:
    """What could be read, by the part of `Reference` that it is, and why the rest cannot."""

    tables: dict[str, Table]
    flaws: list[Flaw]
    unread: frozenset[str]
    """Files that say nothing at all; the program's own stand in for them."""


def read_tables(source: Files) -> Tables:
    """Each row by itself, not yet against those of other files."""
    flaws = [Flaw(name, 1, "", "no data file is called so") for name in source.strangers]
    found: dict[str, Table] = {}
    unread: set[str] = set()
    for part, (name, record) in tables().items():
        problem = _no_table(source, name)
        if problem is not None:
            flaws.append(Flaw(f"{name}.csv", 1, *problem))
            unread.add(f"{name}.csv")
        found[part], of_rows = _read(Files() if problem else source, part, name, record)
        flaws += of_rows
    for table in found.values():
        flaws += [*_numbers(table), *_words(table), *_twice(table)]
    return Tables(found, flaws, frozenset(unread))


def _no_table(source: Files, name: str) -> tuple[str, str] | None:
    """Column and text where nothing of the file can be used."""
    try:
        rows = list(source.rows(name))
        given = source.header(name)
    except UnicodeDecodeError as error:
        return "", f"not text in UTF-8 (byte {error.start + 1}): save it as “CSV UTF-8”"
    except csv.Error as error:
        return "", f"not a CSV file: {error}"
    needed = [column for column in source.columns(name) if not column.startswith(PER_KM)]
    missing = [column for column in needed if column not in given]
    if not given:
        return "", "the file is empty"
    if len(missing) == len(needed):
        return "", f"not a CSV file with the columns {', '.join(needed)}"
    if missing:
        told = "there is no such column" if len(missing) == 1 else "there are no such columns"
        return ", ".join(missing), told
    return None if rows else ("", "there is no row below the column names")


def _read(
    source: Files, part: str, name: str, record: Callable[[Row], Any]
) -> tuple[Table, list[Flaw]]:
    file, flaws = f"{name}.csv", []
    rows: list[tuple[int, Any]] = []
    ids: set[str] = set()
    for line, row in source.rows(name):
        ids.add(row.get("id") or row.get("code") or "")
        problem = _unreadable(row)
        if problem is None:
            try:
                rows.append((line, record(row)))
                continue
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
                problem = row.column, _said(row, error)
        flaws.append(Flaw(file, line, *problem))
    return Table(part, file, tuple(rows), frozenset(ids)), flaws


def _unreadable(row: Row) -> tuple[str, str] | None:
    if None in row:
        return "", "the row has more cells than there are columns"
    short = [column for column, cell in row.items() if cell is None]
    return (short[0], "the row ends before this column") if short else None


def _said(row: Row, error: Exception) -> str:
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


def _words(table: Table) -> Iterator[Flaw]:
    """Where a row comes from and how sure it is may not be left out."""
    for line, record in table.rows:
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name.endswith("source") and not value.strip():
                yield table.flaw(line, field.name, "say where this comes from")
            if field.name.endswith("confidence") and value not in CONFIDENCE:
                told = ", ".join(CONFIDENCE)
                yield table.flaw(line, field.name, f"“{value}” is none of {told}")


def _twice(table: Table) -> Iterator[Flaw]:
    """Rows of the same key."""
    keys = KEYS.get(table.part, ("id",))
    first: dict[tuple[Any, ...], int] = {}
    for line, record in table.rows:
        key = tuple(getattr(record, name) for name in keys)
        if first.setdefault(key, line) != line:
            told = " ".join(str(part) for part in key)
            yield table.flaw(line, keys[0], f"{told} stands in line {first[key]} already")
