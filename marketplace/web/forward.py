"""Expected harvests: the list of one's own, and confirming, from the list by one button."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.forward import UnlikelyHarvest
from marketplace.domain.quantities import spell_quantity
from marketplace.models.lots import Lot
from marketplace.services import forward
from marketplace.web import exports, formats
from marketplace.web import listing_words as words
from marketplace.web.fields import PickField, TextField
from marketplace.web.forms import said
from marketplace.web.forward_words import confidence_words
from marketplace.web.listing_form import ListingForm
from marketplace.web.lookup import world
from marketplace.web.session import allowed, current_actor, maybe_actor
from marketplace.web.workbooks import Row

bp = Blueprint("forward", __name__, url_prefix="/harvests")
LISTERS = (Role.OFFICER, Role.SELLER)
AS_EXPECTED = "expected"
MOST_AT_ONCE = 100
_SEEN = re.compile(r"([1-9][0-9]{0,8}):([1-9][0-9]{0,8})")


class ConfirmForm(ListingForm):
    """How much the harvest became; as it was offered, if nothing is typed."""

    commodity = HiddenField()
    """Not asked for: it is the lot's."""
    quantity = TextField(_l("How much it became"))
    quantity_pick = PickField(_l("How much?"))

    far_pick = PickField(_l("How much did it become?"))
    """Asked only after a quantity that is far from what was expected."""

    def amount(self, lot: Lot, good: Commodity) -> int | None:
        """Base units that it became; None for as it was offered, which may be said afterwards, too."""
        if self.far_pick.data == AS_EXPECTED:
            self.quantity.data = spell_quantity(lot.quantity, good)
        return self.read_quantity("quantity", good) if self.quantity.data else None

    def means(self, amount: int | None) -> bool:
        """Whether the person has said of this very quantity that it is right."""
        return amount is not None and self.far_pick.data == str(amount)

    def ask_back(self, error: UnlikelyHarvest, amount: int | None) -> None:
        """Read back what was typed, beside what was expected; neither is chosen for the person."""
        self.reject(error)
        self.far_pick.offer(
            [
                (str(amount), _("Yes, %(quantity)s", quantity=error.params["typed"])),
                (AS_EXPECTED, _("No, %(quantity)s as expected", quantity=error.params["expected"])),
            ]
        )

    def fill_from(self, lot: Lot) -> None:
        """Show what is offered."""
        good = world().catalogue.commodity(lot.commodity_id)
        self.quantity.data = spell_quantity(lot.quantity, good)
        self.version.data = str(lot.version)


def init_app(app: Flask) -> None:
    """Let the desk say how many harvests await a word."""
    app.jinja_env.globals["harvests_to_confirm"] = harvests_to_confirm


def harvests_to_confirm() -> tuple[int, int]:
    """How many expected harvests the person's organisation has, and how many are urgent."""
    actor = maybe_actor()
    if actor is None or actor.role not in LISTERS:
        return 0, 0
    return forward.to_confirm(actor, today=clock.today())


@bp.get("")
@allowed(*LISTERS)
def index() -> ResponseReturnValue:
    """One's own expected harvests, the nearest first."""
    found = forward.expected_harvests(current_actor(), today=clock.today())
    if exports.wanted():
        return exports.answer("harvests", _("Expected harvests"), *_as_table(found))
    return render_template("forward/index.html", groups=_by_series(found))


def _by_series(found: Sequence[forward.Expected]) -> list[list[forward.Expected]]:
    """Instalments of one series together, where its next one stands; all else by itself."""
    groups: dict[object, list[forward.Expected]] = {}
    for harvest in found:
        groups.setdefault(harvest.lot.series_id or f"lot {harvest.lot.id}", []).append(harvest)
    return list(groups.values())


@bp.post("/confirm")
@allowed(*LISTERS)
def confirm_all() -> ResponseReturnValue:
    """Several at once, as they are offered: the instalments of a series."""
    seen = _seen(request.form.getlist("lot"))
    try:
        if not seen:
            raise Rejected("Nothing was chosen.")
        known = {"actor": current_actor(), "today": clock.today(), "now": clock.now()}
        count = forward.confirm_harvests(seen, **known)  # type: ignore[arg-type]
    except (Rejected, Stale) as error:
        flash(said(error) + " " + _("None of them was confirmed. Look again."), "warning")
    else:
        words_ = ngettext("%(num)s harvest is confirmed.", "%(num)s harvests are confirmed.", count)
        flash(
            words_ if count else _("Everything stood there already; nothing was changed."),
            "success",
        )
    return redirect(url_for("forward.index"))


