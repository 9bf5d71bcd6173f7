"""Telephone numbers as lists hold them: without their first 0, several in a cell, with dots between.

The numbering plan of Vietnam: ten digits for mobiles, eleven for fixed lines, whose area codes begin
with 02.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.domain.errors import Rejected
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_

AREA_CODES = {
    "0296": "AG", "0291": "BL", "0290": "CM", "0292": "CT", "0293": "HG", "0297": "KG", "0299": "ST",
}  # fmt: skip
"""The locality of a fixed line, since 17 June 2017."""

_MOBILE = re.compile(r"0(?:3\d|5[125689]|7[06-9]|8[1-9]|9\d)\d{7}")
_FIXED = re.compile(r"0(?:2[48]\d{8}|2\d{9})")
_SERVICE = re.compile(r"(?:1800|1900)\d{4,6}")
_ABROAD = re.compile(r"\+(?!84)[1-9]\d{7,14}")
_STRONG = re.compile(r"[/;,|&]|\bhoac\b|\bva\b|\b(?:sdt|dt|dd|tel|zalo|fax|hotline)\b|[a-z:]+")
_OLD_MOBILES = {
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
"""Mobiles lost a digit between September and November 2018."""


class UnreadablePhone(Rejected):
    """Not one or several whole telephone numbers."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            N_("“%(typed)s” is no telephone number. Write ten digits, such as 0912 345 678."),
            field="phone",
            typed=shorten(typed),
        )


def parse_phones(text: str) -> tuple[str, ...]:
    """Every number in a cell, as it is dialled here: ``0912345678``. Raises `UnreadablePhone`.

    A spreadsheet that took a number for a sum has lost its 0, which is put back. What cannot be cut
    into whole numbers in exactly one way is refused: a wrong number calls a stranger.
    """
    typed = clean(text)
    found: list[str] = []
    for part in _STRONG.split(fold(typed)):
        tokens = re.findall(r"\+?\d+", part)
        if tokens:
            found += _numbers(tokens, typed)
    if not found and re.search(r"\w", typed):
        raise UnreadablePhone(typed)
    return tuple(dict.fromkeys(found))


def spell_phone(number: str) -> str:
    """In groups that can be read out: ``0912 345 678``, ``0292 3831 234``."""
    if _MOBILE.fullmatch(number):
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    if _FIXED.fullmatch(number):
        area = 3 if number[:3] in ("024", "028") else 4
        return f"{number[:area]} {number[area : area + 4]} {number[area + 4 :]}"
    return number


def locality_of_phone(number: str) -> str | None:
    """Which of the seven a fixed line is in."""
    return AREA_CODES.get(number[:4]) if _FIXED.fullmatch(number) else None


def _numbers(tokens: Sequence[str], typed: str) -> list[str]:
    """Groups of digits put together to whole numbers, in the only way that leaves none over."""
    ways = _ways(tokens)
    if len(ways) != 1:
        raise UnreadablePhone(typed)
    return ways[0]


def _ways(tokens: Sequence[str]) -> list[list[str]]:
    if not tokens:
        return [[]]
    found: list[list[str]] = []
    for count in range(1, min(len(tokens), 6) + 1):
        number = _number("".join(tokens[:count]))
        if number:
            found += [[number, *rest] for rest in _ways(tokens[count:])]
        if len(found) > 1:
            break
    return found


def _number(digits: str) -> str | None:
    """The whole number that some digits are, as it is dialled today."""
    if _SERVICE.fullmatch(digits) or _ABROAD.fullmatch(digits):
        return digits
    digits = re.sub(r"^(?:\+84|0084|84(?=\d{9,10}$))0?", "0", digits)
    if not digits.startswith("0"):
        digits = f"0{digits}"
    if len(digits) == 11 and digits[:4] in _OLD_MOBILES:
        digits = _OLD_MOBILES[digits[:4]] + digits[4:]
    return digits if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits) else None
