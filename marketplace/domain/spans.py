"""Spans of days as lists give them: "24/11-29/11", "7–12/2021", "cuối tháng 12", 46350."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from marketplace.domain.dates import FIRST_YEAR, LAST_YEAR, parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_

_LONGEST = 80
_DASH = r"\s*(?:-|–|—|~|\bden(?: het)?\b|\btoi\b|\bqua\b)\s*"
_MONTH = r"(?:thang|thg\.?|t\.?|th\.?)\s*"
_YEAR = r"(?:\s*(?:[/.\-]|\bnam\b)\s*(?P<year>\d{4}))?"
_PART = {"dau": (1, 10), "giua": (11, 20), "cuoi": (21, 31), "thuong tuan": (1, 10),
         "trung tuan": (11, 20), "ha tuan": (21, 31)}  # fmt: skip
_MONTHS = re.compile(
    rf"(?:(?P<part>{'|'.join(_PART)})\s*)?{_MONTH}(?P<first>\d{{1,2}})"
    rf"(?:(?:{_DASH}|\s*[,&]\s*)(?:{_MONTH})?(?P<last>\d{{1,2}}))?{_YEAR}"
)
_MONTHS_OF_YEAR = re.compile(
    rf"(?P<first>\d{{1,2}})(?:{_DASH}(?P<last>\d{{1,2}})\s*/|\s*[/.\-])\s*(?P<year>\d{{4}})"
)
_DAYS_OF_MONTH = re.compile(
    rf"(\d{{1,2}}){_DASH}(\d{{1,2}}\s*[/.\-]\s*\d{{1,2}}(?:\s*[/.\-]\s*\d{{2,4}})?)"
)
_QUARTER = re.compile(rf"(?:quy|q)\s*(?P<quarter>[1-4]|iv|i{{1,3}}){_YEAR}")
_LAST_MONTHS = {"1": 3, "2": 6, "3": 9, "4": 12, "i": 3, "ii": 6, "iii": 9, "iv": 12}
_SINCE = re.compile(r"^(?:ke tu|bat dau tu|bat dau|sau|tu)\s+(?:ngay\s+)?")
_UNTIL = re.compile(r"^(?:den het|toi het|den|toi|het|truoc|han)\s+(?:ngay\s+)?")
_LUNAR = re.compile(r"\b(?:am lich|al)\b|\((?:am|al)\)|\btet\b")
_LONGEST_SPAN = timedelta(days=200)
"""Of two days without a year: 24/12–5/1 goes over the year's end, 29/11–24/11 is a slip."""
_NOW = {"nay", "hien nay", "hien tai", "bay gio", "dang thu hoach", "san co", "co san", "ngay"}
_ALWAYS = {"quanh nam", "thuong xuyen", "hang ngay", "hang tuan", "lien tuc", "moi ngay"}
_FIRST_SERIAL, _DAY_ZERO = date(FIRST_YEAR, 1, 1), date(1899, 12, 30)


@dataclass(frozen=True)
class Span:
    """From the first to the last day; None where nobody said."""

    first: date | None
    last: date | None


class AmbiguousDay(Rejected):
    """It can be one day or another: ``days``."""

    def __init__(self, typed: str, days: tuple[date, ...], field: str) -> None:
        super().__init__(
            N_("“%(typed)s” can be %(list)s. Choose one."),
            field=field,
            typed=shorten(typed, 40),
            list=" / ".join(spell_day(day) for day in days),
        )
        self.days = days


def spell_day(day: date) -> str:
    """``24/11/2026``, as `parse_span` and `parse_date` read it back."""
    return f"{day:%d/%m/}{day.year:04}"


def spell_span(span: Span) -> str:
    """``24/11/2026 – 29/11/2026``, ``từ 24/11/2026``, ``đến 29/11/2026``, or nothing."""
    if span.first and span.last:
        one, other = spell_day(span.first), spell_day(span.last)
        return one if one == other else f"{one} – {other}"
    if span.first:
        return f"từ {spell_day(span.first)}"
    return f"đến {spell_day(span.last)}" if span.last else ""


def day_of_number(number: Decimal, today: date, *, field: str = "date") -> date:
    """The day that a spreadsheet holds as a number: its own count, or "24.11" that it took for one.

    Raises `AmbiguousDay` for 24.1, of which it has forgotten whether it was 24.10.
    """
    whole = int(number)
    if number != whole:
        written = (f"{number:f}", f"{number:f}0")
        days = tuple(filter(None, (_one(text, today, field) for text in written)))
        if len(set(days)) > 1:
            raise AmbiguousDay(written[0], days, field)
        if days:
            return days[0]
    if number == whole and _day(whole) >= _FIRST_SERIAL and _day(whole).year <= LAST_YEAR:
        return _day(whole)
    if re.fullmatch(r"20\d{6}", str(whole)) and number == whole:
        text = str(whole)
        return parse_date(f"{text[:4]}-{text[4:6]}-{text[6:]}", _FIRST_SERIAL, field=field)
    raise _no_day(f"{number:f}", field)


