"""Lines of a table that are no goods: headings of sections, totals, notes and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from marketplace.domain.text import fold
from marketplace.sheets.columns import is_text, is_unit
from marketplace.sheets.table import SECTIONS, Cell, Line

_LABEL = re.compile(r"(?P<letter>[A-ZĐ])|(?P<roman>[IVX]{1,5})|(?P<digit>\d{1,3}(?:\.\d{1,2})*)")
_LABELLED = re.compile(
    r"^\s*(?P<label>[A-ZĐ]|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s*[.)/\-:]\s*(?=\D)"
)
_PLACES = (
    ("province", re.compile(r"tinh|thanh pho truc thuoc")),
    (
        "district",
        re.compile(r"huyen|quan|thi xa|tx\b|thanh pho|tp\b|dia ban (?:huyen|quan|thanh pho)"),
    ),
    ("commune", re.compile(r"xa|phuong|thi tran|tt\b|ap|khom(?= \d)|khu vuc")),
)
_TOTAL = re.compile(
    r"(?:tong(?: cong| so| san luong| luong| khoi luong| toan tinh| chung| hop)?|cong(?: don| chung)?"
    r"|total|subtotal|grand total|sum|luy ke|cong lai)"
    r"(?:\s*(?:\(.*\)|[:.\d].*|(?:toan |cac )?(?:huyen|quan|tinh|xa|phuong|tp|thanh pho|thi xa|nhom|muc|phan"
    r"|khu vuc|i{1,3}|iv|v|a|b|c)\b.*))?[ .:]*"
)
_LONGEST = 150  # letters of a heading; what is longer is prose
_NOTE = re.compile(
    r"(?:ghi chu|nguon\s*[:\-]|luu y|noi nhan|nguoi lap|lap bieu|thu truong|giam doc|pho giam doc|chu tich"
    r"|tm\.|kt\.|t/m|k/t|\(?ky\b(?: ten|,| va|\W*$)|ngay .*thang .*nam|.*, ngay .* thang|moi chi tiet"
    r"|trang \d+|xin lien he|chu thich|dvt|don vi tinh|\*)"
)
_DEEPEST = 5  # headings inside one another


def is_total(line: Line) -> bool:
    """Whether its first words say that it sums up others: "Tổng cộng", "Cộng huyện A"."""
    first = next((cell for cell in line.cells if is_text(cell) and not _label_of(cell)), None)
    return first is not None and bool(_TOTAL.fullmatch(fold(first.text[: 2 * _LONGEST])))


def is_note(line: Line) -> bool:
    """Whether it begins as remarks and signatures do, and nothing beside that holds a figure."""
    filled = [cell for cell in line.cells if not cell.blank]
    if not filled or any(c.isdigit() for cell in filled[1:] for c in cell.text):
        return False
    alone = len(filled) == 1 and len(filled[0].text) > _LONGEST
    return alone or bool(_NOTE.match(fold(filled[0].text[:_LONGEST])))


def are_numbered(lines: Iterable[Line]) -> bool:
    """Whether lines with goods begin with 1, 2, 3 in a cell of its own."""
    return any(
        len(filled) > 2 and filled[0].text.strip(" .)").isdecimal()
        for line in lines
        if (filled := [cell for cell in line.cells if not cell.blank])
    )


@dataclass(frozen=True)
class Heading:
    """A line over a group of others. ``rank``: how it is numbered and what kind of place it names."""

    text: str
    rank: tuple[str, str]


def heading_in(line: Line, commodity: int | None, *, numbered: bool) -> Heading | None:
    """The heading that a line is, if it is one.

    It is a single text, which a letter or number may stand before; sums of its group may stand beside
    it if it is numbered by letters or Roman numerals, or names a district. ``commodity`` is the column
    of the goods. Where goods are ``numbered`` 1, 2, 3, a numbered text alone is goods without an amount.
    """
    filled = [(i, cell) for i, cell in enumerate(line.cells) if not cell.blank]
    label = _label_of(filled[0][1]) if len(filled) > 1 else None
    named = filled[1:] if label else filled
    if not named or not is_text(named[0][1]):
        return None
    (column, cell), beside = named[0], [each for _, each in named[1:]]
    bare = _LABELLED.sub("", cell.text).strip(" :;-–*•\n") or cell.text.strip()
    place = _place_in(bare)
    if label == "digit" and numbered and not place:
        return None
    if label is None and (found := _LABELLED.match(cell.text)):
        label = _style(found["label"])
    groups = column == commodity and (label in ("letter", "roman") or place)
    if beside and not (groups and _only_sums(beside)):
        return None
    return Heading(" ".join(bare.split()), (label or "", place))


@dataclass
class Sections:
    """The headings that the next line stands under, outer ones first."""

    open: list[Heading] = field(default_factory=list)
    _just_opened: bool = False

    def enter(self, heading: Heading) -> None:
        """One that is like an open one takes its place; right after another it lies inside it."""
        alike = [i for i, each in enumerate(self.open) if each.rank == heading.rank]
        if alike and not (self._just_opened and heading.rank == ("", "")):
            del self.open[alike[0] :]
        elif not self._just_opened:
            self.open = [each for each in self.open if _order(each) < _order(heading)]
        self.open = [*self.open, heading][-_DEEPEST:]
        self._just_opened = True

    def pass_goods(self) -> None:
        self._just_opened = False

    def __str__(self) -> str:
        return SECTIONS.join(heading.text for heading in self.open)


def _order(heading: Heading) -> tuple[int, int]:
    """How far out headings of its kind lie where nothing else tells."""
    label, place = heading.rank
    return (
        ("letter", "roman", "digit", "").index(label),
        ("province", "district", "commune", "").index(place),
    )


def _label_of(cell: Cell) -> str | None:
    """How a cell that only numbers its line does so: letter, roman or digit."""
    text = cell.text.strip().rstrip(".)/-:")
    return _style(text)


def _style(text: str) -> str | None:
    if not (found := _LABEL.fullmatch(text)):
        return None
    return "roman" if text in ("I", "V", "X") else found.lastgroup


def _place_in(text: str) -> str:
    """The kind of place that it names by its type, else nothing."""
    plain = fold(text)
    for kind, pattern in _PLACES:
        if re.match(rf"(?:{pattern.pattern})(?:\b|\.)", plain):
            return kind
    return ""


def _only_sums(cells: list[Cell]) -> bool:
    """Figures, and units that they are in."""
    words = [cell for cell in cells if is_text(cell)]
    return len(words) < len(cells) and all(is_unit(cell) for cell in words)
