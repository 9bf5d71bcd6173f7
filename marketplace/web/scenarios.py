"""What if: a copied market is changed, solved by the worker, and shown beside what it was."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.domain import scenarios as rules
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.scenarios import Change, Deed, LinkChange, ScenarioKind, ScenarioState
from marketplace.models.scenarios import Scenario
from marketplace.services import scenario_outcomes, scenarios
from marketplace.web import (
    export_lists,
    exports,
    maps,
    reasons,
    scenario_bars,
    scenario_books,
    scenario_maps,
)
from marketplace.web.addresses import page_number
from marketplace.web.forms import Form, said
from marketplace.web.scenario_forms import FORMS, CopyForm, NamingForm, ScenarioForm
from marketplace.web.session import allowed, current_actor

bp = Blueprint("scenarios", __name__, url_prefix="/what-if")

OFFICIALS = (Role.COORDINATOR, Role.OFFICER)
DAYS = 10
"""Of the window that forms for more goods begin with."""
WORKING = (ScenarioState.QUEUED, ScenarioState.WORKING)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Button(Form):
    """Only the token: the button is the whole form."""


@bp.get("")
@allowed(*OFFICIALS)
def index() -> ResponseReturnValue:
    """Own what-ifs and those that are shared, or own ones that were put away."""
    archived = request.args.get("archived") == "1"
    actor, page = current_actor(), page_number()
    if exports.wanted():
        rows = exports.every(lambda n: scenarios.listing(actor=actor, page=n, archived=archived))
        return export_lists.scenarios(rows)
    found, pages = scenarios.listing(actor=actor, page=page, archived=archived)
    return render_template(
        "scenarios/index.html", scenarios=found, page=page, pages=pages, archived=archived
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def create() -> ResponseReturnValue:
    """Copy the market as it is now under a name."""
    form = ScenarioForm()
    if form.validate_on_submit():
        try:
            made = scenarios.create(
                form.name.data or "",
                form.note.data or "",
                kind=form.asked,
                afresh=form.afresh.data == "yes",
                actor=current_actor(),
                now=clock.now(),
                today=clock.today(),
            )
        except Rejected as error:
            form.reject(error)
        else:
            return redirect(url_for("scenarios.show", scenario_id=made.id))
    return render_template("scenarios/create.html", form=form), _status(form)


@bp.get("/<int:scenario_id>")
@allowed(*OFFICIALS)
def show(scenario_id: int) -> ResponseReturnValue:
    """What is changed, how far it is, or what came out."""
    scenario = scenarios.show(scenario_id, actor=current_actor())
    if scenario.state in WORKING:
        return render_template("scenarios/running.html", **_common(scenario))
    if scenario.state != ScenarioState.DONE:
        return render_template("scenarios/draft.html", **_common(scenario))
    if scenario.kind == ScenarioKind.LINKS:
        return render_template("scenarios/links.html", **_common(scenario), **_links(scenario))
    return render_template("scenarios/outcome.html", **_common(scenario), **_outcome(scenario))


@bp.get("/<int:scenario_id>/progress")
@allowed(*OFFICIALS)
def progress(scenario_id: int) -> ResponseReturnValue:
    """How far it is; the page asks again and again until it is done."""
    scenario = scenarios.show(scenario_id, actor=current_actor())
    if scenario.state in WORKING:
        return render_template("scenarios/progress.html", scenario=scenario)
    target = url_for("scenarios.show", scenario_id=scenario_id)
    if request.headers.get("HX-Request"):
        return "", 200, {"HX-Redirect": target}
    return redirect(target)


@bp.route("/<int:scenario_id>/add/<what>", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def add(scenario_id: int, what: str) -> ResponseReturnValue:
    """One more change; what was typed stays until it is understood."""
    scenario = _own(scenario_id)
    if what not in FORMS:
        raise NotFound("There is no such page.")
    form, today = FORMS[what](), clock.today()
    if form.validate_on_submit():
        change = form.change(today)
        if change is not None and _added(scenario_id, change, form):
            return redirect(url_for("scenarios.show", scenario_id=scenario_id))
    elif "first" in form and not form.is_submitted() and not form.first.data:
        form.fill_days(today, today + timedelta(days=DAYS))
    return render_template("scenarios/add.html", scenario=scenario, form=form, kind=what), _status(
        form
    )


@bp.post("/<int:scenario_id>/remove")
@allowed(Role.COORDINATOR)
def remove(scenario_id: int) -> ResponseReturnValue:
    """One change less."""
    if Button().validate_on_submit():
        try:
            change = rules.from_json(json.loads(request.form.get("change", "")))
            scenarios.remove_change(scenario_id, change, actor=current_actor())
        except Rejected as error:
            flash(said(error), "warning")
        except (ValueError, TypeError, AttributeError):
            raise NotFound("There is no such change.") from None
    return _back(scenario_id)


@bp.post("/<int:scenario_id>/run")
@allowed(Role.COORDINATOR)
def run(scenario_id: int) -> ResponseReturnValue:
    """Let the worker solve it."""
    if Button().validate_on_submit():
        try:
            scenarios.request_run(scenario_id, actor=current_actor(), now=clock.now())
        except Rejected as error:
            flash(said(error), "warning")
    return _back(scenario_id)


@bp.route("/<int:scenario_id>/edit", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def edit(scenario_id: int) -> ResponseReturnValue:
    """Another name or note."""
    scenario = _own(scenario_id)
    form = NamingForm(data={"name": scenario.name, "note": scenario.note})
    if form.validate_on_submit():
        try:
            scenarios.rename(
                scenario_id, form.name.data or "", form.note.data or "", actor=current_actor()
            )
        except Rejected as error:
            form.reject(error)
        else:
            return _back(scenario_id)
    return render_template("scenarios/edit.html", form=form, scenario=scenario), _status(form)


@bp.route("/<int:scenario_id>/copy", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def copy(scenario_id: int) -> ResponseReturnValue:
    """The same changes as a draft of one's own."""
    scenario = scenarios.show(scenario_id, actor=current_actor())
    form = CopyForm()
    if not form.is_submitted() and not form.name.data:
        form.name.data = _("%(name)s (copy)", name=scenario.name)[: rules.NAME_LENGTH]
        form.market.data = "now" if request.args.get("market") == "now" else "same"
    if form.validate_on_submit():
        try:
            made = scenarios.copy(
                scenario_id,
                form.name.data or "",
                fresh=form.market.data == "now",
                actor=current_actor(),
                now=clock.now(),
                today=clock.today(),
            )
        except Rejected as error:
            form.reject(error)
        else:
            return redirect(url_for("scenarios.show", scenario_id=made.id))
    return render_template("scenarios/copy.html", form=form, scenario=scenario), _status(form)


