"""What a price without a unit is for: one trứng or one chục, one kilogram or each con beside it.

Taken without a question only where one reading alone is possible; else the person chooses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import write
from marketplace.domain.packs import Pack, parse_pack
from marketplace.domain.prices import MOST, BarePrice, is_usual
from marketplace.domain.quantities import UnknownWeight, parse_quantity
from marketplace.domain.text import clean, fold
from marketplace.domain.text_marks import N_
from marketplace.domain.units import COUNTS, sizes_of

_FIRST_UNIT = re.compile(r"\d\s*([a-z][a-z ]*)")
_SAYS_UNIT = re.compile(r"/|\bmoi\b|\bmot\b")


@dataclass(frozen=True)
class Reading:
    """One thing that a bare price may be: so much for one ``unit``."""

    amount: int
    unit: str
    price: int
    """VND per base unit."""


class UnclearPrice(Rejected):
    """Both are possible: ``readings``."""

    def __init__(self, bare: BarePrice, readings: tuple[Reading, ...]) -> None:
        super().__init__(
            N_("For how much is “%(typed)s”? Choose one, or write it behind the price."),
            field=bare.field,
            typed=bare.params["typed"],
        )
        self.readings = readings


class PerhapsEach(Rejected):
    """Far too much for one base unit, but not for one of the pieces that the amount tells of."""

    def __init__(self, amount: int, piece: str, share: int | None, commodity: Commodity) -> None:
        super().__init__(
            N_(
                "%(commodity)s is usually %(low)s – %(high)s ₫/%(unit)s. "
                "Is this the price of one %(piece)s?"
            ),
            field="ask",
            commodity=commodity.name_vi,
            low=write(commodity.ask_low),
            high=write(commodity.ask_high),
            unit=commodity.base_unit_vi,
            piece=piece,
        )
        self.amount = amount
        self.piece = piece
        self.share = share
        """VND per base unit; None while nobody has said what one piece weighs."""

    @property
    def spelled(self) -> str:
        """As it can be typed: `5.500.000 đ/con`."""
        return f"{write(self.amount)} đ/{self.piece}"


def resolve_bare(bare: BarePrice, beside: str, commodity: Commodity) -> int:
    """VND per base unit. Raises `UnclearPrice`.

    ``beside``: the amount as it was typed. Its unit decides where the price is a little outside of
    the usual range; where only one reading lies inside and the other is out of the question, it is
    that one.
    """
    readings = _readings(bare.amount, commodity)
    prices = {reading.price for reading in readings}
    within = {price for price in prices if commodity.ask_low <= price <= commodity.ask_high}
    usual = {price for price in prices if is_usual(price, commodity)}
    if len(within) == 1 and usual == within:
        return within.pop()
    said = {reading.price for reading in readings if reading.unit == _unit_of(beside, commodity)}
    if said and said <= usual and within <= said:
        return said.pop()
    raise UnclearPrice(bare, readings)


def check_each(price: int, typed: str, beside: str, pack: Pack | None, good: Commodity) -> None:
    """Raise `PerhapsEach` if ``price`` per base unit is rather that of each con, bao or thùng.

    ``beside``: the amount as it was typed; ``pack``: what is known of its pieces.
    """
    if price <= good.ask_high or _SAYS_UNIT.search(fold(clean(typed))):
        return
    told = parse_pack(beside, good)
    piece = pack.piece if pack else _unweighed(beside, good)
    if piece is None or (told is None and is_usual(price, good)):
        return
    share = pack.share(price) if pack else None
    if share is None or is_usual(share, good):
        raise PerhapsEach(price, _as_typed(piece, beside), share, good)


def _readings(amount: int, commodity: Commodity) -> tuple[Reading, ...]:
    named = commodity.price_unit.removeprefix("VND/")
    sizes = {named: commodity.base_units_per_price_unit, commodity.base_unit_vi: 1}
    found = (
        Reading(amount, unit, int((Decimal(amount) / size).to_integral_value(ROUND_HALF_UP)))
        for unit, size in sizes.items()
    )
    return tuple(reading for reading in found if 0 < reading.price <= MOST)


def _unit_of(amount: str, commodity: Commodity) -> str | None:
    """Which of the two units an amount is written in, if it is one of them."""
    found = _FIRST_UNIT.search(fold(clean(amount)))
    if not found:
        return None
    first, _, rest = found[1].strip().partition(" ")
    sizes = sizes_of(rest if first in COUNTS and rest else found[1].strip(), commodity)
    if sizes == (Decimal(1),):
        return commodity.base_unit_vi
    own = (Decimal(commodity.base_units_per_price_unit),)
    return commodity.price_unit.removeprefix("VND/") if sizes == own else None


def _unweighed(amount: str, commodity: Commodity) -> str | None:
    """The con of "20 con", where nobody has said yet what one weighs."""
    try:
        parse_quantity(amount, commodity)
    except UnknownWeight as unknown:
        return unknown.holder
    except Rejected:
        pass
    return None


def _as_typed(piece: str, amount: str) -> str:
    """With the marks with which it was written: thùng, not thung."""
    words = (word.strip(" ,.;:()") for word in re.split(r"[\s\d/]+", clean(amount)))
    return next((word for word in words if fold(word) == piece), piece)
