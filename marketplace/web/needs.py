"""Needs: the list of what is wanted, a need's page, posting, changing, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import may_look_up_contact
from marketplace.domain.needs import NeedDraft
from marketplace.services import contacts, needs, offers, places, series
from marketplace.web import browsing, export_rows, exports, listing_steps, maps
from marketplace.web import listing_words as words
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.need_forms import NeedForm
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("needs", __name__, url_prefix="/needs")
POSTERS = (Role.OFFICER, Role.BUYER)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Everything that is wanted, as the address asks."""
    asked = browsing.asked(clock.today(), browsing.SEND)
    named = maybe_actor() is not None
    if exports.wanted():
        everything = replace(asked.filter, page=1, size=exports.MOST, each_instalment=True)
        return export_rows.needs(
            offers.open_needs(everything, today=clock.today(), named=named).shown
        )
    page = offers.open_needs(asked.filter, today=clock.today(), named=named)
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
    return listing_steps.create(STEPS)


@bp.route("/<int:need_id>/edit", methods=["GET", "POST"])
@allowed(*POSTERS)
def edit(need_id: int) -> ResponseReturnValue:
    """The same form for a need that is there, unless somebody else has changed it meanwhile."""
    return listing_steps.edit(STEPS, need_id)


@bp.route("/<int:need_id>/withdraw", methods=["GET", "POST"])
@allowed(*POSTERS)
def withdraw(need_id: int) -> ResponseReturnValue:
    """Ask once more, then take what is free off the market."""
    return listing_steps.withdraw(STEPS, need_id)


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
        drawn=maps.drawn_way(way) if way else None,
        explained=words.explained(page.entry),
        series=series.of_listing(page.need, today=clock.today()),
        may_call=may_call,
        looks=looks,
        contact=looks.contact if looks else None,
        state=state,
        to_deliver=to_deliver,
        **found,
    )


def _beside(draft: NeedDraft) -> dict[str, Any]:
    return {"offered": offers.offered_now(draft.commodity, today=clock.today())}


STEPS = listing_steps.Steps(
    noun="need",
    form=NeedForm,
    for_whom="buyer",
    first_day="from_on",
    check_new=needs.check_new_need,
    enter=needs.post_need,
    check_changed=needs.check_changed_need,
    change=needs.change_need,
    withdraw=needs.withdraw_need,
    to_edit=needs.need_to_edit,
    draft_of=needs.draft_of,
    draft_again=needs.draft_again,
    differences=needs.changes,
    beside=_beside,
    said=listing_steps.Said(
        entered=_l("The need is posted. It goes into the next match round."),
        changed=_l("The need has been changed."),
        withdrawn=_l("The need has been withdrawn."),
        changed_by_other=_l("Somebody has just changed this need. Look again."),
    ),
)
