"""Numbers as they are written in Vietnam: a dot between thousands, a comma before the fraction."""

from __future__ import annotations

import re
from decimal import Decimal

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_SPACED = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"\d+(?:,\d+)?")
_POWER = re.compile(r"(\d{1,3})[eE]\+?(\d{1,2})")
_EITHER_WAY = re.compile(r"[1-9]\d{0,2},\d{3}")
_DOT_INSIDE = re.compile(r"(\d+)\.(\d+)")
_FOREIGN = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")


def readings(written: str) -> tuple[Decimal, ...]:
    """What a number can mean: nothing, one value, or several to ask back, our own custom first.

    "1.250" is a thousand and two hundred and fifty; "1,250" is that only abroad; "25.5" is no group
    of three digits, so it is a fraction written the foreign way; "1.2500" may be a slip as well.
    """
    if _GROUPED.fullmatch(written) or _SPACED.fullmatch(written):
        return (_value(written.replace(".", "").replace(" ", "")),)
    if _EITHER_WAY.fullmatch(written):
        return (_value(written), _value(written.replace(",", "")))
    if _PLAIN.fullmatch(written):
        return (_value(written),)
    if power := _POWER.fullmatch(written):
        return (Decimal(power[1]).scaleb(int(power[2])),)
    if with_dot := _DOT_INSIDE.fullmatch(written):
        fraction = Decimal(written)
        clear = with_dot[1] == "0" or len(with_dot[2]) < 3
        return (fraction,) if clear else (fraction, Decimal("".join(with_dot.groups())))
    if _FOREIGN.fullmatch(written):
        return _foreign(written)
    return ()


def write(value: Decimal | int) -> str:
    """A number with dots between thousands and a comma before the fraction: ``1.250,5``."""
    text = f"{Decimal(value):,f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", ".") + (f",{fraction}" if fraction else "")


def plain(value: Decimal) -> str:
    """A number as it has only one reading: ``1250,5``; a nought more where ``1,250`` had two."""
    text = f"{value:f}".replace(".", ",")
    return f"{text}0" if _EITHER_WAY.fullmatch(text) else text


def _foreign(written: str) -> tuple[Decimal, ...]:
    """Commas between thousands: clear if there are several, else the comma may be our own."""
    whole, _, _ = written.partition(".")
    abroad = Decimal(written.replace(",", ""))
    return (abroad,) if whole.count(",") > 1 else (_value(whole), abroad)


def _value(plain: str) -> Decimal:
    return Decimal(plain.replace(",", "."))
