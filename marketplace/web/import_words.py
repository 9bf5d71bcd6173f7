"""Words for imports: states of rows, what was understood, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.domain.addresses import former_name_in
from marketplace.domain.commodities import Commodity
from marketplace.domain.imports import RowStatus
from marketplace.domain.listings import Side
from marketplace.models.imports import SheetRow
from marketplace.services.imports import Question
from marketplace.sheets.columns import MEANINGS, ONLY_LOTS, ONLY_NEEDS
from marketplace.sheets.layout import PASSED
from marketplace.sheets.message import COLUMNS
from marketplace.sheets.need_drafts import column_of
from marketplace.sheets.problems import UNIT_MISSING, UNIT_WEIGHT
from marketplace.sheets.told import problem_from_json
from marketplace.web import formats
from marketplace.web.forms import said
from marketplace.web.listing_words import certificate_names, grade_name, place_label
from marketplace.web.lookup import world

STATUSES = {
    RowStatus.NEW: ("ok", "plus", _l("New")),
    RowStatus.CHANGE: ("info", "pen", _l("Changes")),
    RowStatus.REPEAT: ("mute", "repeat", _l("Repeat, passed over")),
    RowStatus.ASKED: ("warn", "ask", _l("Please choose")),
    RowStatus.REFUSED: ("bad", "ban", _l("Refused")),
    RowStatus.PASSED: ("mute", "x", _l("Passed over")),
    RowStatus.UNREAD: ("mute", "clock", _l("Being read")),
}
FILTERS: dict[str, tuple[RowStatus, ...]] = {
    "refused": (RowStatus.REFUSED,),
    "asked": (RowStatus.ASKED,),
    "new": (RowStatus.NEW,),
    "change": (RowStatus.CHANGE,),
    "repeat": (RowStatus.REPEAT,),
    "passed": (RowStatus.PASSED,),
    "": (),
}
NAMES = {
    "refused": _l("Refused"),
    "asked": _l("Please choose"),
    "new": _l("New"),
    "change": _l("Changed"),
    "repeat": _l("Repeats"),
    "passed": _l("Passed over"),
    "": _l("All"),
}
OF_NEEDS = {
    "ask": _l("Highest price, delivered"),
    "grade": _l("Lowest grade"),
    "place": _l("Place of delivery"),
    "producer": _l("Who wants it"),
    "ready_on": _l("First day of delivery"),
    "until": _l("Last day of delivery"),
}
"""What columns of a sheet of needs mean, where that is something else than of lots."""
BAR = (RowStatus.NEW, RowStatus.CHANGE, RowStatus.REPEAT, RowStatus.ASKED, RowStatus.REFUSED)
WHOLE_LINE = COLUMNS["line"]
_DAYS = ("ready_on", "from_on", "until")
_AMOUNTS = ("quantity", "quantity_most", "quantity_least", "min_quantity")
_PRICES = ("ask", "bid")
_MOST_NUMBERS = 8
_YES_OR_NO = ("whole", "splits", "bid_sealed")
_FIELDS = {
    "quantity_most": _l("Quantity at most"),
    "quantity_least": _l("Quantity at least"),
    "bid_sealed": _l("Price kept sealed"),
}
"""Fields of drafts that no column of their own states."""


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals |= {
        "raw_words": raw_words,
        "row_words": row_words,
        "row_changes": row_changes,
        "problem_words": problem_words,
        "question_words": question_words,
        "field_words": field_words,
        "answer_words": answer_words,
        "unread_words": unread_words,
        "kept_words": kept_words,
        "meanings": meanings,
        "passed_words": lambda why: _(PASSED[why]),
        "filter_words": lambda name: NAMES[name],
        "import_bar": import_bar,
    }


def problem_words(problem: dict[str, Any]) -> str:
    """The reason in the reader's language, without the answers that stand below it."""
    error = problem_from_json(problem).error
    if problem["code"] == "place_ambiguous" and problem["candidates"]:
        typed = error.params.get("typed", "")
        return str(_("Several places are called “%(typed)s”. Which one?", typed=typed))
    if problem["code"] == "commodity_ambiguous" and len(problem["candidates"]) > 1:
        return str(_("Which goods are “%(typed)s”?", typed=error.params.get("typed", "")))
    return said(error)


def question_words(question: Question) -> str:
    """What is asked of all its rows: of numbers without a unit, whatever each of them is."""
    if question.problem["code"] != UNIT_MISSING:
        return problem_words(question.problem)
    typed = list(dict.fromkeys(each.problem["params"]["typed"] for each in question.asking))
    numbers = "; ".join(typed[:_MOST_NUMBERS]) + (" …" if len(typed) > _MOST_NUMBERS else "")
    units = str(_(" or ")).join(_units(question))
    return str(_("Numbers without a unit (%(numbers)s): %(units)s?", numbers=numbers, units=units))


def _units(question: Question) -> list[str]:
    """Those that any of its rows may be in."""
    several = (unit for each in question.asking for unit, _label in each.problem["candidates"])
    return list(dict.fromkeys(several))