def parse_span(text: str, today: date, *, field: str = "date") -> Span:
    """The days that are meant. Raises `Rejected` for what is none, and for days of the moon's calendar."""
    typed = clean(text)
    folded = fold(typed).strip(" .;,") if len(typed) <= _LONGEST else ""
    if _LUNAR.search(folded):
        raise Rejected(
            N_("“%(typed)s” is not a date of the solar calendar. Write, for example, 24/11/2026."),
            field=field,
            typed=shorten(typed, 40),
        )
    for span in _readings(folded, today, field):
        if span.first and span.last and span.first > span.last:
            break
        return span
    raise _no_day(typed, field)


def _readings(folded: str, today: date, field: str) -> Iterator[Span]:
    """Every way of writing that fits, the most certain first."""
    if folded in _NOW or folded in _ALWAYS:
        yield Span(today if folded in _NOW else None, None)
    if re.fullmatch(r"\d{5}|20\d{6}", folded):
        day = day_of_number(Decimal(folded), today, field=field)
        yield Span(day, day)
    bare = re.sub(r"^(?:tu|trong|vao)\s+(?:ngay\s+)?", "", folded)
    if months := _MONTHS_OF_YEAR.fullmatch(bare) or _MONTHS.fullmatch(bare):
        yield from _months(months, today)
    if quarter := _QUARTER.fullmatch(bare):
        until = _LAST_MONTHS[quarter["quarter"]]
        written = f"thang {until - 2} - {until}" + (
            f"/{quarter['year']}" if quarter["year"] else ""
        )
        if months := _MONTHS.fullmatch(written):
            yield from _months(months, today)
    if days := _DAYS_OF_MONTH.fullmatch(bare):
        end = _one(days[2], today, field)
        if end and end.day >= int(days[1]) > 0:
            yield Span(end.replace(day=int(days[1])), end)
    if exact := _one(folded, today, field):
        yield Span(exact, exact)
    yield from _from_one_to_another(bare, today, field)
    if _SINCE.match(folded) and (first := _start(_SINCE.sub("", folded), today, field)):
        yield Span(first + timedelta(days=folded.startswith("sau")), None)
    if _UNTIL.match(folded) and (last := _end(_UNTIL.sub("", folded), today, field)):
        yield Span(None, last - timedelta(days=folded.startswith("truoc")))


def _from_one_to_another(bare: str, today: date, field: str) -> Iterator[Span]:
    """Two days or months with a dash between them; the first takes its year from the second."""
    for dash in re.finditer(_DASH, bare):
        left, right = bare[: dash.start()], bare[dash.end() :]
        last = _end(right, today, field)
        first = last and _start(left, today, field)
        if not first or not last:
            continue
        if not re.search(r"\d{4}|[/.\-]\d{1,2}[/.\-]\d{2}$", left):
            first = _before(first, last)
        yield Span(first, last)


def _before(first: date, last: date) -> date:
    """The last such day that is not after ``last``: 24/12 - 5/1/2027 begins in 2026."""
    for year in (last.year, last.year - 1):
        if first.day <= monthrange(year, first.month)[1]:
            moved = first.replace(year=year)
            if moved <= last and last - moved <= _LONGEST_SPAN:
                return moved
    return first


def _start(text: str, today: date, field: str) -> date | None:
    month = _MONTHS.fullmatch(text)
    spans = list(_months(month, today)) if month else []
    return spans[0].first if spans else _one(text, today, field)


def _end(text: str, today: date, field: str) -> date | None:
    month = _MONTHS.fullmatch(text) or _MONTHS_OF_YEAR.fullmatch(text)
    spans = list(_months(month, today)) if month else []
    return spans[0].last if spans else _one(text, today, field)


def _months(found: re.Match[str], today: date) -> Iterator[Span]:
    """Whole months, or a third of one."""
    groups = found.groupdict()
    first, last = int(groups["first"]), int(groups["last"] or groups["first"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return
    year = int(groups["year"]) if groups["year"] else _year_of(last, today)
    if not FIRST_YEAR < year <= LAST_YEAR:
        return
    start, end = _PART.get(groups.get("part") or "", (1, 31))
    yield Span(
        date(year - (first > last), first, start),
        date(year, last, min(end, monthrange(year, last)[1])),
    )


def _year_of(month: int, today: date) -> int:
    """The next such month, unless it has passed within the last three, as for days."""
    back = (today.year * 12 + today.month - 1) - 3
    year = back // 12
    return year if year * 12 + month - 1 > back else year + 1


def _one(text: str, today: date, field: str) -> date | None:
    try:
        return parse_date(text, today, field=field)
    except Rejected:
        return None


def _day(serial: int) -> date:
    return _DAY_ZERO + timedelta(days=min(max(serial, 0), 80_000))


def _no_day(typed: str, field: str) -> Rejected:
    return Rejected(
        N_("There is no date %(typed)s. Write, for example, 24/11/2026."),
        field=field,
        typed=shorten(typed, 40),
    )
