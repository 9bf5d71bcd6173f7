"""Needs: the list of what is wanted, a need's page, posting, changing, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.listings import Repeated, may_look_up_contact
from marketplace.domain.needs import NeedDraft
from marketplace.services import contacts, needs, offers, places
from marketplace.web import browsing, maps
from marketplace.web import listing_words as words
from marketplace.web.fields import WithdrawForm, spell_place
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.need_forms import NeedForm
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("needs", __name__, url_prefix="/needs")
POSTERS = (Role.OFFICER, Role.BUYER)
USUAL_WINDOW = timedelta(days=6)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Everything that is wanted, as the address asks."""
    asked = browsing.asked(clock.today(), browsing.SEND)
    page = offers.open_needs(asked.filter, today=clock.today(), named=maybe_actor() is not None)
    return render_template("needs/index.html", asked=asked, page=page)


@bp.get("/<int:need_id>")
@public
def show(need_id: int) -> ResponseReturnValue:
    """Everything that a seller asks on the telephone, and freight from the reader's place."""
    return _page(need_id)


@bp.post("/<int:need_id>/contact")
@signed_in
def contact(need_id: int) -> ResponseReturnValue:
    """The same with the lister's number. The look is recorded."""
    try:
        contacts.of_need(need_id, actor=current_actor(), **browsing.lookups())
    except Rejected as error:
        return _page(need_id, refused=said(error)), 429
    return _page(need_id)


@bp.route("/new", methods=["GET", "POST"])
@allowed(*POSTERS)
def create() -> ResponseReturnValue:
    """The form, then what was understood, then the need."""
    actor = current_actor()
    form = NeedForm()
    form.ask_for_whom(actor, "buyer")
    if request.method == "GET" and not form.is_typed:
        _suggest(form, actor)
    known: dict[str, Any] = {"actor": actor, "today": clock.today()}
    draft = _understood(form, lambda read: needs.check_new_need(read, **known))
    if draft is None:
        return _form(form)
    try:
        if form.step == "save":
            need = needs.post_need(draft, now=clock.now(), token=form.one_time, **known)
            flash(_("The need is posted. It goes into the next match round."), "success")
            return redirect(url_for("needs.show", need_id=need.id))
        needs.check_new_need(draft, **known)
    except Repeated as error:
        flash(said(error), "warning")
        return redirect(url_for("desk.show"))
    except Rejected as error:
        form.refuse(error, world().catalogue.commodity(draft.commodity))
        return _form(form)
    return _review(form, draft)


@bp.route("/<int:need_id>/edit", methods=["GET", "POST"])
@allowed(*POSTERS)
def edit(need_id: int) -> ResponseReturnValue:
    """The same form for a need that is there, unless somebody else has changed it meanwhile."""
    actor = current_actor()
    need = needs.need_to_edit(need_id, actor=actor)
    form = NeedForm()
    form.ask_for_whom(actor, "buyer")
    if request.method == "GET" and not form.is_typed:
        form.fill(needs.draft_of(need))
        form.version.data = str(need.version)
    known: dict[str, Any] = {"actor": actor, "today": clock.today()}

    def check(read: NeedDraft) -> None:
        needs.check_changed_need(need_id, form.known_version, read, **known)

    draft = _understood(form, check, needs.draft_of(need))
    if draft is None:
        return _form(form, need=need)
    try:
        if form.step == "save":
            needs.change_need(need_id, form.known_version, draft, now=clock.now(), **known)
            flash(_("The need has been changed."), "success")
            return redirect(url_for("needs.show", need_id=need_id))
        check(draft)
    except Stale as error:
        need = needs.need_to_edit(need_id, actor=actor)
        form.version.data = str(need.version)
        good = world().catalogue.commodity(draft.commodity)
        found = words.differences(form, good, needs.changes(need, draft))
        return _form(form, need=need, stale=said(error), differences=found, status=409)
    except Rejected as error:
        form.refuse(error, world().catalogue.commodity(draft.commodity))
        return _form(form, need=need)
    return _review(form, draft, need=need)


