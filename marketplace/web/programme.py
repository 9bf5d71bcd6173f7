"""The programme for everybody: what is admitted, by which criteria, as of any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import NotFound, Rejected, Stale
from marketplace.domain.programme import CriterionDraft
from marketplace.models.programme import Criterion
from marketplace.services import programme, programme_desk
from marketplace.web import exports
from marketplace.web.addresses import page_number
from marketplace.web.formats import name
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.programme_forms import CriterionForm
from marketplace.web.programme_words import entry_whose
from marketplace.web.session import allowed, current_actor, maybe_actor, public
from marketplace.web.workbooks import Row

bp = Blueprint("programme", __name__, url_prefix="/programme")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The catalogue of goods that the programme admits, and its criteria, on the day asked for."""
    asked = _asked()
    on, locality, group = asked["on"], asked["locality"], asked["group"]
    page = page_number()
    if exports.wanted():
        return _exported(on, locality, group)
    actor = maybe_actor()
    return render_template(
        "programme/index.html",
        asked=asked,
        listed=programme.catalogue(on, locality=locality, group=group, page=page),
        criteria=programme.criteria(on),
        waiting=programme_desk.to_decide(actor=actor) if actor else 0,
        localities={one.id: one.name for one in world().reference.localities},
        groups=world().catalogue.groups,
    )


@bp.get("/criteria")
@public
def criteria() -> ResponseReturnValue:
    """Every criterion in every version."""
    return render_template(
        "programme/criteria.html",
        versions=programme.versions(),
        now={row.number: row for row in programme.criteria(clock.today())},
    )


@bp.route("/criteria/new", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def add_criterion() -> ResponseReturnValue:
    """State a new criterion."""
    return _criterion_steps(
        None,
        lambda draft, _seen, actor: programme.add_criterion(
            draft, actor=actor, now=clock.now(), today=clock.today()
        ),
    )


@bp.route("/criteria/<int:number>/edit", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def edit_criterion(number: int) -> ResponseReturnValue:
    """Its next version; the earlier ones stay to be read."""
    return _criterion_steps(
        programme.criterion(number),
        lambda draft, seen, actor: programme.change_criterion(
            number, draft, seen, actor=actor, now=clock.now(), today=clock.today()
        ),
    )


def _criterion_steps(
    row: Criterion | None, save: Callable[[CriterionDraft, int, Actor], Criterion]
) -> ResponseReturnValue:
    form, status = CriterionForm(), 200
    if not form.is_typed:
        form.valid_from.data = clock.today().isoformat()
        form.seen.data = str(row.version if row else 0)
        if row is not None:
            form.fill(programme.draft_of(row))
    if form.is_submitted():
        form.validate()
        draft = form.draft()
        status = 422
        try:
            if not form.errors:
                save(draft, form.last_seen, current_actor())
                flash(_("The criterion is stated."), "success")
                return redirect(url_for("programme.criteria"))
        except Stale as error:
            form.form_errors.append(said(error))
            form.seen.data, status = str(row.version if row else 0), 409
        except Rejected as error:
            form.refuse(error)
    return render_template("programme/criterion.html", form=form, row=row), status


def _asked() -> dict[str, Any]:
    """Day, locality and group that the address names. Raises `NotFound` for what there is not."""
    locality, group = request.args.get("locality", ""), request.args.get("group", "")
    if locality not in ("", *(one.id for one in world().reference.localities)):
        raise NotFound("There is no such page.")
    if group not in ("", *world().catalogue.groups):
        raise NotFound("There is no such page.")
    typed, on, error = request.args.get("on", "").strip(), clock.today(), ""
    try:
        on = parse_date(typed, on) if typed else on
    except Rejected as rejected:
        error = said(rejected)
    return {"on": on, "typed": typed, "error": error, "locality": locality, "group": group}


def _exported(on: date, locality: str, group: str) -> ResponseReturnValue:
    """The catalogue as a file."""
    heads = [
        *(_("Goods"), _("Locality"), _("Whose goods"), _("Number of the decision")),
        *(_("Counts from"), _("Counts until")),
    ]
    grants = exports.every(
        lambda page: (
            (found := programme.catalogue(on, locality=locality, group=group, page=page)).grants,
            found.pages,
        )
    )
    rows: list[Row] = [
        [
            name(grant.entry.commodity),
            grant.entry.locality.name,
            entry_whose(grant.entry, named=maybe_actor() is not None),
            grant.number,
            grant.valid_from,
            grant.expires_on,
        ]
        for grant in grants
    ]
    return exports.answer("programme", _("Goods of the programme"), heads, rows)
