"""Prices as lists give them: "6.000 -6.150", "60-65k", "trên 7.000 đ/kg", with the unit beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import readings, write
from marketplace.domain.prices import UnreadablePrice, is_usual, parse_price
from marketplace.domain.quantities import UnknownWeight
from marketplace.domain.rates import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    DASH,
    Weights,
    quoting,
    weight_of_one,
)
from marketplace.domain.text import clean, fold, has_unseen, shorten
from marketplace.domain.text_marks import N_
from marketplace.domain.units import UnitKind, kind_of_unit, one_unit

_RANGE = re.compile(rf"(?:tu\s+)?(\d[^/]*?)\s*{DASH}\s*(\d.*)")
_SAID = re.compile(r"^(?:gia(?: ban| mua| chao)?|tai (?:vuon|ruong|ao|kho))\s*:?\s*(?=\d)")
_NOTE = re.compile(r"\s*(?:\([^()\d]*\)|,?\s*tai (?:vuon|ruong|ao|kho|cho))$")
_NUMBER = re.compile(r"\d[\d.,]*")
_SCALE = r"(?:1[. ]?000|nghin|ngan|k|trieu|tr)"
_UNIT = re.compile(
    rf"(?:(?P<scale>{_SCALE})\s*)?(?:d|dong|vnd)?\s*(?:(?:/|\bmoi\b|\bmot\b)\s*)?(?P<unit>.*)"
)


@dataclass(frozen=True)
class PriceRange:
    """VND per base unit, from the least to the most; None where nobody said or it is to be agreed."""

    least: int | None
    most: int | None


class AmbiguousPrice(Rejected):
    """It can be read in several ways: ``prices``."""

    def __init__(self, typed: str, prices: Sequence[PriceRange], field: str) -> None:
        super().__init__(
            N_("“%(typed)s” can be read in two ways. Choose one or write it again."),
            field=field,
            typed=shorten(typed),
        )
        self.prices = tuple(prices)


def parse_price_range(
    text: str,
    commodity: Commodity,
    *,
    unit: str = "",
    of_goods: str = "",
    each: Weights = "",
    field: str = "ask",
) -> PriceRange:
    """What a cell says of a price. Raises `Rejected` as `parse_price` does.

    ``unit``: what the header of the column says ("1.000 đ/kg"). ``of_goods``: the unit that the
    *amount* beside it is in, which the price may be per or not: where one reading is usual for these
    goods and the other is not, it is that one; where both are, or none, the person is asked.
    ``each``: what one bó or thùng holds; a price per one of unknown weight raises `UnknownWeight`.
    """
    typed = clean(text)
    folded = _SAID.sub("", fold(typed.replace("₫", " đ").replace("đồng", "đ")).strip(" .;,"))
    folded = _NOTE.sub("", folded)
    if not re.search(r"\d", folded) or has_unseen(text):
        parse_price(text, commodity, field=field)
        return PriceRange(None, None)
    folded, holder, surely = _per_holder(folded, unit, of_goods, commodity)
    weight = weight_of_one(holder, each, commodity) if holder else None
    if holder and weight is None:
        beside = "" if holder in fold(typed) else f"/{clean(unit or of_goods)}"
        raise UnknownWeight(f"{typed}{beside}", holder, commodity)
    found: list[PriceRange] = []
    first: Rejected | None = None
    for tail in _tails(folded, unit, of_goods, commodity):
        try:
            price = quoting(typed, lambda: _bounded(folded, tail, typed, commodity, field))  # noqa: B023
        except Rejected as error:
            first = first or error
        else:
            found += [price] if price not in found else []
    if weight:
        found = [p for price in found for p in _both(price, weight)[surely:]]
    usual = [price for price in found if _is_usual(price, commodity)]
    if len(usual) == 1 or len(found) == 1:
        return (usual or found)[0]
    if not found:
        raise first or _unreadable(typed, field)
    raise AmbiguousPrice(typed, usual or found, field)


def spell_price_range(price: PriceRange, commodity: Commodity) -> str:
    """As `parse_price_range` reads it back: ``6.000 – 6.150 đ/kg``, ``trên 7.000 đ/kg``."""
    if price.least is None and price.most is None:
        return "thỏa thuận"
    per = f" đ/{commodity.base_unit_vi}"
    if price.least is None or price.most is None:
        word = "tối đa" if price.least is None else "trên"
        return f"{word} {write(price.most or price.least or 0)}{per}"
    if price.least == price.most:
        return f"{write(price.least)}{per}"
    return f"{write(price.least)} – {write(price.most)}{per}"


def _per_holder(
    folded: str, unit: str, of_goods: str, commodity: Commodity
) -> tuple[str, str, bool]:
    """The price without "/bó", the bó that it is per, and whether it surely is."""
    said = re.search(r"\s*(?:/|\bmoi\b|\bmot\b)\s*([a-z ]+)$", folded)
    if said and kind_of_unit(said[1], commodity) == UnitKind.HOLDER:
        return folded[: said.start()], said[1], True
    if said:
        return folded, "", False
    named = _named(unit, commodity)[1]
    if kind_of_unit(named, commodity) == UnitKind.HOLDER:
        return folded, named, True
    goods = one_unit(of_goods, commodity)
    if not _measures(named, commodity) and kind_of_unit(goods, commodity) == UnitKind.HOLDER:
        return folded, goods, False
    return folded, "", False


def _both(price: PriceRange, weight: Decimal) -> list[PriceRange]:
    """Per base unit as it stands, and per holder of that weight."""
    ends = (price.least, price.most)
    least, most = (None if end is None else round(Decimal(end) / weight) for end in ends)
    return [price, PriceRange(least, most)]


def _measures(named: str, commodity: Commodity) -> bool:
    return kind_of_unit(named, commodity) == UnitKind.MEASURE


def _named(unit: str, commodity: Commodity) -> tuple[str, str]:
    """Scale and unit that a header of prices names: (" nghin", "kg") of "1.000 đ/kg"."""
    said = _UNIT.fullmatch(fold(unit.replace("₫", "đ").replace("đồng", "đ")).strip(" ()."))
    if not said:
        return "", ""
    return _scale(said["scale"] or ""), one_unit(said["unit"].strip(), commodity)


def _tails(folded: str, unit: str, of_goods: str, commodity: Commodity) -> list[str]:
    """What may be meant to stand behind the number: nothing if it says itself what it is for."""
    if re.search(r"/|\bmoi\b|\bmot\b", folded):
        return [""]
    scale, named = _named(unit, commodity)
    if _measures(named, commodity):
        return [f"{scale}/{named}"]
    per = [""] if commodity.base_units_per_price_unit == 1 else _own_units(commodity)
    goods = one_unit(of_goods, commodity)
    if _measures(goods, commodity):
        per.append(f"/{goods}")
    return [f"{scale}{tail}" for tail in per]


def _own_units(commodity: Commodity) -> list[str]:
    """Eggs: per chục, and per egg."""
    return [
        f"/{fold(commodity.price_unit.removeprefix('VND/'))}",
        f"/{fold(commodity.base_unit_vi)}",
    ]


def _scale(said: str) -> str:
    return " trieu" if said in ("trieu", "tr") else " nghin" if said else ""


def _bounded(folded: str, tail: str, typed: str, commodity: Commodity, field: str) -> PriceRange:
    def read(part: str, behind: str = "") -> int:
        scaled = re.search(r"\d\s*(?:k|nghin|ngan|n|tr|trieu|ty)\b", part)
        own = re.sub(r"^ \w+", "", tail) if scaled else tail
        price = parse_price(f"{part}{behind}{own}", commodity, field=field)
        if price is None:
            raise _unreadable(typed, field)
        return price

    if (bare := AT_LEAST.sub("", folded)) != folded:
        return PriceRange(read(ABOUT.sub("", bare)), None)
    if (bare := AT_MOST.sub("", folded)) != folded:
        return PriceRange(None, read(ABOUT.sub("", bare)))
    folded = ABOUT.sub("", folded)
    if not (ends := _RANGE.fullmatch(folded)):
        exact = read(folded)
        return PriceRange(exact, exact)
    left, right = ends.groups()
    most = read(right)
    behind = _NUMBER.sub("", right, count=1)
    for after in (behind, re.sub(r"^\s*(?:k|nghin|ngan|n|tr|trieu|ty)\b", "", behind)):
        with suppress(Rejected):
            if (least := read(left if re.search(r"[a-z]", left) else f"{left}{after}")) <= most:
                return PriceRange(least, most)
    raise _unreadable(typed, field)


def _is_usual(price: PriceRange, commodity: Commodity) -> bool:
    ends = {end for end in (price.least, price.most) if end is not None}
    return all(is_usual(end, commodity) for end in ends)


def slipped(text: str, commodity: Commodity) -> int | None:
    """The usual price that a spreadsheet made "7.8" of when somebody typed 7.800."""
    number = _NUMBER.search(text)
    values = readings(number[0]) if number else ()
    meant = [int(value * 1_000) for value in values if value * 1_000 == int(value * 1_000)]
    return next((price for price in meant if price and is_usual(price, commodity)), None)


def _unreadable(typed: str, field: str) -> UnreadablePrice:
    return UnreadablePrice(
        N_("“%(typed)s” is no price. Write a number such as 7.800, or leave it empty."),
        field=field,
        typed=shorten(typed),
    )
