"""Plans of production: what a locality means to harvest of a commodity, week by week.

A plan is no offer: nothing is sold from it. It stands beside what is offered and sold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Forbidden, Rejected, check_all
from marketplace.domain.listings import check_text
from marketplace.domain.quantities import MOST_KILOGRAMS, MOST_PIECES, parse_quantity
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_

WEEK = timedelta(days=7)
WEEKS_BACK, WEEKS_AHEAD = 26, 60
"""Around this week; weeks that are further away cannot be planned."""
MOST_WEEKS = 53
"""Of one look or one entry: a year."""
USUAL_WEEKS = 16
MOST_GOODS = 200
SOURCE_LENGTH, NOTE_LENGTH = 200, 500

_WEEK_NUMBER = re.compile(r"(?:tuan|week|t|w|kw)\s*(\d{1,2})(?:\s*[/-]\s*(\d{4}))?")
_SPLIT = re.compile(r"\t|;|\s{2,}")
_SUMS = {"tong", "tong cong", "cong", "total", "sum"}
_NOTHING = {"", "-", "–", "—", "x"}


@dataclass(frozen=True, kw_only=True)
class SeasonDraft:
    """What a locality plans of one commodity, by week (its Monday).

    ``weeks`` are base units; None takes the week's plan back, 0 says that nothing is expected.
    """

    locality: str
    commodity: str
    weeks: Mapping[date, int | None]
    source: str = ""
    note: str = ""


def monday(day: date) -> date:
    """Of the day's week."""
    return day - timedelta(days=day.weekday())


def weeks_from(first: date, number: int) -> tuple[date, ...]:
    """So many Mondays, from that of ``first`` on."""
    start = monday(first)
    return tuple(start + WEEK * n for n in range(number))


def may_plan(actor: Actor | None, locality: str) -> bool:
    """Departments plan for their own locality."""
    return actor is not None and actor.role is Role.OFFICER and actor.locality == locality


def check_season(draft: SeasonDraft, catalogue: Catalogue, today: date, *, actor: Actor) -> None:
    """Raise `Forbidden` for another locality's plan, `Rejected` for all that breaks a rule.

    What is wrong with a week is said at the field named after it: `week-2026-11-23`.
    """
    if not may_plan(actor, draft.locality):
        raise Forbidden(N_("Only the department of a locality plans its production."))
    good = catalogue.commodity(draft.commodity)
    check_all(
        *(
            lambda week=week, quantity=quantity: check_week(week, quantity, good, today)
            for week, quantity in draft.weeks.items()
        ),
        lambda: _check_number(draft),
        lambda: check_text(draft.source, SOURCE_LENGTH, field="source"),
        lambda: check_text(draft.note, NOTE_LENGTH, field="note"),
    )


def check_week(week: date, quantity: int | None, good: Commodity, today: date) -> None:
    """Raise `Rejected` unless it is a Monday that is near enough, with a quantity that can be."""
    this = monday(today)
    if week != monday(week) or not this - WEEK * WEEKS_BACK <= week <= this + WEEK * WEEKS_AHEAD:
        raise Rejected(N_("This week cannot be planned."), field=field_of(week))
    most = MOST_KILOGRAMS if good.base_unit == "kg" else MOST_PIECES
    if quantity is not None and not 0 <= quantity <= most:
        raise Rejected(N_("This is more than can be harvested."), field=field_of(week))


def _check_number(draft: SeasonDraft) -> None:
    if len(draft.weeks) > MOST_WEEKS:
        raise Rejected(
            N_("At most %(most)s weeks can be planned at once."), field="pasted", most=MOST_WEEKS
        )


def field_of(week: date) -> str:
    """The field of a week in a form."""
    return f"week-{week.isoformat()}"


def units_of(good: Commodity) -> tuple[str, ...]:
    """In which a plan may be written without saying so each time; the usual one first."""
    return ("tấn", "kg") if good.base_unit == "kg" else (good.base_unit_vi,)


def read_cell(typed: str, unit: str, good: Commodity) -> int | None:
    """Base units; None for an empty cell. A number without a unit is of ``unit``. Raises `Rejected`."""
    text = clean(typed)
    if fold(text) in _NOTHING:
        return None
    if re.fullmatch(r"0+(?:[.,]0+)?\s*\D*", text):
        return 0
    bare = re.fullmatch(r"[\d.,\s]+", text)
    return parse_quantity(f"{text} {unit}" if bare else text, good)


