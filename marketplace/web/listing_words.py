"""Words for what lots and needs can be: choices of their forms, names in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.browsing import Size, Sort
from marketplace.domain.commodities import Commodity
from marketplace.domain.listings import Basis, UnsoldReason
from marketplace.web import forward_words, kind_words, reasons
from marketplace.web.formats import day, day_range, name, per_unit, quantity
from marketplace.web.lookup import world
from marketplace.web.session import maybe_actor

BASIS = {
    Basis.OWN: _l("Its own"),
    Basis.REQUEST: _l("They asked the department"),
    Basis.COMMUNE_REPORT: _l("Report of the commune"),
    Basis.SURVEY: _l("Survey by the department"),
}
UNSOLD = {
    UnsoldReason.NO_BUYER: _l("No buyer found"),
    UnsoldReason.PRICE: _l("Price offered too low"),
    UnsoldReason.TRANSPORT: _l("No transport"),
    UnsoldReason.HARVEST_PEAK: _l("Peak of the harvest"),
    UnsoldReason.BUYER_WITHDREW: _l("The buyer withdrew"),
    UnsoldReason.OTHER: _l("Another reason"),
}
SMALL_REMAINDER = 10
"""What is less than one part in so many of what a round matched deserves no advice."""
SORTS = {
    Sort.LANDED: _l("Lowest landed price first"),
    Sort.PRICE: _l("Lowest price first"),
    Sort.DAYS: _l("Fewest days left first"),
    Sort.NEW: _l("Newest first"),
}
NEED_SORTS = {
    Sort.LANDED: _l("Most left at my place first"),
    Sort.PRICE: _l("Highest price first"),
    Sort.DAYS: _l("Fewest days left first"),
    Sort.NEW: _l("Newest first"),
}
SIZES = {
    Size.SMALL: _l("Under 2 tonnes"),
    Size.TRUCK: _l("2 to 15 tonnes"),
    Size.LARGE: _l("Over 15 tonnes"),
}


def goods(commodity: Commodity) -> str:
    """The name in the reader's language."""
    return name(commodity)


def init_app(app: Flask) -> None:
    """Give templates the catalogue's entries and words of lots and needs."""
    app.jinja_env.globals |= {
        "goods_of": lambda commodity_id: world().catalogue.commodity(commodity_id),
        "place_of": lambda place_id: world().gazetteer.get(place_id),
        "place_label": place_label,
        "locality_name": locality_name,
        "grade_name": grade_name,
        "certificate_names": certificate_names,
        "basis_words": lambda basis: BASIS[Basis(basis)],
        "unsold_words": lambda reason: UNSOLD[UnsoldReason(reason)],
        "listing_state": listing_state,
        "whose": whose,
    }


def place_label(place_id: str) -> str:
    """`Xã Hỏa Lựu, Hậu Giang`."""
    gazetteer = world().gazetteer
    return gazetteer.label(gazetteer.get(place_id))


def locality_name(locality_id: str) -> str:
    """`Hậu Giang` of HG."""
    names = {each.id: each.name for each in world().reference.localities}
    return names.get(locality_id, locality_id)


def grade_name(group: str, grade_id: str | None) -> str:
    """`Loại 1`; of none: any grade."""
    if grade_id is None:
        return str(_("Any grade"))
    known = {grade.id: grade for grade in world().catalogue.grades(group)}
    return name(known[grade_id]) if grade_id in known else grade_id


def certificate_names(ids: Iterable[str]) -> str:
    """`VietGAP, OCOP`."""
    known = world().catalogue.certifications
    return ", ".join(name(known[each]) for each in sorted(ids) if each in known)


def whose(for_whom: str, organisation: str) -> str:
    """Whose goods or need it is; a stranger reads only who has listed it for somebody."""
    if not for_whom:
        return organisation
    if maybe_actor() is not None:
        return for_whom
    return str(_("%(organisation)s, for somebody else", organisation=organisation))


def listing_state(listing: Any, today: date) -> str:
    """Which `status` it has: open, held, sold out, withdrawn, past, or not confirmed in time."""
    if listing.withdrawn_at is not None:
        return "withdrawn"
    confidence = getattr(listing, "confidence", None)
    if confidence is not None and listing.open_quantity and listing.ready_on <= today:
        return "past" if listing.until < today else "unconfirmed"
    if not listing.open_quantity:
        return "held" if listing.held else "sold_out"
    return "past" if listing.until < today else "open"


