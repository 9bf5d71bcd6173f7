"""A file that somebody has, read as a table: workbooks, text with columns, in any letters."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_
from marketplace.sheets import guard
from marketplace.sheets.encodings import FONTS, decode, mend
from marketplace.sheets.table import BLANK, Cell, Kind, Line, Table, letter
from marketplace.sheets.workbooks import read_workbook, sheet_names

_DELIMITERS = "\t;,|"
_NONCHARACTERS = "".join(chr(p << 16 | end) for p in range(17) for end in (0xFFFE, 0xFFFF))
_UNUSABLE = re.compile(f"[\0-\x08\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
_LINE_BREAK = re.compile(r"\r\n?|\x0b")
_LONE_QUOTE = re.compile(r'(?:(?<=[\t\n])|^)"(?=[\t\n\r]|$)')  # as cells are copied: "as above"


class UnusableCharacter(Rejected):
    """A sign that no keyboard types, which neither databases nor spreadsheets keep."""


def read_file(
    name: str, content: bytes | Path, *, encoding: str | None = None, sheet: str | None = None
) -> Table:
    """One sheet of the file, every text composed (NFC), with the number of each row.

    Without ``sheet`` it is the first that is not blank. ``encoding`` is a key of
    `encodings.ENCODINGS` where the person says what the letters are. Raises `Rejected`: nothing of the
    file is trusted before `guard` has looked at it.
    """
    data = _bytes(content)
    kind = guard.format_of(name, data)
    if kind == "text":
        text, found = decode(data, encoding)
        return as_table(text, "csv", found, encoding)
    with _on_disk(content, kind) as path:
        read = read_workbook(path, kind, sheet)
    table = Table(
        read.name, kind, None, read.lines, read.merged, read.hidden_rows, read.hidden_columns
    )
    return _with_letters(table, encoding)


def sheets_of(name: str, content: bytes | Path) -> tuple[str, ...]:
    """Names of the sheets that a person sees in a workbook; none for other files. Raises `Rejected`."""
    kind = guard.format_of(name, _bytes(content))
    if kind == "text":
        return ()
    with _on_disk(content, kind) as path:
        return sheet_names(path, kind)


def as_table(
    text: str,
    kind: Kind,
    found: str | None,
    encoding: str | None = None,
    *,
    whole_lines: bool = False,
) -> Table:
    """Text with columns, whatever stands between them, or with one cell a line. Raises `Rejected`."""
    lines = _uncut(text) if whole_lines else _delimited(text)
    return _with_letters(Table("", kind, found, tuple(lines)), encoding)


def _bytes(content: bytes | Path) -> bytes:
    if isinstance(content, bytes):
        return content
    guard.check_size(content.stat().st_size)
    return content.read_bytes()


@contextmanager
def _on_disk(content: bytes | Path, kind: str) -> Iterator[Path]:
    """A path that ends as the file is, for a reader that goes by endings."""
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        path = Path(folder, f"file.{kind}")
        if isinstance(content, Path):
            path.symlink_to(content.resolve())
        else:
            path.write_bytes(content)
        yield path


def _with_letters(table: Table, encoding: str | None) -> Table:
    """The same with old fonts read as what they showed, line breaks alike, nothing unusable."""
    texts = [
        _LINE_BREAK.sub("\n", cell.text)
        for line in table.lines
        for cell in line.cells
        if cell.text and cell.number is None and cell.day is None
    ]
    old_font = table.encoding in FONTS
    mended, font = mend(texts, "utf-8" if old_font else encoding)
    each = iter(mended)
    lines = _without_margins(
        [
            Line(line.number, tuple(_mended(cell, each) for cell in line.cells))
            for line in table.lines
        ]
    )
    for line in lines:
        _check_characters(line)
    found = table.encoding if font is None or old_font else font
    return replace(table, lines=lines, encoding=_told(table.encoding, found))


def _without_margins(lines: Sequence[Line]) -> tuple[Line, ...]:
    """From the first line with anything in it to the last."""
    held = [at for at, line in enumerate(lines) if not line.blank]
    return tuple(lines[held[0] : held[-1] + 1]) if held else ()


def _told(before: str | None, found: str | None) -> str | None:
    """How the file's letters are called: a font says more than Unicode does."""
    return before if found == "decomposed" and before is not None else found