@bp.route("/<int:need_id>/withdraw", methods=["GET", "POST"])
@allowed(*POSTERS)
def withdraw(need_id: int) -> ResponseReturnValue:
    """Ask once more, then take what is free off the market."""
    actor = current_actor()
    need = needs.need_to_edit(need_id, actor=actor)
    form = WithdrawForm(version=need.version)
    if form.validate_on_submit():
        try:
            needs.withdraw_need(need_id, form.known_version, actor=actor, now=clock.now())
        except Stale:
            flash(_("Somebody has just changed this need. Look again."), "warning")
        else:
            flash(_("The need has been withdrawn."), "success")
        return redirect(url_for("needs.show", need_id=need_id))
    return render_template("needs/withdraw.html", need=need, form=form)


def _page(need_id: int, **found: Any) -> str:
    actor = maybe_actor()
    asked = browsing.asked_place(browsing.SEND)
    page = needs.show_need(need_id, actor=actor)
    may_call = may_look_up_contact(actor) and not page.mine
    looks = None
    if actor and may_call:
        looks = contacts.looks_at(page.need, actor=actor, **browsing.lookups())
    state = words.listing_state(page.need, clock.today())
    to_deliver = not page.mine and state in ("open", "held")
    landed = offers.net(page.need, asked.to.id) if asked.to and to_deliver else None
    way = None
    if asked.to and landed and landed.quote:
        weight = world().catalogue.commodity(page.need.commodity_id).kilograms
        load = weight(page.need.open_quantity or page.need.quantity) or 0
        way = places.way(asked.to.id, page.need.place_id, page.need.commodity_id, load)
    return render_template(
        "needs/show.html",
        page=page,
        need=page.need,
        asked=asked,
        landed=landed,
        way=way,
        ground=maps.ground() if way else None,
        drawn=browsing.drawn(way) if way else None,
        explained=words.explained(page.entry),
        may_call=may_call,
        looks=looks,
        contact=looks.contact if looks else None,
        state=state,
        to_deliver=to_deliver,
        **found,
    )


def _understood(
    form: NeedForm, check: Callable[[NeedDraft], None], there: NeedDraft | None = None
) -> NeedDraft | None:
    """The draft where the person has sent the form on; None shows the form (again).

    Where something cannot be read, the rules are tried on the rest: all is told at once.
    """
    if not form.is_submitted() or form.step.startswith("edit"):
        return None
    form.validate()
    draft = form.draft(clock.today(), there)
    if not form.errors:
        return draft
    try:
        check(draft)
    except Stale:
        pass  # told as soon as the form can be read
    except Rejected as error:
        form.refuse_besides(error, world().catalogue.commodity(draft.commodity))
    return None


def _suggest(form: NeedForm, actor: Actor) -> None:
    """An earlier need once more, or the usual: from today for a week, at the organisation's place."""
    today = clock.today()
    form.from_on.data = today.isoformat()
    form.until.data = (today + USUAL_WINDOW).isoformat()
    again = request.args.get("from", "")
    if again.isascii() and again.isdecimal() and len(again) < 10:
        form.fill(needs.draft_of(needs.need_to_edit(int(again), actor=actor)))
        form.from_on.data = today.isoformat()
        form.until.data = (today + USUAL_WINDOW).isoformat()
        return
    home = offers.home_of(actor)
    if home is not None:
        form.place.data = spell_place(home)


def _form(form: NeedForm, *, status: int | None = None, **known: Any) -> ResponseReturnValue:
    status = status or (422 if form.errors else 200)
    return render_template("needs/form.html", form=form, **known), status


def _review(form: NeedForm, draft: NeedDraft, **known: Any) -> ResponseReturnValue:
    offered = offers.offered_now(draft.commodity, today=clock.today())
    return render_template("needs/review.html", form=form, draft=draft, offered=offered, **known)
