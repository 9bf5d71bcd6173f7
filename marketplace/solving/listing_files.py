"""Lots and needs from CSV files. No database."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.errors import MarketplaceError
from marketplace.domain.places import Gazetteer
from marketplace.solving.listings import OpenLot, OpenNeed

LOT_COLUMNS = (
    "id",
    "commodity",
    "grade",
    "quantity",
    "ask",
    "place",
    "ready_on",
    "until",
    "certificates",
    "whole",
)
NEED_COLUMNS = (
    "id",
    "commodity",
    "min_grade",
    "quantity",
    "bid",
    "place",
    "from",
    "until",
    "certificates",
    "min_quantity",
    "splits",
)
WINDOW = timedelta(days=14)  # of a listing that names no last day
MOST_DIGITS = 12
_LONGEST_ID = 200

Listing = TypeVar("Listing", OpenLot, OpenNeed)
Cells = dict[str, str]
T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True)
class BadCell:
    """What is wrong with a cell. Line 1 is the header."""

    file: str
    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.problem}"


class BadFile(Exception):
    """Some rows cannot be understood; ``cells`` has the first bad cell of each."""

    def __init__(self, cells: Sequence[BadCell]) -> None:
        super().__init__("\n".join(str(cell) for cell in cells))
        self.cells = tuple(cells)


class _Bad(Exception):
    """A cell of the row that is being read."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column = column
        self.problem = problem


def read_lots(
    path: Path, catalogue: Catalogue, gazetteer: Gazetteer, today: date
) -> tuple[OpenLot, ...]:
    """The lots of a file with `LOT_COLUMNS`. Raises `BadFile`.

    A lot that names no days can be collected from ``today`` on, for two weeks. Each is of an
    organisation of its own: files do not say whose they are.
    """

    def lot(cells: Cells) -> OpenLot:
        goods = _cell(cells, "commodity", catalogue.find)
        ready = _cell_or(cells, "ready_on", _day, today)
        until = _cell_or(cells, "until", _day, ready + WINDOW)
        _refuse(until < ready, "until", "lies before ready_on")
        name = _cell(cells, "id", _id)
        return OpenLot(
            id=name,
            organisation=f"lot {name}",
            commodity=goods.id,
            grade=_cell_or(cells, "grade", _grade(catalogue, goods), None),
            quantity=_cell(cells, "quantity", _positive),
            ask=_cell_or(cells, "ask", _number, None),
            place=_cell(cells, "place", gazetteer.resolve).id,
            ready_on=ready,
            until=until,
            certificates=_cell_or(cells, "certificates", _papers(catalogue), frozenset()),
            whole=_cell_or(cells, "whole", _yes, False),
        )

    return _read(path, LOT_COLUMNS, lot)


def read_needs(
    path: Path, catalogue: Catalogue, gazetteer: Gazetteer, today: date
) -> tuple[OpenNeed, ...]:
    """The needs of a file with `NEED_COLUMNS`, read as `read_lots` reads lots. Raises `BadFile`."""

    def need(cells: Cells) -> OpenNeed:
        goods = _cell(cells, "commodity", catalogue.find)
        first = _cell_or(cells, "from", _day, today)
        until = _cell_or(cells, "until", _day, first + WINDOW)
        _refuse(until < first, "until", "lies before from")
        quantity = _cell(cells, "quantity", _positive)
        smallest = _cell_or(cells, "min_quantity", _number, 0)
        _refuse(smallest > quantity, "min_quantity", "is more than quantity")
        name = _cell(cells, "id", _id)
        return OpenNeed(
            id=name,
            organisation=f"need {name}",
            commodity=goods.id,
            min_grade=_cell_or(cells, "min_grade", _grade(catalogue, goods), None),
            quantity=quantity,
            bid=_cell_or(cells, "bid", _number, None),
            place=_cell(cells, "place", gazetteer.resolve).id,
            wanted_from=first,
            until=until,
            certificates=_cell_or(cells, "certificates", _papers(catalogue), frozenset()),
            min_quantity=smallest,
            splits=_cell_or(cells, "splits", _yes, True),
        )

    return _read(path, NEED_COLUMNS, need)


