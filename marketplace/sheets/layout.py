"""A table taken apart: its header, the lines with goods, and every other line with why it is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from marketplace.domain.errors import Rejected
from marketplace.domain.text import fold, shorten
from marketplace.domain.text_marks import N_
from marketplace.sheets import guard
from marketplace.sheets.columns import JOINED, MEANINGS, key
from marketplace.sheets.headers import Column, Header, columns_of, find_header
from marketplace.sheets.headings import Sections, are_numbered, heading_in, is_note, is_total
from marketplace.sheets.table import BLANK, Cell, Line, Record, Table, lies_in

Why = Literal["blank", "title", "section", "total", "header", "note", "hidden"]

PASSED: Mapping[Why, str] = {
    "blank": N_("blank rows"),
    "title": N_("titles"),
    "section": N_("headings"),
    "total": N_("totals"),
    "header": N_("column headings"),
    "note": N_("remarks"),
    "hidden": N_("hidden rows"),
}
_AS_ABOVE = frozenset(
    {"nt", "n/t", "nhutren", "giongtren", "giongnhutren", "nhuohangtren", "tuongtu", "tuongtutren"}
    | {"nhudongtren", "ditto", "sameasabove", "asabove", '"', "''", "“", "”", "〃", "//"}
)
_NOT_FILLED_DOWN = frozenset({"quantity", "area", "id", "whole"})
_REMARKS = ("note", "phone", "contact", "window", "until", "ready_on")
_UNIT_IN_TITLE = re.compile(
    r"(?:đvt|dvt|đơn vị tính|đơn vị|don vi tinh)\s*:\s*(.+?)\)?\s*$", re.IGNORECASE
)
_MONEY = re.compile(r"đồng|dong|đ\b|vnđ|vnd|₫|/\s*kg", re.IGNORECASE)


@dataclass(frozen=True)
class Passed:
    """A line without goods, by its number in the spreadsheet. ``why`` is a key of `PASSED`."""

    number: int
    why: Why


@dataclass(frozen=True)
class Sheet:
    """A table laid out. Each of its lines is the header, a record or passed over, and only one of them.

    ``header`` is the number of the line where the header begins; the others of it are passed over.
    """

    table: Table
    header: int | None
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    passed: tuple[Passed, ...]
    title_units: tuple[str, str] = ("", "")  # of amounts and of prices, said above the header

    @property
    def headers(self) -> Mapping[str, str]:
        """The header over each meaning, with the unit that a line above it names for the column."""
        said = {c.meaning: c.header for c in reversed(self.columns) if c.meaning}
        for meaning, unit in zip(("quantity", "ask"), self.title_units, strict=True):
            if unit and meaning in said and "(" not in said[meaning]:
                said[meaning] = f"{said[meaning]} ({unit})"
        return said

    @property
    def unread(self) -> tuple[Column, ...]:
        """Columns with something in them that nothing is made of."""
        return tuple(c for c in self.columns if c.meaning is None and c.sample)


def lay_out(table: Table, *, mapping: Mapping[str, str] | None = None) -> Sheet:
    """Find header, columns and records.

    ``mapping`` says what columns mean, by header in any spelling that `columns.key` makes one, or by
    letter where there is no header; "ignore" for those not used. Raises `Rejected` on a meaning that
    is none.
    """
    said = _checked(mapping or {})
    header = _its_own_header(table) or find_header(table, said)
    first = header.last + 1 if header else 0
    parts, below = header.parts if header else (), table.lines[first:]
    columns = columns_of(parts, below, said, table.hidden_columns)
    table = _without_unseen(table, first, columns)
    reading = _Reading(table, header, columns)
    records, passed = reading.lines(first)
    above = _above(table, header)
    return Sheet(
        table,
        table.lines[header.first].number if header else None,
        tuple(_with_sample(column, records, below) for column in columns),
        records,
        (*above, *passed),
        _title_units(table, header),
    )


def _without_unseen(table: Table, first: int, columns: Sequence[Column]) -> Table:
    """Without what stands in hidden columns below the header."""
    unseen = {column.index for column in columns if column.unseen}
    if not unseen:
        return table
    lines = [
        Line(line.number, tuple(BLANK if i in unseen else c for i, c in enumerate(line.cells)))
        for line in table.lines[first:]
    ]
    return replace(table, lines=(*table.lines[:first], *lines))


def _with_sample(column: Column, records: Sequence[Record], lines: Sequence[Line]) -> Column:
    texts = (record.raw[column.header].strip() for record in records)
    if column.unseen:
        texts = (_at(line, column.index).text.strip() for line in lines)
    return replace(column, sample=shorten(next(filter(None, texts), "")))


def _checked(mapping: Mapping[str, str]) -> dict[str, str]:
    for meaning in mapping.values():
        if meaning not in MEANINGS:
            raise Rejected(
                N_("“%(meaning)s” is nothing that a column can mean."), meaning=shorten(meaning)
            )
    return {key(header): meaning for header, meaning in mapping.items()}


def _its_own_header(table: Table) -> Header | None:
    """Of a message that `message` has put into columns: a line that stands before the first."""
    if not table.lines or table.lines[0].number != 0:
        return None
    return Header(0, 0, tuple((cell.text,) for cell in table.lines[0].cells), 99)


def _above(table: Table, header: Header | None) -> Iterator[Passed]:
    """Titles and blank lines over the header, and the further lines of the header itself."""
    if header is None:
        return
    for at, line in enumerate(table.lines[: header.last + 1]):
        if at < header.first:
            yield Passed(line.number, "blank" if line.blank else "title")
        elif at > header.first:
            yield Passed(line.number, "blank" if line.blank else "header")


def _title_units(table: Table, header: Header | None) -> tuple[str, str]:
    """Units named over the table: "Đơn vị tính: tấn", "ĐVT: tấn; đồng/kg"."""
    amounts = prices = ""
    for line in table.lines[: header.first if header else 0]:
        for cell in line.cells:
            if found := _UNIT_IN_TITLE.search(cell.text.strip()):
                for part in re.split(r"[;,]", found[1]):
                    if _MONEY.search(part):
                        prices = part.strip(" .")
                    else:
                        amounts = part.strip(" .")
    return amounts, prices


class _Reading:
    """Goes down the lines below the header."""

    def __init__(self, table: Table, header: Header | None, columns: tuple[Column, ...]) -> None:
        self.table = table
        self.columns = columns
        self.sections = Sections()
        self.above: dict[int, Cell] = {}
        self.commodity = next((c.index for c in columns if c.meaning == "commodity"), None)
        self.numbered = are_numbered(table.lines[header.last + 1 :] if header else table.lines)
        self._headers = self._header_texts(header)
        self._merged = self._merged_down()

    def lines(self, first: int) -> tuple[tuple[Record, ...], list[Passed]]:
        records: list[Record] = []
        passed: list[Passed] = []
        after_header = bool(self._headers)
        for line in self.table.lines[first:]:
            whole = self._unmerged(line)
            why = self._why_passed(whole, after_header)
            if why is None:
                records.append(self._record(line, whole))
            else:
                passed.append(Passed(line.number, why))
            after_header = why == "header" or (after_header and why == "blank")
        last = records[-1].number if records else 0
        return tuple(records), [_ending(each, last) for each in passed]

    def _why_passed(self, line: Line, after_header: bool) -> Why | None:
        if line.blank:
            return "blank"
        if self._repeats_header(line) or (after_header and _counts_columns(line)):
            return "header"
        if is_total(line):
            return "total"
        if is_note(line) or self._is_remark(line):
            return "note"
        if heading := heading_in(line, self.commodity, numbered=self.numbered):
            self.sections.enter(heading)
            return "section"
        return None

    def _is_remark(self, line: Line) -> bool:
        """A single cell in a column for remarks, telephones or days is neither goods nor a heading."""
        filled = [at for at, cell in enumerate(line.cells) if not cell.blank]
        return len(filled) == 1 and self.columns[filled[0]].meaning in _REMARKS

    def _unmerged(self, line: Line) -> Line:
        """With what the cells that it shares with lines above hold, but for amounts: they would double."""
        shared = {
            column.index: self._merged[line.number, column.index]
            for column in self.columns
            if (line.number, column.index) in self._merged
            and column.meaning not in _NOT_FILLED_DOWN
        }
        if not shared:
            return line
        width = max(len(line.cells), *(index + 1 for index in shared))
        cells = [*line.cells, *[BLANK] * (width - len(line.cells))]
        filled = (shared.get(i, cell) if cell.blank else cell for i, cell in enumerate(cells))
        return Line(line.number, tuple(filled))

    def _record(self, line: Line, whole: Line) -> Record:
        self.sections.pass_goods()
        cells = [self._filled(column.index, _at(whole, column.index)) for column in self.columns]
        raw = {column.header: _at(line, column.index).text for column in self.columns}
        hidden = lies_in(line.number, self.table.hidden_rows)
        return Record(line.number, self._by_meaning(cells), raw, str(self.sections), hidden)

    def _filled(self, index: int, cell: Cell) -> Cell:
        """The cell, or the one in the record above where it says so."""
        if re.sub(r"[\s\-–.()]", "", fold(cell.text)) in _AS_ABOVE:
            cell = self.above.get(index, cell)
        self.above[index] = cell
        return cell

    def _by_meaning(self, cells: Sequence[Cell]) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for column, cell in zip(self.columns, cells, strict=True):
            meaning = column.meaning
            if meaning is None or meaning == "ignore":
                continue
            before = found.get(meaning, BLANK)
            if meaning in JOINED and not before.blank and not cell.blank:
                cell = Cell(f"{before.text}; {cell.text}")
            found[meaning] = cell if not cell.blank else before
        return found

    def _merged_down(self) -> dict[tuple[int, int], Cell]:
        """By line and column, the cell at the top of a range that goes down over several lines."""
        lines = {line.number: line for line in self.table.lines}
        found: dict[tuple[int, int], Cell] = {}
        for top, bottom, left, _ in self.table.merged:
            cells = lines[top].cells if top in lines else ()
            if left < len(cells) and len(found) < guard.MOST_CELLS:
                below = range(top + 1, min(bottom, self.table.lines[-1].number) + 1)
                found |= {(number, left): cells[left] for number in below}
        return found

    def _header_texts(self, header: Header | None) -> list[dict[int, str]]:
        if header is None:
            return []
        lines = self.table.lines[header.first : header.last + 1]
        return [{i: key(c.text) for i, c in enumerate(line.cells) if key(c.text)} for line in lines]

    def _repeats_header(self, line: Line) -> bool:
        said = {i: key(cell.text) for i, cell in enumerate(line.cells) if not cell.blank}
        alike = [
            sum(texts.get(i) == text for i, text in said.items() if text) for texts in self._headers
        ]
        return any(2 * n >= len(said) and n > 1 for n in alike)


def _at(line: Line, index: int) -> Cell:
    return line.cells[index] if index < len(line.cells) else BLANK


def _counts_columns(line: Line) -> bool:
    """Numbers or letters under a header that only count its columns: (1) (2) (3), A B 1 2."""
    said = [cell.text.strip(" ()[]") for cell in line.cells if not cell.blank]
    numbers = [int(text) for text in said if text.isdecimal() and len(text) < 3]
    letters = [text for text in said if len(text) == 1 and text.isalpha()]
    in_turn = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    return (
        len(said) > 2 and len(numbers) + len(letters) == len(said) and in_turn and numbers[0] <= 2
    )


def _ending(passed: Passed, last: int) -> Passed:
    """What looks like a heading below the last goods heads nothing."""
    if passed.why == "section" and passed.number > last:
        return replace(passed, why="note")
    return passed
