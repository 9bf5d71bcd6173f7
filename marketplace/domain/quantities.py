"""Quantities as people write them ("25,5 tấn", "3 tạ", "2.000 con") and as they are read back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import readings, write
from marketplace.domain.text import clean, fold, has_unseen, shorten
from marketplace.domain.text_marks import N_
from marketplace.domain.units import UnitKind, kind_of_unit, sizes_of

LONGEST = 60
MOST_KILOGRAMS = (
    10**9
)  # a million tonnes; the largest province harvests some four million in a year
MOST_PIECES = 10**10  # shrimp post-larvae are sold by the million

_NUMBER = r"\d(?:[\d.,]|[eE]\+?(?=\d)|\s(?=\d{3}(?!\d)))*"
_AMOUNT = re.compile(
    rf"(?P<number>{_NUMBER}|nua)\s*(?P<unit>[a-z][a-z .]*?)?\s*(?P<rest>\d.*|ruoi)?"
)
_RANGE = re.compile(r"\d[^a-z]*?\s*(?:[a-z ]+)?(?:-|–|—|~|\bden\b|\btoi\b)\s*\d")
_RATE = re.compile(r"(?:/|\bmoi\b|\bmot\b)\s*(?:ngay|tuan|thang|dem|vu|nam)\b")
_ABOUT = re.compile(r"^(?:khoang|chung|tam|~|≈)\s*")


@dataclass(frozen=True)
class Reading:
    """One way to read what was typed: in words and in base units."""

    words: str
    quantity: int


class UnreadableQuantity(Rejected):
    """Not a number and a unit that these goods are counted in."""


class NotWhole(UnreadableQuantity):
    """A fraction of a base unit: ``amount``. A spreadsheet may have made 1,25 of 1.250."""

    def __init__(self, typed: str, amount: Decimal, commodity: Commodity) -> None:
        super().__init__(
            N_("“%(typed)s” is not a whole number of %(unit)s."),
            field="quantity",
            typed=shorten(typed),
            unit=commodity.base_unit_vi,
        )
        self.amount = amount


class UnknownWeight(UnreadableQuantity):
    """So many bó, thùng or giạ: one of them, ``holder``, may hold anything."""

    def __init__(self, typed: str, holder: str, commodity: Commodity) -> None:
        super().__init__(
            N_(
                "“%(typed)s”: %(commodity)s is counted in %(unit)s. How many %(unit)s is one of these?"
            ),
            field="quantity",
            typed=shorten(typed),
            commodity=commodity.name_vi,
            unit=commodity.base_unit_vi,
        )
        self.holder = holder


class AmbiguousQuantity(Rejected):
    """It can be read in several ways: ``readings``, some of which may be no whole quantity."""

    def __init__(self, typed: str, readings: Sequence[Reading]) -> None:
        super().__init__(
            N_("“%(typed)s” can be read in two ways. Choose one or write it again."),
            field="quantity",
            typed=shorten(typed),
        )
        self.readings = tuple(readings)


class MissingUnit(AmbiguousQuantity):
    """A number alone, with the units that may have been meant."""

    def __init__(self, typed: str, readings: Sequence[Reading]) -> None:
        super().__init__(typed, readings)
        self.reason = N_("“%(typed)s” of what? Write the unit too: %(meant)s?")
        self.params["meant"] = ", ".join(reading.words for reading in readings)


def parse_quantity(text: str, commodity: Commodity) -> int:
    """Base units of the commodity. Raises `Rejected` on whatever is not one clear quantity."""
    typed = clean(text)
    _refuse_characters(text, typed)
    plain = _ABOUT.sub("", fold(typed).replace("₫", "")).rstrip(" .")
    _refuse_negative_and_nothing(plain)
    _refuse_ranges_and_rates(plain, typed)
    found = _AMOUNT.fullmatch(plain)
    if not found:
        raise _unreadable(typed)
    if not found["unit"]:
        raise _without_unit(typed, found, commodity)
    units = sizes_of(found["unit"].strip(" ."), commodity)
    if not units:
        raise _wrong_unit(typed, found["unit"].strip(" ."), commodity)
    numbers = (Decimal("0.5"),) if found["number"] == "nua" else readings(found["number"])
    amounts = _amounts(numbers, units, found["rest"], commodity)
    return _only_one(typed, amounts, commodity)


def spell_quantity(quantity: int, commodity: Commodity) -> str:
    """As people say it: ``25,5 tấn``, ``850 kg``, ``2.000 con``. `parse_quantity` reads it back.

    Single kilograms are not written as thousandths of a tonne: abroad "1,234" is a thousand.
    """
    if commodity.base_unit == "kg" and quantity >= 1_000 and quantity % 10 == 0:
        return f"{write(Decimal(quantity) / 1_000)} tấn"
    return spell_base_units(quantity, commodity)


def spell_base_units(quantity: int, commodity: Commodity) -> str:
    """In the unit that it is kept in: ``25.500 kg``, ``2.000 con``."""
    return f"{write(quantity)} {commodity.base_unit_vi}"


def unit_sizes(unit: str, commodity: Commodity) -> tuple[int, ...]:
    """Whole base units in one such unit; several if people mean several, none if these have none."""
    return tuple(int(size) for size in sizes_of(fold(unit).strip(" ."), commodity) if size >= 1)


def no_unit_of_goods(typed: str, commodity: Commodity) -> UnreadableQuantity:
    """For "10 lần", "3 công đất": that measures something else."""
    return UnreadableQuantity(
        N_("“%(typed)s”: that is no unit of goods. %(commodity)s is counted in %(unit)s."),
        field="quantity",
        typed=shorten(typed),
        commodity=commodity.name_vi,
        unit=commodity.base_unit_vi,
    )


def _refuse_characters(text: str, typed: str) -> None:
    if has_unseen(text):
        raise Rejected(
            N_("Some characters cannot be used and were removed; please check"), field="quantity"
        )
    if len(typed) > LONGEST:
        raise Rejected(
            N_("Longer than %(max)s characters (now %(n)s)"),
            field="quantity",
            max=LONGEST,
            n=len(typed),
        )


def _refuse_negative_and_nothing(plain: str) -> None:
    number = re.match(rf"([-−–]?)\s*({_NUMBER})", plain)
    if number and (number[1] or {*number[2]} <= {*"0.,"}):
        raise Rejected(N_("Quantity must be more than 0, such as 25,5 tấn"), field="quantity")


def _refuse_ranges_and_rates(plain: str, typed: str) -> None:
    if _RATE.search(plain):
        raise UnreadableQuantity(
            N_(
                "“%(typed)s” is an amount per day or week. Write what it comes to from the first to "
                "the last day: 5 tấn per day for 6 days is 30 tấn."
            ),
            field="quantity",
            typed=shorten(typed),
        )
    if _RANGE.search(plain):
        raise UnreadableQuantity(
            N_("“%(typed)s” is a range. Write one quantity, such as 25,5 tấn."),
            field="quantity",
            typed=shorten(typed),
        )


def _amounts(
    numbers: Sequence[Decimal], units: Sequence[Decimal], rest: str | None, commodity: Commodity
) -> list[Decimal]:
    """Base units of every reading of number, unit and what follows the unit."""
    found: list[Decimal] = []
    for unit in units:
        extras = _extras(rest, unit, commodity)
        found += [number * unit + extra for number in numbers for extra in extras]
    return list(dict.fromkeys(found))


def _extras(rest: str | None, unit: Decimal, commodity: Commodity) -> list[Decimal]:
    """What "1 tấn 2", "1 tấn rưỡi", "1 tấn 200 kg" add to the tonne: two tenths, a half, 200 kg."""
    if not rest:
        return [Decimal(0)]
    if rest == "ruoi":
        return [unit / 2]
    if re.fullmatch(r"[1-9]", rest):
        return [unit / 10 * int(rest)]
    if re.fullmatch(r"\d{3}", rest) and unit == 1_000:
        return [Decimal(rest)]
    smaller = re.fullmatch(rf"({_NUMBER})\s*([a-z][a-z .]*)", rest)
    if not smaller:
        return []
    sizes = [size for size in sizes_of(smaller[2].strip(" ."), commodity) if size < unit]
    return [number * size for number in readings(smaller[1]) for size in sizes]


def _without_unit(typed: str, found: re.Match[str], commodity: Commodity) -> Rejected:
    """Asks back in the unit that goods are kept in, and in tonnes where it is no large number."""
    numbers = () if found["number"] == "nua" or found["rest"] else readings(found["number"])
    sizes = {commodity.base_unit_vi: 1}
    if commodity.base_unit == "kg" and all(number < 1_000 for number in numbers):
        sizes["tấn"] = 1_000
    meant = [
        Reading(f"{write(number)} {unit}", int(number * size))
        for unit, size in sizes.items()
        for number in numbers
        if 0 < number * size <= MOST_KILOGRAMS and number * size == int(number * size)
    ]
    return MissingUnit(typed, meant) if meant else _unreadable(typed)


def _only_one(typed: str, amounts: Sequence[Decimal], commodity: Commodity) -> int:
    if not amounts:
        raise _unreadable(typed)
    if len(amounts) > 1:
        whole = [int(amount) for amount in amounts if amount == int(amount) and amount > 0]
        raise AmbiguousQuantity(typed, [Reading(spell_quantity(q, commodity), q) for q in whole])
    [amount] = amounts
    _refuse_huge(amount, commodity)
    if amount != int(amount):
        raise NotWhole(typed, amount, commodity)
    return int(amount)


def _refuse_huge(amount: Decimal, commodity: Commodity) -> None:
    if amount > (MOST_KILOGRAMS if commodity.base_unit == "kg" else MOST_PIECES):
        raise Rejected(
            N_("%(quantity)s %(unit)s is more than a province's harvest. Check number and unit."),
            field="quantity",
            quantity=write(amount),
            unit=commodity.base_unit_vi,
        )


def _unreadable(typed: str) -> UnreadableQuantity:
    return UnreadableQuantity(
        N_("“%(typed)s” cannot be read. Write a number and a unit, such as 25,5 tấn."),
        field="quantity",
        typed=shorten(typed),
    )


def _wrong_unit(typed: str, unit: str, commodity: Commodity) -> UnreadableQuantity:
    kind = kind_of_unit(unit, commodity)
    if kind == UnitKind.HOLDER:
        return UnknownWeight(typed, unit, commodity)
    if kind == UnitKind.OTHER:
        return no_unit_of_goods(typed, commodity)
    return UnreadableQuantity(
        N_("“%(typed)s” cannot be read: %(commodity)s is counted in %(unit)s."),
        field="quantity",
        typed=shorten(typed),
        commodity=commodity.name_vi,
        unit=commodity.base_unit_vi,
    )
