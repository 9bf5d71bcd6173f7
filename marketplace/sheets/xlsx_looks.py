"""How a sheet of an .xlsx looks: python-calamine gives neither formats nor what is hidden."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from marketplace.sheets.looks import Looks, unit_in_format

Attributes = dict[str, str]
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MOST_COLUMNS = 16_384
_MOST_FORMATS = 5_000
_YES = ("1", "true")


def looks_of_xlsx(path: Path, sheet: str) -> Looks:
    """Raises `expat.ExpatError`, `KeyError`, `ValueError` for a workbook that is not as it should be."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        reading = _Reading(_units(archive))
        _parse(archive, part, reading.start)
    return reading.looks


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def name(tag: str, attributes: Attributes) -> None:
        if _local(tag) == "sheet":
            ids[attributes["name"]] = next(v for k, v in attributes.items() if _local(k) == "id")

    def target(tag: str, attributes: Attributes) -> None:
        if _local(tag) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _parse(archive, "xl/workbook.xml", name)
    _parse(archive, "xl/_rels/workbook.xml.rels", target)
    found = targets[ids[sheet]]
    return found[1:] if found.startswith("/") else posixpath.normpath(posixpath.join("xl", found))


def _units(archive: zipfile.ZipFile) -> dict[str, tuple[str, int]]:
    """Units by the number of a style, of those styles that show one."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        local = _local(tag)
        if local == "numFmt" and len(codes) < _MOST_FORMATS:
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif local in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
            inside = local == "cellXfs"
        elif local == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", 0)))

    if "xl/styles.xml" not in archive.namelist():
        return {}
    _parse(archive, "xl/styles.xml", start)
    units = {number: unit_in_format(code) for number, code in codes.items()}
    return {
        str(style): units[number]
        for style, number in enumerate(styles)
        if units.get(number, ("", 0))[0]
    }


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, Attributes], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as file:
        parser.ParseFile(file)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Reading:
    """Where the parser is in a sheet."""

    def __init__(self, units: dict[str, tuple[str, int]]) -> None:
        self.looks = Looks()
        self._units = units
        self._row, self._column = 0, -1

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c" or tag.endswith(":c"):
            self._column += 1
            if self._units and (style := attributes.get("s")) in self._units:
                self._note_unit(attributes.get("r", ""), self._units[style])
        elif tag == "row" or tag.endswith(":row"):
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
            if attributes.get("hidden") in _YES:
                self.looks.hide_row(self._row, self._row)
        elif (tag == "col" or tag.endswith(":col")) and attributes.get("hidden") in _YES:
            first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self.looks.hide_columns(first, min(last, _MOST_COLUMNS))

    def _note_unit(self, reference: str, unit: tuple[str, int]) -> None:
        """A cell without its reference is counted from the beginning of its row."""
        self.looks.units[self._row, _column_of(reference, self._column)] = unit


def _column_of(reference: str, otherwise: int) -> int:
    found = _CELL.fullmatch(reference)
    if not found:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1
