"""What was understood of something typed, in words: under its field, and on review."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.domain.commodities import Commodity
from marketplace.domain.places import Place
from marketplace.domain.quantities import spell_base_units, spell_quantity
from marketplace.web.formats import band, money, name, per_unit
from marketplace.web.formats import quantity as amount
from marketplace.web.listing_words import goods
from marketplace.web.lookup import world


def init_app(app: Flask) -> None:
    """Give templates the same words for what has been understood."""
    app.jinja_env.globals |= {
        "read_quantity": of_quantity,
        "read_price": of_price,
        "read_place": of_place,
        "province_today": province_today,
        "keeps": keeps,
    }


def of_commodity(good: Commodity) -> str:
    """`Khóm Cầu Đúc · trái cây · để được khoảng 7 ngày · thường 6.000 – 9.000 ₫/kg`."""
    group = name(world().catalogue.groups[good.group])
    usual = band(good.ask_low, good.ask_high, good.base_unit_vi)
    return " · ".join(
        [goods(good), group, keeps(good.shelf_hours), _("usually %(band)s", band=usual)]
    )


def keeps(hours: float) -> str:
    """How long goods stay fresh, in days or, under two days, in hours."""
    if hours < 48:
        return str(ngettext("keeps about %(num)s hour", "keeps about %(num)s hours", round(hours)))
    days = round(hours / 24)
    return str(ngettext("keeps about %(num)s day", "keeps about %(num)s days", days))


def of_quantity(quantity: int, good: Commodity) -> str:
    """`25,5 tấn = 25.500 kg · 2 chuyến xe`."""
    said, exact = spell_quantity(quantity, good), spell_base_units(quantity, good)
    kilograms = good.kilograms(quantity)
    parts = [said if said == exact else f"{said} = {exact}"]
    if kilograms is None:
        parts.append(_("weight not known: listed, but not in match rounds"))
    else:
        if good.base_unit != "kg":
            parts.append(_("about %(weight)s", weight=amount(kilograms)))
        parts.append(_trips(kilograms, good))
    return " · ".join(parts)


def _trips(kilograms: int, good: Commodity) -> str:
    need = world().catalogue.transport_needs[good.transport_need]
    payload = need.largest_truck * need.payload_percent // 100
    return str(ngettext("%(num)s truckload", "%(num)s truckloads", -(-kilograms // payload)))


def of_price(price: int | None, good: Commodity, quantity: int | None) -> str:
    """`11.500 ₫/kg, cả lô khoảng 293.250.000 ₫`; `thỏa thuận` where none is named."""
    if price is None:
        return str(_("negotiable"))
    each = per_unit(price, good.base_unit_vi)
    if quantity is None:
        return each
    return str(_("%(price)s, about %(total)s in all", price=each, total=money(price * quantity)))


def of_place(place: Place) -> str:
    """`Xã Hỏa Lựu, Hậu Giang (nay thuộc thành phố Cần Thơ)`; says so where no road leads there."""
    label = world().gazetteer.label(place)
    where = province_today(place)
    said = f"{label} ({_('now in %(province)s', province=where)})" if where else label
    return said if not place.island else f"{said} · {_('no road leads there')}"


def province_today(place: Place) -> str:
    """The province of today, where it has another name than the locality."""
    reference = world().reference
    locality = {each.id: each.name for each in reference.localities}.get(place.locality or "")
    province = {each.code: each.name for each in reference.provinces}.get(place.province or "", "")
    return "" if not province or province == locality else province
