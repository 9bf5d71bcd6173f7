"""How figures and dates are written on pages: `12.500 ₫/kg`, `25,5 tấn`, “thứ Tư, 25/11”.

Each function is a template filter of the same name. Spaces inside a figure do not break.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from marketplace import clock
from marketplace.domain.accounts import written_phone

NBSP = "\u00a0"
RANGE = f"{NBSP}–{NBSP}"
TONNE = 1000
PIECES = {
    "lít": "litres",
    "con": "head",
    "trái": "fruits",
    "trứng": "eggs",
    "cây": "plants",
    "cuộn": "rolls",
    "chậu": "pots",
}
"""English words for the units that the catalogue names in Vietnamese."""


def init_app(app: Flask) -> None:
    """Make every format a filter, and tell templates what day it is."""
    for filter_ in (
        number, signed, money, per_unit, short_money, quantity, tonnes, tonne_unit, percent, unit,
        day, long_day, day_range, moment, time, days_left, hours_left, km, hours, band,
        name, vehicles, phone,
    ):  # fmt: skip
        app.add_template_filter(filter_)
    app.jinja_env.globals["today"] = clock.today
    app.jinja_env.globals["now"] = clock.now


def number(value: float | Decimal, digits: int = 0) -> str:
    """`12.500`, `25,5`: at most so many digits behind the comma, rounded half up."""
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value)).quantize(step, ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return format_decimal(rounded, pattern, locale=_language())


def signed(value: float, digits: int = 0) -> str:
    """`+3.300`, `−40`, `0`: with a sign that is not a hyphen."""
    text = number(abs(value), digits)
    if text == "0":
        return text
    return ("+" if value > 0 else "−") + text


def money(dong: int) -> str:
    """`128.250.000 ₫`."""
    return f"{number(dong)}{NBSP}₫"


def per_unit(dong: int, base_unit: str = "kg") -> str:
    """`12.500 ₫/kg`, `1.850.000 ₫/con`."""
    return f"{number(dong)}{NBSP}₫/{unit(base_unit)}"


def short_money(dong: int) -> str:
    """`4,02 tỷ ₫`, `350 triệu ₫`, for headings that a detail follows.

    Thousands of millions have two decimals, so that a value and the bound above it differ.
    """
    if abs(dong) >= 10**9:
        return _unbroken(gettext("%(amount)s billion ₫", amount=number(dong / 10**9, 2)))
    if abs(dong) >= 10**6:
        return _unbroken(gettext("%(amount)s million ₫", amount=_three_figures(dong / 10**6)))
    return money(dong)


def quantity(amount: int, base_unit: str = "kg", digits: int = 3) -> str:
    """`25,5 tấn` from a tonne up, `850 kg` below, `40.000 trứng`; exact unless fewer digits do."""
    if base_unit == "kg" and abs(amount) >= TONNE:
        heavy = number(Decimal(amount) / TONNE, digits)
        if heavy == "1":
            return _unbroken(gettext("1 tonne"))
        return _unbroken(gettext("%(amount)s tonnes", amount=heavy))
    return f"{number(amount)}{NBSP}{unit(base_unit)}"


def tonnes(kilograms: float, digits: int = 0) -> str:
    """The number alone, where the column says tonnes."""
    return number(Decimal(str(kilograms)) / TONNE, digits)


def tonne_unit(kilograms: float, digits: int = 0) -> str:
    """The word that stands after `tonnes` of the same figure: “tonne” after 1."""
    return str(gettext("tonne") if tonnes(kilograms, digits) == "1" else gettext("tonnes"))


def unit(base_unit: str) -> str:
    """The word for one base unit in the reader's language."""
    return base_unit if _language() == "vi" else PIECES.get(base_unit, base_unit)


def percent(share: float, digits: int = 1) -> str:
    """`98,6 %` of a share of one."""
    return f"{number(share * 100, digits)}{NBSP}%"


def band(low: int, high: int, base_unit: str = "kg") -> str:
    """`300 – 600 ₫/kg`."""
    return f"{number(low)}{RANGE}{per_unit(high, base_unit)}"


def day(on: date) -> str:
    """`24/11/2026`, in both languages: it is what people here write."""
    return on.strftime("%d/%m/%Y")


