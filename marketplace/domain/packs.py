"""Amounts told by the piece with what one piece holds: "50 con, mỗi con 98 kg", "100 bao x 50 kg".

For goods that are weighed but handed over by the head, the bag, the bottle. What is kept is the
weight; the number and a price for each ("6 triệu/con") are turned into it by what the person said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from marketplace.domain.commodities import Commodity
from marketplace.domain.numerals import readings
from marketplace.domain.prices import BarePrice, parse_price
from marketplace.domain.quantities import LONGEST, UnknownWeight, UnreadableQuantity
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_
from marketplace.domain.units import UnitKind, kind_of_unit, sizes_of

HEAD = "con"
"""The word that counts animals."""

_ABOUT = re.compile(r"^(?:khoang|chung|tam|~|≈)\s*")
_NUMBER = r"\d(?:[\d.,]|\s(?=\d{3}(?!\d)))*"
_COUNTED = rf"(?P<count>{_NUMBER}) ?(?P<piece>[a-z]+)"
_WEIGHT = rf"(?P<number>{_NUMBER}) ?(?P<unit>[a-z]+)"
_EACH = re.compile(
    rf"{_COUNTED}[ ,;:(]*(?:(?:moi|mot|1) (?P=piece)|each|x|×|\*|loai|nang) ?(?:nang |khoang )*{_WEIGHT}"
    r"(?: ?(?:/|moi|mot) ?(?P=piece))?\)?"
)
_PER_PIECE = re.compile(rf"{_COUNTED}[ ,;:(]*(?:khoang )?{_WEIGHT} ?(?:/|moi|mot) ?(?P=piece)\)?")
_TOGETHER = re.compile(
    rf"{_COUNTED}[ ,;:(]*(?:=|tong(?: cong)?|cong|ca thay|tat ca|in all|total) ?(?:khoang )*{_WEIGHT}\)?"
)
_ALONE = re.compile(rf"({_NUMBER}) ?{HEAD}")
_PRICE_EACH = re.compile(r"(?P<price>.+?)\s*(?:/|\bmoi\b|\bmot\b)\s*(?:1 )?(?P<piece>[a-z]+)")


@dataclass(frozen=True)
class Pack:
    """So many pieces, and the base units that all of them hold."""

    count: int
    piece: str
    quantity: int

    @property
    def each(self) -> Decimal:
        """Base units in one of them, to a thousandth."""
        return (Decimal(self.quantity) / self.count).quantize(Decimal("0.001"), ROUND_HALF_UP)

    def share(self, price: int) -> int:
        """₫ per base unit of a price for each piece, to the nearest đồng."""
        exact = Decimal(price) * self.count / self.quantity
        return max(1, int(exact.quantize(Decimal(1), ROUND_HALF_UP)))


class WeightUnsaid(UnreadableQuantity):
    """So many pieces of goods that are weighed, without what one weighs; says how to write it."""

    def __init__(self, unread: UnknownWeight, commodity: Commodity) -> None:
        typed = str(unread.params["typed"])
        super().__init__(
            N_(
                "“%(typed)s”: %(commodity)s is counted in %(unit)s. Say what one holds, too: "
                "“%(typed)s, mỗi %(piece)s 50 %(unit)s”, with your own number."
            ),
            field="quantity",
            typed=typed,
            commodity=commodity.name_vi,
            unit=commodity.base_unit_vi,
            piece=shorten(unread.holder, 20),
        )


def parse_pack(text: str, commodity: Commodity) -> Pack | None:
    """What was told by the piece; None for anything else. All of it is rounded to a whole base unit."""
    folded = _ABOUT.sub("", fold(clean(text)))
    if len(folded) > LONGEST:
        return None
    for pattern, together in ((_EACH, False), (_PER_PIECE, False), (_TOGETHER, True)):
        if found := pattern.fullmatch(folded):
            return _pack(found, commodity, together=together)
    return None


def _pack(found: re.Match[str], commodity: Commodity, *, together: bool) -> Pack | None:
    if kind_of_unit(found["piece"], commodity) is not UnitKind.HOLDER:
        return None
    counts = [int(number) for number in readings(found["count"]) if number == int(number)]
    sizes = sizes_of(found["unit"], commodity)
    held = [number * size for number in readings(found["number"]) for size in sizes]
    if len(counts) != 1 or len(held) != 1:
        return None
    whole = held[0] if together else held[0] * counts[0]
    quantity = int(whole.quantize(Decimal(1), ROUND_HALF_UP))
    return Pack(counts[0], found["piece"], quantity) if counts[0] > 0 and quantity > 0 else None


def parse_price_each(text: str, pack: Pack, commodity: Commodity) -> int | None:
    """₫ for one piece of "6 triệu/con"; None for a price of anything else."""
    found = _PRICE_EACH.fullmatch(fold(clean(text)))
    if not found or found["piece"] != pack.piece:
        return None
    try:
        return parse_price(found["price"], commodity)
    except BarePrice as bare:  # it has its unit: one piece
        return bare.amount


def is_price_each(text: str, commodity: Commodity) -> bool:
    """Whether it is a price for each of something that such goods are not counted in."""
    found = _PRICE_EACH.fullmatch(fold(clean(text)))
    return bool(found) and kind_of_unit(found["piece"], commodity) is UnitKind.HOLDER  # type: ignore[index]


def heads_told(text: str, commodity: Commodity) -> int | None:
    """How many animals an amount tells of, if it does."""
    if pack := parse_pack(text, commodity):
        return pack.count if pack.piece == HEAD else None
    alone = _ALONE.fullmatch(_ABOUT.sub("", fold(clean(text))))
    counts = [int(number) for number in readings(alone[1]) if number] if alone else []
    return counts[0] if len(counts) == 1 else None
