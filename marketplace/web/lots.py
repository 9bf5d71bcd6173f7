"""Lots: the list of offers, a lot's page, listing, changing, withdrawing."""

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
from marketplace.domain.lots import LotDraft
from marketplace.services import contacts, lots, offers, places, price_board
from marketplace.web import browsing, maps
from marketplace.web import listing_words as words
from marketplace.web.fields import WithdrawForm, spell_place
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.lot_forms import LotForm
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("lots", __name__, url_prefix="/lots")
LISTERS = (Role.OFFICER, Role.SELLER)
USUAL_WINDOW = timedelta(days=6)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Everything on offer, as the address asks."""
    asked = browsing.asked(clock.today(), browsing.RECEIVE)
    page = offers.open_lots(asked.filter, today=clock.today(), named=maybe_actor() is not None)
    return render_template("lots/index.html", asked=asked, page=page)


@bp.get("/<int:lot_id>")
@public
def show(lot_id: int) -> ResponseReturnValue:
    """Everything that a buyer asks on the telephone, and the price at the reader's door."""
    return _page(lot_id)


@bp.post("/<int:lot_id>/contact")
@signed_in
def contact(lot_id: int) -> ResponseReturnValue:
    """The same with the lister's number. The look is recorded."""
    try:
        contacts.of_lot(lot_id, actor=current_actor(), **browsing.lookups())
    except Rejected as error:
        return _page(lot_id, refused=said(error)), 429
    return _page(lot_id)


@bp.route("/new", methods=["GET", "POST"])
@allowed(*LISTERS)
def create() -> ResponseReturnValue:
    """The form, then what was understood, then the lot."""
    actor = current_actor()
    form = LotForm()
    form.ask_for_whom(actor, "producer")
    if request.method == "GET" and not form.is_typed:
        _suggest(form, actor)
    known: dict[str, Any] = {"actor": actor, "today": clock.today()}
    draft = _understood(form, lambda read: lots.check_new_lot(read, **known))
    if draft is None:
        return _form(form)
    try:
        if form.step == "save":
            lot = lots.publish_lot(draft, now=clock.now(), token=form.one_time, **known)
            flash(_("The lot is listed. It goes into the next match round."), "success")
            return redirect(url_for("lots.show", lot_id=lot.id))
        lots.check_new_lot(draft, **known)
    except Repeated as error:
        flash(said(error), "warning")
        return redirect(url_for("desk.show"))
    except Rejected as error:
        form.refuse(error, world().catalogue.commodity(draft.commodity))
        return _form(form)
    return _review(form, draft)


@bp.route("/<int:lot_id>/edit", methods=["GET", "POST"])
@allowed(*LISTERS)
def edit(lot_id: int) -> ResponseReturnValue:
    """The same form for a lot that is there, unless somebody else has changed it meanwhile."""
    actor = current_actor()
    lot = lots.lot_to_edit(lot_id, actor=actor)
    form = LotForm()
    form.ask_for_whom(actor, "producer")
    if request.method == "GET" and not form.is_typed:
        form.fill(lots.draft_of(lot))
        form.version.data = str(lot.version)
    known: dict[str, Any] = {"actor": actor, "today": clock.today()}

    def check(read: LotDraft) -> None:
        lots.check_changed_lot(lot_id, form.known_version, read, **known)

    draft = _understood(form, check, lots.draft_of(lot))
    if draft is None:
        return _form(form, lot=lot)
    try:
        if form.step == "save":
            lots.change_lot(lot_id, form.known_version, draft, now=clock.now(), **known)
            flash(_("The lot has been changed."), "success")
            return redirect(url_for("lots.show", lot_id=lot_id))
        check(draft)
    except Stale as error:
        lot = lots.lot_to_edit(lot_id, actor=actor)
        form.version.data = str(lot.version)
        good = world().catalogue.commodity(draft.commodity)
        found = words.differences(form, good, lots.changes(lot, draft))
        return _form(form, lot=lot, stale=said(error), differences=found, status=409)
    except Rejected as error:
        form.refuse(error, world().catalogue.commodity(draft.commodity))
        return _form(form, lot=lot)
    return _review(form, draft, lot=lot)


@bp.route("/<int:lot_id>/withdraw", methods=["GET", "POST"])
@allowed(*LISTERS)
def withdraw(lot_id: int) -> ResponseReturnValue:
    """Ask once more, then take what is free off the market."""
    actor = current_actor()
    lot = lots.lot_to_edit(lot_id, actor=actor)
    form = WithdrawForm(version=lot.version)
    if form.validate_on_submit():
        try:
            lots.withdraw_lot(lot_id, form.known_version, actor=actor, now=clock.now())
        except Stale:
            flash(_("Somebody has just changed this lot. Look again."), "warning")
        else:
            flash(_("The lot has been withdrawn."), "success")
        return redirect(url_for("lots.show", lot_id=lot_id))
    return render_template("lots/withdraw.html", lot=lot, form=form)


def _page(lot_id: int, **found: Any) -> str:
    actor = maybe_actor()
    asked = browsing.asked_place(browsing.RECEIVE)
    page = lots.show_lot(lot_id, actor=actor)
    may_call = may_look_up_contact(actor) and not page.mine
    looks = None
    if actor and may_call:
        looks = contacts.looks_at(page.lot, actor=actor, **browsing.lookups())
    state = words.listing_state(page.lot, clock.today())
    to_deliver = not page.mine and state in ("open", "held")
    landed = offers.landed(page.lot, asked.to.id) if asked.to and to_deliver else None
    way = None
    if asked.to and landed and landed.quote:
        weight = world().catalogue.commodity(page.lot.commodity_id).kilograms
        load = weight(page.lot.open_quantity or page.lot.quantity) or 0
        way = places.way(page.lot.place_id, asked.to.id, page.lot.commodity_id, load)
    good = world().catalogue.commodity(page.lot.commodity_id)
    grade = page.lot.grade or world().catalogue.default_grade(good.group).id
    return render_template(
        "lots/show.html",
        market=price_board.latest_of(good.id, page.lot.locality_id, grade),
        page=page,
        lot=page.lot,
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
        share=words.offer_text(page.lot, url_for("lots.show", lot_id=lot_id, _external=True)),
        **found,
    )


def _understood(
    form: LotForm, check: Callable[[LotDraft], None], there: LotDraft | None = None
) -> LotDraft | None:
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


def _suggest(form: LotForm, actor: Actor) -> None:
    """An earlier lot once more, or the usual: from today for a week, at the organisation's place."""
    today = clock.today()
    form.ready_on.data = today.isoformat()
    form.until.data = (today + USUAL_WINDOW).isoformat()
    again = request.args.get("from", "")
    if again.isascii() and again.isdecimal() and len(again) < 10:
        form.fill(lots.draft_of(lots.lot_to_edit(int(again), actor=actor)))
        form.ready_on.data = today.isoformat()
        form.until.data = (today + USUAL_WINDOW).isoformat()
        return
    home = offers.home_of(actor)
    if home is not None:
        form.place.data = spell_place(home)


def _form(form: LotForm, *, status: int | None = None, **known: Any) -> ResponseReturnValue:
    status = status or (422 if form.errors else 200)
    return render_template("lots/form.html", form=form, **known), status


def _review(form: LotForm, draft: LotDraft, **known: Any) -> ResponseReturnValue:
    wanted = offers.wanted_now(draft.commodity, today=clock.today())
    return render_template("lots/review.html", form=form, draft=draft, wanted=wanted, **known)
