"""Kinds of goods: what is said of each beside quantity and price, and what the law asks for.

The kind and the control status of goods are columns of the catalogue. What a kind asks for is shown
open in forms; nothing else of it has to be filled in for goods of other kinds.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import CODE_LENGTH, NAME_LENGTH, check_text
from marketplace.domain.organisations import OrganisationKind
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_

if TYPE_CHECKING:
    from marketplace.domain.commodities import Commodity
    from marketplace.domain.lots import LotDraft

OLDEST_DAYS = 30 * 366
MOST_HEADS = 10_000_000
BEST_BEFORE_YEARS = 10


class GoodsKind(StrEnum):
    """What goods are, as far as forms, lists and the law tell them apart."""

    PRODUCE = "produce"
    SEEDLING = "seedling"
    BREEDING = "breeding"
    LIVE = "live"
    EGGS = "eggs"
    SALT = "salt"
    PROCESSED = "processed"
    INPUT = "input"


class Control(StrEnum):
    """Who may sell such goods, and with which paper."""

    FREE = "free"
    REGISTERED = "registered"
    """They must be on the ministry's list; the number is asked for."""
    RESTRICTED = "restricted"
    """Nobody lists them without the number of the registration."""
    BANNED = "banned"


DETAILS = (
    "age_days",
    "heads",
    "origin",
    "quarantine_number",
    "quarantine_on",
    "best_before",
    "batch_number",
    "registration_number",
)
"""Fields of a lot that some kinds ask for, in the order of the form."""

ASKED: Mapping[GoodsKind, tuple[str, ...]] = {
    GoodsKind.PRODUCE: (),
    GoodsKind.SEEDLING: (
        *("age_days", "origin", "quarantine_number", "quarantine_on"),
        "registration_number",
    ),
    GoodsKind.BREEDING: ("age_days", "origin", "quarantine_number", "quarantine_on"),
    GoodsKind.LIVE: ("heads", "origin", "quarantine_number", "quarantine_on"),
    GoodsKind.EGGS: ("best_before", "origin"),
    GoodsKind.SALT: ("origin",),
    GoodsKind.PROCESSED: ("best_before", "batch_number"),
    GoodsKind.INPUT: ("registration_number", "best_before", "batch_number", "origin"),
}

TRAVELS_WITH_QUARANTINE = frozenset({GoodsKind.BREEDING, GoodsKind.LIVE})
"""Animals that leave a province need the paper: law 79/2015/QH13, articles 37 and 53, with circulars
25/2016 (on land) and 26/2016 (in water) and what amends them."""

SUPPLIERS = frozenset({OrganisationKind.COOPERATIVE, OrganisationKind.TRADER})
"""Who trades farm inputs: fertilisers (law 31/2018/QH14, article 42; decree 84/2019/ND-CP), pesticides
(law 41/2013/QH13, article 63), veterinary medicine (law 79/2015/QH13, article 97). Each asks for premises
and a certificate of eligibility; a farm sells what it harvests."""

LICENCE = "licence"
"""The certification that stands for that certificate: a seller of inputs under control names it."""

QUARANTINE = "quarantine"
"""The certification that stands for the paper: a lot with its number holds it."""


def asked_of(good: Commodity) -> tuple[str, ...]:
    """The details that such goods ask for; inputs that anybody may sell have no registration."""
    asked = ASKED[GoodsKind(good.kind)]
    if good.kind == GoodsKind.INPUT and good.control == Control.FREE:
        return tuple(field for field in asked if field != "registration_number")
    return asked


def told(lot: Any) -> tuple[str, ...]:
    """The details that a lot tells."""
    return tuple(field for field in DETAILS if getattr(lot, field))


def lacking(good: Commodity, lot: Any) -> tuple[str, ...]:
    """What such goods ask for and the lot does not tell."""
    return tuple(field for field in asked_of(good) if not getattr(lot, field))


def check_kind(draft: LotDraft, good: Commodity, today: date) -> None:
    """Raise `Rejected` for details that cannot be, and for goods that may not be sold so."""
    check_all(
        lambda: check_control(good, draft.registration_number),
        lambda: check_licence(good, draft.certificates),
        lambda: _check_between(draft.age_days, OLDEST_DAYS, "age_days"),
        lambda: _check_between(draft.heads, MOST_HEADS, "heads"),
        lambda: _check_quarantine(draft, today),
        lambda: _check_best_before(draft, today),
        lambda: check_text(draft.origin, NAME_LENGTH, field="origin"),
        lambda: check_text(draft.batch_number, CODE_LENGTH, field="batch_number"),
        lambda: check_text(draft.registration_number, CODE_LENGTH, field="registration_number"),
    )


