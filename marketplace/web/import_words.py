"""Words for imports: states of rows, what was understood, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.domain.commodities import Commodity
from marketplace.domain.imports import RowStatus
from marketplace.models.imports import SheetRow
from marketplace.sheets.columns import MEANINGS
from marketplace.sheets.layout import PASSED
from marketplace.sheets.told import problem_from_json
from marketplace.web import formats
from marketplace.web.forms import said
from marketplace.web.listing_words import certificate_names, grade_name, place_label
from marketplace.web.lookup import world

STATUSES = {
    RowStatus.NEW: ("ok", "plus", _l("New")),
    RowStatus.CHANGE: ("info", "pen", _l("Changes a lot")),
    RowStatus.REPEAT: ("mute", "repeat", _l("Repeat, passed over")),
    RowStatus.ASKED: ("warn", "ask", _l("Please choose")),
    RowStatus.REFUSED: ("bad", "ban", _l("Refused")),
    RowStatus.PASSED: ("mute", "x", _l("Passed over")),
    RowStatus.UNREAD: ("mute", "clock", _l("Being read")),
}
FILTERS: dict[str, tuple[RowStatus, ...]] = {
    "look": (RowStatus.REFUSED, RowStatus.ASKED),
    "new": (RowStatus.NEW,),
    "change": (RowStatus.CHANGE,),
    "repeat": (RowStatus.REPEAT,),
    "passed": (RowStatus.PASSED,),
    "": (),
}
NAMES = {
    "look": _l("To look at"),
    "new": _l("New"),
    "change": _l("Changed"),
    "repeat": _l("Repeats"),
    "passed": _l("Passed over"),
    "": _l("All"),
}
BAR = (RowStatus.NEW, RowStatus.CHANGE, RowStatus.REPEAT, RowStatus.ASKED, RowStatus.REFUSED)
_DAYS = ("ready_on", "until")


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals |= {
        "row_words": row_words,
        "row_changes": row_changes,
        "problem_words": problem_words,
        "field_words": field_words,
        "choice_words": choice_words,
        "passed_words": lambda why: _(PASSED[why]),
        "filter_words": lambda name: NAMES[name],
        "import_bar": import_bar,
    }


def problem_words(problem: dict[str, Any]) -> str:
    """The reason in the reader's language."""
    return said(problem_from_json(problem).error)


def field_words(field: str) -> str:
    """What a column means, in the reader's language."""
    return str(_(MEANINGS[field])) if field in MEANINGS else ""


def choice_words(label: str) -> str:
    """An answer to choose: a text of ours in the reader's language, else as it is."""
    return str(_(label)) if label else ""


def row_words(row: SheetRow) -> list[str]:
    """What was understood of a row, in the order in which an offer is told."""
    told = row.understood
    if not told:
        return []
    good = world().catalogue.commodity(told["commodity"]) if told["commodity"] else None
    found = [formats.name(good) if good else ""]
    if good:
        found += _of_goods(told, good)
    if told["place"]:
        found.append(place_label(told["place"]))
    found += [_days(told), told["producer"], ", ".join(map(formats.phone, told["phones"]))]
    if told["certificates"]:
        found.append(certificate_names(told["certificates"]))
    return [each for each in found if each]


def _of_goods(told: dict[str, Any], good: Commodity) -> list[str]:
    unit = good.base_unit_vi
    amount = _ends(
        *(
            None if end is None else formats.quantity(end, unit)
            for end in (told["quantity_least"], told["quantity_most"])
        )
    )
    if told["per"]:
        per = {"day": _("a day"), "week": _("a week")}[told["per"]]
        amount = f"{amount} {per}"
    price = _ends(
        *(
            None if end is None else formats.per_unit(end, unit)
            for end in (told["ask_least"], told["ask_most"])
        )
    )
    grade = grade_name(good.group, told["grade"]) if told["grade"] else ""
    return [grade, amount, price]


def _ends(least: str | None, most: str | None) -> str:
    if least is None or most is None:
        if least:
            return str(_("at least %(amount)s", amount=least))
        return str(_("at most %(amount)s", amount=most)) if most else ""
    return least if least == most else f"{least} – {most}"


def _days(told: dict[str, Any]) -> str:
    first, last = (date.fromisoformat(told[name]) if told[name] else None for name in _DAYS)
    if first and last:
        return formats.day_range(first, last)
    if last:
        return str(_("until %(day)s", day=formats.day(last)))
    return str(_("from %(day)s", day=formats.day(first))) if first else ""


def row_changes(row: SheetRow) -> list[tuple[str, str, str]]:
    """What a row changes: (field, before, now)."""
    if not row.draft or not row.differs:
        return []
    good = world().catalogue.commodity(row.draft["commodity"])
    return [
        (field_words(name), _value(name, row.before.get(name), good), _value(name, value, good))
        for name in row.differs
        if (value := row.stated.get(name)) != row.before.get(name)
    ]


def _value(name: str, value: Any, good: Commodity) -> str:
    if value is None or value in ("", []):
        return "–"
    if name in _DAYS:
        return formats.day(date.fromisoformat(value))
    if name == "quantity":
        return formats.quantity(value, good.base_unit_vi)
    if name == "ask":
        return formats.per_unit(value, good.base_unit_vi)
    return _name(name, value, good)


def _name(name: str, value: Any, good: Commodity) -> str:
    if name == "place":
        return place_label(value)
    if name == "grade":
        return grade_name(good.group, value)
    if name == "certificates":
        return certificate_names(value)
    if name == "whole":
        return str(_("yes") if value else _("no"))
    return formats.name(world().catalogue.commodity(value)) if name == "commodity" else str(value)


def import_bar(counts: dict[str, int], width: int = 600) -> Sequence[tuple[str, float, float]]:
    """Pieces of a bar, (status, left, width), each wide enough to be seen."""
    held = [(status, counts[status]) for status in BAR if counts.get(status)]
    total = sum(count for _status, count in held)
    gap, least = 3.0, 6.0
    room = width - gap * (len(held) - 1) - least * len(held)
    pieces, left = [], 0.0
    for status, count in held:
        wide = least + room * count / total
        pieces.append((str(status), round(left, 1), round(wide, 1)))
        left += wide + gap
    return pieces
