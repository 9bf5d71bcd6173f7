"""What a row needs on both sides of the market to become a listing: its figures, the rules, its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.sheets.drafting import Drafted, Drafting
from marketplace.sheets.hindrances import sized
from marketplace.sheets.understanding import Understood


@dataclass(frozen=True)
class Figures:
    """How much, how much it may be instead, for how much, until when; None where that is not told."""

    quantity: int | None
    bound: int | None
    price: int | None
    until: date | None


def figures_of(
    drafting: Drafting, counts: Callable[[Understood], tuple[int | None, int | None]]
) -> Figures:
    """What the row and the answers come to.

    ``counts`` gives of a range the end that counts, then the other: what is sure of a lot, what is taken
    at most of a need.
    """
    quantity, bound = _ends(drafting, *counts(drafting.row))
    price, until = drafting.price(), drafting.until()
    quantity, bound = drafting.in_all((quantity, bound), until)
    told, quantity = quantity, sized(drafting, quantity)
    return Figures(quantity, bound if quantity == told else None, price, until)


def _ends(
    drafting: Drafting, counted: int | None, other: int | None
) -> tuple[int | None, int | None]:
    if (counted, other) == (None, None) or drafting.asks_how_often():
        return None, None
    if counted is None:
        return drafting.one_end(other), None
    return counted, None if other == counted else other


@dataclass(frozen=True)
class Words:
    """Which fields of a draft every row states, which its columns, and what the columns of others are."""

    always: Sequence[str]
    by_column: Mapping[str, str]
    first_day: str
    whose: str
    grade: str
    columns: Mapping[str, str]


def listing_of(
    drafting: Drafting, draft: LotDraft | NeedDraft, words: Words, *rules: Callable[[], None]
) -> Drafted:
    """The listing, unless a rule is broken."""
    try:
        check_all(*rules)
    except Rejected as error:
        for each in error.each():
            each.field = words.columns.get(each.field or "", each.field)
        drafting.break_rules(error)
    if drafting.is_barred:
        return Drafted(drafting.row, tuple(drafting.problems))
    whose, grade = getattr(draft, words.whose), getattr(draft, words.grade)
    key = drafting.key_of(whose, draft.commodity, grade, draft.place)
    stated = drafting.stated(draft, words.always, words.by_column, words.first_day)
    return Drafted(drafting.row, tuple(drafting.problems), draft, key, stated)