def _read(
    path: Path, columns: Sequence[str], listing: Callable[[Cells], Listing]
) -> tuple[Listing, ...]:
    bad: list[BadCell] = []
    found: dict[Any, Listing] = {}
    for line, cells in _rows(path, columns):
        try:
            read = listing(cells)
            _refuse(read.id in found, "id", f"“{read.id}” stands on an earlier line too")
            found[read.id] = read
        except _Bad as error:
            bad.append(BadCell(path.name, line, error.column, error.problem))
    if bad:
        raise BadFile(bad)
    return tuple(found.values())


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Cells]]:
    """Line number and cells of each row that is not empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _checked_rows(path.name, csv.reader(file, strict=True), columns)
    except UnicodeDecodeError:
        raise BadFile([BadCell(path.name, 1, columns[0], "is not written in UTF-8")]) from None
    except csv.Error as error:
        raise BadFile([BadCell(path.name, 1, columns[0], f"is not CSV: {error}")]) from None


def _checked_rows(file: str, rows: Any, columns: Sequence[str]) -> Iterator[tuple[int, Cells]]:
    header = [name.strip() for name in next(rows, [])]
    if problems := _problems_of(header, columns):
        raise BadFile([BadCell(file, 1, column, problem) for column, problem in problems])
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problem = f"{len(header)} cells are expected, {len(cells)} are here"
            raise BadFile([BadCell(file, rows.line_num, header[-1], problem)])
        yield rows.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _problems_of(header: Sequence[str], columns: Sequence[str]) -> list[tuple[str, str]]:
    missing = [(name, "the column is missing") for name in columns if name not in header]
    unknown = [(name, "no such column is known") for name in header if name not in columns]
    twice = [(name, "stands there twice") for name in columns if header.count(name) > 1]
    return missing + unknown + twice


def _cell(cells: Cells, column: str, parse: Callable[[str], T]) -> T:
    """What the cell says. Raises `_Bad` if it is empty or cannot be read."""
    _refuse(not cells[column], column, "is empty")
    return _cell_or(cells, column, parse, None)  # type: ignore[return-value]


def _cell_or(cells: Cells, column: str, parse: Callable[[str], T], default: D) -> T | D:
    """What the cell says, ``default`` if it is empty."""
    if not cells[column]:
        return default
    try:
        return parse(cells[column])
    except (MarketplaceError, ValueError) as error:
        raise _Bad(column, str(error)) from None


def _refuse(wrong: bool, column: str, problem: str) -> None:
    if wrong:
        raise _Bad(column, problem)


def _id(text: str) -> str:
    if len(text) > _LONGEST_ID or not text.isprintable():
        raise ValueError(f"is longer than {_LONGEST_ID} characters or cannot be printed")
    return text


def _number(text: str) -> int:
    if not re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", text):
        raise ValueError(f"“{text[:40]}” is not a whole number of at most {MOST_DIGITS} digits")
    return int(text)


def _positive(text: str) -> int:
    if number := _number(text):
        return number
    raise ValueError("must be more than 0")


def _day(text: str) -> date:
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"“{text[:40]}” is not a date like 2026-12-31")
    return date.fromisoformat(text)


def _yes(text: str) -> bool:
    answers = {"yes": True, "no": False}
    if text.lower() not in answers:
        raise ValueError(f"“{text[:40]}” is neither yes nor no")
    return answers[text.lower()]


def _grade(catalogue: Catalogue, goods: Commodity) -> Callable[[str], str]:
    return lambda text: catalogue.grade(goods.group, text).id


def _papers(catalogue: Catalogue) -> Callable[[str], frozenset[str]]:
    def parse(text: str) -> frozenset[str]:
        papers = frozenset(part.strip() for part in text.split(";") if part.strip())
        for paper in sorted(papers - set(catalogue.certifications)):
            raise ValueError(f"“{paper[:40]}” is not one of {', '.join(catalogue.certifications)}")
        return papers

    return parse
