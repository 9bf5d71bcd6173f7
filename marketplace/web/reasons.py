"""Why a lot or a need was left out, in words: what happened, and what could be done.

Figures that follow from somebody's sealed price are told in bands to everybody but coordinators.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.domain.bands import band
from marketplace.models.rounds import RoundEntry
from marketplace.web import formats, language

Words = Callable[["_Case"], str]


@dataclass(frozen=True)
class Reason:
    """A title, one sentence, and what could be done."""

    key: str
    title: str
    text: str
    change: str


LOT_TITLES = {
    "no_counterpart": _l("Nobody wants this commodity yet"),
    "grade": _l("Grade too low"),
    "certificate": _l("Certificate missing"),
    "not_eligible": _l("Not eligible for the programme"),
    "window": _l("The days do not fit"),
    "freshness": _l("Not fresh enough on arrival"),
    "no_route": _l("No open route"),
    "freight": _l("Freight eats the margin"),
    "price": _l("Asking price too high"),
    "bid": _l("Highest price too low"),
    "outbid": _l("Another lot served it better"),
    "minimum": _l("Below the minimum quantity"),
    "whole": _l("All at once, and nobody fits"),
    "reserved": _l("Held for another match"),
    "partly": _l("Partly matched"),
}
NEED_TITLES = LOT_TITLES | {
    "no_counterpart": _l("Nobody offers this commodity yet"),
    "grade": _l("No lot of that grade"),
    "certificate": _l("No lot with that certificate"),
    "price": _l("Highest price too low"),
    "outbid": _l("The goods went where they gained more"),
}


def titles(side: str) -> dict[str, Any]:
    """The titles of all reasons, by key."""
    return LOT_TITLES if side == "lot" else NEED_TITLES


def explain(entry: RoundEntry, *, exact: bool) -> Reason:
    """The reason of an entry that has one. ``exact``: the reader may see sealed figures.

    The entry's listing must be loaded with its commodity and place.
    """
    case = _Case(entry, exact)
    because = case.because
    text, change = _TEXTS.get(because, (_nothing, _nothing))
    key = str(entry.reason)
    words = text(case)
    if key == "partly":
        done = formats.quantity(entry.matched, case.unit)
        whole = formats.quantity(entry.quantity, case.unit)
        words = _(
            "%(matched)s of %(total)s matched; the rest: %(reason)s",
            matched=done,
            total=whole,
            reason=_of_the_rest(case, words),
        )
    return Reason(key, _title(case, key), words, change(case))


def _title(case: _Case, key: str) -> str:
    """Of goods that do not fit as a whole it says on which side they cannot be divided."""
    if key == "whole" and not case.indivisible:
        if case.side == "lot":
            return str(_("The buyer takes all at once, and more than this"))
        return str(_("The seller sells all at once, and more than this"))
    return str(titles(case.side).get(key, key))


def _of_the_rest(case: _Case, words: str) -> str:
    """Why only a part was matched; what was, has found somebody, so it is nobody *else*."""
    if case.because == "no_counterpart" and case.side == "lot":
        return str(_("nobody else wants this commodity yet."))
    if case.because == "no_counterpart":
        return str(_("nobody else offers this commodity yet."))
    return f"{_title(case, case.because)}. {words}" if case.because in LOT_TITLES else words


class _Case:
    """One entry's figures, as texts."""

    def __init__(self, entry: RoundEntry, exact: bool) -> None:
        listing: Any = entry.lot if entry.lot_id is not None else entry.need
        self.side = "lot" if entry.lot_id is not None else "need"
        self.listing = listing
        self.details: dict[str, Any] = entry.details or {}
        self.numbers: dict[str, int] = self.details.get("numbers", {})
        self.because = str(self.details.get("because") or entry.reason)
        self.unit: str = listing.commodity.base_unit_vi
        self.exact = exact

    @property
    def commodity(self) -> str:
        commodity = self.listing.commodity
        return str(commodity.name_vi if language.current() == "vi" else commodity.name_en)

    @property
    def place(self) -> str:
        return str(self.details.get("place", "?"))

    @property
    def here(self) -> str:
        return str(self.listing.place.name)

    @property
    def indivisible(self) -> bool:
        """Whether it is this listing that cannot be divided, and not its counterpart."""
        change = self.details.get("change", {})
        return "whole" in change or "splits" in change

    @property
    def km(self) -> str:
        return formats.km(self.details.get("km", 0))

    @property
    def days(self) -> int:
        return int(self.numbers.get("days", 0))

    @property
    def money(self) -> str:
        """By how much a price would have had to change."""
        amount = int(self.numbers.get("per_unit", 0))
        if self.exact:
            return formats.per_unit(amount, self.unit)
        return formats.band(*band(amount), self.unit)

    @property
    def has_price(self) -> bool:
        """Whether another price would have been enough."""
        return bool(self.numbers.get("per_unit"))

    @property
    def limit(self) -> str:
        return formats.quantity(int(self.numbers.get("limit", 0)), self.unit)

    @property
    def left(self) -> str:
        return formats.quantity(int(self.details.get("left", 0)), self.unit)

    def name(self, of: str) -> str:
        """A name that is stored in both languages."""
        return str(self.details.get(f"{of}_{language.current()}", "?"))

    def duration(self, name: str) -> str:
        minutes = max(0, int(self.numbers.get(name, 0)))
        if minutes >= 48 * 60:
            return str(_("%(days)s days", days=formats.number(minutes / 1440, 1)))
        return formats.hours(minutes / 60)


