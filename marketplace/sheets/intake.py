"""From a file to rows, each with what becomes of it: the whole way, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.domain.imports import Found, Known, Row, RowStatus, compare
from marketplace.sheets.drafting import Drafted, Terms
from marketplace.sheets.drafts import draft_row
from marketplace.sheets.headers import Column
from marketplace.sheets.layout import Sheet, Why
from marketplace.sheets.table import Line

UNREAD: Why = "header"
"""Why the line of the header is passed over: it says what the others mean."""


@dataclass(frozen=True)
class Passed:
    """A line that is no row. ``why`` is a key of `marketplace.sheets.layout.PASSED`."""

    number: int
    why: Why
    raw: Mapping[str, str]


@dataclass(frozen=True)
class ReadRow:
    """A row, what was made of it, and what it is beside the lots that are known."""

    number: int
    raw: Mapping[str, str]
    drafted: Drafted
    found: Found


def passed_lines(sheet: Sheet) -> Iterator[Passed]:
    """Every line of the sheet that is no record, in order; with the records they are all its lines."""
    why: dict[int, Why] = {passed.number: passed.why for passed in sheet.passed}
    if sheet.header:
        why[sheet.header] = UNREAD
    for line in sheet.table.lines:
        if line.number in why:
            yield Passed(line.number, why[line.number], raw_of(line, sheet.columns))


def raw_of(line: Line, columns: Sequence[Column]) -> dict[str, str]:
    """What stands in a line, by the headers of its columns."""
    heads = {column.index: column.header for column in columns}
    return {
        heads[index]: cell.text
        for index, cell in enumerate(line.cells)
        if index in heads and not cell.blank
    }


def read_rows(
    sheet: Sheet,
    terms: Terms,
    known: Callable[[set[str]], Mapping[str, Sequence[Known]]] = lambda _: {},
) -> list[ReadRow]:
    """Every record of the sheet. ``known``: the lots that are known by these keys."""
    terms = replace(terms, headers=sheet.headers)
    drafted = {record.number: draft_row(record, terms) for record in sheet.records}
    rows = [*rows_to_compare(drafted)]
    found = compare(rows, known({row.key for row in rows}))
    return [
        ReadRow(
            record.number,
            record.raw,
            drafted[record.number],
            found.get(record.number) or Found(drafted[record.number].status),
        )
        for record in sheet.records
    ]


def rows_to_compare(drafted: Mapping[int, Drafted]) -> Iterator[Row]:
    """Those that could be lots."""
    for number, each in drafted.items():
        if each.status == RowStatus.NEW:
            yield Row(number, each.key, each.stated)
