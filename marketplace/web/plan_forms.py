"""The form in which a department enters a season: a cell for each week, or cells pasted into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import FIRST_YEAR, LAST_YEAR
from marketplace.domain.errors import Rejected
from marketplace.domain.plans import (
    MOST_WEEKS,
    NOTE_LENGTH,
    SOURCE_LENGTH,
    WEEK,
    SeasonDraft,
    field_of,
    monday,
    read_cell,
    units_of,
)
from marketplace.domain.quantities import spell_quantity
from marketplace.domain.text import clean
from marketplace.web.fields import NoteField, TextField
from marketplace.web.formats import day_range
from marketplace.web.formats import unit as word_of
from marketplace.web.forms import Form

PASTED_LENGTH = 20_000
_CELL = re.compile(r"week-(\d{4}-\d{2}-\d{2})")


class PastedField(NoteField):
    """Cells of a spreadsheet: what stands between them stays."""

    def cleaned(self, typed: str) -> str:
        lines = ("\t".join(map(clean, line.split("\t"))) for line in typed.splitlines())
        return "\n".join(lines).strip("\n")


class SeasonForm(Form):
    """What stands around the cells; `form_of` adds these, and beside each the version that was seen."""

    weeks: tuple[date, ...] = ()

    unit = SelectField(_l("A number without a unit is in"), choices=[], validate_choice=False)
    pasted = PastedField(_l("Cells from a spreadsheet"), most=PASTED_LENGTH)
    source = TextField(_l("Source"), most=SOURCE_LENGTH)
    note = NoteField(_l("Note"), most=NOTE_LENGTH)

    @property
    def step(self) -> str:
        """Which button was pressed."""
        return request.form.get("step", "review")

    def offer_units(self, good: Commodity) -> None:
        """Let the person choose; the usual unit is chosen already."""
        units = units_of(good)
        self.unit.choices = [SelectChoice(unit, _unit_words(unit)) for unit in units]
        if self.unit.data not in units:
            self.unit.data = units[0]

    def fill(self, planned: Mapping[date, int | None], good: Commodity) -> None:
        """Show what stands, as a person would have typed it."""
        for week in self.weeks:
            amount = planned.get(week)
            self[field_of(week)].data = "" if amount is None else spell(amount, good)

    def see(self, versions: Mapping[date, int], *, only_new: bool = False) -> None:
        """Remember which versions the person sees."""
        for week in self.weeks:
            field = self[_seen(week)]
            if not only_new or not field.data:
                field.data = str(versions.get(week, 0))

    @property
    def versions(self) -> dict[date, int]:
        """Those that the person has seen; -1, which is none, for what no page of ours has made."""
        typed = {week: str(self[_seen(week)].data or "0") for week in self.weeks}
        return {
            week: int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
            for week, text in typed.items()
        }

    def draft(self, locality: str, good: Commodity) -> SeasonDraft:
        """What was understood, with a word at each cell that was not."""
        weeks: dict[date, int | None] = {}
        for week in self.weeks:
            field = self[field_of(week)]
            try:
                weeks[week] = read_cell(field.data or "", str(self.unit.data), good)
            except Rejected as error:
                error.field = field.name
                self.reject(error)
        return SeasonDraft(
            locality=locality,
            commodity=good.id,
            weeks=weeks,
            source=self.source.data or "",
            note=self.note.data or "",
        )


def spell(amount: int, good: Commodity) -> str:
    """As `read_cell` reads it back."""
    return "0" if amount == 0 else spell_quantity(amount, good)


def form_of(weeks: Iterable[date]) -> SeasonForm:
    """A form with a cell for each of these weeks."""
    known = tuple(sorted(set(weeks)))[:MOST_WEEKS]
    fields: dict[str, Any] = {"weeks": known}
    for week in known:
        fields[field_of(week)] = TextField(day_range(week, week + WEEK - WEEK / 7), most=60)
        fields[_seen(week)] = HiddenField()
    form: SeasonForm = type("SeasonFormOfWeeks", (SeasonForm,), fields)()
    return form


def sent_weeks() -> list[date]:
    """The weeks of the form that was sent; what is no Monday is none."""
    found = []
    for name in list(request.form)[: 4 * MOST_WEEKS]:
        if cell := _CELL.fullmatch(name):
            try:
                week = date.fromisoformat(cell[1])
            except ValueError:
                continue
            if week == monday(week) and FIRST_YEAR <= week.year <= LAST_YEAR:
                found.append(week)
    return found[:MOST_WEEKS]


def _unit_words(unit: str) -> str:
    return str(gettext("tonnes")) if unit == "tấn" else word_of(unit)


def _seen(week: date) -> str:
    return f"seen-{week.isoformat()}"
