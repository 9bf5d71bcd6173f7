"""What a what-if changes, and what each of its figures is called, in words."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.domain.reference import Reference
from marketplace.domain.scenarios import (
    Change,
    Deed,
    FuelChange,
    LinkChange,
    MoreDemand,
    MoreSupply,
    SealedOff,
    ShutPlace,
    shut_and_filled,
)
from marketplace.domain.stretches import Stretch, stretches_of
from marketplace.web import formats
from marketplace.web.listing_words import locality_name, place_label
from marketplace.web.lookup import world

DEEDS = {
    Deed.CLOSE: _l("Close it"),
    Deed.OPEN: _l("Open it, although it is closed"),
    Deed.WIDEN: _l("Widen it: without limits of load and hours; a canal one class wider"),
}
DONE = {
    Deed.CLOSE: _l("Closed: %(link)s"),
    Deed.OPEN: _l("Opened: %(link)s"),
    Deed.WIDEN: _l("Widened: %(link)s"),
}
TRIED = {Deed.CLOSE: _l("if closed"), Deed.OPEN: _l("if opened"), Deed.WIDEN: _l("if widened")}
KINDS = {
    "link": _l("A link closed, opened or widened"),
    "fuel": _l("Fuel dearer or cheaper"),
    "sealed_off": _l("A locality sealed off"),
    "shut": _l("A market or other place shut"),
    "supply": _l("More goods on offer"),
    "demand": _l("More buyers"),
}


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals |= {
        "change_words": change_words,
        "shut_and_filled": lambda scenario: [
            place_label(place) for place in shut_and_filled(scenario.changes)
        ],
        "change_kinds": KINDS,
        "link_name": link_name,
        "tried_words": lambda deed: TRIED[deed],
    }


def change_words(change: Change) -> str:
    """`Fuel 20 % dearer`, `Closed: QL61C, Vị Thanh – Cái Tư`."""
    if isinstance(change, LinkChange):
        return str(DONE[change.deed] % {"link": link_name(change.link)})
    if isinstance(change, FuelChange):
        share = formats.percent(abs(change.percent) / 100, 0)
        if change.percent > 0:
            return str(_("Fuel %(share)s dearer", share=share))
        return str(_("Fuel %(share)s cheaper", share=share))
    if isinstance(change, SealedOff):
        return str(_("%(locality)s sealed off", locality=locality_name(change.locality)))
    if isinstance(change, ShutPlace):
        return str(_("%(place)s shut", place=place_label(change.place)))
    return _listing(change)


def _listing(change: MoreSupply | MoreDemand) -> str:
    good = world().catalogue.commodity(change.commodity)
    price = change.ask if isinstance(change, MoreSupply) else change.bid
    told = {
        "quantity": formats.quantity(change.quantity, good.base_unit_vi),
        "goods": formats.name(good),
        "place": place_label(change.place),
        "price": formats.per_unit(price, good.base_unit_vi) if price else _("reference price"),
        "days": formats.day_range(change.first, change.until),
    }
    if isinstance(change, MoreSupply):
        return str(
            ngettext(
                "%(num)s more seller in %(place)s with %(quantity)s of %(goods)s, %(price)s, %(days)s",
                "%(num)s more sellers in %(place)s with %(quantity)s of %(goods)s each,"
                " %(price)s, %(days)s",
                change.sellers,
                **told,
            )
        )
    return str(
        ngettext(
            "%(num)s more buyer in %(place)s for %(quantity)s of %(goods)s, at most %(price)s,"
            " %(days)s",
            "%(num)s more buyers in %(place)s for %(quantity)s of %(goods)s each,"
            " at most %(price)s, %(days)s",
            change.buyers,
            **told,
        )
    )


def link_name(link: str) -> str:
    """`QL61C, Vị Thanh – Cái Tư`; of a link that the data do not have any more, its id."""
    stretch = stretches().get(link)
    return link if stretch is None else stretch.title


def stretches() -> dict[str, Stretch]:
    """Every link by its id, with the names of its ends."""
    return _stretches(world().reference.data_fingerprint)


@lru_cache(maxsize=2)
def _stretches(_data_fingerprint: str) -> dict[str, Stretch]:
    reference: Reference = world().reference
    return {stretch.id: stretch for stretch in stretches_of(reference)}
