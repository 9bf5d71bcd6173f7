"""What is said of the obstacle that stands first: a sentence, and what could be done."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.web.programme_words import admission_reason
from marketplace.web.reason_cases import Case, Words


def nothing(_case: Case) -> str:
    return ""


def _of_side(lot: Words, need: Words) -> Words:
    return lambda case: lot(case) if case.side == "lot" else need(case)


def _window_text(case: Case) -> str:
    late, early = case.days, -case.days
    if late >= 0:
        return str(
            ngettext(
                "The goods would arrive %(num)s day too late.",
                "The goods would arrive %(num)s days too late.",
                late,
            )
        )
    return str(
        ngettext(
            "The goods would arrive %(num)s day too early.",
            "The goods would arrive %(num)s days too early.",
            early,
        )
    )


def _window_change(case: Case) -> str:
    late, early = case.days, -case.days
    if case.side == "lot":
        if late >= 0:
            return str(
                ngettext(
                    "offer pick-up %(num)s day earlier.",
                    "offer pick-up %(num)s days earlier.",
                    late,
                )
            )
        return str(
            ngettext("offer pick-up %(num)s day later.", "offer pick-up %(num)s days later.", early)
        )
    if late >= 0:
        return str(
            ngettext("take goods %(num)s day longer.", "take goods %(num)s days longer.", late)
        )
    return str(
        ngettext("take goods %(num)s day earlier.", "take goods %(num)s days earlier.", early)
    )


def _outbid_change(case: Case) -> str:
    # What is sold whole goes first: then there is no price that would have been enough.
    if case.side == "lot":
        if case.has_price:
            return str(_("about %(money)s less would have been enough.", money=case.money))
        return str(_("share the lot; it stays in every later round."))
    if case.has_price:
        return str(_("about %(money)s more would have been enough.", money=case.money))
    return str(_("nothing to do; the need stays in every later round."))


def _whole_lot_text(case: Case) -> str:
    if case.indivisible:
        return str(
            _(
                "This lot is sold only whole; the nearest match takes %(quantity)s.",
                quantity=case.limit,
            )
        )
    return str(_("The nearest match takes %(quantity)s at once.", quantity=case.limit))


def _whole_lot_change(case: Case) -> str:
    if case.indivisible:
        return str(_("allow splitting."))
    return str(
        _("offer %(quantity)s at once, or ask the buyer to take a part.", quantity=case.limit)
    )


def _whole_need_text(case: Case) -> str:
    if case.indivisible:
        return str(
            _("You take all from one lot; the nearest match has %(quantity)s.", quantity=case.limit)
        )
    return str(_("The nearest match is sold only whole: %(quantity)s.", quantity=case.limit))


def _whole_need_change(case: Case) -> str:
    if case.indivisible:
        return str(_("allow several deliveries."))
    return str(
        _("take %(quantity)s at once, or ask the seller to split the lot.", quantity=case.limit)
    )


def _movement_text(case: Case) -> str:
    ends = (case.here, case.place) if case.side == "lot" else (case.place, case.here)
    way = dict(zip(("origin", "destination"), ends, strict=True))
    if case.banned:
        return str(
            _(
                "Because of a disease these goods may not move from %(origin)s to %(destination)s now.",
                **way,
            )
        )
    return str(
        _(
            "Because of a disease these goods move from %(origin)s to %(destination)s only with "
            "%(certificate)s.",
            certificate=case.name("certificate"),
            **way,
        )
    )


def _freshness_text(case: Case) -> str:
    if case.spoils:
        return str(_("The goods would be spoiled on arrival, by %(time)s.", time=case.staleness))
    return str(
        _(
            "%(left)s of freshness on arrival, %(need)s are needed.",
            left=case.duration("minutes_left"),
            need=case.duration("minutes_asked"),
        )
    )


def _fresher_for_need(case: Case) -> str:
    if not case.spoils:
        return str(_("ask for less freshness on arrival."))
    if case.days:
        return _window_change(case)
    return str(_("nothing to do here; wait for a lot that is nearer or harvested later."))


def _movement_change(case: Case) -> str:
    if case.banned:
        return str(_("nothing to do until the restriction ends."))
    if case.side == "lot":
        return str(_("enter %(certificate)s if you have it.", certificate=case.name("certificate")))
    return str(_("ask the seller for %(certificate)s.", certificate=case.name("certificate")))


def _not_admitted_text(case: Case) -> str:
    if told := case.details.get("programme"):
        return admission_reason(told)[0]
    return str(_("The programme does not admit these goods."))


def _not_admitted_change(case: Case) -> str:
    if told := case.details.get("programme"):
        return admission_reason(told)[1]
    return str(_("ask the department what is needed."))


TEXTS: dict[str, tuple[Words, Words]] = {
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
        _of_side(_not_admitted_text, lambda c: _("The nearest lots are not admitted.")),
        _of_side(_not_admitted_change, lambda c: _("wait for a round that is open to all goods.")),
    ),
    "window": (_window_text, _window_change),
    "freshness": (
        _freshness_text,
        _of_side(lambda c: _("harvest later or use a cold truck."), _fresher_for_need),
    ),
    "no_route": (
        lambda c: _("No open route leads from %(here)s to %(place)s.", here=c.here, place=c.place),
        lambda c: _(
            "wait until a route opens, or name another place where the goods change hands."
        ),
    ),
    "movement": (_movement_text, _movement_change),
    "expected": (
        _of_side(
            lambda c: _(
                "This harvest is only expected, and the nearest need (%(place)s) takes sure goods only.",
                place=c.place,
            ),
            lambda c: _(
                "The harvest of the nearest lot (%(place)s) is only expected.", place=c.place
            ),
        ),
        _of_side(
            lambda c: _("confirm it as soon as you are sure."),
            lambda c: _("take expected harvests too, or wait until it is confirmed."),
        ),
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
