"""Figures of conditions as people write them: 5 tấn, 06:00, 45 phút, 130 %."""

from __future__ import annotations

import re

from marketplace.domain.conditions import DAY
from marketplace.domain.errors import Rejected
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_

_LOAD = re.compile(r"(\d{1,7}(?:[.,]\d{1,3})?) ?(tan|t|tonnes?|kg|ky)?")
_TIME = re.compile(r"(\d{1,2})(?: ?(?:h|g|gio|:) ?(\d{2})?)?")
_WAIT = re.compile(r"(\d{1,4})(?:[.,](\d))? ?(phut|p|min(?:utes?)?|gio|h|hours?)?")
_PERCENT = re.compile(r"(\d{2,4}) ?%?")
_LARGEST_TONNES = 1_000
"""A bare number up to this is tonnes, a larger one kilograms."""


def parse_load(text: str) -> int | None:
    """Kilograms of "5 tấn", "2,5", "3500 kg"; None for an empty text. Raises `Rejected`."""
    found = _LOAD.fullmatch(fold(text))
    if not text:
        return None
    if not found:
        raise Rejected(
            N_("Write the payload of the largest vehicle that may pass, such as 5 tấn."),
            field="most",
        )
    figure, unit = found.groups()
    whole, _, part = figure.replace(",", ".").partition(".")
    thousands = len(part) == 3 and (unit or "").startswith("k")  # 3.500 kg
    amount = float(whole + part) if thousands else float(f"{whole}.{part or 0}")
    in_kilograms = (unit or "").startswith("k") or (not unit and amount > _LARGEST_TONNES)
    return round(amount if in_kilograms else 1000 * amount)


def parse_time(text: str, *, field: str) -> int | None:
    """Minutes of the day of "6", "6h30", "06:00", "24:00"; None for an empty text. Raises `Rejected`."""
    if not text:
        return None
    if found := _TIME.fullmatch(fold(text)):
        minute = 60 * int(found[1]) + int(found[2] or 0)
        if minute <= DAY and int(found[2] or 0) < 60:
            return minute
    raise Rejected(N_("Write a time of the day, such as 06:00."), field=field)


def parse_wait(text: str) -> int | None:
    """Minutes of "45", "45 phút", "1,5 giờ"; None for an empty text. Raises `Rejected`."""
    if not text:
        return None
    if found := _WAIT.fullmatch(fold(text)):
        figure, part, unit = found.groups()
        hours = (unit or "").startswith(("g", "h"))
        return round(float(f"{figure}.{part or 0}") * (60 if hours else 1))
    raise Rejected(N_("Write how many minutes a vehicle waits, a day at most."), field="minutes")


def parse_percent(text: str) -> int | None:
    """The number of "130", "130 %"; None for an empty text. Raises `Rejected`."""
    if not text:
        return None
    if found := _PERCENT.fullmatch(fold(text)):
        return int(found[1])
    raise Rejected(N_("Write a percentage, such as 130."), field="percent")


def spell_time(minute: int) -> str:
    """As `parse_time` reads it: 06:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def spell_load(kilograms: int) -> str:
    """As `parse_load` reads it: 2,5 tấn."""
    return f"{kilograms / 1000:g} tấn".replace(".", ",")
