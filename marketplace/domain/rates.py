"""Amounts as lists give them: "5–10 tấn mỗi ngày", "hơn 400 tấn", "40.000 trứng/ngày"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Literal, TypeVar

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import plain, readings
from marketplace.domain.quantities import (
    AmbiguousQuantity,
    UnknownWeight,
    UnreadableQuantity,
    no_unit_of_goods,
    parse_quantity,
    spell_quantity,
)
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_
from marketplace.domain.units import COUNTS, UnitKind, kind_of_unit, one_unit

Per = Literal["day", "week"]
Read = TypeVar("Read")
Weights = str | Mapping[str, str]
"""What one bó, thùng or giạ holds ("0,5 kg"): of any, or by the folded word for it."""

DASH = r"(?:-|–|—|~|÷|\bden\b|\btoi\b)"
ABOUT = re.compile(r"^(?:(?:khoang|chung|tam|uoc|uoc tinh|gan|du kien|xap xi|~|≈)\s*)+")
AT_LEAST = re.compile(
    r"^(?:hon|tren|it nhat|toi thieu|>=?|≥|tu(?=.*\btro len$))\s*|\s*\btro len$|(?<=\d)\s?\+(?!\S)"
)
AT_MOST = re.compile(r"^(?:duoi|toi da|khong qua|<=?|≤|(?:cao|nhieu) nhat)\s*|\s*tro xuong$")
_EACH = r"\s*(?:/|\bmoi\b|\bmot\b|\bhang\b|\b1\b|\btrong\b)?\s*"
_A = r"\s+(?:a|per|each|every)\s+"  # never "/day": folded, that is a bunch ("dây")
_PER: dict[Per, re.Pattern[str]] = {
    "day": re.compile(
        rf"(?<=[a-z0-9])(?:{_EACH}(?:\bngay(?: dem)?|\bdem)|{_A}(?:day|night)|\s+daily)$|^(?:moi|hang|mot|1) ngay\s"
    ),
    "week": re.compile(
        rf"(?<=[a-z0-9])(?:{_EACH}\btuan|{_A}week|\s+weekly)$|^(?:moi|hang|mot|1) tuan\s"
    ),
}
_OTHER_RATES = re.compile(
    r"(?:/|\bmoi\b|\bmot\b)\s*(?:thang|quy|nam|vu|ha|hecta|cong|sao|ho|gio)\b"
)
_RANGE = re.compile(rf"(?:tu\s+)?(\d.*?)\s*{DASH}\s*(\d.*)")
_BRACKETS = re.compile(r"\s*\([^()\d]*\)$")


@dataclass(frozen=True)
class Amount:
    """From ``least`` to ``most`` base units; None where nobody said. ``per``: so many each day, week."""

    least: int | None
    most: int | None
    per: Per | None = None


class AmbiguousAmount(Rejected):
    """A range that can be read in several ways: ``amounts``."""

    def __init__(self, typed: str, amounts: Sequence[Amount]) -> None:
        super().__init__(
            N_("“%(typed)s” can be read in two ways. Choose one or write it again."),
            field="quantity",
            typed=shorten(typed),
        )
        self.amounts = tuple(amounts)


def parse_amount(text: str, commodity: Commodity, *, unit: str = "", each: Weights = "") -> Amount:
    """What a cell says of an amount. Raises `Rejected` as `parse_quantity` does.

    ``unit``: what the column beside or above it says, for cells with a number alone. ``each``: what
    one bó, thùng or giạ weighs, where somebody has answered that.
    """
    typed = clean(text)
    folded = _BRACKETS.sub("", fold(text)).strip(" .;,")
    folded, per = without_rate(folded, typed)
    quoted = typed if _words(folded) else f"{typed} {clean(unit)}".strip()
    unit, per_unit = without_rate(fold(unit).strip(" .()"), typed)
    unit, per = one_unit(unit, commodity), per or per_unit

    def read(part: str) -> int:
        return _one(_with_unit(part, unit, commodity), commodity, each)

    return quoting(quoted, lambda: _bounded(folded, quoted, read, commodity, unit, per))


def spell_amount(amount: Amount, commodity: Commodity) -> str:
    """As `parse_amount` reads it back: ``5 tấn – 10 tấn/ngày``, ``trên 400 tấn``."""
    least, most = (
        "" if each is None else spell_quantity(each, commodity)
        for each in (amount.least, amount.most)
    )
    said = least if least == most else f"{least} – {most}"
    if not most:
        said = f"trên {least}"
    elif not least:
        said = f"tối đa {most}"
    return said + {"day": "/ngày", "week": "/tuần", None: ""}[amount.per]


def without_rate(folded: str, typed: str) -> tuple[str, Per | None]:
    """What stands before "mỗi ngày", "/tuần". Raises `Rejected` for what is said of other spans."""
    if _OTHER_RATES.search(folded):
        raise UnreadableQuantity(
            N_(
                "“%(typed)s” is an amount for another span or per area. Write it per day, per week or in all."
            ),
            field="quantity",
            typed=shorten(typed),
        )
    for per, pattern in _PER.items():
        if pattern.search(folded) and re.search(r"\d|[a-z]", bare := pattern.sub("", folded)):
            return bare.strip(), per
    return folded, None


def quoting(typed: str, read: Callable[[], Read]) -> Read:
    """Whatever ``read`` refuses is quoted as it was typed, not as it was taken apart."""
    try:
        return read()
    except Rejected as error:
        if "typed" in error.params:
            error.params["typed"] = shorten(typed)
        raise


def _bounded(
    folded: str,
    typed: str,
    read: Callable[[str], int],
    commodity: Commodity,
    unit: str,
    per: Per | None,
) -> Amount:
    if (bare := AT_LEAST.sub("", folded)) != folded:
        return Amount(read(ABOUT.sub("", bare)), None, per)
    if (bare := AT_MOST.sub("", folded)) != folded:
        return Amount(None, read(ABOUT.sub("", bare)), per)
    folded = ABOUT.sub("", folded)
    if ends := _RANGE.fullmatch(folded):
        left, right = (_with_unit(end.strip(), unit, commodity) for end in ends.groups())
        left = _with_unit(left, _words(right), commodity)
        if not _words(left) and not _words(right):
            raise _range_of_what(typed, left, right, commodity, per)
        return _between(typed, _readings(left, read), _readings(right, read), per)
    exact = read(folded)
    return Amount(exact, exact, per)


def _between(typed: str, least: Sequence[int], most: Sequence[int], per: Per | None) -> Amount:
    """The one way to read both ends in which the second is more than the first."""
    amounts = [Amount(a, b, per) for a, b in product(least, most) if a <= b]
    if len(amounts) == 1:
        return amounts[0]
    if amounts:
        raise AmbiguousAmount(typed, amounts)
    raise UnreadableQuantity(
        N_("“%(typed)s”: the second number is less than the first."),
        field="quantity",
        typed=shorten(typed),
    )


def _range_of_what(
    typed: str, left: str, right: str, commodity: Commodity, per: Per | None
) -> Rejected:
    """Asks for the unit of "5 - 10": kilograms or tonnes, pieces."""
    amounts = []
    for unit in (commodity.base_unit_vi, *(("tấn",) if commodity.base_unit == "kg" else ())):
        with suppress(Rejected):
            least, most = (parse_quantity(f"{end} {unit}", commodity) for end in (left, right))
            amounts += [Amount(least, most, per)] if least <= most else []
    return AmbiguousAmount(typed, amounts) if amounts else _unreadable(typed)


def _readings(part: str, read: Callable[[str], int]) -> list[int]:
    try:
        return [read(part)]
    except AmbiguousQuantity as asked:
        if type(asked) is not AmbiguousQuantity or not asked.readings:
            raise
        return [reading.quantity for reading in asked.readings]


def weight_of_one(holder: str, each: Weights, commodity: Commodity) -> Decimal | None:
    """Base units that one bó or thùng holds, as somebody answered ("0,5 kg"); None if nobody has.

    Raises `Rejected` for an answer that is no amount.
    """
    said = each if isinstance(each, str) else each.get(holder, "")
    if not said:
        return None
    number = re.match(r"[\d.,]+", fold(said))
    values = readings(number[0]) if number else ()
    if not number or len(values) != 1 or not values[0]:
        raise _unreadable(said)
    # Of a thousand, because half a kilogram is no whole number of them.
    thousand = f"{plain(values[0] * 1_000)} {fold(said)[number.end() :]}"
    return Decimal(parse_quantity(thousand, commodity)) / 1_000


def _one(part: str, commodity: Commodity, each: Weights) -> int:
    """One amount in base units, so many holders times what each holds if that is known."""
    try:
        return parse_quantity(part, commodity)
    except UnknownWeight as unknown:
        weight = weight_of_one(unknown.holder, each, commodity)
        number = re.match(r"[\d.,\s]+", part)
        values = readings(number[0].strip()) if number else ()
        if weight is None or len(values) != 1:
            raise
        return parse_quantity(f"{plain(values[0] * weight)} {commodity.base_unit_vi}", commodity)


def _with_unit(part: str, unit: str, commodity: Commodity) -> str:
    """A number alone, or with "nghìn" alone, in the unit that the column says."""
    words = _words(part)
    lacks = not words or (words in COUNTS and commodity.base_unit == "kg")
    if unit and lacks and kind_of_unit(unit, commodity) == UnitKind.OTHER:
        raise no_unit_of_goods(part, commodity)
    return f"{part} {unit}" if unit and lacks else part


def _words(part: str) -> str:
    """The unit at the end of it, folded."""
    found = re.search(r"[a-z][a-z .]*$", part)
    return found[0].strip(" .") if found else ""


def _unreadable(typed: str) -> UnreadableQuantity:
    return UnreadableQuantity(
        N_("“%(typed)s” cannot be read. Write a number and a unit, such as 25,5 tấn."),
        field="quantity",
        typed=shorten(typed),
    )
