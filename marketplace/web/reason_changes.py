"""What would have had to change, in a few words each: "6 ngày sớm hơn", "có VietGAP"."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.models.rounds import RoundEntry
from marketplace.web import formats
from marketplace.web.reason_cases import Case, Words


@dataclass(frozen=True)
class Near:
    """A counterpart that was not far from a match: where it is, and all that it would have taken."""

    place: str
    km: str
    changes: tuple[str, ...]


def nearest(entry: RoundEntry) -> tuple[Near, ...]:
    """Up to three, the first is the one that the reason speaks of. None for rounds of old."""
    whole = Case.of_entry(entry)
    found = []
    for near in whole.details.get("nearest", []):
        hurdles = [
            Case(whole.side, whole.listing, {**near, **h}, told=True) for h in near["hurdles"]
        ]
        km = formats.km(near["km"]) if "km" in near else ""
        found.append(Near(str(near["place"]), km, tuple(_change(hurdle) for hurdle in hurdles)))
    return tuple(found)


def _change(hurdle: Case) -> str:
    words = (_OF_LOT if hurdle.side == "lot" else _OF_NEED).get(hurdle.because)
    return str(words(hurdle)) if words else ""


def _day_of_lot(case: Case) -> str:
    if case.days > 0:
        return str(ngettext("%(num)s day earlier", "%(num)s days earlier", case.days))
    return str(ngettext("%(num)s day later", "%(num)s days later", -case.days))


def _day_of_need(case: Case) -> str:
    if case.days > 0:
        return str(
            ngettext("taken in %(num)s day longer", "taken in %(num)s days longer", case.days)
        )
    return str(
        ngettext("taken in %(num)s day earlier", "taken in %(num)s days earlier", -case.days)
    )


def _freshness_of_need(case: Case) -> str:
    if not case.spoils:
        return str(_("%(time)s less of freshness asked for", time=case.staleness))
    if case.days:
        return _day_of_need(case)
    return str(_("goods that keep %(time)s longer", time=case.staleness))


def _lower(case: Case) -> str:
    if not case.has_price:
        return str(_("the place of one who cannot be divided"))
    return str(_("an asking price about %(money)s lower", money=case.money))


def _higher(case: Case) -> str:
    if not case.has_price:
        return str(_("the place of one who cannot be divided"))
    return str(_("a bid about %(money)s higher", money=case.money))


def _whole_lot(case: Case) -> str:
    if case.indivisible:
        return str(_("sold in parts, %(quantity)s here", quantity=case.limit))
    return str(_("%(quantity)s at once", quantity=case.limit))


def _whole_need(case: Case) -> str:
    if case.indivisible:
        return str(_("several deliveries, %(quantity)s from here", quantity=case.limit))
    return str(_("%(quantity)s at once", quantity=case.limit))


def _paper(case: Case) -> str:
    if case.banned:
        return str(_("the ban lifted"))
    return str(_("the paper %(certificate)s", certificate=case.name("certificate")))


_OF_BOTH: dict[str, Words] = {
    "not_eligible": lambda c: _("admitted to the programme"),
    "no_route": lambda c: _("a route that is open"),
    "movement": _paper,
}
_OF_LOT: dict[str, Words] = _OF_BOTH | {
    "expected": lambda c: _("a harvest that is confirmed"),
    "grade": lambda c: _("%(grade)s or better", grade=c.name("grade")),
    "certificate": lambda c: _("certified %(certificate)s", certificate=c.name("certificate")),
    "window": _day_of_lot,
    "freshness": lambda c: _("%(time)s fresher on arrival", time=c.staleness),
    "minimum": lambda c: _("%(quantity)s or more at once", quantity=c.limit),
    "whole": _whole_lot,
    "price": _lower,
    "freight": _lower,
    "outbid": _lower,
}
_OF_NEED: dict[str, Words] = _OF_BOTH | {
    "expected": lambda c: _("expected harvests taken too"),
    "grade": lambda c: _("%(grade)s taken too", grade=c.name("grade")),
    "certificate": lambda c: _("no %(certificate)s asked for", certificate=c.name("certificate")),
    "window": _day_of_need,
    "freshness": _freshness_of_need,
    "minimum": lambda c: _("deliveries from %(quantity)s", quantity=c.limit),
    "whole": _whole_need,
    "bid": _higher,
    "freight": _higher,
    "outbid": _higher,
}
