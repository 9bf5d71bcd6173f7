"""Lots: the list of offers, a lot's page, listing, changing, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import may_look_up_contact
from marketplace.domain.lots import LotDraft
from marketplace.services import (
    contacts,
    lots,
    offers,
    places,
    price_board,
    programme,
    restrictions,
    series,
)
from marketplace.web import browsing, export_rows, exports, listing_steps, maps
from marketplace.web import listing_words as words
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.lot_forms import lot_form
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("lots", __name__, url_prefix="/lots")
LISTERS = (Role.OFFICER, Role.SELLER)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Everything on offer, as the address asks."""
    asked = browsing.asked(clock.today(), browsing.RECEIVE)
    named = maybe_actor() is not None
    if exports.wanted():
        everything = replace(asked.filter, page=1, size=exports.MOST, each_instalment=True)
        return export_rows.lots(
            offers.open_lots(everything, today=clock.today(), named=named).shown
        )
    page = offers.open_lots(asked.filter, today=clock.today(), named=named)
    restricted = restrictions.lacking(
        (shown.listing for shown in page.shown),
        today=clock.today(),
        to=asked.to.id if asked.to else None,
    )
    return render_template("lots/index.html", asked=asked, page=page, restricted=restricted)


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
    return listing_steps.create(STEPS)


@bp.route("/<int:lot_id>/edit", methods=["GET", "POST"])
@allowed(*LISTERS)
def edit(lot_id: int) -> ResponseReturnValue:
    """The same form for a lot that is there, unless somebody else has changed it meanwhile."""
    return listing_steps.edit(STEPS, lot_id)


@bp.route("/<int:lot_id>/withdraw", methods=["GET", "POST"])
@allowed(*LISTERS)
def withdraw(lot_id: int) -> ResponseReturnValue:
    """Ask once more, then take what is free off the market."""
    return listing_steps.withdraw(STEPS, lot_id)


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
        drawn=maps.drawn_way(way) if way else None,
        explained=words.explained(page.entry),
        series=series.of_listing(page.lot, today=clock.today()),
        restricted=restrictions.met_by_goods(
            page.lot.commodity_id, page.lot.place_id, asked.to.id if asked.to else None
        ),
        papers=[paper.id for paper in page.lot.papers_on(clock.today())],
        admission=programme.admission_of(page.lot, today=clock.today())
        if state in ("open", "held")
        else None,
        may_call=may_call,
        looks=looks,
        contact=looks.contact if looks else None,
        state=state,
        to_deliver=to_deliver,
        share=words.offer_text(page.lot, url_for("lots.show", lot_id=lot_id, _external=True)),
        **found,
    )


def _beside(draft: LotDraft) -> dict[str, Any]:
    return {"wanted": offers.wanted_now(draft.commodity, today=clock.today())}


STEPS = listing_steps.Steps(
    noun="lot",
    form=lot_form,
    for_whom="producer",
    first_day="ready_on",
    check_new=lots.check_new_lot,
    enter=lots.publish_lot,
    check_changed=lots.check_changed_lot,
    change=lots.change_lot,
    withdraw=lots.withdraw_lot,
    to_edit=lots.lot_to_edit,
    draft_of=lots.whole_draft_of,
    draft_again=lots.draft_again,
    differences=lots.changes,
    beside=_beside,
    said=listing_steps.Said(
        entered=_l("The lot is listed. It goes into the next match round."),
        changed=_l("The lot has been changed."),
        withdrawn=_l("The lot has been withdrawn."),
        changed_by_other=_l("Somebody has just changed this lot. Look again."),
    ),
)
