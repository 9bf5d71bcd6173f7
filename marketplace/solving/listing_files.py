"""Lots and needs from CSV files. No database."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from marketplace.domain.bands import rounded_up
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.errors import MarketplaceError
from marketplace.domain.places import Gazetteer
from marketplace.matching.market import EXACT, MOST_UNITS
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
MOST_ASKED = 2**61  # VND for a lot
MOST_BID = EXACT // 2
"""VND of all needs together; the rest is for the credits that rank pairs."""
_TOO_DEAR = "is beyond what is counted exactly at that price"
_LONGEST_ID = 200

MOST_MILLIGRAMS = 2**62  # of a lot or need
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
    """Some rows cannot be understood; ``cells`` has every bad cell that was found."""

    def __init__(self, cells: Sequence[BadCell]) -> None:
        super().__init__("\n".join(str(cell) for cell in cells))
        self.cells = tuple(cells)


class _Row:
    """The cells of a row, and what is wrong with them: reading goes on behind a bad one."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self.bad: list[tuple[str, str]] = []

    def refuse(self, wrong: bool, column: str, problem: str) -> None:
        if wrong and column not in dict(self.bad):
            self.bad.append((column, problem))

    def must(self, column: str, parse: Callable[[str], T], bad: D) -> T | D:
        """What the cell says, ``bad`` if it is empty or cannot be read."""
        self.refuse(not self._cells[column], column, "is empty")
        return self.may(column, parse, bad)

    def may(self, column: str, parse: Callable[[str], T], default: D) -> T | D:
        """What the cell says, ``default`` if it is empty, and if it cannot be read."""
        if not self._cells[column]:
            return default
        try:
            return parse(self._cells[column])
        except (MarketplaceError, ValueError) as error:
            self.refuse(True, column, str(error))
            return default


def read_lots(
    path: Path, catalogue: Catalogue, gazetteer: Gazetteer, today: date
) -> tuple[OpenLot, ...]:
    """The lots of a file with `LOT_COLUMNS`. Raises `BadFile`.

    A lot that names no days can be collected from ``today`` on, for two weeks. Each is of an
    organisation of its own: files do not say whose they are.
    """

    def lot(row: _Row) -> OpenLot:
        goods = row.must("commodity", catalogue.find, None)
        ready = row.may("ready_on", _day, today)
        until = row.may("until", _day, ready + WINDOW)
        row.refuse(until < ready, "until", "lies before ready_on")
        name = row.must("id", _id, "")
        quantity = row.must("quantity", _quantity(goods), 0)
        ask = row.may("ask", _number, None)
        dearest = quantity * _price(ask, goods)
        row.refuse(dearest >= MOST_ASKED, "quantity", f"{_TOO_DEAR}: {dearest} ₫ are asked")
        place = row.must("place", gazetteer.resolve, None)
        return OpenLot(
            id=name,
            organisation=f"lot {name}",
            commodity=goods.id if goods else "",
            grade=row.may("grade", _grade(catalogue, goods), None),
            quantity=quantity,
            ask=ask,
            place=place.id if place else "",
            ready_on=ready,
            until=until,
            certificates=row.may("certificates", _papers(catalogue), frozenset()),
            whole=row.may("whole", _yes, False),
        )

    return _read(path, LOT_COLUMNS, lot)


