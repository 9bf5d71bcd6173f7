"""The unit that the header of a column names: "Sản lượng (tấn/ngày)", "Giá (1.000 đ/kg)"."""

from __future__ import annotations

import re

from marketplace.domain.text import clean, fold

BASE_UNIT = "="
"""Of the template's own column `quantity`, which is in whatever the catalogue counts the goods in."""

_BRACKET = re.compile(r"\(([^()]*)\)")
_AFTER = re.compile(r"(?:đvt|dvt|đơn vị tính|đơn vị|don vi)\s*[:=]?\s*(.+)", re.IGNORECASE)
_LAST = re.compile(
    r"(?:^|\s)((?:nghìn |ngàn |triệu )?(?:tấn|tạ|kg|con|trái|quả|trứng|lít)(?:\s*/\s*(?:ngày|tuần))?)$",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"((?:1[.,]?000|nghìn|ngàn|triệu)?\s*(?:đồng|đ|vnđ|vnd|₫)\s*(?:/\s*.+)?)$", re.IGNORECASE
)
_PER = {"ngay": "/ngày", "tuan": "/tuần"}


def unit_of_amounts(header: str) -> str:
    """What amounts in the column are in; empty if the header does not say."""
    typed = clean(header)
    if fold(typed) == "quantity":
        return BASE_UNIT
    unit = _in_brackets(typed) or (found[1] if (found := _LAST.search(typed)) else "")
    outside = fold(_BRACKET.sub("", typed))
    per = re.search(r"(?:/|\bmoi\b|\bhang\b|\btheo\b)\s*(ngay|tuan)\b", outside)
    if unit and per and "/" not in unit:
        return unit + _PER[per[1]]
    return unit


def unit_of_prices(header: str) -> str:
    """What prices in the column are in and for; empty if the header does not say."""
    typed = clean(header)
    if bracket := _in_brackets(typed):
        return bracket
    found = _MONEY.search(typed)
    return found[1].strip() if found else ""


def _in_brackets(typed: str) -> str:
    """What stands in the last brackets, or after "ĐVT:"."""
    brackets = [each for each in _BRACKET.findall(typed) if each.strip()]
    said = brackets[-1] if brackets else typed
    after = _AFTER.search(said)
    if after:
        return after[1].strip(" .:()")
    return said.strip(" .:") if brackets else ""
