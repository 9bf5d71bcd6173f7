"""A sheet as it lies in a file or a message, before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["xlsx", "xls", "ods", "csv", "text"]
Merged = tuple[int, int, int, int]
Ranges = tuple[tuple[int, int], ...]
"""Of rows or columns, first and last."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what the person sees, and the number or day where the file itself holds one.

    A number that the file holds is never guessed at: ``text`` is only how it is quoted. ``unit``: what
    its format shows behind it.
    """

    text: str = ""
    number: Decimal | None = None
    day: date | None = None
    unit: str = ""

    @property
    def blank(self) -> bool:
        return not self.text.strip()


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Line:
    """One row, with the number that the spreadsheet shows beside it, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def blank(self) -> bool:
        return all(cell.blank for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """One sheet. Lines that hold nothing may be left out; numbers and merged ranges do not move.

    ``merged`` are (first row, last row, first column, last column), all inclusive: rows as
    `Line.number` counts them, columns from 0. ``encoding`` is a key of `encodings.ENCODINGS`, or
    None where the file says itself what its letters are. Hidden are rows as they are numbered, and
    columns from 0; of an .xls it is not known.
    """

    sheet: str
    kind: Kind
    encoding: str | None
    lines: tuple[Line, ...]
    merged: tuple[Merged, ...] = ()
    hidden_rows: Ranges = ()
    hidden_columns: Ranges = ()


@dataclass(frozen=True)
class Record:
    """One line with goods on it: cells by what their column means, and as they stood.

    ``section`` is the heading that it stands under, outer headings first, joined by `SECTIONS`.
    ``hidden``: nobody sees the line in the spreadsheet.
    """

    number: int
    cells: Mapping[str, Cell]
    raw: Mapping[str, str]
    section: str = ""
    hidden: bool = False

    @property
    def sections(self) -> tuple[str, ...]:
        """The headings that it stands under, the nearest last."""
        return tuple(self.section.split(SECTIONS)) if self.section else ()


SECTIONS = " / "


def lies_in(number: int, ranges: Ranges) -> bool:
    """Whether a row or column is one of them."""
    return any(first <= number <= last for first, last in ranges)


def letter(column: int) -> str:
    """What a spreadsheet calls a column: A for 0, AA for 26."""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name