def read_needs(
    path: Path, catalogue: Catalogue, gazetteer: Gazetteer, today: date
) -> tuple[OpenNeed, ...]:
    """The needs of a file with `NEED_COLUMNS`, read as `read_lots` reads lots. Raises `BadFile`."""
    bid_so_far = 0

    def need(row: _Row) -> OpenNeed:
        nonlocal bid_so_far
        goods = row.must("commodity", catalogue.find, None)
        first = row.may("from", _day, today)
        until = row.may("until", _day, first + WINDOW)
        row.refuse(until < first, "until", "lies before from")
        quantity = row.must("quantity", _quantity(goods), 0)
        smallest = row.may("min_quantity", _number, 0)
        row.refuse(0 < quantity < smallest, "min_quantity", "is more than quantity")
        bid = row.may("bid", _number, None)
        dearest = quantity * _price(bid, goods)
        row.refuse(dearest >= MOST_BID, "quantity", f"{_TOO_DEAR}: {dearest} ₫ are bid")
        if not row.bad:
            bid_so_far += dearest
            said = f"{_TOO_DEAR}: {bid_so_far} ₫ are bid on this line and those above"
            row.refuse(bid_so_far >= MOST_BID, "quantity", said)
        name = row.must("id", _id, "")
        place = row.must("place", gazetteer.resolve, None)
        return OpenNeed(
            id=name,
            organisation=f"need {name}",
            commodity=goods.id if goods else "",
            min_grade=row.may("min_grade", _grade(catalogue, goods), None),
            quantity=quantity,
            bid=bid,
            place=place.id if place else "",
            wanted_from=first,
            until=until,
            certificates=row.may("certificates", _papers(catalogue), frozenset()),
            min_quantity=smallest,
            splits=row.may("splits", _yes, True),
        )

    return _read(path, NEED_COLUMNS, need)


def _read(
    path: Path, columns: Sequence[str], listing: Callable[[_Row], Listing]
) -> tuple[Listing, ...]:
    bad: list[BadCell] = []
    found: dict[Any, Listing] = {}
    for line, cells in _rows(path, columns):
        row = _Row(cells)
        read = listing(row)
        row.refuse(read.id in found, "id", f"“{read.id}” stands on an earlier line too")
        if not row.bad:
            found[read.id] = read
        in_order = sorted(row.bad, key=lambda one: columns.index(one[0]))
        bad += [BadCell(path.name, line, column, problem) for column, problem in in_order]
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


def _id(text: str) -> str:
    if len(text) > _LONGEST_ID or not text.isprintable():
        raise ValueError(f"is longer than {_LONGEST_ID} characters or cannot be printed")
    return text


def _number(text: str) -> int:
    if not re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", text):
        raise ValueError(f"“{text[:40]}” is not a whole number of at most {MOST_DIGITS} digits")
    return int(text)


def _quantity(goods: Commodity | None) -> Callable[[str], int]:
    """More than nothing, and no more than the engine counts exactly."""
    milligrams = (goods.milligrams if goods else None) or 1

    def parse(text: str) -> int:
        number = _number(text)
        if number == 0:
            raise ValueError("must be more than 0")
        if number >= MOST_UNITS or number * milligrams >= MOST_MILLIGRAMS:
            most = min(MOST_UNITS, MOST_MILLIGRAMS // milligrams) - 1
            raise ValueError(f"{number} is more than is counted exactly ({most})")
        return number

    return parse


def _price(named: int | None, goods: Commodity | None) -> int:
    """The most that a price stands for, 0 where its goods are not known."""
    if goods is None:
        return 0
    return rounded_up(goods.usual_ask if named is None else named, goods.usual_ask)


def _day(text: str) -> date:
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"“{text[:40]}” is not a date like 2026-12-31")
    return date.fromisoformat(text)


def _yes(text: str) -> bool:
    answers = {"yes": True, "no": False}
    if text.lower() not in answers:
        raise ValueError(f"“{text[:40]}” is neither yes nor no")
    return answers[text.lower()]


def _grade(catalogue: Catalogue, goods: Commodity | None) -> Callable[[str], str]:
    """Grades are known where the goods are."""
    return lambda text: catalogue.grade(goods.group, text).id if goods else text


def _papers(catalogue: Catalogue) -> Callable[[str], frozenset[str]]:
    def parse(text: str) -> frozenset[str]:
        papers = frozenset(part.strip() for part in text.split(";") if part.strip())
        for paper in sorted(papers - set(catalogue.certifications)):
            raise ValueError(f"“{paper[:40]}” is not one of {', '.join(catalogue.certifications)}")
        return papers

    return parse
