"""What holds of roads, waterways and quays: for everybody to see, for officers to state."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected, Stale
from marketplace.domain.links import Scope
from marketplace.services import conditions, road_states, route_hits
from marketplace.web import export_lists, export_rows, exports
from marketplace.web.condition_forms import ConditionForm, LiftForm
from marketplace.web.condition_words import KINDS
from marketplace.web.fields import SHORT
from marketplace.web.forms import said
from marketplace.web.link_words import MODES
from marketplace.web.lookup import world
from marketplace.web.session import allowed, current_actor, maybe_actor, public

bp = Blueprint("conditions", __name__, url_prefix="/roads")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """What holds now and soon, and the way to any link."""
    asked = _asked()
    typed = request.args.get("q", "")[:SHORT].strip()
    locality, mode = asked["locality"] or None, asked["mode"] or None
    looks = bool(typed or request.args.get("links"))
    if exports.wanted() and looks:
        return export_rows.links(road_states.find(typed, locality=locality, mode=mode))
    states = road_states.road_states(
        today=clock.today(), actor=maybe_actor(), locality=locality, mode=mode
    )
    if exports.wanted():
        return export_lists.conditions(states)
    return render_template(
        "conditions/index.html",
        states=states,
        found=road_states.find(typed, locality=locality, mode=mode) if looks else None,
        typed=typed,
        asked=asked,
        modes=MODES,
        localities=_localities(),
    )


@bp.get("/calendar")
@public
def calendar() -> ResponseReturnValue:
    """Holidays, sluices and tides that change hours."""
    asked = _asked()
    return render_template(
        "conditions/calendar.html",
        states=road_states.calendar(
            today=clock.today(), actor=maybe_actor(), locality=asked["locality"] or None
        ),
        asked=asked,
        localities=_localities(),
    )


@bp.get("/<scope>")
@public
def show(scope: str) -> ResponseReturnValue:
    """One link or area: its figures, what holds, and all that was ever stated."""
    page = road_states.scope_page(scope, actor=maybe_actor(), today=clock.today())
    return render_template("conditions/show.html", page=page)


@bp.route("/<scope>/new", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.COORDINATOR)
def create(scope: str) -> ResponseReturnValue:
    """State something of it: form, what was understood and which matches it hits, saved."""
    actor, today = current_actor(), clock.today()
    page = road_states.scope_page(scope, actor=actor, today=today)
    conditions.check_actor(actor, page.scope)
    form = ConditionForm()
    if request.method == "GET" and not form.is_typed:
        _suggest(form, page.revision)
    return _steps(
        form,
        page.scope,
        page,
        check=lambda draft: conditions.check(draft, actor=actor, today=today),
        save=lambda draft: conditions.state(
            draft, form.last_seen, actor=actor, now=clock.now(), today=today
        ),
        done=_("It is stated; prices and the next round follow it."),
    )


@bp.route("/entries/<int:number>/edit", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.COORDINATOR)
def edit(number: int) -> ResponseReturnValue:
    """The same form for what is stated already; the earlier version stays in the history."""
    actor, today = current_actor(), clock.today()
    there = conditions.to_change(number, actor=actor)
    page = road_states.scope_page(there.scope, actor=actor, today=today)
    form = ConditionForm()
    if request.method == "GET" and not form.is_typed:
        form.fill(conditions.draft_of(there))
        form.seen.data = str(page.revision)
    return _steps(
        form,
        there.about,
        page,
        there=there,
        check=lambda draft: conditions.check(draft, actor=actor, today=today),
        save=lambda draft: conditions.change(
            number, draft, form.last_seen, actor=actor, now=clock.now(), today=today
        ),
        done=_("It is changed; the earlier version stays in the history."),
    )


@bp.route("/entries/<int:number>/lift", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.COORDINATOR)
def lift(number: int) -> ResponseReturnValue:
    """Withdraw it, or undo a withdrawal, with a reason."""
    actor, today = current_actor(), clock.today()
    there = conditions.to_change(number, actor=actor)
    page = road_states.scope_page(there.scope, actor=actor, today=today)
    form = LiftForm(seen=page.revision)
    status, since = 200, []
    if form.validate_on_submit():
        grounds = (form.reason.data or "", form.source.data or "", form.last_seen)
        try:
            if there.withdrawn:
                conditions.restore(number, *grounds, actor=actor, now=clock.now(), today=today)
            else:
                conditions.withdraw(number, *grounds, actor=actor, now=clock.now())
        except Stale as error:
            form.form_errors.append(said(error))
            since = road_states.since(there.scope, form.last_seen)
            form.seen.data, status = str(page.revision), 409
        except Rejected as error:
            form.reject(error)
        else:
            flash(_("It holds again.") if there.withdrawn else _("It is lifted."), "success")
            return redirect(url_for("conditions.show", scope=there.scope))
    status = 422 if form.errors and status == 200 else status
    shown = {"form": form, "page": page, "row": there, "since": since}
    return render_template("conditions/lift.html", **shown), status


def _steps(
    form: ConditionForm,
    scope: Scope,
    page: road_states.ScopePage,
    *,
    check: Any,
    save: Any,
    done: str,
    there: Any = None,
) -> ResponseReturnValue:
    """The form, then what was understood and whom it hits, then saved."""
    shown: dict[str, Any] = {"form": form, "page": page, "row": there}
    if not form.is_submitted() or request.form.get("step") == "edit":
        return render_template("conditions/form.html", **shown)
    form.validate()
    draft = form.draft(scope, clock.today())
    try:
        check(draft)
        if form.saves and not form.errors:
            row = save(draft)
            flash(done, "success")
            return redirect(url_for("conditions.show", scope=row.scope))
    except Stale as error:
        since = road_states.since(scope.key, form.last_seen)
        form.seen.data = str(page.revision)
        stale = {"stale": said(error), "since": since}
        return render_template("conditions/form.html", **shown, **stale), 409
    except Rejected as error:
        form.refuse(error)
    if form.errors:
        return render_template("conditions/form.html", **shown), 422
    asked = {"today": clock.today(), "instead_of": there and there.number}
    return render_template(
        "conditions/review.html",
        **shown,
        draft=draft,
        hits=route_hits.would_hit(draft, **asked),
        stranded=route_hits.would_strand(draft, **asked),
    )


def _suggest(form: ConditionForm, revision: int) -> None:
    form.first.data = clock.today().isoformat()
    form.seen.data = str(revision)
    kind = request.args.get("kind", "")
    form.kind.data = kind if kind in set(KINDS) else "order"


def _asked() -> dict[str, str]:
    """The filters of the address. Raises `NotFound` for what is none."""
    asked = {"locality": request.args.get("locality", ""), "mode": request.args.get("mode", "")}
    if asked["locality"] not in ("", *_localities()) or asked["mode"] not in ("", *MODES):
        raise NotFound("There is no such page.")
    return asked


def _localities() -> dict[str, str]:
    return {one.id: one.name for one in world().reference.localities}