def check_control(good: Commodity, registration: str) -> None:
    """Raise `Rejected` for what is banned, and for what is restricted without its number."""
    check_not_banned(good)
    if good.control == Control.RESTRICTED and not registration:
        raise Rejected(
            N_("These goods are listed only with the number of their registration."),
            field="registration_number",
        )


def check_not_banned(good: Commodity) -> None:
    """Raise `Rejected` for goods that nobody may sell or buy."""
    if good.control == Control.BANNED:
        raise Rejected(
            N_("These goods are banned; they can be neither sold nor bought here."),
            field="commodity",
        )


def check_supplier(good: Commodity, actor: Actor) -> None:
    """Raise `Rejected` where farm inputs would be listed by an organisation that does not trade them."""
    if not is_input(good) or actor.kind in SUPPLIERS:
        return
    if actor.role is Role.OFFICER:
        raise Rejected(
            N_("Farm inputs are listed by those who sell them, not by departments."),
            field="commodity",
        )
    raise Rejected(
        N_("Farm inputs are listed by cooperatives and traders; yours is neither."),
        field="commodity",
    )


def check_licence(good: Commodity, certificates: Container[str]) -> None:
    """Raise `Rejected` where inputs under control are sold without saying that there is a licence."""
    under_control = good.control in (Control.REGISTERED, Control.RESTRICTED)
    if is_input(good) and under_control and LICENCE not in certificates:
        raise Rejected(
            N_(
                "Trading these goods needs a licence. Tick “Licence to trade farm inputs” if you have it."
            ),
            field="certificates",
        )


def is_input(good: Commodity) -> bool:
    """Farm inputs: nobody's harvest, so neither balance nor programme of produce take them."""
    return good.kind == GoodsKind.INPUT


def _check_between(number: int | None, most: int, field: str) -> None:
    if number is not None and not 0 < number <= most:
        raise Rejected(N_("Write a number that can be."), field=field)


def _check_quarantine(draft: LotDraft, today: date) -> None:
    check_text(draft.quarantine_number, CODE_LENGTH, field="quarantine_number")
    if bool(draft.quarantine_number) != (draft.quarantine_on is not None):
        raise Rejected(
            N_("The quarantine paper needs its number and its day."),
            field="quarantine_on" if draft.quarantine_number else "quarantine_number",
        )
    if draft.quarantine_on is not None and draft.quarantine_on > today:
        raise Rejected(N_("The day of the paper lies ahead."), field="quarantine_on")


def _check_best_before(draft: LotDraft, today: date) -> None:
    if draft.best_before is None:
        return
    if draft.best_before < max(draft.ready_on, today):
        raise Rejected(
            N_("They are past their best before they can be collected."), field="best_before"
        )
    if draft.best_before.year > today.year + BEST_BEFORE_YEARS:
        raise Rejected(N_("Check the year."), field="best_before")


_AGE = re.compile(
    r"(\d{1,5})(?:[.,](5))? ?(ngay|tuan|thang|nam|days?|weeks?|months?|years?|d|w|m|y)?( tuoi)?"
)
_UNITS = {"n": 1, "d": 1, "t": 7, "w": 7, "m": 30, "y": 365}
_HEADS = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d{1,8}) ?(?:con|head|heads|animals?)?")


def parse_age(text: str) -> int:
    """Days of "25", "25 ngày", "6 tuần", "2 tháng", "1,5 năm". Raises `Rejected`."""
    found = _AGE.fullmatch(fold(text))
    if not found:
        raise Rejected(N_("Write an age, such as 25 ngày or 2 tháng."), field="age_days")
    unit = found[3] or "ngay"
    days = {"thang": 30, "nam": 365}.get(unit) or _UNITS[unit[0]]
    return int(found[1]) * days + (days // 2 if found[2] else 0)


def spell_age(days: int) -> str:
    """As `parse_age` reads it back."""
    return f"{days} ngày"


def parse_heads(text: str) -> int:
    """How many animals "50", "1.200 con" are. Raises `Rejected`."""
    found = _HEADS.fullmatch(fold(text))
    if not found:
        raise Rejected(N_("Write a number of animals, such as 50 con."), field="heads")
    return int(re.sub(r"\D", "", found[1]))
