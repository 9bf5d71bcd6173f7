"""Words and rules that lots and needs share."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Literal

from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Commodity, Grade
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import write
from marketplace.domain.prices import check_usual
from marketplace.domain.quantities import MOST_KILOGRAMS, MOST_PIECES
from marketplace.domain.text import fold, words

Side = Literal["lot", "need"]
"""The side of the market that a listing stands on."""


class Basis(StrEnum):
    """On which basis a department lists for somebody else."""

    OWN = "own"
    REQUEST = "request"
    COMMUNE_REPORT = "commune_report"
    SURVEY = "survey"


class UnsoldReason(StrEnum):
    """Why a lot has not been sold until now, as the lister tells it."""

    NO_BUYER = "no_buyer"
    PRICE = "price"
    TRANSPORT = "transport"
    HARVEST_PEAK = "harvest_peak"
    BUYER_WITHDREW = "buyer_withdrew"
    OTHER = "other"


class MovementKind(StrEnum):
    """How an entry in the books changes what is offered, held and sold."""

    OFFER = "offer"
    CORRECT = "correct"
    HOLD = "hold"
    RELEASE = "release"
    DELIVER = "deliver"
    RETURN = "return"


MOST_PRICE = 1_000_000_000
DAYS_AHEAD = 400
"""A year's harvest can be ordered ahead; a date beyond is a slip."""
WINDOW_DAYS = 366
LONGEST_FRESH_HOURS = 24 * 366


class Repeated(Rejected):
    """The very same has been saved a moment ago: a button was pressed twice."""


NAME_LENGTH = 200
CODE_LENGTH = 60
TRACE_LENGTH = 200
NOTE_LENGTH = 2_000


def check_quantity(quantity: int, commodity: Commodity, *, field: str = "quantity") -> None:
    """Raise `Rejected` unless it is a quantity of ``commodity`` that somebody can have."""
    if quantity <= 0:
        raise Rejected("Quantity must be more than 0, such as 25,5 tấn", field=field)
    kilograms = commodity.kilograms(quantity)
    if quantity > MOST_PIECES or (kilograms is not None and kilograms > MOST_KILOGRAMS):
        raise Rejected(
            "%(quantity)s %(unit)s is more than a province's harvest. Check number and unit.",
            field=field,
            quantity=write(quantity),
            unit=commodity.base_unit_vi,
        )


def check_price(price: int | None, commodity: Commodity, *, confirmed: bool, field: str) -> None:
    """Raise `Rejected` for a price below 1 ₫, `UnusualPrice` for one that seems a zero off."""
    if price is None:
        return
    if price <= 0:
        raise Rejected(
            "A price must be more than 0. Leave it empty if it is to be agreed.", field=field
        )
    if price > MOST_PRICE:
        raise Rejected("No goods cost that much. Check the price.", field=field)
    if not confirmed:
        check_usual(price, commodity, field=field)


def check_window(
    first: date, last: date, today: date, *, first_field: str, last_field: str = "until"
) -> None:
    """Raise `Rejected` unless the days follow each other, are not over, and are near enough."""
    latest = today + timedelta(days=DAYS_AHEAD)
    for day, field in ((first, first_field), (last, last_field)):
        if day > latest:
            raise Rejected(
                "%(date)s is too far ahead. Dates up to %(latest)s can be entered.",
                field=field,
                date=day,
                latest=latest,
            )
    if last < today:
        raise Rejected("%(date)s is in the past.", field=last_field, date=last)
    if last < first:
        raise Rejected(
            "The last day must not lie before the first (%(date)s).", field=last_field, date=first
        )


def check_first_day(first: date, today: date, *, field: str) -> None:
    """Raise `Rejected` for a first day that is over; for what is new, not for what is edited."""
    if first < today:
        raise Rejected("%(date)s is in the past.", field=field, date=first)


def check_grade(grade: str | None, grades: Sequence[Grade], *, field: str) -> None:
    """Raise `Rejected` unless the grade is one of the commodity's group; none is any grade."""
    if grade is not None and grade not in {known.id for known in grades}:
        raise Rejected("These goods are not graded that way. Choose one of the list.", field=field)


def check_certificates(ids: Iterable[str], known: Container[str]) -> None:
    """Raise `Rejected` unless all certificates are of the list."""
    if any(certificate not in known for certificate in ids):
        raise Rejected("There is no such certificate. Choose from the list.", field="certificates")


def check_text(text: str, most: int, *, field: str) -> None:
    """Raise `Rejected` for a text that is too long to be kept."""
    if len(text) > most:
        raise Rejected(
            "Longer than %(max)s characters (now %(n)s)", field=field, max=most, n=len(text)
        )


def check_basis(basis: Basis, *, for_others: bool) -> None:
    """Raise `Rejected` unless a department says on which basis it lists, and others do not."""
    if not for_others and basis is not Basis.OWN:
        raise Rejected("You list for your own organisation only.", field="basis")
    if for_others and basis is Basis.OWN:
        raise Rejected("Say on which basis the department does this.", field="basis")


def check_for_whom(name: str, *, for_others: bool, field: str) -> None:
    """Raise `Rejected` unless a department says for whom it lists."""
    if for_others and not name:
        raise Rejected("Say for whom the department does this.", field=field)


_FRESHNESS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))? ?(ngay|days?|d|gio|hours?|h)?")


def parse_freshness(text: str) -> int | None:
    """Hours of "3", "3 ngày", "2,5 ngày", "36 giờ"; None for an empty text. Raises `Rejected`."""
    typed = fold(text)
    if not typed:
        return None
    found = _FRESHNESS.fullmatch(typed)
    if not found:
        raise Rejected("Write how many days the goods stay fresh, such as 3.", field="fresh")
    whole, part, unit = found.groups()
    hours = 1 if (unit or "").startswith(("g", "h")) else 24
    return round(Decimal(f"{whole}.{part or 0}") * hours)


def lists_for_others(actor: Actor) -> bool:
    """A department lists for the producers and the buyers of its locality, others for themselves."""
    return actor.role is Role.OFFICER


def may_look_up_contact(actor: Actor | None) -> bool:
    """Every signed-in organisation that trades or coordinates; readers and strangers never."""
    return actor is not None and actor.role is not Role.READER


def name_once(token: str, drafts: Iterable[Any]) -> str:
    """What the same drafts sent by the same page are called, so that they are entered once."""
    told = [
        sorted((f.name, str(_settled(getattr(draft, f.name)))) for f in fields(draft))
        for draft in drafts
    ]
    return sha256(f"{token}{told}".encode()).hexdigest()[:40] if token else ""


def _settled(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def differences(there: Any, draft: Any) -> dict[str, tuple[object, object]]:
    """Fields in which two drafts of one kind differ: name → (what is there, what is drafted).

    That somebody has confirmed an unusual price is no difference.
    """
    pairs = {
        f.name: (getattr(there, f.name), getattr(draft, f.name))
        for f in fields(there)
        if f.name != "price_confirmed"
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def search_text(*names: str) -> str:
    """The folded words of names, each word after a space, so that `LIKE '% word%'` finds its start."""
    found = dict.fromkeys(word for name in names for word in words(name))
    return " " + " ".join(found) + " "
