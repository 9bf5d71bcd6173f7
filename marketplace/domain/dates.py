"""Days as people write them: 24/11/2026, 24/11, 2026-11-24, mai."""

from __future__ import annotations

import re
from datetime import date, timedelta

from marketplace.domain.errors import Rejected
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_

FIRST_YEAR, LAST_YEAR = 2000, 2099

_LONGEST = 40
_LOOKS_BACK = timedelta(days=90)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = {"hom qua": -1, "hom nay": 0, "nay": 0, "today": 0, "mai": 1, "ngay mai": 1, "tomorrow": 1}


def parse_date(text: str, today: date, *, field: str = "date") -> date:
    """The day that is meant. Raises `Rejected` if there is none such; past days are no business here.

    A day without its year is the next such day, unless it has passed within the last three months.
    """
    typed = clean(text)
    plain = fold(typed).removeprefix("ngay ") if len(typed) <= _LONGEST else ""
    if plain in _NAMED:
        return today + timedelta(days=_NAMED[plain])
    try:
        if iso := _ISO.fullmatch(plain):
            return _day(*(int(part) for part in iso.groups()))
        if written := _DAY_FIRST.fullmatch(plain):
            day, month = int(written[1]), int(written[2])
            if written[3]:
                return _day(int(written[3]) + (2000 if len(written[3]) == 2 else 0), month, day)
            return _nearest(day, month, today)
    except ValueError:
        pass
    raise Rejected(
        N_("There is no date %(typed)s. Write, for example, 24/11/2026."),
        field=field,
        typed=shorten(typed, 40),
    )


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    return date(year, month, day)


def _nearest(day: int, month: int, today: date) -> date:
    years = (today.year - 1, today.year, today.year + 1, today.year + 2, today.year + 3)
    for year in years:
        if (month, day) == (2, 29) and not _is_leap(year):
            continue
        if (found := date(year, month, day)) >= today - _LOOKS_BACK:
            return found
    raise ValueError(day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
