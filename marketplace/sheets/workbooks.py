"""Workbooks (.xlsx, .xls, .ods), read by `workbook_process` and made into tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_
from marketplace.sheets import guard
from marketplace.sheets.guard import Format
from marketplace.sheets.table import BLANK, Cell, Line, Merged, Ranges

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30  # seconds; its own clock stops the process long before, if it gets a processor


class NoSuchSheet(Rejected):
    """The workbook has no sheet of that name, or none at all."""


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook as it was read, and the names of all that a person sees."""

    names: tuple[str, ...]
    name: str
    lines: tuple[Line, ...]
    merged: tuple[Merged, ...]
    hidden_rows: Ranges
    hidden_columns: Ranges


def read_workbook(path: Path, kind: Format, sheet: str | None) -> Workbook:
    """The sheet of that name, else the first that is not blank. Raises `Rejected`."""
    with _answers(path, kind, sheet) as answers:
        what = next(answers)
        if what["name"] is None:
            raise NoSuchSheet(N_("The workbook has no such sheet."), field="sheet")
        return Workbook(
            tuple(what["names"]),
            what["name"],
            tuple(_lines(answers)),
            tuple((top, bottom, left, right) for top, bottom, left, right in what["merged"]),
            tuple((first, last) for first, last in what["hidden_rows"]),
            tuple((first, last) for first, last in what["hidden_columns"]),
        )


def sheet_names(path: Path, kind: Format) -> tuple[str, ...]:
    """The sheets that a person sees. Raises `Rejected`."""
    with _answers(path, kind, None, names_only=True) as answers:
        return tuple(next(answers)["names"])


@contextmanager
def _answers(
    path: Path, kind: Format, sheet: str | None, *, names_only: bool = False
) -> Iterator[Iterator[Any]]:
    """The values that the process printed, once it has ended well. Raises what it refused."""
    asked = {"path": str(path), "kind": kind, "sheet": sheet, "names_only": names_only}
    with tempfile.TemporaryFile("w+", encoding="ascii") as printed:
        try:
            ended = subprocess.run(  # noqa: S603  our own module
                [sys.executable, "-P", "-m", f"{__package__}.workbook_process"],
                input=json.dumps(asked).encode("ascii"),
                stdout=printed,
                stderr=subprocess.PIPE,  # its end tells at once that the process is over
                env={"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", os.defpath)},
                cwd=path.parent,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise guard.too_many_cells() from error
        if ended.returncode:
            raise guard.broken() if ended.returncode == 1 else guard.too_many_cells()
        printed.seek(0)
        yield _values(printed)


def _values(lines: Iterable[str]) -> Iterator[Any]:
    for line in lines:
        value = json.loads(line)
        if isinstance(value, dict) and "refused" in value:
            refusal = guard.REFUSALS[value.pop("refused")]
            raise refusal(value.pop("reason"), **value)
        yield value


def _lines(rows: Iterable[Any]) -> Iterator[Line]:
    """With the blank lines between them."""
    expected = None
    for number, values in rows:
        for between in range(expected or number, number):
            yield Line(between, ())
        yield Line(number, tuple(_cell(value) for value in values))
        expected = number + 1


def _cell(value: Any) -> Cell:
    match value:
        case "":
            return BLANK
        case ["number", digits, *unit]:
            number, shown = Decimal(digits), "".join(unit)
            return Cell(f"{_written(number)} {shown}".strip(), number=number, unit=shown)
        case ["day", iso, hour]:
            day = date.fromisoformat(iso)
            text = f"{day:%d/%m/%Y}"
            return Cell(text if hour in ("", "00:00") else f"{text} {hour}", day=day)
        case ["yes", yes]:
            return Cell("TRUE" if yes else "FALSE")
    return Cell(str(value))


def _written(number: Decimal) -> str:
    """As a cell without a format shows it in Vietnam: a comma before the fraction, no groups."""
    small = number == 0 or Decimal("1e-9") < abs(number) < Decimal("1e21")
    text = f"{number:f}" if small else f"{number:E}"
    whole, dot, fraction = text.partition(".")
    return f"{whole},{fraction}" if dot else whole
