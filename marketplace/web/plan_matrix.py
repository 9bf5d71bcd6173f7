"""A season of several goods at once: the table of a department's plan, pasted as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.plans import (
    NOTE_LENGTH,
    SOURCE_LENGTH,
    SeasonDraft,
    read_cell,
    read_matrix,
    units_of,
)
from marketplace.domain.text import shorten
from marketplace.services import plans
from marketplace.web.fields import NoteField, TextField
from marketplace.web.formats import day
from marketplace.web.forms import Form, said
from marketplace.web.lookup import world
from marketplace.web.plan_forms import PASTED_LENGTH, PastedField
from marketplace.web.plans import bp, is_ticked, saved, taken_back
from marketplace.web.session import allowed, current_actor

MOST_SAID = 12
"""So many flaws are told at once."""
Seen = dict[str, dict[date, int]]


class MatrixForm(Form):
    """What was pasted, and what stands around it."""

    pasted = PastedField(_l("Cells from a spreadsheet"), most=PASTED_LENGTH)
    unit = SelectField(
        _l("A number without a unit is in"),
        choices=[SelectChoice("tấn", _l("tonnes")), SelectChoice("kg", "kg")],
        validate_choice=False,
        default="tấn",
    )
    source = TextField(_l("Source"), most=SOURCE_LENGTH)
    note = NoteField(_l("Note"), most=NOTE_LENGTH)
    seen = HiddenField()

    def drafts(self, locality: str, today: date) -> list[SeasonDraft]:
        """One for each of the goods; a word above the field for each cell that cannot be read."""
        try:
            rows = read_matrix(self.pasted.data or "", today)
        except Rejected as error:
            self.reject(error)
            return []
        found: dict[str, SeasonDraft] = {}
        for typed, cells in rows:
            good = self._good(typed)
            if good is not None and good.id in found:
                self._say(_("“%(goods)s” stands there twice.", goods=shorten(typed, 40)))
            elif good is not None:
                weeks = self._weeks(good, typed, cells)
                found[good.id] = SeasonDraft(
                    locality=locality,
                    commodity=good.id,
                    weeks=weeks,
                    source=self.source.data or "",
                    note=self.note.data or "",
                )
        return list(found.values())

    def _good(self, typed: str) -> Commodity | None:
        try:
            return world().catalogue.find(typed)
        except Rejected as error:
            meant = [good.name_vi for good in getattr(error, "candidates", ())][:4]
            if meant:
                words = _(
                    "“%(typed)s”: which one, %(names)s?",
                    typed=shorten(typed, 40),
                    names=", ".join(meant),
                )
            else:
                words = said(error)
            self._say(words)
            return None

    def _weeks(self, good: Commodity, typed: str, cells: dict[date, str]) -> dict[date, int | None]:
        units = units_of(good)
        unit = self.unit.data if self.unit.data in units else units[0]
        weeks: dict[date, int | None] = {}
        for week, cell in cells.items():
            try:
                weeks[week] = read_cell(cell, unit, good)
            except Rejected as error:
                where = f"{shorten(typed, 40)}, {day(week)}"
                self._say(f"{where}: {said(error)}")
        return weeks

    def _say(self, words: Any) -> None:
        if len(self.form_errors) < MOST_SAID:
            self.form_errors.append(str(words))


@dataclass(frozen=True)
class Planned:
    """One of the goods as the review shows it."""

    good: Commodity
    draft: SeasonDraft
    there: dict[date, int | None]
    versions: dict[str, int]

    @property
    def taken_back(self) -> dict[date, int]:
        return taken_back(self.draft, self.there)

    @property
    def changed(self) -> list[date]:
        return [week for week, amount in self.draft.weeks.items() if amount != self.there.get(week)]

    @property
    def before(self) -> int:
        return sum(self.there.get(week) or 0 for week in self.draft.weeks)

    @property
    def after(self) -> int:
        return sum(amount or 0 for amount in self.draft.weeks.values())


@bp.route("/season", methods=["GET", "POST"])
@allowed(Role.OFFICER)
def paste() -> ResponseReturnValue:
    """The table, what was understood of it, saved: all of it or nothing."""
    actor, today, form = current_actor(), clock.today(), MatrixForm()
    if not form.is_submitted() or request.form.get("step") == "edit":
        return render_template("plans/paste.html", form=form)
    valid = form.validate()
    drafts = form.drafts(str(actor.locality), today) if valid else []
    if not valid or form.errors or form.form_errors:
        return render_template("plans/paste.html", form=form), 422
    saving, shown = request.form.get("step") == "save", _planned(drafts)
    try:
        if saving and any(each.taken_back for each in shown) and not is_ticked():
            return _review(form, shown, unticked=True), 422
        if saving:
            seen = _read_seen(str(form.seen.data or ""))
            when = {"today": today, "now": clock.now()}
            changed = plans.save_seasons(drafts, seen, actor=actor, **when)  # type: ignore[arg-type]
            flash(saved(changed), "success")
            return redirect(url_for("plans.index", locality=actor.locality))
        for draft in drafts:
            plans.check_new_season(draft, actor=actor, today=today)
    except Stale as error:
        return _review(form, _planned(drafts), stale=said(error)), 409
    except Rejected as error:
        form.form_errors += [said(each) for each in error.each()][:MOST_SAID]
        return render_template("plans/paste.html", form=form), 422
    return _review(form, shown)


def _planned(drafts: list[SeasonDraft]) -> list[Planned]:
    """Each of the goods beside what stands."""
    shown = []
    for draft in drafts:
        first, last = min(draft.weeks), max(draft.weeks)
        number = (last - first).days // 7 + 1
        there = plans.season(draft.locality, draft.commodity, first, number).plans
        good = world().catalogue.commodity(draft.commodity)
        quantities = {week: plan.quantity for week, plan in there.items()}
        versions = {week.isoformat(): plan.version for week, plan in there.items()}
        shown.append(Planned(good, draft, quantities, versions))
    return shown


def _review(
    form: MatrixForm, shown: list[Planned], stale: str = "", *, unticked: bool = False
) -> str:
    if not unticked:
        seen = {each.good.id: each.versions for each in shown}
        form.seen.data = json.dumps(seen, separators=(",", ":"))
    gone = {each.good: each.taken_back for each in shown if each.taken_back}
    return render_template(
        "plans/pasted.html", form=form, planned=shown, stale=stale, gone=gone, unticked=unticked
    )


def _read_seen(text: str) -> Seen:
    """Versions by goods and week; what no page of ours has made says nothing."""
    try:
        return {
            str(goods): {date.fromisoformat(week): int(version) for week, version in weeks.items()}
            for goods, weeks in json.loads(text[: 4 * PASTED_LENGTH]).items()
        }
    except (ValueError, AttributeError, TypeError, RecursionError):
        return {}