def read_pasted(text: str, first: date, today: date) -> dict[date, str]:
    """What was pasted, as the text of each week's cell.

    Understood are lines of a week and a quantity ("30/11/2026 → 12 tấn", "Tuần 49 → 12"), a line of
    weeks above a line of quantities, and quantities alone, which are those of ``first`` and the weeks
    after it. Raises `Rejected` (field `pasted`) for anything else.
    """
    rows = [_cells(line) for line in text.splitlines() if clean(line)]
    if not rows:
        raise Rejected(N_("Paste weeks and quantities first."), field="pasted")
    if len(rows) >= 2 and len(rows[0]) > 2:
        return _side_by_side(rows, today)
    if all(len(row) == 2 for row in rows) and _week_or_none(rows[-1][0], today) is not None:
        body = rows if _week_or_none(rows[0][0], today) else rows[1:]
        return _once((_week(row[0], today), row[1]) for row in body)
    cells = rows[0] if len(rows) == 1 else [row[0] for row in rows if len(row) == 1]
    if len(rows) > 1 and len(cells) != len(rows):
        raise _unreadable(rows[0])
    return dict(zip(weeks_from(first, len(cells)), cells, strict=True))


def read_matrix(text: str, today: date) -> list[tuple[str, dict[date, str]]]:
    """What was pasted of several goods: a line of weeks, and below it a line for each of the goods.

    The text of each cell by goods (as written) and week; lines of sums and empty ones are passed over.
    Raises `Rejected` (field `pasted`).
    """
    rows = [_cells(line) for line in text.splitlines() if clean(line)]
    weeks = [_week_or_none(cell, today) for cell in rows[0][1:]] if rows else []
    if len(rows) < 2 or not any(weeks):
        raise Rejected(
            N_("Paste a line of weeks, and below it a line for each of the goods."), field="pasted"
        )
    if len(rows) > MOST_GOODS:
        raise Rejected(
            N_("At most %(most)s lines can be pasted at once."), field="pasted", most=MOST_GOODS
        )
    _once((week, "") for week in weeks if week is not None)
    found = []
    for row in rows[1:]:
        cells = zip(weeks, [*row[1:], *[""] * len(weeks)], strict=False)
        if row[0] and fold(row[0]) not in _SUMS:
            found.append((row[0], {week: cell for week, cell in cells if week is not None}))
    if not found:
        raise _unreadable(rows[1])
    return found


def _cells(line: str) -> list[str]:
    return [clean(cell) for cell in _SPLIT.split(line.strip("\r\n"))]


def _side_by_side(rows: Sequence[Sequence[str]], today: date) -> dict[date, str]:
    """A line of weeks and one of quantities; what stands before them in both says what they are."""
    weeks = [_week_or_none(cell, today) for cell in rows[0]]
    if len(rows) != 2 or not any(weeks):
        raise _unreadable(rows[0])
    pairs = zip(weeks, [*rows[1], *[""] * len(weeks)], strict=False)
    return _once((week, cell) for week, cell in pairs if week is not None)


def _once(pairs: object) -> dict[date, str]:
    found: dict[date, str] = {}
    for week, cell in pairs:  # type: ignore[attr-defined]
        if week in found:
            raise Rejected(
                N_("The week of %(date)s stands there twice."), field="pasted", date=week
            )
        found[week] = cell
    return found


def _week(cell: str, today: date) -> date:
    week = _week_or_none(cell, today)
    if week is None:
        raise _unreadable([cell])
    return week


def _week_or_none(cell: str, today: date) -> date | None:
    """The Monday of a day ("30/11") or of a numbered week ("Tuần 49", "W49/2026")."""
    numbered = _WEEK_NUMBER.fullmatch(fold(cell))
    try:
        if numbered:
            return _numbered(int(numbered[1]), numbered[2], today)
        return monday(parse_date(re.split(r"\s*(?:–|—|->|\bđến\b| - )\s*", cell)[0], today))
    except (Rejected, ValueError):
        return None


def _numbered(number: int, year: str | None, today: date) -> date:
    """Without a year the one that is nearest to today."""
    if year:
        return date.fromisocalendar(int(year), number, 1)
    found = []
    for candidate in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date.fromisocalendar(candidate, number, 1))
        except ValueError:
            continue
    return min(found, key=lambda week: abs(week - today))


def _unreadable(cells: Sequence[str]) -> Rejected:
    return Rejected(
        N_("“%(typed)s”: paste a column of weeks beside a column of quantities."),
        field="pasted",
        typed=shorten(" ".join(cells), 60),
    )