def long_day(on: date) -> str:
    """“thứ Tư, 25/11”, with the year where it is not this one."""
    year = "" if on.year == clock.today().year else f"/{on.year}"
    return f"{_weekday(on)},{NBSP}{on.day}/{on.month}{year}"


def day_range(first: date, last: date) -> str:
    """`25/11/2026`, `25 – 27/11/2026`, `28/11 – 02/12/2026`."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%d}{RANGE}{day(last)}"
    start = f"{first:%d/%m}" if first.year == last.year else day(first)
    return f"{start}{RANGE}{day(last)}"


def moment(at: datetime) -> str:
    """“11:20 thứ Tư, 25/11”, as the clocks here show it."""
    here = at.astimezone(clock.HERE)
    return f"{here:%H:%M} {long_day(here.date())}"


def time(at: datetime) -> str:
    """`11:20`, as the clocks here show it."""
    return f"{at.astimezone(clock.HERE):%H:%M}"


def days_left(last: date, today: date | None = None) -> str:
    """“Còn 3 ngày”, “Hôm nay là ngày cuối”, “Đã quá 2 ngày”."""
    left = (last - (today or clock.today())).days
    if left > 0:
        return str(ngettext("%(num)s day left", "%(num)s days left", left))
    if left == 0:
        return str(gettext("Last day today"))
    return str(ngettext("%(num)s day over", "%(num)s days over", -left))


def hours_left(at: datetime, now: datetime | None = None) -> str:
    """“còn 19 giờ”, “còn 1 giờ 40 phút”, “đã hết hạn”: minutes only where they matter."""
    left = at - (now or clock.now())
    if left <= timedelta(0):
        return str(gettext("time is up"))
    minutes = int(left.total_seconds() // 60)
    if minutes >= 48 * 60:
        return str(ngettext("%(num)s day left", "%(num)s days left", minutes // 1440).lower())
    if minutes >= 10 * 60:
        return str(ngettext("%(num)s hour left", "%(num)s hours left", minutes // 60))
    whole, rest = divmod(minutes, 60)
    return str(gettext("%(hours)s h %(minutes)s min left", hours=whole, minutes=rest))


def name(thing: Any) -> str:
    """The name of a good, group, grade … in the reader's language."""
    return str(thing.name_vi if _language() == "vi" else thing.name_en)


def vehicles(trips: str) -> str:
    """`2 chuyến xe 28 tấn, 1 chuyến ghe 20 tấn` of "28t*2+boat20t*1"."""
    parts = []
    for part in filter(None, trips.split("+")):
        size, _, count = part.partition("*")
        heavy = number(Decimal(size.removeprefix("boat").rstrip("t")), 1)
        parts.append(_trips(int(count or 1), heavy, by_boat=size.startswith("boat")))
    return ", ".join(parts)


def _trips(count: int, heavy: str, *, by_boat: bool) -> str:
    words = (
        ngettext(
            "%(num)s trip of a %(size)s t boat",
            "%(num)s trips of a %(size)s t boat",
            count,
            size=heavy,
        )
        if by_boat
        else ngettext(
            "%(num)s trip of a %(size)s t truck",
            "%(num)s trips of a %(size)s t truck",
            count,
            size=heavy,
        )
    )
    return str(words)


def km(distance: float) -> str:
    """`187 km`; below ten with one digit."""
    return f"{number(distance, 1 if distance < 10 else 0)}{NBSP}km"


def hours(duration: float) -> str:
    """`3 giờ`, `2 giờ 45 phút`, `40 phút` of hours with a fraction, to five minutes."""
    minutes = round(duration * 12) * 5
    whole, rest = divmod(minutes, 60)
    parts = []
    if whole:
        parts.append(_unbroken(ngettext("%(num)s hour", "%(num)s hours", whole)))
    if rest or not whole:
        parts.append(_unbroken(gettext("%(minutes)s minutes", minutes=rest)))
    return " ".join(parts)


def _language() -> str:
    return str(get_locale() or "vi")


def _unbroken(text: str) -> str:
    return text.replace(" ", NBSP)


def _weekday(on: date) -> str:
    name = format_date(on, "EEEE", locale=_language())
    return name[0].lower() + name[1:] if _language() == "vi" else name


def _three_figures(value: float) -> str:
    return number(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)


def phone(number: str) -> str:
    """`0912 345 678`, unbroken; links keep the international form."""
    return written_phone(number).replace(" ", NBSP)
