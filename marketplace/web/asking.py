"""One side asks the other without waiting for a round: the form, what was understood, the match."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.quantities import spell_quantity
from marketplace.domain.wishes import Wish
from marketplace.extensions import limiter
from marketplace.services import direct, offers
from marketplace.web.asking_forms import AskForm, AskingForm, OfferForm, own_words
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.matches import bp
from marketplace.web.session import allowed, current_actor, maybe_actor

USUAL_WINDOW = timedelta(days=6)


def _asker() -> str:
    actor = maybe_actor()
    return f"asking {actor.organisation_id if actor else 0}"


# Whether an offer is refused says something of a sealed price, so nobody may try for ever.
_limited = limiter.limit("60 per hour", key_func=_asker, methods=["POST"])


@bp.route("/lots/<int:lot_id>/buy", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.BUYER)
@_limited
def ask_for_lot(lot_id: int) -> ResponseReturnValue:
    """“I want to buy”: what the seller will be asked."""
    actor, today = current_actor(), clock.today()
    try:
        lot = direct.lot_to_buy(lot_id, actor=actor, today=today)
    except Rejected as error:
        flash(said(error), "warning")
        return redirect(url_for("lots.show", lot_id=lot_id))
    form = AskForm()
    own = direct.my_needs(lot.commodity_id, actor=actor, today=today)
    _prepare(form, own, lot, actor, "buyer", "from_on", [lot.open_quantity, *_open(own)])
    return _answer(
        form,
        world().catalogue.commodity(lot.commodity_id),
        consider=lambda wish: direct.consider_buying(lot_id, wish, actor=actor, today=today),
        ask=lambda wish: direct.ask_for_lot(lot_id, wish, actor=actor, **_when()),
        load=lambda: direct.lot_to_buy(lot_id, actor=actor, today=today),
        side="need",
    )


@bp.route("/needs/<int:need_id>/sell", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.SELLER)
@_limited
def offer_to_need(need_id: int) -> ResponseReturnValue:
    """“I have these goods”: what the buyer will be offered."""
    actor, today = current_actor(), clock.today()
    try:
        need = direct.need_to_serve(need_id, actor=actor, today=today)
    except Rejected as error:
        flash(said(error), "warning")
        return redirect(url_for("needs.show", need_id=need_id))
    form = OfferForm()
    own = direct.my_lots(need.commodity_id, actor=actor, today=today)
    _prepare(form, own, need, actor, "producer", "ready_on", [need.open_quantity, *_open(own)])
    return _answer(
        form,
        world().catalogue.commodity(need.commodity_id),
        consider=lambda wish: direct.consider_selling(need_id, wish, actor=actor, today=today),
        ask=lambda wish: direct.offer_to_need(need_id, wish, actor=actor, **_when()),
        load=lambda: direct.need_to_serve(need_id, actor=actor, today=today),
        side="lot",
    )


def _prepare(
    form: AskingForm,
    own: Any,
    listing: Any,
    actor: Actor,
    whose: str,
    first_day: str,
    amounts: list[int],
) -> None:
    """What may be chosen; and where nothing has been typed yet, what is likely meant."""
    good = world().catalogue.commodity(listing.commodity_id)
    form.offer(own, good)
    form.ask_for_whom(actor, whose)
    if form.is_typed:
        return
    # A harvest that is expected next month is not wanted this week.
    first = max(clock.today(), getattr(listing, "ready_on", clock.today()))
    form["quantity"].data = spell_quantity(min(amounts), good)
    form[first_day].data = first.isoformat()
    form["until"].data = (first + USUAL_WINDOW).isoformat()
    home = offers.home_of(actor)
    if home is not None:
        form["place"].data = world().gazetteer.label(home)


def _open(own: Any) -> list[int]:
    return [listing.open_quantity for listing in own][:1]


def _answer(
    form: Any,
    good: Commodity,
    *,
    consider: Callable[[Wish], direct.Considered],
    ask: Callable[[Wish], Any],
    load: Callable[[], Any],
    side: str,
) -> ResponseReturnValue:
    """``load`` reads the listing for the page, anew where a failed attempt has let go of it."""
    wish = None
    if form.is_submitted() and not form.step.startswith("edit"):
        valid = form.validate()
        wish = form.wish(good, clock.today())
        wish = wish if valid else None
    if wish is not None:
        try:
            if form.step == "save":
                match = ask(wish)
                flash(_("The other side has been asked. You will be told the answer."), "success")
                return redirect(url_for("matches.show", match_id=match.id))
            considered = consider(wish)
        except Rejected as error:
            form.refuse_here(error, good)
        else:
            own = considered.need if side == "need" else considered.lot
            return render_template(
                "matches/terms.html",
                own=own if form.chosen else None,
                own_words=own_words(own, good.base_unit_vi) if form.chosen else "",
                form=form,
                good=good,
                terms=considered.terms,
                listing=load(),
                side=side,
            )
    status = 422 if form.errors or form.form_errors else 200
    page = render_template("matches/ask.html", form=form, good=good, listing=load(), side=side)
    return page, status


def _when() -> dict[str, Any]:
    return {
        "today": clock.today(),
        "now": clock.now(),
        "answer_hours": current_app.extensions["settings"].answer_hours,
    }
