"""Words for series: how often, how it stands, how much from least to most."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from marketplace.domain.commodities import Commodity
from marketplace.domain.lots import LotDraft
from marketplace.domain.rates import Amount
from marketplace.domain.series import Draft, Recurrence, Rhythm, in_all
from marketplace.web.formats import RANGE, quantity
from marketplace.web.understood import of_quantity

ONCE = "once"
RHYTHMS = {
    ONCE: _l("No, once"),
    Rhythm.DAILY: _l("Every day"),
    Rhythm.WEEKDAYS: _l("On some days of the week"),
    Rhythm.WEEKLY: _l("Every week"),
}
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
STATES = {
    "running": ("ok", "repeat", _l("Running")),
    "paused": ("wait", "clock", _l("Paused")),
    "stopped": ("mute", "x", _l("Stopped")),
    "over": ("mute", "cal", _l("Over")),
}


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals |= {
        "rhythm_words": rhythm_words,
        "amount_words": amount_words,
        "draft_amount": draft_amount,
        "in_all_words": in_all_words,
        "handed_over": handed_over,
        "read_back_amount": read_back_amount,
        "series_states": STATES,
    }
    app.add_template_filter(failure_words)


def rhythm_choices() -> list[SelectChoice]:
    """How often, and once."""
    return [SelectChoice(value, words) for value, words in RHYTHMS.items()]


def weekday_choices() -> list[SelectChoice]:
    """The days of the week, as `date.weekday` counts them."""
    return [SelectChoice(str(number), words) for number, words in enumerate(WEEKDAYS)]


def rhythm_words(recurs: Recurrence) -> str:
    """“mỗi ngày”, “mỗi tuần, vào Thứ hai”, “vào Thứ hai, Thứ tư”."""
    days = ", ".join(str(WEEKDAYS[number]) for number in sorted(recurs.weekdays))
    if recurs.rhythm is Rhythm.DAILY:
        return str(_("every day"))
    if recurs.rhythm is Rhythm.WEEKLY:
        return str(_("every week on %(day)s", day=days))
    return str(_("on %(days)s", days=days))


def handed_over(days: int) -> str:
    """Within how many days an instalment is handed over."""
    if days == 1:
        return str(_("to be handed over on its day"))
    return str(_("to be handed over within %(num)s days", num=days))


def failure_words(kept: str) -> str:
    """Why instalments are not on the market, of what `marketplace.models.instalments` has kept."""
    told = json.loads(kept)
    reason, params = told["reason"], told["params"]
    return str(_(reason, **params))


def amount_words(least: int | None, most: int | None, base_unit: str) -> str:
    """`5 – 10 tấn`; one figure where they are the same or one is not known."""
    if least is None or most is None or least >= most:
        return quantity(most if least is None else least, base_unit)  # type: ignore[arg-type]
    low, high = quantity(least, base_unit), quantity(most, base_unit)
    same_unit = low.split("\u00a0")[1:] == high.split("\u00a0")[1:]
    return f"{low.split(chr(0xA0))[0] if same_unit else low}{RANGE}{high}"


def draft_amount(draft: Draft, good: Commodity) -> str:
    """What an instalment, a lot or a need comes to, from least to most."""
    if isinstance(draft, LotDraft):
        return amount_words(draft.quantity, draft.quantity_most, good.base_unit_vi)
    return amount_words(draft.quantity_least, draft.quantity, good.base_unit_vi)


def in_all_words(draft: Draft, recurs: Recurrence, good: Commodity) -> str:
    """“20 đợt, cả thảy 100 – 200 tấn”."""
    count = len(recurs.days())
    amount = in_all(ends_of(draft), recurs)
    words = amount_words(amount.least, amount.most, good.base_unit_vi)
    return str(
        ngettext(
            "%(num)s instalment, %(quantity)s in all",
            "%(num)s instalments, %(quantity)s in all",
            count,
            quantity=words,
        )
    )


def ends_of(draft: Draft) -> Amount:
    """Least and most of an instalment."""
    if isinstance(draft, LotDraft):
        return Amount(draft.quantity, draft.quantity_most or draft.quantity)
    return Amount(draft.quantity_least or draft.quantity, draft.quantity)


def read_back_amount(draft: Draft, good: Commodity) -> str:
    """As a single quantity is read back; of a range which end counts."""
    ends = ends_of(draft)
    if ends.least == ends.most:
        return of_quantity(draft.quantity, good)
    sure = quantity(draft.quantity, good.base_unit_vi)
    if isinstance(draft, LotDraft):
        more = _("%(quantity)s are sure and go into match rounds; more is possible", quantity=sure)
    else:
        more = _("up to %(quantity)s are looked for in match rounds", quantity=sure)
    return f"{draft_amount(draft, good)}: {more}"


def of_amount(amount: Amount, good: Commodity) -> str:
    """`5 – 10 tấn mỗi ngày = 5.000 – 10.000 kg`, as it is read back under its field."""
    words = amount_words(amount.least, amount.most, good.base_unit_vi)
    rates: dict[Any, Any] = {"day": _("every day"), "week": _("every week")}
    return f"{words} {rates[amount.per]}" if amount.per else words
