"""Why a lot or a need was left out, in words: what happened, and what could be done.

Everybody reads the same: no figure follows from a sealed price itself (docs/decisions/0012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.models.rounds import RoundEntry
from marketplace.web import formats
from marketplace.web.reason_cases import Case
from marketplace.web.reason_changes import Near, nearest
from marketplace.web.reason_texts import TEXTS, nothing


@dataclass(frozen=True)
class Reason:
    """A title, one sentence, what could be done, and the counterparts that were nearest."""

    key: str
    title: str
    text: str
    change: str
    nearest: tuple[Near, ...] = ()


LOT_TITLES = {
    "no_counterpart": _l("Nobody wants this commodity yet"),
    "grade": _l("Grade too low"),
    "certificate": _l("Certificate missing"),
    "not_eligible": _l("Not eligible for the programme"),
    "window": _l("The days do not fit"),
    "freshness": _l("Not fresh enough on arrival"),
    "no_route": _l("No open route"),
    "movement": _l("Movement is restricted"),
    "expected": _l("Harvest not confirmed yet"),
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
    "expected": _l("Only expected harvests"),
    "price": _l("Highest price too low"),
    "outbid": _l("The goods went where they gained more"),
}


def titles(side: str) -> dict[str, Any]:
    """The titles of all reasons, by key."""
    return LOT_TITLES if side == "lot" else NEED_TITLES


def explain(entry: RoundEntry) -> Reason:
    """The reason of an entry that has one. Its listing must be loaded with commodity and place."""
    case = Case.of_entry(entry)
    text, change = TEXTS.get(case.because, (nothing, nothing))
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
    near = nearest(entry)
    # Where more than one thing stands between, advice on the first alone would not be enough.
    several = bool(near) and len(near[0].changes) > 1
    done = " · ".join(near[0].changes) if several else change(case)
    return Reason(key, _title(case, key), words, done, near)


def _title(case: Case, key: str) -> str:
    """Of goods that do not fit as a whole it says on which side they cannot be divided."""
    if key == "whole" and not case.indivisible:
        if case.side == "lot":
            return str(_("The buyer takes all at once, and more than this"))
        return str(_("The seller sells all at once, and more than this"))
    return str(titles(case.side).get(key, key))


def _of_the_rest(case: Case, words: str) -> str:
    """Why only a part was matched; what was, has found somebody, so it is nobody *else*."""
    if case.because == "no_counterpart" and case.side == "lot":
        return str(_("nobody else wants this commodity yet."))
    if case.because == "no_counterpart":
        return str(_("nobody else offers this commodity yet."))
    return f"{_title(case, case.because)}. {words}" if case.because in LOT_TITLES else words