def _seen(sent: Sequence[str]) -> dict[int, int]:
    """Versions by lot; what no page of ours has made says nothing."""
    found = (_SEEN.fullmatch(each) for each in sent[:MOST_AT_ONCE])
    return {int(each[1]): int(each[2]) for each in found if each}


def _as_table(found: Sequence[forward.Expected]) -> tuple[list[str], list[Row]]:
    """Heads and rows of the list as a file."""
    heads = [
        *(_("Lot"), _("Goods"), _("Grade"), _("Quantity"), _("Most"), _("Unit"), _("Held")),
        *(_("Asking price, VND"), _("Whose goods"), _("Place"), _("First day"), _("Last day")),
        *(_("Expected harvest"), _("State")),
    ]
    return heads, [_as_row(harvest) for harvest in found]


def _as_row(harvest: forward.Expected) -> Row:
    lot = harvest.lot
    good = world().catalogue.commodity(lot.commodity_id)
    due = _("Confirm soon") if harvest.due else None
    return [
        _("Lot %(number)s", number=lot.id),
        *(formats.name(good), words.grade_name(good.group, lot.grade)),
        *(lot.quantity, lot.quantity_most, formats.unit(good.base_unit_vi), lot.held, lot.ask),
        *(lot.producer or None, words.place_label(lot.place_id), lot.ready_on, lot.until),
        None if lot.confidence is None else confidence_words(lot.confidence),
        _("Not confirmed in time") if harvest.lapsed else due,
    ]


@bp.route("/<int:lot_id>/confirm", methods=["GET", "POST"])
@allowed(*LISTERS)
def confirm(lot_id: int) -> ResponseReturnValue:
    """The button of the list confirms at once; the page asks how much it became."""
    actor, form = current_actor(), ConfirmForm()
    lot = forward.harvest_to_confirm(lot_id, actor=actor)
    good = world().catalogue.commodity(lot.commodity_id)
    form.commodity.data = good.id
    if not form.is_submitted():
        if lot.confidence is None:
            return redirect(url_for("lots.show", lot_id=lot_id))
        form.fill_from(lot)
        return render_template("forward/confirm.html", lot=lot, form=form)
    valid = form.validate()
    amount = form.amount(lot, good)
    if valid and not form.errors:
        try:
            forward.confirm_harvest(
                lot_id,
                form.known_version,
                amount,
                actor=actor,
                today=clock.today(),
                now=clock.now(),
                meant=form.means(amount),
            )
        except Stale as error:
            return _stale(forward.harvest_to_confirm(lot_id, actor=actor), form, amount, error)
        except UnlikelyHarvest as error:
            form.ask_back(error, amount)
        except Rejected as error:
            form.refuse(error, good)
        else:
            flash(
                _("The harvest is confirmed. From now on it is offered as sure goods."), "success"
            )
            return redirect(_back(lot_id))
    lot = forward.harvest_to_confirm(lot_id, actor=actor)
    return render_template("forward/confirm.html", lot=lot, form=form), 422


def _stale(lot: Lot, form: ConfirmForm, typed: int | None, error: Stale) -> ResponseReturnValue:
    """What holds now and what was typed; the button of the list has nothing typed to lose."""
    if typed is None:
        flash(_("Somebody has just changed this lot. Look again."), "warning")
        return redirect(url_for("lots.show", lot_id=lot.id))
    form.version.data = str(lot.version)
    good = world().catalogue.commodity(lot.commodity_id)
    found = words.differences(form, good, {"quantity": (lot.quantity, typed)})
    shown = {"stale": said(error), "differences": found if typed != lot.quantity else []}
    return render_template("forward/confirm.html", lot=lot, form=form, **shown), 409


def _back(lot_id: int) -> str:
    if request.form.get("from") == "list":
        return url_for("forward.index")
    return url_for("lots.show", lot_id=lot_id)
