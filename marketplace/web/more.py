"""One button on the page of a lot whose quantity is a range: more of it is sure now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.lots import LotDraft
from marketplace.domain.quantities import parse_quantity, spell_quantity
from marketplace.services import lots
from marketplace.web.fields import TextField, VersionForm, required
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.session import allowed, current_actor

bp = Blueprint("more", __name__, url_prefix="/lots")


class MoreForm(VersionForm):
    """How much is sure now."""

    quantity = TextField(_l("Sure now, in all"))

    def read(self, good: Commodity, there: LotDraft) -> int | None:
        """What was understood; None and a word at the field for what is no more than before."""
        try:
            reader = required(lambda typed: parse_quantity(typed, good), _("Enter the quantity."))
            quantity = reader(self.quantity.data or "")
            if quantity <= there.quantity:
                raise Rejected("That is no more than what is sure already.")
        except Rejected as error:
            error.field = "quantity"
            self.reject(error)
            return None
        return quantity


@bp.route("/<int:lot_id>/more", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.SELLER)
def edit(lot_id: int) -> ResponseReturnValue:
    """Raise what is sure; everything else of the lot stays."""
    actor, form = current_actor(), MoreForm()
    lot = lots.lot_to_edit(lot_id, actor=actor)
    good, there = world().catalogue.commodity(lot.commodity_id), lots.draft_of(lot)
    if not form.is_submitted():
        form.version.data = str(lot.version)
        form.quantity.data = spell_quantity(there.quantity_most or there.quantity, good)
    status = 200
    if form.validate_on_submit() and (quantity := form.read(good, there)):
        known: dict[str, Any] = {"actor": actor, "today": clock.today(), "now": clock.now()}
        try:
            lots.change_lot(lot_id, form.known_version, _with(there, quantity), **known)
        except Stale as error:
            form.form_errors.append(said(error))
            form.version.data = str(lots.lot_to_edit(lot_id, actor=actor).version)
            status = 409
        except Rejected as error:
            form.reject(error)
        else:
            flash(_("More is on the market now."), "success")
            return redirect(url_for("lots.show", lot_id=lot_id))
    shown = {"form": form, "lot": lot, "good": good}
    status = 422 if form.errors and status == 200 else status
    return render_template("lots/more.html", **shown), status


def _with(there: LotDraft, quantity: int) -> LotDraft:
    """The lot with so much that is sure, and the most as it was said unless it is more."""
    most = there.quantity_most
    still = most if most and most > quantity else None
    return replace(there, quantity=quantity, quantity_most=still, price_confirmed=True)
