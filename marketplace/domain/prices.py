"""Prices as people write them ("7.800", "7,8 nghìn/kg", "thỏa thuận") and what is usual."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import readings, write
from marketplace.domain.quantities import unit_sizes
from marketplace.domain.text import clean, fold, has_unseen, shorten
from marketplace.domain.text_marks import N_

LONGEST = 60
MOST = 10**10  # VND per base unit
MOST_ZEROS = 6
"""How many zeros a slip leaves out: those of a million."""

_AGREED = {
    "", "-", "–", "thoa thuan", "gia thoa thuan", "thuong luong", "gia thuong luong", "tt",
    "lien he", "khong", "negotiable",
}  # fmt: skip
_THOUSANDS = {
    **dict.fromkeys(("k", "nghin", "ngan", "n"), 1_000),
    **dict.fromkeys(("tr", "trieu"), 1_000_000),
    "ty": 1_000_000_000,
}
_NUMBER = r"\d(?:[\d.,]|\s(?=\d{3}(?!\d)))*"
_PRICE = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?P<scale>k|nghin|ngan|n|tr|trieu|ty)?\s*(?P<tenths>(?<=[a-z])\d{{2,3}}|\d|ruoi)?\s*"
    r"(?P<currency>d|dong|vnd)?\s*(?:(?:/|\bmoi\b|\bmot\b)\s*(?P<unit>[a-z0-9 ]+))?"
)
_RANGE = re.compile(r"\d[^/a-z]*[a-z ]*(?:-|–|—|\bden\b|\btoi\b)\s*\d")


class UnreadablePrice(Rejected):
    """Not one price per unit in which these goods are priced."""


class BarePrice(UnreadablePrice):
    """A number without a unit, of goods that are priced by another unit than they are counted in."""

    def __init__(self, typed: str, amount: int, commodity: Commodity, field: str) -> None:
        super().__init__(
            N_("Say for how much “%(typed)s” is: %(commodity)s is priced per %(unit)s."),
            field=field,
            typed=shorten(typed),
            commodity=commodity.name_vi,
            unit=commodity.price_unit.removeprefix("VND/"),
        )
        self.amount = amount


class UnusualPrice(Rejected):
    """Ten times outside what is usual: ``suggested`` is what was meant perhaps, if one can tell."""

    def __init__(self, reason: str, price: int, commodity: Commodity, field: str) -> None:
        super().__init__(
            reason,
            field=field,
            commodity=commodity.name_vi,
            low=write(commodity.ask_low),
            high=write(commodity.ask_high),
            unit=commodity.base_unit_vi,
        )
        self.price = price
        self.suggested = without_slip(price, commodity)


def parse_price(text: str, commodity: Commodity, *, field: str = "ask") -> int | None:
    """VND per base unit; None where the price is to be agreed. Raises `Rejected`.

    Goods that are priced by another unit than they are counted in (eggs by the chục, sweet potatoes
    by a tạ of 60 kg) need the unit: a bare number could mean either.
    """
    typed = clean(text)
    if has_unseen(text):
        raise Rejected(
            N_("Some characters cannot be used and were removed; please check"), field=field
        )
    if len(typed) > LONGEST:
        raise Rejected(
            N_("Longer than %(max)s characters (now %(n)s)"), field=field, max=LONGEST, n=len(typed)
        )
    plain = fold(typed.replace("₫", " đ").replace("đồng", "đ")).rstrip(" .")
    if plain in _AGREED:
        return None
    found = _PRICE.fullmatch(plain)
    if plain[0] in "-−–" or (found and Decimal(0) in readings(found["number"])):
        raise Rejected(
            N_("A price must be more than 0. Leave it empty if it is to be agreed."), field=field
        )
    if not found or _RANGE.search(plain):
        raise _unreadable(typed, field)
    return _per_base_unit(typed, found, commodity, field)


def is_usual(price: int, commodity: Commodity) -> bool:
    """Whether `check_usual` lets it pass."""
    try:
        check_usual(price, commodity)
    except UnusualPrice:
        return False
    return True


def check_usual(price: int, commodity: Commodity, *, field: str = "ask") -> None:
    """Raise `UnusualPrice` if one 0 more or less would bring ``price`` back to what is usual.

    That is a slip of the hand much oftener than a price; who means it confirms it.
    """
    low, high = commodity.ask_low, commodity.ask_high
    too_high = price > 10 * high or price >= max(10 * low, 2 * high)
    too_low = 10 * price < low or price <= min(high // 10, low // 2)
    if not too_high and not too_low:
        return
    if without_slip(price, commodity) is None:
        reason = N_("%(commodity)s is usually %(low)s – %(high)s ₫/%(unit)s. Check the price.")
    elif too_high:
        reason = N_(
            "%(commodity)s is usually %(low)s – %(high)s ₫/%(unit)s. Is there one 0 too many?"
        )
    else:
        reason = N_("%(commodity)s is usually %(low)s – %(high)s ₫/%(unit)s. Is there a 0 missing?")
    raise UnusualPrice(reason, price, commodity, field)


def without_slip(price: int, commodity: Commodity) -> int | None:
    """The price with zeros less or more that is usual; None if none is.

    "78" for goods of 5.000 to 10.000 ₫ means 7.800: people talk of prices in hundreds.
    """
    scales = [10**zeros for zeros in range(1, MOST_ZEROS + 1)]
    meant = [each for scale in scales for each in (price // scale, price * scale)]
    return next((p for p in meant if commodity.ask_low <= p <= commodity.ask_high), None)


def _per_base_unit(typed: str, found: re.Match[str], commodity: Commodity, field: str) -> int:
    scale = _THOUSANDS.get(found["scale"] or "", 1)
    if found["tenths"] and scale == 1:
        raise _unreadable(typed, field)
    behind = "5" if found["tenths"] == "ruoi" else found["tenths"] or "0"  # "7k8", "6tr25"
    more = scale * int(behind) // 10 ** len(behind)
    amounts = [number * scale + more for number in readings(found["number"])]
    if "." not in found["number"]:  # there is no fraction of a đồng: "7,800" is no 7,8
        amounts = [amount for amount in amounts if amount == int(amount)]
    amount = _only_one(typed, amounts, field)
    if found["unit"] is None and commodity.base_units_per_price_unit != 1:
        raise BarePrice(typed, int(amount), commodity, field)
    sizes = _sizes(found["unit"], commodity)
    if len(sizes) != 1:
        raise UnreadablePrice(
            N_("Say for how much “%(typed)s” is: %(commodity)s is priced per %(unit)s."),
            field=field,
            typed=shorten(typed),
            commodity=commodity.name_vi,
            unit=commodity.price_unit.removeprefix("VND/"),
        )
    price = int((amount / sizes[0]).to_integral_value(ROUND_HALF_UP))
    if not 0 < price <= MOST:
        raise _unreadable(typed, field)
    return price


def _sizes(unit: str | None, commodity: Commodity) -> Sequence[int]:
    """Base units in the unit of a price."""
    if unit is None:
        return (1,)
    named = fold(commodity.price_unit.removeprefix("VND/"))
    if unit.strip() == named:
        return (commodity.base_units_per_price_unit,)
    return unit_sizes(unit, commodity)


def _only_one(typed: str, amounts: Sequence[Decimal], field: str) -> Decimal:
    if len(amounts) > 1:
        raise UnreadablePrice(
            N_("“%(typed)s” can be read in two ways. Choose one or write it again."),
            field=field,
            typed=shorten(typed),
        )
    if not amounts or amounts[0] != int(amounts[0]):
        raise _unreadable(typed, field)
    return amounts[0]


def _unreadable(typed: str, field: str) -> UnreadablePrice:
    return UnreadablePrice(
        N_("“%(typed)s” is no price. Write a number such as 7.800, or leave it empty."),
        field=field,
        typed=shorten(typed),
    )
