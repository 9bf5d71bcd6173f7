"""How a sheet looks beside what its cells hold: hidden rows and columns, units that only a format shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from marketplace.domain.text import fold

_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;])*)')
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|(.)', re.DOTALL)
_CONDITION = re.compile(r"\[[<>=]")
_DIGITS = frozenset("0#?")
_DAYS = frozenset("dmyhsDMYHS%@")
_AMOUNTS = (
    r"(?:(?:nghin|ngan|trieu|van|thien) )?(?:tan|ta|yen|kg|kgs|ki|ky|kilo|gram|gr|g|con|trai|qua|trung|hot|lit|cay"
    r"|bo|bao|thung|chuc|goi|hop|chai|hu|vi|gio|gia|buong|nai|chau|canh|cuon)(?:\s*/\s*(?:ngay|tuan))?"
)
_MONEY = r"(?:(?:1[.,]?000|nghin|ngan|trieu|k|tr) ?)?(?:d|dong|vnd)?(?: ?/ ?[a-z0-9 ]{1,12})?"
_UNIT = re.compile(rf"{_AMOUNTS}|(?=[a-z1]){_MONEY}")
_MOST_RANGES = 20_000


@dataclass
class Looks:
    """Rows count from 1, columns from 0. ``units``: by row and column, with how often a thousand is hidden."""

    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    units: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict)

    def hide_row(self, first: int, last: int) -> None:
        """Add rows, joined to those before."""
        if self.hidden_rows and self.hidden_rows[-1][1] + 1 >= first:
            self.hidden_rows[-1] = (self.hidden_rows[-1][0], max(last, self.hidden_rows[-1][1]))
        elif len(self.hidden_rows) < _MOST_RANGES:
            self.hidden_rows.append((first, last))

    def hide_columns(self, first: int, last: int) -> None:
        if len(self.hidden_columns) < _MOST_RANGES:
            self.hidden_columns.append((first, last))


def unit_in_format(code: str) -> tuple[str, int]:
    """The unit behind the number that a format shows, and how many thousands it leaves out.

    ``0.0" tấn"`` is ("tấn", 0); ``#,##0,"k"`` shows thousands: ("k", 1). Empty where it shows none.
    """
    if _CONDITION.search(code):
        return "", 0  # tonnes from a thousand on, kilograms below: it depends on the number
    found = _SECTION.match(code)
    literal, commas, after_digits = "", 0, False
    for quoted, escaped, currency, sign in _TOKEN.findall(found[1] if found else ""):
        said = quoted or escaped or currency
        if said:
            literal = literal + said if after_digits else ""
        elif sign in _DIGITS:
            literal, commas, after_digits = "", 0, True
        elif sign == "," and after_digits and not literal.strip():
            commas += 1
        elif sign in _DAYS:
            return "", 0
        elif sign and after_digits:
            literal += sign if sign not in ".," else ""
    if code.startswith("General"):
        literal = re.sub(r'^General|"|\\', "", code.split(";")[0])
    unit = " ".join(literal.split()).strip("() ")
    return (unit, commas) if is_unit(unit) else ("", 0)


def is_unit(text: str) -> bool:
    """Whether it says what amounts or prices are in: "tấn", "đ/kg", "nghìn đồng/kg"."""
    folded = fold(text.replace("₫", "đ").replace("VNĐ", "VND")).strip(" .")
    return bool(folded) and bool(_UNIT.fullmatch(folded))


def unit_shown(text: str) -> str:
    """The unit behind the number of a text as a spreadsheet shows it: "25,5 tấn"."""
    found = re.fullmatch(r"\s*[-−]?[\d.,\s\u00a0\u202f]*\d[\s\u00a0\u202f]*(\D.*?)\s*", text)
    unit = " ".join(found[1].split()).strip("() ") if found else ""
    return unit if is_unit(unit) else ""