def unread_words(question: Question) -> str:
    """Why what was answered does not serve; nothing where nothing was answered."""
    if not question.said:
        return ""
    if unread := problem_from_json(question.problem).unread:
        return said(unread)
    if question.problem["code"] == UNIT_WEIGHT:
        return str(_("“%(typed)s” is no weight. Write it like this: 20 kg.", typed=question.said))
    typed = dict(question.problem["candidates"]).get(question.said, question.said)
    return str(_("“%(typed)s” does not answer it. Choose, or write it otherwise.", typed=typed))


def kept_words(question: Question) -> str:
    """What was written, to be mended; not what was chosen."""
    chosen = question.said in dict(question.problem["candidates"])
    return "" if chosen else question.said


def field_words(field: str, side: Side = "lot") -> str:
    """What a column means, or a field of a draft, in the reader's language."""
    column = column_of(field) if side == "need" else field
    if field in _FIELDS:
        return str(_FIELDS[field])
    if side == "need" and column in OF_NEEDS:
        return str(OF_NEEDS[column])
    return str(_(MEANINGS[column])) if column in MEANINGS else ""


def meanings(side: Side) -> list[tuple[str, str]]:
    """What a column of such a sheet can mean, with its name."""
    other = ONLY_NEEDS if side == "lot" else ONLY_LOTS
    return [(each, field_words(each, side)) for each in MEANINGS if each not in other]


def answer_words(question: Question) -> list[tuple[str, str]]:
    """The answers to choose from; of one row's range the very figures."""
    if question.problem["code"] == UNIT_MISSING and len(question.rows) > 1:
        return [(unit, unit) for unit in _units(question)]
    told, found = question.understood, []
    good = world().catalogue.commodity(told["commodity"]) if told.get("commodity") else None
    for value, label in question.problem["candidates"]:
        figure = _figure(question.problem["field"], value, told, good)
        alone = good is not None and len(question.rows) == 1 and figure
        found.append((value, figure if alone else choice_words(label)))
    return found


def _figure(field: str, value: str, told: Mapping[str, Any], good: Commodity | None) -> str:
    if good is None or field not in ("ask", "quantity"):
        return ""
    ends = {"least": told[f"{field}_least"], "most": told[f"{field}_most"]}
    ends["named"] = ends["least"] or ends["most"]
    number = ends.get(value)
    if number is None:
        return ""
    unit = good.base_unit_vi
    return formats.quantity(number, unit) if field == "quantity" else formats.per_unit(number, unit)


def choice_words(label: str) -> str:
    """An answer to choose: a text of ours in the reader's language, else as it is."""
    return str(_(label)) if label else ""


def raw_words(raw: Mapping[str, str], longest: int = 200) -> str:
    """A row as it stood: the cells with bars between, of a message the line."""
    said = raw.get(WHOLE_LINE) or " | ".join(raw.values())
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


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
        found.append(_place_words(row))
    found += [_days(told), told["producer"], ", ".join(map(formats.phone, told["phones"]))]
    found += [_certificate(each, told) for each in told["certificates"]]
    return [each for each in found if each]


def _place_words(row: SheetRow) -> str:
    """ "Xã Hỏa Tiến, nay là Xã Hỏa Lựu, Hậu Giang" where the row names a commune of before."""
    gazetteer, place_id = world().gazetteer, (row.understood or {})["place"]
    cells = (row.cells or {}).get("cells", {})
    written = next((cells[name][0] for name in ("commune", "place") if name in cells), "")
    former = former_name_in(written, gazetteer, gazetteer.get(place_id))
    label = place_label(place_id)
    return str(_("%(former)s, today %(place)s", former=former, place=label)) if former else label


def _certificate(name: str, told: Mapping[str, Any]) -> str:
    """ "VietGAP số 123, đến 31/12/2026 (chỉ nêu tên)"."""
    papers = {kind: (number, last) for kind, number, last in told.get("papers", ())}
    number, last = papers.get(name, ("", None))
    said = certificate_names([name])
    if number:
        said = str(_("%(paper)s no. %(number)s", paper=said, number=number))
    if last:
        said = f"{said}, " + str(_("until %(day)s", day=formats.day(date.fromisoformat(last))))
    if not number:
        return said
    kept = _("kept here") if name in told.get("backed", ()) else _("named only")
    return f"{said} ({kept})"


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
    first, last = (
        date.fromisoformat(told[name]) if told[name] else None for name in ("ready_on", "until")
    )
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
    side: Side = "need" if row.need_id else "lot"
    return [
        (
            field_words(name, side),
            _value(name, row.before.get(name), good),
            _value(name, value, good),
        )
        for name in row.differs
        if (value := row.stated.get(name)) != row.before.get(name)
    ]


def _value(name: str, value: Any, good: Commodity) -> str:
    if value is None or value in ("", []):
        return "–"
    if name in _DAYS:
        return formats.day(date.fromisoformat(value))
    if name in _AMOUNTS:
        return formats.quantity(value, good.base_unit_vi)
    if name in _PRICES:
        return formats.per_unit(value, good.base_unit_vi)
    return _name(name, value, good)


def _name(name: str, value: Any, good: Commodity) -> str:
    if name == "place":
        return place_label(value)
    if name in ("grade", "min_grade"):
        return grade_name(good.group, value)
    if name == "certificates":
        return certificate_names(value)
    if name in _YES_OR_NO:
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
