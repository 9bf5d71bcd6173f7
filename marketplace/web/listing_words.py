"""Words for what lots and needs can be: choices of their forms, names in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from marketplace.domain.browsing import Size, Sort
from marketplace.domain.commodities import Commodity
from marketplace.domain.listings import Basis, UnsoldReason
from marketplace.web import language
from marketplace.web.lookup import world

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
    return named(commodity)


def named(entry: Any) -> str:
    """The name of any entry of the catalogue in the reader's language."""
    return str(entry.name_en if language.current() == "en" else entry.name_vi)


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
        SelectChoice(grade.id, named(grade), optgroup=_group_of(grade.group))
        for grade in world().reference.grades
    ]


def _group_of(group: str) -> str:
    known = world().catalogue.groups.get(group)
    return named(known) if known else _("Other goods")


def certificate_choices() -> list[SelectChoice]:
    """All certificates of the catalogue."""
    return [SelectChoice(c.id, named(c)) for c in world().catalogue.certifications.values()]