def offer_text(lot: Any, url: str) -> str:
    """The offer as a text to be pasted into a group of traders."""
    good = world().catalogue.commodity(lot.commodity_id)
    split = _("sold as a whole only") if lot.whole else _("can be split by vehicle load")
    price = per_unit(lot.ask, good.base_unit_vi) if lot.ask else _("negotiable")
    grade = grade_name(good.group, lot.grade)
    expected = "" if lot.confidence is None else forward_words.expected_words(lot.confidence)
    lines = [
        _("FOR SALE: %(goods)s, %(grade)s", goods=name(good), grade=grade),
        f"{quantity(lot.open_quantity, good.base_unit_vi)}, {split}",
        price,
        _("Pick-up: %(days)s", days=day_range(lot.ready_on, lot.until)),
        expected,
        place_label(lot.place_id),
        kind_words.details_in_words(lot, good, ("heads", "age_days", "origin", "best_before")),
        certificate_names(paper.id for paper in lot.papers_on(clock.today())),
        url,
    ]
    return "\n".join(str(line) for line in lines if line)


def explained(entry: Any) -> reasons.Reason | None:
    """Why the last published round left something over, in words; None if it did not."""
    if entry is None or entry.reason is None:
        return None
    reason = reasons.explain(entry)
    left = entry.quantity - entry.matched
    if not entry.matched or left * SMALL_REMAINDER > entry.quantity:
        return reason
    listing = entry.lot if entry.lot_id is not None else entry.need  # the other is not loaded
    unit = listing.commodity.base_unit_vi
    matched, rest = quantity(entry.matched, unit), quantity(left, unit)
    text = _("%(matched)s matched, %(left)s left.", matched=matched, left=rest)
    return replace(reason, text=text, change="", nearest=())


def differences(
    form: Any, good: Commodity, found: Mapping[str, tuple[object, object]]
) -> list[tuple[str, str, str]]:
    """Label, what is there and what was typed, for each field that differs."""
    said = []
    for field, (there, typed) in found.items():
        label = form[FIELDS.get(field, field)].label.text
        said.append((label, *(_word(field, value, good) for value in (there, typed))))
    return said


FIELDS = {"fresh_hours": "fresh"}
"""Fields of drafts that the forms call differently."""


def _word(field: str, value: Any, good: Commodity) -> str:
    words: dict[str, Callable[[Any], str]] = {
        "commodity": lambda id_: name(world().catalogue.commodity(id_)),
        "place": place_label,
        "grade": lambda grade: grade_name(good.group, grade),
        "min_grade": lambda grade: grade_name(good.group, grade),
        "quantity": lambda amount: quantity(amount, good.base_unit_vi),
        "min_quantity": lambda amount: quantity(amount, good.base_unit_vi),
        "ask": lambda price: per_unit(price, good.base_unit_vi),
        "bid": lambda price: per_unit(price, good.base_unit_vi),
        "basis": lambda basis: str(BASIS[basis]),
        "unsold_reason": lambda reason: str(UNSOLD[reason]),
        "certificates": certificate_names,
        "confidence": forward_words.expected_words,
        "photos": lambda photos: ngettext("%(num)s photo", "%(num)s photos", len(photos)),
        "papers": lambda papers: ngettext(
            "%(num)s certificate", "%(num)s certificates", len(papers)
        ),
    }
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, date):
        return day(value)
    return words.get(field, str)(value) if value else "–"


def basis_choices() -> list[SelectChoice]:
    """Bases on which a department can list for somebody else."""
    return [SelectChoice(b.value, words) for b, words in BASIS.items() if b is not Basis.OWN]


def unsold_choices() -> list[SelectChoice]:
    """Reasons why a lot is unsold, and none."""
    told = [SelectChoice(reason.value, words) for reason, words in UNSOLD.items()]
    return [SelectChoice("", _("not told")), *told]


def grade_choices() -> list[SelectChoice]:
    """Every group's grades under the group's name, after "not graded"."""
    return [SelectChoice("", _("As harvested, not graded")), *_grades()]


def least_grade_choices() -> list[SelectChoice]:
    """Every group's grades, after "any"."""
    return [SelectChoice("", _("Any grade")), *_grades()]


def _grades() -> list[SelectChoice]:
    return [
        SelectChoice(grade.id, name(grade), optgroup=_group_of(grade.group))
        for grade in world().reference.grades
    ]


def _group_of(group: str) -> str:
    known = world().catalogue.groups.get(group)
    return name(known) if known else _("Other goods")


def certificate_choices() -> list[SelectChoice]:
    """All certificates of the catalogue."""
    return [SelectChoice(c.id, name(c)) for c in world().catalogue.certifications.values()]
