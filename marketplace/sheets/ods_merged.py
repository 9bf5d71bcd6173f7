"""Which cells of an OpenDocument sheet are merged: python-calamine does not say."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.parsers import expat

_CELLS = ("table:table-cell", "table:covered-table-cell")


def merged_in_ods(path: Path, sheet: str) -> list[list[int]]:
    """First row, last row (from 1), first column, last column (from 0) of each merged range."""
    reading = _Reading(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
            parser.ParseFile(part)
    except expat.ExpatError:
        return []
    return reading.merged


class _Reading:
    """Where the parser is. Rows and cells may stand for many of their like."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.merged: list[list[int]] = []
        self._inside = False
        self._row, self._column, self._rows = 1, 0, 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._inside = attributes.get("table:name") == self.sheet
        elif not self._inside:
            return
        elif name == "table:table-row":
            self._column, self._rows = 0, int(attributes.get("table:number-rows-repeated", 1))
        elif name in _CELLS:
            self._cell(attributes)

    def end(self, name: str) -> None:
        if name == "table:table":
            self._inside = False
        elif name == "table:table-row" and self._inside:
            self._row += self._rows

    def _cell(self, attributes: dict[str, str]) -> None:
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if down > 1 or across > 1:
            last = self._row + down - 1
            self.merged.append([self._row, last, self._column, self._column + across - 1])
        self._column += int(attributes.get("table:number-columns-repeated", 1))
