"""Rows pasted from a spreadsheet, read as lots: what each is understood as, or what is wrong with it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Forbidden, Rejected, check_all
from marketplace.domain.listings import Basis, lists_for_others
from marketplace.domain.lots import LotDraft, check_lister, check_lot, may_list_lot
from marketplace.domain.prices import parse_price
from marketplace.domain.quantities import parse_quantity
from marketplace.domain.text import clean, fold
from marketplace.models.reference import current_reference
from marketplace.solving.world import World, world_of

MOST_ROWS = 500
COLUMNS = (
    "commodity",
    "grade",
    "quantity",
    "ask",
    "place",
    "ready_on",
    "until",
    "certificates",
    "whole",
    "producer",
    "note",
)
"""In this order where the first row does not name them. An `id` is passed over."""
HEADERS = {
    "commodity": ("commodity", "mat hang", "ten hang", "nong san", "san pham"),
    "grade": ("grade", "pham cap", "loai"),
    "quantity": ("quantity", "khoi luong", "so luong", "san luong"),
    "ask": ("ask", "asking price at the farm", "gia", "gia chao", "gia ban", "gia chao tai vuon"),
    "place": ("place", "pick-up place", "noi lay hang", "dia chi", "xa", "noi ban"),
    "ready_on": (
        *("ready_on", "ready on", "first day of pick-up"),
        *("lay hang tu ngay", "lay tu ngay", "tu ngay", "ngay dau"),
    ),
    "until": (
        *("until", "last day of pick-up"),
        *("lay hang den ngay", "lay den ngay", "den ngay", "ngay cuoi"),
    ),
    "certificates": ("certificates", "chung nhan"),
    "whole": ("whole", "sold as a whole", "ban het mot lan", "nguyen lo"),
    "producer": (
        *("producer", "whose goods"),
        *("hang cua ai", "nha vuon", "ho", "htx", "ten ho", "don vi"),
    ),
    "note": ("note", "ghi chu", "ghi them"),
    "": ("id", "stt", "tt", "so thu tu"),
}
"""Each column's names, those that the page prints in both languages among them."""
YES = ("yes", "co", "x", "1", "dung")
NO = ("no", "khong", "0", "")


@dataclass(frozen=True)
class Problem:
    """What is wrong in which column."""

    column: str
    error: Rejected


@dataclass
class PastedRow:
    """A row as it was, and the lot that it is understood as if nothing is wrong."""

    line: int
    cells: list[str]
    draft: LotDraft | None = None
    problems: list[Problem] = field(default_factory=list)


def read_rows(
    text: str, *, actor: Actor, today: date, basis: Basis = Basis.OWN, confirmed: bool = False
) -> list[PastedRow]:
    """Every row that is not empty, read with the rules that hold for a single lot.

    ``confirmed`` says that prices which look a zero off are meant. Raises `Rejected` for a text that
    is no table at all.
    """
    if not may_list_lot(actor):
        raise Forbidden("Your account may not list goods for sale.")
    table = [(line, cells) for line, cells in _table(text) if any(cells)]
    if not table:
        raise Rejected("Paste at least one row.", field="rows")
    columns = _named(table[0][1])
    if columns:
        del table[0]
    if not table:
        raise Rejected("Paste at least one row.", field="rows")
    if len(table) > MOST_ROWS:
        raise Rejected(
            "At most %(most)s rows at once (now %(n)s). Paste the rest afterwards.",
            field="rows",
            most=MOST_ROWS,
            n=len(table),
        )
    world = world_of(current_reference())
    reader = _Reader(world, actor, today, basis, confirmed)
    return [reader.read(line, cells, columns or COLUMNS) for line, cells in table]


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Cells by line: between tabs, as spreadsheets copy them, else between semicolons."""
    delimiter = "\t" if "\t" in text else ";"
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            [cells] = csv.reader([line.replace("\0", "")], delimiter=delimiter) or [[]]
        except (csv.Error, ValueError):
            cells = line.split(delimiter)
        yield number, [clean(cell) for cell in cells]


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns that a row of headers names; empty if it is no such row."""
    names = {header: column for column, headers in HEADERS.items() for header in headers}
    found = tuple(names.get(fold(cell), "") for cell in cells)
    known = [column for column in found if column]
    return found if len(known) >= 3 and len(set(known)) == len(known) else ()


