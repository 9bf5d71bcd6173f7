"""Applying for the programme, an entry with its history, and the queue of those who decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.programme import Asked, Verdict
from marketplace.domain.text import clean
from marketplace.models.stored_files import StoredFile
from marketplace.services import applications, programme, programme_desk
from marketplace.services.programme_desk import Shown
from marketplace.web import export_lists, exports
from marketplace.web.evidence_forms import file_label
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.photos import ALONE, answer_paper
from marketplace.web.programme_forms import (
    EVERYBODY,
    PRODUCER,
    ApplicationForm,
    DecisionForm,
    GoodsForm,
    TakeBackForm,
    application_form,
)
from marketplace.web.programme_words import PUBLIC_STEPS
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("applications", __name__, url_prefix="/programme")

APPLICANTS = (Role.SELLER, Role.OFFICER)
DECIDERS = (Role.OFFICER, Role.COORDINATOR)
NAME_LENGTH = 200
USUAL_DAYS = 364
"""A decision counts for a year, unless whoever decides says otherwise."""


def init_app(app: Flask) -> None:
    """Let the desk say how many applications wait for the person's decision."""
    app.jinja_env.globals["applications_to_decide"] = applications_to_decide
    app.jinja_env.globals["file_label"] = file_label


def applications_to_decide() -> int:
    """How many; 0 for whoever is not signed in or does not decide."""
    actor = maybe_actor()
    return programme_desk.to_decide(actor=actor) if actor else 0


@bp.get("/queue")
@allowed(*DECIDERS)
def queue() -> ResponseReturnValue:
    """What waits for this person's decision, the oldest first."""
    found = programme_desk.queue(actor=current_actor(), today=clock.today())
    if exports.wanted():
        return export_lists.applications([*found.to_decide, *found.waiting, *found.others])
    return render_template("programme/queue.html", queue=found)


@bp.get("/mine")
@signed_in
def mine() -> ResponseReturnValue:
    """What one's own organisation has applied for."""
    entries = programme_desk.mine(actor=current_actor())
    if exports.wanted():
        return export_lists.applications(entries)
    return render_template("programme/mine.html", entries=entries)


@bp.get("/<int:entry_id>")
@public
def show(entry_id: int) -> ResponseReturnValue:
    """Whether the goods are admitted; for who has to do with it, evidence and history too."""
    return _page(entry_id)


@bp.route("/apply", methods=["GET", "POST"])
@allowed(*APPLICANTS)
def apply() -> ResponseReturnValue:
    """Choose the goods, then show for each criterion that it is met."""
    actor = current_actor()
    producer = clean(request.args.get("producer", ""))[:NAME_LENGTH]
    chosen = GoodsForm(request.args)
    chosen.offer_localities(actor)
    good, locality = chosen.goods(), request.args.get("locality", "")
    if good is None or not locality:
        shown = render_template("programme/choose.html", form=chosen, producer=producer)
        return shown, 422 if chosen.errors else 200
    if locality not in {one.id for one in world().reference.localities}:
        raise NotFound("There is no such page.")
    if request.method == "GET" and request.args["commodity"] != good.id:
        whose = producer or None
        return redirect(
            url_for("applications.apply", commodity=good.id, locality=locality, producer=whose)
        )
    form = application_form(programme.criteria_of(good.id, clock.today()))
    if not form.is_typed:
        form.producer.data, form.seen.data = producer, "0"
    return _apply(form, good.id, locality, None)


@bp.route("/<int:entry_id>/apply", methods=["GET", "POST"])
@allowed(*APPLICANTS)
def answer(entry_id: int) -> ResponseReturnValue:
    """Show more, or apply anew for the same goods."""
    shown = programme_desk.show(entry_id, actor=current_actor())
    if not shown.may_answer:
        raise Forbidden("Only who has applied can show more.")
    entry = shown.entry
    asked = programme.criteria_of(entry.commodity_id, clock.today())
    form = application_form(asked)
    if not form.is_typed:
        form.fill_evidence(shown.evidence, asked)
        form.seen.data = str(entry.version)
    form.whose.data = EVERYBODY if entry.organisation_id is None else PRODUCER
    form.producer.data = entry.producer
    return _apply(form, entry.commodity_id, entry.locality_id, shown)


@bp.post("/<int:entry_id>/take-back")
@allowed(*APPLICANTS)
def take_back(entry_id: int) -> ResponseReturnValue:
    """The applicant does not want a decision any more."""
    form = TakeBackForm()
    if form.validate_on_submit():
        try:
            applications.take_back(entry_id, form.last_seen, actor=current_actor(), now=clock.now())
        except (Rejected, Stale) as error:
            flash(said(error), "warning")
        else:
            flash(_("The application is taken back."), "success")
    return redirect(url_for("applications.show", entry_id=entry_id))


