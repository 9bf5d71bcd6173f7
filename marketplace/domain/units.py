"""Words that stand for units: what measures goods, what only holds them, and what is neither.

The spellings are those of real lists; tone marks are not needed to read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum

from marketplace.domain.commodities import Commodity
from marketplace.domain.text import fold

MASSES = {
    **dict.fromkeys(("g", "gr", "gam", "gram"), Decimal("0.001")),
    "lang": Decimal("0.1"),
    **dict.fromkeys(("kg", "kgs", "kilo", "kilogam", "kilogram", "ki lo", "ki", "ky"), Decimal(1)),
    "yen": Decimal(10),
    "ta": Decimal(100),
    **dict.fromkeys(("tan", "t", "tonne", "tonnes", "ton", "tons"), Decimal(1_000)),
}
"""Kilograms."""
COUNTS = {
    **dict.fromkeys(("nghin", "ngan", "thien"), 1_000),
    "van": 10_000,
    "trieu": 1_000_000,
    "ty": 1_000_000_000,
}
_PIECES = {
    "con": ("con",),
    "trứng": ("trung", "hot", "qua", "trai"),
    "trái": ("trai", "qua"),
    "cây": ("cay", "goc"),
    "cuộn": ("cuon",),
    "chậu": ("chau",),
    "lít": ("lit", "l", "litre", "liter"),
}
_HOLDERS = {
    "bao", "bich", "bo", "bup", "bap", "buong", "cai", "can", "canh", "cap", "cay", "chai", "chau",
    "chiec", "chuc", "chum", "con", "cont", "container", "cu", "cuon", "doi", "ea", "ghe", "gia", "gio",
    "goc", "goi", "ho", "hop", "hot", "hu", "ket", "khay", "la", "lit", "lo", "loc", "lon", "mieng", "mo",
    "o", "phan", "qua", "quay", "ro", "sot", "tau", "thau", "thung", "to", "trai", "trung", "tui", "vat",
    "vi", "xap", "xe", "xo",
}  # fmt: skip
_MEASURES_OTHERS = {
    "lan", "ngay", "tuan", "thang", "nam", "vu", "phut", "cong", "cong dat", "ha", "hecta", "m2", "m3", "m",
    "met", "km", "sao", "mau", "ao", "vuon", "thua", "ho dan", "nguoi", "dong", "vnd", "d", "usd", "%",
}  # fmt: skip


class UnitKind(Enum):
    """What a word can say of an amount of goods."""

    MEASURE = "measure"  # kg, tạ, con, trứng: such goods are counted in it
    HOLDER = "holder"  # bó, thùng, giạ: only whoever fills it knows how much it is
    OTHER = "other"  # ngày, lần, công đất: no amount of goods
    UNKNOWN = "unknown"


def kind_of_unit(unit: str, commodity: Commodity) -> UnitKind:
    """What a word says of an amount of these goods: a trái of coconuts counts them, one of mangoes not."""
    folded = fold(unit).strip(" .")
    if not folded:
        return UnitKind.UNKNOWN
    if sizes_of(folded, commodity):
        return UnitKind.MEASURE
    first = folded.split()[0]
    if folded in _MEASURES_OTHERS or first in _MEASURES_OTHERS or "/" in folded:
        return UnitKind.OTHER
    return UnitKind.HOLDER if first in _HOLDERS else UnitKind.UNKNOWN


def one_unit(unit: str, commodity: Commodity) -> str:
    """One of "quả / trái", folded, where both mean the same; else the unit as it is, folded."""
    folded = fold(unit)
    words = [word.strip(" .") for word in folded.split("/")]
    sizes = {sizes_of(word, commodity) for word in words}
    kinds = {kind_of_unit(word, commodity) for word in words}
    return words[0] if len(sizes) == 1 and len(kinds) == 1 else folded


def sizes_of(unit: str, commodity: Commodity) -> tuple[Decimal, ...]:
    """Base units in one unit, folded. Several where a word means several things."""
    count, _, rest = unit.partition(" ")
    if count in COUNTS:
        base = sizes_of(rest, commodity) if rest else _bare_count(commodity)
        return tuple(COUNTS[count] * size for size in base)
    if commodity.base_unit == "kg":
        return _mass_sizes(unit, commodity)
    if unit.startswith("chuc"):
        of = unit.removeprefix("chuc").strip()
        return _chuc(commodity) if not of or of in _pieces(commodity) else ()
    if unit in ("cap", "doi") and commodity.base_unit == "piece":
        return (Decimal(2),)
    return (Decimal(1),) if unit in _pieces(commodity) else ()


def _bare_count(commodity: Commodity) -> Sequence[Decimal]:
    """A thousand eggs need no further word; a thousand of rice does."""
    return () if commodity.base_unit == "kg" else (Decimal(1),)


def _mass_sizes(unit: str, commodity: Commodity) -> tuple[Decimal, ...]:
    """A tạ is 100 kg, but goods that are priced by a tạ of 60 kg are also weighed by it."""
    if unit not in MASSES:
        return ()
    size = MASSES[unit]
    own = Decimal(commodity.base_units_per_price_unit)
    if unit == "ta" and fold(commodity.price_unit).startswith("vnd/ta") and own != size:
        return (own, size)
    return (size,)


def _chuc(commodity: Commodity) -> tuple[Decimal, ...]:
    """Ten, or twelve for goods that are sold by the dozen under the same word."""
    if fold(commodity.price_unit).startswith("vnd/chuc"):
        return (Decimal(commodity.base_units_per_price_unit),)
    return (Decimal(10), Decimal(12))


def _pieces(commodity: Commodity) -> tuple[str, ...]:
    own = fold(commodity.base_unit_vi)
    return _PIECES.get(commodity.base_unit_vi, (own,))