def _nothing(_case: _Case) -> str:
    return ""


def _of_side(lot: Words, need: Words) -> Words:
    return lambda case: lot(case) if case.side == "lot" else need(case)


def _window_text(case: _Case) -> str:
    if case.days >= 0:
        return str(_("The goods would arrive %(n)s days too late.", n=case.days))
    return str(_("The goods would arrive %(n)s days too early.", n=-case.days))


def _window_change(case: _Case) -> str:
    late = case.days >= 0
    if case.side == "lot" and late:
        return str(_("offer pick-up %(n)s days earlier.", n=case.days))
    if case.side == "lot":
        return str(_("offer pick-up %(n)s days later.", n=-case.days))
    if late:
        return str(_("take goods %(n)s days longer.", n=case.days))
    return str(_("take goods %(n)s days earlier.", n=-case.days))


def _outbid_change(case: _Case) -> str:
    # What is sold whole goes first: then there is no price that would have been enough.
    if case.side == "lot":
        if case.has_price:
            return str(_("about %(money)s less would have been enough.", money=case.money))
        return str(_("share the lot; it stays in every later round."))
    if case.has_price:
        return str(_("about %(money)s more would have been enough.", money=case.money))
    return str(_("nothing to do; the need stays in every later round."))


def _whole_lot_text(case: _Case) -> str:
    if case.indivisible:
        return str(
            _(
                "This lot is sold only whole; the nearest match takes %(quantity)s.",
                quantity=case.limit,
            )
        )
    return str(_("The nearest match takes %(quantity)s at once.", quantity=case.limit))


def _whole_lot_change(case: _Case) -> str:
    if case.indivisible:
        return str(_("allow splitting."))
    return str(
        _("offer %(quantity)s at once, or ask the buyer to take a part.", quantity=case.limit)
    )


def _whole_need_text(case: _Case) -> str:
    if case.indivisible:
        return str(
            _("You take all from one lot; the nearest match has %(quantity)s.", quantity=case.limit)
        )
    return str(_("The nearest match is sold only whole: %(quantity)s.", quantity=case.limit))


def _whole_need_change(case: _Case) -> str:
    if case.indivisible:
        return str(_("allow several deliveries."))
    return str(
        _("take %(quantity)s at once, or ask the seller to split the lot.", quantity=case.limit)
    )


