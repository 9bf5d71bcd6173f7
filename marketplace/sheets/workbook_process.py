"""Reads one workbook in a process of its own, with little memory and time, and prints what it holds.

Run as ``python -m marketplace.sheets.workbook_process`` by `workbooks`, which tells it on standard input
which file. A workbook can be built so that a reader asks for a terabyte (two cells, far apart), and no
look from outside finds every such trick: then this process ends, and nothing else.

Prints one JSON value a line: first what the workbook is, then [row number, cells] for rows with anything
in them. A cell is a text, or a list: a number, a day with its time, a time, a yes or no.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from marketplace.sheets import guard
from marketplace.sheets.looks import Looks
from marketplace.sheets.ods_looks import looks_of_ods
from marketplace.sheets.xls_looks import looks_of_xls
from marketplace.sheets.xlsx_looks import looks_of_xlsx

_MORE_MEMORY = 64 * 1024 * 1024
_SECONDS = 1.8


def main() -> None:
    asked = json.load(sys.stdin)
    _limit()
    try:
        for value in _answer(
            Path(asked["path"]), asked["kind"], asked["sheet"], asked["names_only"]
        ):
            print(json.dumps(value, ensure_ascii=True))
    except guard.UnreadableFile as error:
        print(json.dumps({"refused": type(error).__name__, "reason": error.reason, **error.params}))
    except MemoryError:
        sys.exit(3)


def _limit() -> None:
    """No more memory and time than an honest workbook needs several times over; no core dumps."""
    import resource
    import signal

    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + _MORE_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except OSError:
        pass  # not Linux: the limit on time is left
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)


def _answer(path: Path, kind: guard.Format, name: str | None, names_only: bool) -> Iterator[Any]:
    if kind != "xls":
        with path.open("rb") as file:
            guard.check_archive(file, kind)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            names = _visible(workbook)
            if names_only:
                yield {"names": names}
            else:
                yield from _sheet(workbook, path, kind, name, names)
    except PasswordError as error:
        raise guard.locked() from error
    except (CalamineError, OSError, ValueError) as error:
        too_many = "limit exceeded" in str(error)
        raise (guard.too_many_cells() if too_many else guard.broken()) from error


def _visible(workbook: CalamineWorkbook) -> list[str]:
    """Sheets with cells that a person sees; all of them if none is seen."""
    sheets = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    seen = [s.name for s in sheets if s.visible == SheetVisibleEnum.Visible]
    return seen or [s.name for s in sheets]


def _sheet(
    workbook: CalamineWorkbook, path: Path, kind: guard.Format, name: str | None, names: list[str]
) -> Iterator[Any]:
    """The sheet of that name, or the first that is not blank."""
    chosen = [name] if name is not None else names
    sheet = None
    for each in chosen:
        if each not in workbook.sheet_names:
            break
        sheet = workbook.get_sheet_by_name(each)
        if sheet.start is not None:
            break
    if sheet is None:
        yield {"names": names, "name": None}
        return
    _check_extent(sheet)
    looks, merged = _looks(path, kind, sheet)
    yield {
        "names": names,
        "name": sheet.name,
        "merged": merged[: guard.MOST_MERGED],
        "hidden_rows": looks.hidden_rows,
        "hidden_columns": looks.hidden_columns,
    }
    yield from _rows(sheet, looks)


def _looks(path: Path, kind: guard.Format, sheet: CalamineSheet) -> tuple[Looks, list[list[int]]]:
    """How it looks, and what is merged."""
    try:
        if kind == "ods":
            return looks_of_ods(path, sheet.name)
        looks = (looks_of_xlsx if kind == "xlsx" else looks_of_xls)(path, sheet.name)
    except (ExpatError, LookupError, ValueError, StopIteration, struct.error):
        looks = Looks()  # it is odd, and calamine has read it all the same
    return looks, _inclusive(sheet.merged_cell_ranges or [])


def _inclusive(ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[list[int]]:
    return [[top + 1, bottom + 1, left, right] for (top, left), (bottom, right) in ranges]


def _check_extent(sheet: CalamineSheet) -> None:
    """Raise `guard.TooLarge` before a single row is printed."""
    if sheet.start is None or sheet.end is None:
        return
    if sheet.end[0] - sheet.start[0] > guard.MOST_ROWS:
        raise guard.too_long(sheet.end[0] + 1)
    held = 0
    for values in sheet.iter_rows():
        held += len(values) - values.count("")
        if held > guard.MOST_CELLS:
            raise guard.too_many_cells()


def _rows(sheet: CalamineSheet, looks: Looks) -> Iterator[list[Any]]:
    """Rows with anything in them, counted from 1, without the blank cells at their ends."""
    if sheet.start is None:
        return
    for number, values in enumerate(sheet.iter_rows(), 1):
        while values and values[-1] == "":
            values.pop()
        if values:
            yield [number, [_shown(v, looks.units.get((number, i))) for i, v in enumerate(values)]]


def _shown(value: object, look: tuple[str, int] | None) -> object:
    """The value, of a number that is shown with a unit that unit too."""
    plain = _plain(value)
    if look is None or not isinstance(plain, list) or plain[0] != "number":
        return plain
    unit, thousands = look
    number = Decimal(plain[1]).scaleb(-3 * thousands)
    return ["number", f"{number.normalize():f}", unit]


def _plain(value: object) -> object:
    """A value as JSON. Numbers keep the fifteen digits that spreadsheets count in."""
    match value:
        case bool():
            return ["yes", value]
        case int() | float():
            return ["number", f"{value:.15g}"]
        case datetime():
            return ["day", value.date().isoformat(), f"{value:%H:%M}"]
        case date():
            return ["day", value.isoformat(), ""]
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
    return value


if __name__ == "__main__":
    main()
