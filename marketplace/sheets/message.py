"""What people paste: cells out of a spreadsheet, or a message from a chat, one line for one thing.

A message becomes a table with columns of its own. A line is cut where a telephone number, a price, an
amount, days or a place begin; what is left names the goods. Nothing is thrown away: the last column
keeps the whole line. What the pieces mean is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marketplace.sheets import guard
from marketplace.sheets.files import as_table
from marketplace.sheets.message_lines import Pieces, take_apart
from marketplace.sheets.message_words import GREETING
from marketplace.sheets.table import BLANK, Cell, Line, Table
from marketplace.sheets.vocabulary import Vocabulary

# As the columns of our own making are called; `columns` reads them like anybody's.
COLUMNS: Mapping[str, str] = {
    "commodity": "Mặt hàng",
    "quantity": "Số lượng",
    "ask": "Giá",
    "place": "Nơi lấy hàng",
    "window": "Thời gian",
    "contact": "Người liên hệ",
    "phone": "Điện thoại",
    "note": "Ghi chú",
    "line": "Nguyên văn",
}
_MOST = 200_000  # bytes of a message; lists are longer and have columns


def read_message(
    text: str, *, encoding: str | None = None, known: Vocabulary | None = None
) -> Table:
    """A table of what was pasted, its lines numbered as in the text.

    Lines with tabs, or all with the same sign between columns, are cells. Others become columns of our
    own, named in a line with the number 0. ``known``: what words name. A line that names goods without an
    amount is a row of which the amount is missing, and no remark. Raises `Rejected`.
    """
    guard.check_size(len(text.encode("utf-8", "surrogatepass")), guard.MOST_TEXT_BYTES)
    if "\t" in text or _is_cut(text):
        return as_table(text, "text", None, encoding)
    guard.check_size(len(text.encode("utf-8", "surrogatepass")), _MOST)
    table = as_table(text, "text", None, encoding, whole_lines=True)
    return Table("", "text", table.encoding, tuple(_in_columns(table.lines, known or Vocabulary())))


def _is_cut(text: str) -> bool:
    """Whether every line of several has the same few semicolons or bars."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and any(
        {line.count(sign) for line in lines} == {lines[0].count(sign)} and lines[0].count(sign) > 0
        for sign in ";|"
    )


def _in_columns(lines: tuple[Line, ...], known: Vocabulary) -> Iterator[Line]:
    taken = [take_apart(line.cells[0].text, known) if line.cells else Pieces() for line in lines]
    said = [each for each in taken if not each.names_goods]
    shared = {
        name: _only(each.found[name] for each in said) for name in ("phone", "place", "contact")
    }
    yield Line(0, tuple(Cell(name) for name in COLUMNS.values()))
    for line, pieces in zip(lines, taken, strict=True):
        yield Line(line.number, tuple(_cells(line, pieces.with_shared(shared))))


def _only(texts: Iterator[str]) -> str:
    """What the other lines of a message say for all its goods, if they say one thing."""
    several = {text for text in texts if text}
    return several.pop() if len(several) == 1 else ""


def _cells(line: Line, pieces: Pieces) -> Iterator[Cell]:
    if not line.cells:
        return
    whole = line.cells[0].text.strip()
    if pieces.names_goods:
        found = pieces.found | {"line": whole}
    elif whole.endswith(":") and not GREETING.match(whole):
        found = {"commodity": whole}
    else:
        found = {"note": whole}
    for name in COLUMNS:
        yield Cell(found[name]) if found.get(name) else BLANK