def _mended(cell: Cell, texts: Iterator[str]) -> Cell:
    if not cell.text:
        return BLANK
    return cell if cell.number is not None or cell.day is not None else Cell(next(texts))


def _check_characters(line: Line) -> None:
    for column, cell in enumerate(line.cells):
        if found := _UNUSABLE.search(cell.text):
            raise UnusableCharacter(
                N_(
                    "Row %(row)s, column %(column)s holds a sign that cannot be kept (%(code)s). Delete "
                    "it and upload the file again."
                ),
                row=line.number,
                column=letter(column),
                code=f"U+{ord(found[0]):04X}",
            )


def _delimited(text: str) -> Iterator[Line]:
    """Lines of cells. Raises `guard.TooLarge`."""
    said = re.match(r"sep=(.)\r?\n", text)
    body = text[said.end() :] if said else text
    delimiter = said[1] if said else _delimiter(body)
    held = 0
    for number, values in enumerate(_rows(body, delimiter), 2 if said else 1):
        while values and not values[-1]:
            values.pop()
        held += sum(map(bool, values))
        if held > guard.MOST_CELLS or number > guard.MOST_ROWS:
            raise guard.too_many_cells()
        yield Line(number, tuple(Cell(value) if value else BLANK for value in values))


def _uncut(text: str) -> Iterator[Line]:
    for number, line in enumerate(_LINE_BREAK.sub("\n", text).split("\n"), 1):
        if number > guard.MOST_ROWS:
            raise guard.too_many_cells()
        yield Line(number, (Cell(line),) if line.strip() else ())


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of pieces."""
    sample = "\n".join(text[:50_000].splitlines()[:200])
    for strict in (True, False):
        found = {sign: _evenness(_widths(sample, sign, strict)) for sign in _DELIMITERS}
        best = max(found, key=lambda sign: found[sign])
        if found[best] > (0, 0):
            return best
    return _DELIMITERS[0]


def _evenness(widths: list[int]) -> tuple[int, int]:
    cut = [width for width in widths if width > 1]
    usual = max(cut, key=lambda n: (cut.count(n), n), default=1)
    return (cut.count(usual) * (usual - 1), usual - 1)


def _widths(text: str, delimiter: str, strict: bool) -> list[int]:
    """How many pieces each row falls into, up to where its quotation marks make no sense."""
    widths = []
    with suppress(csv.Error):
        for row in _parsed(text, delimiter, strict=strict):
            widths.append(len(row))
    return widths


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of a text; a quotation mark that opens nothing is one of its letters."""
    quoted = _LONE_QUOTE.sub('""""', text) if delimiter == "\t" and '"' in text else text
    if '"' in text and _is_quoted_well(quoted, delimiter):
        return _parsed(quoted, delimiter)
    return _parsed(text, delimiter, quoting=csv.QUOTE_NONE)


def _is_quoted_well(text: str, delimiter: str) -> bool:
    try:
        for _ in _parsed(text, delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _parsed(text: str, delimiter: str, **how: Any) -> Iterator[list[str]]:
    """Rows as the csv module cuts them, each of no more than `guard.MOST_ROW` letters.

    Raises `csv.Error` on misplaced quotation marks if ``strict``, else `guard.TooLarge`.
    """
    since_last_row = 0

    def lines() -> Iterator[str]:
        nonlocal since_last_row
        for line in io.StringIO(text, newline=""):
            since_last_row += len(line)
            if since_last_row > guard.MOST_ROW:
                raise guard.too_many_cells()
            yield line

    try:
        for row in csv.reader(lines(), delimiter=delimiter, **how):
            since_last_row = 0
            yield row
    except csv.Error as error:
        if how.get("strict"):
            raise
        raise guard.too_many_cells() from error