_TEXTS: dict[str, tuple[Words, Words]] = {
    "no_counterpart": (
        _of_side(
            lambda c: _("No need for %(commodity)s was in this round.", commodity=c.commodity),
            lambda c: _("No lot of %(commodity)s was in this round.", commodity=c.commodity),
        ),
        _of_side(
            lambda c: _("share the lot; it stays in every later round."),
            lambda c: _("nothing to do; the need stays in every later round."),
        ),
    ),
    "grade": (
        _of_side(
            lambda c: _(
                "The nearest need (%(place)s) takes %(grade)s or better.",
                place=c.place,
                grade=c.name("grade"),
            ),
            lambda c: _(
                "The nearest lot (%(place)s) is of grade %(grade)s.",
                place=c.place,
                grade=c.name("grade"),
            ),
        ),
        _of_side(
            lambda c: _("sort out what reaches %(grade)s as its own lot.", grade=c.name("grade")),
            lambda c: _("accept %(grade)s.", grade=c.name("grade")),
        ),
    ),
    "certificate": (
        _of_side(
            lambda c: _(
                "The nearest need (%(place)s) asks for %(certificate)s.",
                place=c.place,
                certificate=c.name("certificate"),
            ),
            lambda c: _(
                "The nearest lot (%(place)s) lacks %(certificate)s.",
                place=c.place,
                certificate=c.name("certificate"),
            ),
        ),
        _of_side(
            lambda c: _("enter %(certificate)s if you have it.", certificate=c.name("certificate")),
            lambda c: _("do without %(certificate)s.", certificate=c.name("certificate")),
        ),
    ),
    "not_eligible": (
        lambda c: _("The programme does not admit these goods."),
        lambda c: _("ask the department what is needed."),
    ),
    "window": (_window_text, _window_change),
    "freshness": (
        lambda c: _(
            "%(left)s of freshness on arrival, %(need)s are needed.",
            left=c.duration("minutes_left"),
            need=c.duration("minutes_asked"),
        ),
        _of_side(
            lambda c: _("harvest later or use a cold truck."),
            lambda c: _("ask for less freshness on arrival."),
        ),
    ),
    "no_route": (
        lambda c: _("No road leads from %(here)s to %(place)s.", here=c.here, place=c.place),
        lambda c: _("name a place on the mainland where the goods change hands."),
    ),
    "freight": (
        _of_side(
            lambda c: _(
                "To the nearest match (%(place)s, %(km)s) freight is more than the price "
                "difference; about %(money)s are missing.",
                place=c.place,
                km=c.km,
                money=c.money,
            ),
            lambda c: _(
                "From the nearest match (%(place)s, %(km)s) freight is more than the price "
                "difference; about %(money)s are missing.",
                place=c.place,
                km=c.km,
                money=c.money,
            ),
        ),
        _of_side(
            lambda c: _("share a vehicle, or ask about %(money)s less.", money=c.money),
            lambda c: _("take more at once, or pay about %(money)s more.", money=c.money),
        ),
    ),
    "price": (
        lambda c: _(
            "The nearest match (%(place)s) pays less than asked; about %(money)s are missing.",
            place=c.place,
            money=c.money,
        ),
        lambda c: _("lower the price by about %(money)s or wait.", money=c.money),
    ),
    "bid": (
        lambda c: _(
            "For the nearest match (a lot in %(place)s) about %(money)s were missing.",
            place=c.place,
            money=c.money,
        ),
        lambda c: _("raise the price by about %(money)s or accept more grades.", money=c.money),
    ),
    "outbid": (
        _of_side(
            lambda c: _("The need was filled by lots that were nearer or cheaper."),
            lambda c: _("The lots went to needs that were nearer or paid more."),
        ),
        _outbid_change,
    ),
    "minimum": (
        _of_side(
            lambda c: _(
                "The buyer takes %(minimum)s or more; %(left)s are left.",
                minimum=c.limit,
                left=c.left,
            ),
            lambda c: _(
                "You take %(minimum)s or more; no lot has that much left.", minimum=c.limit
            ),
        ),
        _of_side(
            lambda c: _("pool with lots of the same commune."),
            lambda c: _("accept smaller deliveries."),
        ),
    ),
    "whole": (
        _of_side(_whole_lot_text, _whole_need_text),
        _of_side(_whole_lot_change, _whole_need_change),
    ),
    "reserved": (
        lambda c: _("%(quantity)s are held until delivered or cancelled.", quantity=c.limit),
        lambda c: _("nothing to do."),
    ),
}
