"""How a sheet of an OpenDocument file looks: python-calamine says neither what is merged nor hidden nor shown."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from marketplace.domain.numerals import readings
from marketplace.sheets.looks import Looks, unit_shown

Attributes = dict[str, str]
_CELLS = ("table:table-cell", "table:covered-table-cell")
_NUMBERS = ("float", "currency")
_HIDDEN = ("collapse", "filter")
_MOST_UNITS = 300_000


def looks_of_ods(path: Path, sheet: str) -> tuple[Looks, list[list[int]]]:
    """And what is merged: first row, last row (from 1), first column, last column (from 0).

    A unit counts where the number shown is the number held. Raises `expat.ExpatError`.
    """
    reading = _Reading(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        parser.ParseFile(part)
    return reading.looks, reading.merged


class _Reading:
    """Where the parser is. Rows and cells may stand for many of their like."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.looks = Looks()
        self.merged: list[list[int]] = []
        self._inside = False
        self._row, self._column, self._rows = 1, 0, 1
        self._columns = 0
        self._cell: Attributes = {}
        self._shown = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table:table":
            self._inside = attributes.get("table:name") == self.sheet
        elif not self._inside:
            return
        elif name == "table:table-row":
            self._column, self._rows = 0, int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility") in _HIDDEN:
                self.looks.hide_row(self._row, self._row + self._rows - 1)
        elif name == "table:table-column":
            self._start_column(attributes)
        elif name in _CELLS:
            self._start_cell(attributes)

    def text(self, said: str) -> None:
        if self._cell:
            self._shown += said

    def end(self, name: str) -> None:
        if name == "table:table":
            self._inside = False
        elif name == "table:table-row" and self._inside:
            self._row += self._rows
        elif name in _CELLS and self._cell:
            self._end_cell()

    def _start_column(self, attributes: Attributes) -> None:
        count = int(attributes.get("table:number-columns-repeated", 1))
        if attributes.get("table:visibility") in _HIDDEN:
            self.looks.hide_columns(self._columns, self._columns + count - 1)
        self._columns += count

    def _start_cell(self, attributes: Attributes) -> None:
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if down > 1 or across > 1:
            last = self._row + down - 1
            self.merged.append([self._row, last, self._column, self._column + across - 1])
        self._shown = ""
        self._cell = attributes if attributes.get("office:value-type") in _NUMBERS else {}
        self._column += int(attributes.get("table:number-columns-repeated", 1))

    def _end_cell(self) -> None:
        unit = unit_shown(self._shown)
        count = int(self._cell.get("table:number-columns-repeated", 1))
        if unit and _is_shown(float(self._cell.get("office:value", "nan")), self._shown):
            for row in range(self._row, self._row + self._rows):
                for column in range(self._column - count, self._column):
                    if len(self.looks.units) < _MOST_UNITS:
                        self.looks.units[row, column] = (unit, 0)
        self._cell = {}


def _is_shown(value: float, shown: str) -> bool:
    """Whether the number shown is the one held, rounded perhaps, and not its thousandth."""
    said = max(
        readings(re.sub(r"[^\d.,]", "", shown)),
        key=lambda one: -abs(float(one) - value),
        default=None,
    )
    return said is not None and abs(float(said) - abs(value)) <= max(0.5, abs(value) / 100)
