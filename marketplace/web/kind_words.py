"""Words for kinds of goods, their control status, and what lots say of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.domain.commodities import Commodity
from marketplace.domain.kinds import (
    TRAVELS_WITH_QUARANTINE,
    Control,
    GoodsKind,
    asked_of,
    lacking,
    told,
)
from marketplace.web.formats import day, money, number, quantity

KINDS = {
    GoodsKind.PRODUCE: _l("Produce"),
    GoodsKind.SEEDLING: _l("Seedlings and seed"),
    GoodsKind.BREEDING: _l("Breeding stock, fry"),
    GoodsKind.LIVE: _l("Live animals"),
    GoodsKind.EGGS: _l("Eggs"),
    GoodsKind.SALT: _l("Salt"),
    GoodsKind.PROCESSED: _l("Processed goods"),
    GoodsKind.INPUT: _l("Farm inputs"),
}
CONTROLS = {
    Control.FREE: _l("May be sold without registration"),
    Control.REGISTERED: _l("Must be registered"),
    Control.RESTRICTED: _l("Restricted: only with a registration number"),
    Control.BANNED: _l("Banned"),
}
LABELS = {
    "age_days": _l("Age"),
    "heads": _l("How many animals"),
    "origin": _l("Where they come from (nursery, maker)"),
    "quarantine_number": _l("Number of the quarantine paper"),
    "quarantine_on": _l("Day of the quarantine paper"),
    "best_before": _l("Best before"),
    "batch_number": _l("Batch or declaration number"),
    "registration_number": _l("Registration number"),
}
_MONTH = 30


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals |= {
        "kind_of_goods": lambda good: KINDS[GoodsKind(good.kind)],
        "goods_kinds": lambda kind: KINDS[GoodsKind(kind)],
        "control_words": lambda good: CONTROLS[Control(good.control)],
        "detail_label": lambda field: LABELS[field],
        "detail_words": detail_words,
        "brief_details": brief_details,
        "each_head_words": each_head_words,
        "details_told": told,
        "details_asked": asked_of,
        "details_lacking": lambda good, lot: [LABELS[field] for field in lacking(good, lot)],
        "needs_quarantine": lambda good: GoodsKind(good.kind) in TRAVELS_WITH_QUARANTINE,
    }


def detail_words(field: str, lot: Any, good: Commodity) -> str:
    """What a lot tells there: `25 ngày`, `50 con, khoảng 98 kg mỗi con`."""
    value = getattr(lot, field)
    if field == "age_days":
        return age_words(value)
    if field == "heads":
        return _heads(value, lot.quantity, good)
    return day(value) if field in ("quarantine_on", "best_before") else str(value)


def details_in_words(lot: Any, good: Commodity, fields: Iterable[str] | None = None) -> str:
    """All that is told (of these fields), as one text for a cell of a sheet."""
    shown = [field for field in told(lot) if fields is None or field in fields]
    return "; ".join(f"{LABELS[field]}: {detail_words(field, lot, good)}" for field in shown)


def brief_details(lot: Any, good: Commodity) -> list[str]:
    """What a list has room for: how many animals, how old."""
    heads = _("%(num)s animals", num=number(lot.heads)) if lot.heads else ""
    age = age_words(lot.age_days) if lot.age_days else ""
    return [str(words) for words in (heads, age) if words]


def each_head_words(ask: int | None, lot: Any, good: Commodity) -> str:
    """`khoảng 6.000.000 ₫ mỗi con`, of animals that are priced by weight; nothing of other goods."""
    if not (ask and lot.heads and lot.quantity) or good.base_unit != "kg":
        return ""
    each = round(ask * lot.quantity / lot.heads, -3)
    return str(_("about %(price)s for each animal", price=money(max(each, 1_000))))


def age_words(days: int) -> str:
    """In months from two months on, where that is exact."""
    if days >= 2 * _MONTH and days % _MONTH == 0:
        return str(ngettext("%(num)s month", "%(num)s months", days // _MONTH))
    return str(ngettext("%(num)s day", "%(num)s days", days))


def _heads(heads: int, amount: int, good: Commodity) -> str:
    if good.base_unit != "kg" or not amount:
        return number(heads)
    each = quantity(round(amount / heads)) if amount >= heads else f"{number(amount / heads, 2)} kg"
    return str(_("%(heads)s, about %(weight)s each", heads=number(heads), weight=each))