@bp.post("/<int:scenario_id>/share")
@allowed(Role.COORDINATOR)
def share(scenario_id: int) -> ResponseReturnValue:
    """With all coordinators and departments, or with nobody."""
    if Button().validate_on_submit():
        shared = request.form.get("shared") == "yes"
        scenarios.share(scenario_id, shared, actor=current_actor())
        flash(
            _("All coordinators and departments see it now.")
            if shared
            else _("Only you see it now."),
            "success",
        )
    return _back(scenario_id)


@bp.post("/<int:scenario_id>/archive")
@allowed(Role.COORDINATOR)
def archive(scenario_id: int) -> ResponseReturnValue:
    """Out of the lists, or back."""
    if Button().validate_on_submit():
        archived = request.form.get("archived") == "yes"
        scenarios.archive(scenario_id, archived, actor=current_actor(), now=clock.now())
        flash(
            _("It is in your archive now; its link goes on leading here.")
            if archived
            else _("It is in the list again."),
            "success",
        )
    return _back(scenario_id)


@bp.route("/<int:scenario_id>/delete", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def delete(scenario_id: int) -> ResponseReturnValue:
    """For good, after asking once more."""
    scenario, form = _own(scenario_id), Button()
    if form.validate_on_submit():
        scenarios.delete(scenario_id, actor=current_actor())
        flash(_("“%(name)s” is deleted.", name=scenario.name), "success")
        return redirect(url_for("scenarios.index"))
    return render_template("scenarios/delete.html", form=form, scenario=scenario), _status(form)


@bp.get("/<int:scenario_id>.xlsx")
@allowed(*OFFICIALS)
def workbook(scenario_id: int) -> ResponseReturnValue:
    """What came out, in a file."""
    scenario, actor = scenarios.show(scenario_id, actor=current_actor()), current_actor()
    if scenario.state != ScenarioState.DONE:
        raise NotFound("There is no such file.")
    content = (
        scenario_books.of_links(scenario, scenario_outcomes.values(scenario, actor=actor))
        if scenario.kind == ScenarioKind.LINKS
        else scenario_books.of_outcome(scenario, scenario_outcomes.outcome(scenario, actor=actor))
    )
    answer = make_response(content)
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = f"attachment; filename=what-if-{scenario_id}.xlsx"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _common(scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "mine": rules.may_change(scenario.owner_id, current_actor()),
        "may_copy": rules.may_make(current_actor()),
        "as_json": lambda change: json.dumps(rules.to_json(change)),
        "form": Button(),
    }


def _outcome(scenario: Scenario) -> dict[str, Any]:
    came_out = scenario_outcomes.outcome(scenario, actor=current_actor())
    shut = [c.link for c in scenario.changes if isinstance(c, LinkChange) and c.deed is Deed.CLOSE]
    return {
        "outcome": came_out,
        "ground": maps.ground(),
        "flows": scenario_maps.changed_flows(came_out.flows, shut),
        "moved": sorted(
            came_out.flows.items(), key=lambda row: (-abs(row[1][1] - row[1][0]), row[0])
        )[: scenario_outcomes.FEW],
        "bars": scenario_bars.gains,
        "locality_of": scenario_books.locality,
        "goods_named": scenario_books.commodity,
        "reason_titles": reasons.titles("lot"),
    }


def _links(scenario: Scenario) -> dict[str, Any]:
    values = scenario_outcomes.values(scenario, actor=current_actor())
    return {
        "values": values,
        "bars": scenario_bars.worths(values.links),
        "ground": maps.ground(),
        "flows": scenario_maps.flow_lines(values.flows),
    }


def _own(scenario_id: int) -> Scenario:
    """For pages that change it; of others' there is nothing to change."""
    scenario = scenarios.show(scenario_id, actor=current_actor())
    if not rules.may_change(scenario.owner_id, current_actor()):
        raise NotFound("There is no such page.")
    return scenario


def _added(scenario_id: int, change: Change, form: Any) -> bool:
    try:
        scenarios.add_change(scenario_id, change, actor=current_actor(), today=clock.today())
    except Rejected as error:
        form.reject(error)
        return False
    return True


def _back(scenario_id: int) -> ResponseReturnValue:
    return redirect(url_for("scenarios.show", scenario_id=scenario_id))


def _status(form: Form) -> int:
    return 422 if form.is_submitted() else 200
