"""What a price may have meant, in the words of the choices that are offered."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.domain.bare_prices import PerhapsEach, Reading
from marketplace.web.formats import per_unit


def price_for(reading: Reading, base_unit: str) -> str:
    """`2.500 ₫/trứng`, `25.000 ₫/chục = 2.500 ₫/trứng`."""
    said, exact = per_unit(reading.amount, reading.unit), per_unit(reading.price, base_unit)
    return exact if reading.unit == base_unit else f"{said} = {exact}"


def price_of_each(error: PerhapsEach, base_unit: str) -> str:
    """`5.500.000 ₫/con = 56.122 ₫/kg`, as far as that is known."""
    said = per_unit(error.amount, error.piece)
    return said if error.share is None else f"{said} = {per_unit(error.share, base_unit)}"


def prices_meant(price: int, meant: int | None, unit: str) -> list[tuple[str, str]]:
    """The price without the slip, if one can tell, and the price as it was typed."""
    found = [(str(price), _("It really is %(price)s", price=per_unit(price, unit)))]
    if meant is not None:
        found.insert(0, (str(meant), _("Correct it to %(price)s", price=per_unit(meant, unit))))
    return found
