"""Rows pasted from a spreadsheet: read, shown, and listed all together or not at all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Length

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import Basis, Repeated, lists_for_others
from marketplace.domain.prices import UnusualPrice
from marketplace.services import lots, paste
from marketplace.services.paste import PastedRow
from marketplace.web import listing_words as words
from marketplace.web.fields import OnceForm, member
from marketplace.web.forms import said
from marketplace.web.session import allowed, current_actor

bp = Blueprint("paste", __name__)
MOST_CHARACTERS = 200_000

LABELS = {
    "commodity": _l("Commodity"),
    "grade": _l("Grade"),
    "quantity": _l("Quantity"),
    "ask": _l("Asking price at the farm"),
    "place": _l("Pick-up place"),
    "ready_on": _l("First day of pick-up"),
    "until": _l("Last day of pick-up"),
    "certificates": _l("Certificates"),
    "whole": _l("Sold as a whole"),
    "producer": _l("Whose goods"),
    "note": _l("Note"),
}


class PasteForm(OnceForm):
    """What was copied out of a spreadsheet."""

    basis = RadioField(_l("On which basis"), choices=words.basis_choices, validate_choice=False)
    rows = TextAreaField(_l("Rows"), [Length(max=MOST_CHARACTERS)])
    confirmed = BooleanField(_l("These unusual prices are right"))


@bp.route("/lots/paste", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.SELLER)
def create() -> ResponseReturnValue:
    """Paste, look, list."""
    actor, today = current_actor(), clock.today()
    form = PasteForm()
    if not lists_for_others(actor):
        del form.basis
    if not form.validate_on_submit():
        return _page(form)
    try:
        basis = (member(Basis, form.basis.data) or Basis.OWN) if "basis" in form else Basis.OWN
        rows = paste.read_rows(
            form.rows.data or "",
            actor=actor,
            today=today,
            basis=basis,
            confirmed=form.confirmed.data,
        )
        drafts = [row.draft for row in rows if row.draft is not None]
        if request.form.get("step") != "save" or len(drafts) < len(rows):
            return _page(form, rows)
        listed = lots.publish_lots(
            drafts, actor=actor, today=today, now=clock.now(), token=form.one_time
        )
    except Repeated as error:
        flash(said(error), "warning")
        return redirect(url_for("desk.show"))
    except Rejected as error:
        form.reject(error)
        return _page(form)
    flash(
        ngettext("%(num)s lot has been listed.", "%(num)s lots have been listed.", len(listed)),
        "success",
    )
    return redirect(url_for("desk.show"))


def _page(form: PasteForm, rows: list[PastedRow] | None = None) -> ResponseReturnValue:
    bad = [row for row in rows or [] if row.problems]
    unusual = any(isinstance(p.error, UnusualPrice) for row in bad for p in row.problems)
    page = render_template(
        "paste/create.html",
        form=form,
        rows=rows,
        bad=bad,
        unusual=unusual or form.confirmed.data,
        labels=LABELS,
        columns=paste.COLUMNS,
        problem=_problem,
    )
    return page, 422 if form.errors or bad else 200


def _problem(problem: paste.Problem) -> str:
    """`Khối lượng: “abc” không đọc được.`"""
    label = LABELS.get(problem.column)
    return f"{label}: {said(problem.error)}" if label else said(problem.error)