@bp.get("/<int:entry_id>/papers/<int:paper_id>")
@signed_in
def paper(entry_id: int, paper_id: int) -> ResponseReturnValue:
    """A paper that was shown, for who has applied and who decides."""
    found = programme_desk.paper_file(entry_id, paper_id, actor=current_actor())
    return answer_paper(found, f"paper-{paper_id}")


paper.talisman_view_options = dict(ALONE)  # type: ignore[attr-defined]


@bp.post("/<int:entry_id>/decide")
@allowed(*DECIDERS)
def decide(entry_id: int) -> ResponseReturnValue:
    """Admit, refuse, ask for more, revoke; the applicant is told."""
    form, status = DecisionForm(), 422
    form.validate()
    decision = form.decision(clock.today())
    try:
        if not form.errors:
            applications.decide(
                entry_id,
                decision,
                form.last_seen,
                actor=current_actor(),
                now=clock.now(),
                today=clock.today(),
            )
            flash(_("It is decided, and the applicant is told."), "success")
            return redirect(url_for("applications.queue"))
    except Stale as error:
        form.form_errors.append(said(error))
        form.seen.data, status = "", 409
    except Rejected as error:
        form.refuse(error)
    return _page(entry_id, form), status


def _apply(
    form: ApplicationForm, commodity: str, locality: str, shown: Shown | None
) -> ResponseReturnValue:
    actor, today, status = current_actor(), clock.today(), 200
    entry, before = (shown.entry, _files(shown)) if shown else (None, [])
    asked = programme.criteria_of(commodity, today)
    if form.is_submitted():
        status = 422
        form.validate()
        form.take_files(asked)
        wanted = form.application(commodity, locality, asked, actor.organisation_id)
        try:
            if form.errors:
                applications.check(wanted, actor=actor, today=today)
            else:
                there = applications.apply(
                    wanted, form.last_seen, actor=actor, now=clock.now(), today=today
                )
                flash(_("It has been sent; you will be told what is decided."), "success")
                return redirect(url_for("applications.show", entry_id=there.id))
        except applications.AlreadyThere as error:
            flash(said(error), "warning")
            return redirect(url_for("applications.show", entry_id=error.entry_id))
        except Stale as error:
            form.form_errors.append(said(error))
            form.seen.data, status = str(entry.version if entry else 0), 409
        except Rejected as error:
            form.reject_besides(error)
    form.offer_papers(asked, before, _whose(form, actor))
    return render_template(
        "programme/apply.html",
        form=form,
        asked=asked,
        good=world().catalogue.commodity(commodity),
        locality=locality,
        entry=entry,
    ), status


def _files(shown: Shown) -> list[StoredFile]:
    """What was shown for these goods before."""
    return [paper.file for one in shown.evidence.values() for paper in one.papers]


def _whose(form: ApplicationForm, actor: Actor) -> str | None:
    """Whose certificates can be shown: None where anybody's can, or where nobody is named yet."""
    if actor.role is Role.SELLER:
        return ""
    return None if form.whose.data == EVERYBODY else form.producer.data or None


def _page(entry_id: int, form: DecisionForm | None = None) -> str:
    """An entry; the form of a decision for who may take one."""
    shown = programme_desk.show(entry_id, actor=maybe_actor())
    entry = shown.entry
    criteria = programme.criteria_of(entry.commodity_id, clock.today())
    open_ = entry.asked != Asked.CLOSED
    counts = any(g.ended_on is None and g.expires_on >= clock.today() for g in entry.grants)
    shown_form: Any = None
    if shown.may_decide and (open_ or counts):
        shown_form = form or DecisionForm()
        shown_form.offer(criteria, open_=open_, counts=counts)
        if form is None:
            shown_form.verdict.data = None if open_ else Verdict.REVOKE
            today = clock.today()
            shown_form.valid_from.data = today.isoformat()
            shown_form.expires_on.data = (today + timedelta(days=USUAL_DAYS)).isoformat()
        if not shown_form.seen.data:
            shown_form.seen.data = str(entry.version)
    return render_template(
        "programme/show.html",
        shown=shown,
        entry=entry,
        criteria=criteria,
        form=shown_form,
        answered=form,
        taking_back=TakeBackForm(seen=entry.version) if open_ and shown.may_answer else None,
        steps=[
            step for step in reversed(entry.steps) if shown.reads_all or step.kind in PUBLIC_STEPS
        ],
    )