@dataclass(frozen=True)
class _Reader:
    world: World
    actor: Actor
    today: date
    basis: Basis
    confirmed: bool

    def read(self, line: int, cells: list[str], columns: Sequence[str]) -> PastedRow:
        """The lot of one row, or all that is wrong with it."""
        row = PastedRow(line, cells)
        given = {c: cell for c, cell in zip(columns, cells, strict=False) if c}
        extra = [cell for cell in cells[len(columns) :] if cell]
        if extra:
            row.problems.append(Problem("", Rejected("There are more cells than columns.")))
        draft = self._draft(given, row)
        if draft is not None and not row.problems:
            try:
                self._check(draft)
            except Rejected as error:
                row.problems += [Problem(each.field or "", each) for each in error.each()]
            else:
                row.draft = draft
        return row

    def _check(self, draft: LotDraft) -> None:
        place = self.world.gazetteer.get(draft.place)
        check_all(
            lambda: check_lot(draft, self.world.catalogue, self.today),
            lambda: check_lister(draft, place, self.actor),
        )

    def _draft(self, given: dict[str, str], row: PastedRow) -> LotDraft | None:
        def read(column: str, reader: Callable[[str], Any]) -> Any:
            try:
                return reader(given.get(column, ""))
            except Rejected as error:
                row.problems.append(Problem(column, error))
                return None

        good: Commodity | None = read("commodity", _needed(self.world.catalogue.find))
        place = read("place", _needed(self.world.gazetteer.resolve))
        ready_on = read("ready_on", lambda typed: self._day(typed or "hôm nay"))
        until = read("until", _needed(self._day))
        certificates = read("certificates", self._certificates)
        whole = read("whole", _yes_or_no)
        if good is None:
            return None
        quantity = read("quantity", _needed(lambda typed: _quantity(typed, good)))
        ask = read("ask", lambda typed: parse_price(typed, good) if typed else None)
        grade = read("grade", lambda typed: self._grade(typed, good))
        if row.problems:
            return None
        for_others = lists_for_others(self.actor)
        return LotDraft(
            commodity=good.id,
            grade=grade,
            quantity=quantity,
            ask=ask,
            place=place.id,
            ready_on=ready_on,
            until=until,
            certificates=certificates,
            whole=whole,
            basis=self.basis if for_others else Basis.OWN,
            producer=given.get("producer", "") if for_others else "",
            note=given.get("note", ""),
            price_confirmed=self.confirmed,
        )

    def _day(self, typed: str) -> date:
        return parse_date(typed, self.today)

    def _grade(self, typed: str, good: Commodity) -> str:
        if not typed:
            return self.world.catalogue.default_grade(good.group).id
        for grade in self.world.catalogue.grades(good.group):
            if fold(typed) in map(fold, (grade.id, grade.name_vi, grade.name_en)):
                return grade.id
        return self.world.catalogue.grade(good.group, typed).id

    def _certificates(self, typed: str) -> frozenset[str]:
        names: dict[str, str] = {}
        for paper in self.world.catalogue.certifications.values():
            names |= {fold(each): paper.id for each in (paper.id, paper.name_vi, paper.name_en)}
        found = set()
        for part in filter(None, map(clean, typed.replace(",", ";").split(";"))):
            if fold(part) not in names:
                raise Rejected("There is no such certificate: %(typed)s", typed=part[:60])
            found.add(names[fold(part)])
        return frozenset(found)


def _needed(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(typed: str) -> Any:
        if not typed:
            raise Rejected("This cell is empty.")
        return reader(typed)

    return read


def _quantity(typed: str, good: Commodity) -> int:
    """A bare number is in the base unit, as `flask match` reads it."""
    bare = typed.isascii() and typed.isdecimal()
    return parse_quantity(f"{typed} {good.base_unit_vi}" if bare else typed, good)


def _yes_or_no(typed: str) -> bool:
    word = fold(typed)
    if word not in (*YES, *NO):
        raise Rejected("Write yes or no (có or không).")
    return word in YES
