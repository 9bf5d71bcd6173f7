"""A row as the need that it would be, or what keeps it from being one."""

from __future__ import annotations

from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.needs import NeedDraft, check_need, check_poster
from marketplace.domain.numerals import plain
from marketplace.domain.rates import parse_amount
from marketplace.domain.text import clean
from marketplace.domain.text_marks import N_
from marketplace.sheets.drafting import Drafted, Drafting
from marketplace.sheets.hindrances import sized
from marketplace.sheets.problems import Problem, problem_of

_ALWAYS = ("commodity", "min_grade", "quantity", "quantity_least", "place", "buyer", "until")
_BY_COLUMN = {
    "ask": "bid",
    "note": "note",
    "splits": "splits",
    "min_quantity": "min_quantity",
    "open_bid": "bid_sealed",
}
_COLUMNS = {
    "bid": "ask",
    "min_grade": "grade",
    "from_on": "ready_on",
    "buyer": "producer",
    "bid_sealed": "open_bid",
}
"""Fields of a need by the columns in which sheets have them."""


def draft_need(drafting: Drafting) -> Drafted:
    """The row as a need."""
    row, terms = drafting.row, drafting.terms
    quantity, least = _amount(drafting)
    bid, until = drafting.price(), drafting.until()
    quantity, least = drafting.in_all((quantity, least), until)
    quantity = sized(drafting, quantity)
    if drafting.row is not row:
        row, least = drafting.row, None
    buyer = drafting.whose(N_("The row does not say who wants it."))
    splits = drafting.is_yes("splits", empty=True)
    is_open = drafting.is_yes("open_bid")
    smallest = _smallest(drafting)
    good, place = row.commodity, row.place
    if drafting.is_barred or good is None or place is None or not (quantity and until):
        return Drafted(row, tuple(drafting.problems))
    draft = NeedDraft(
        commodity=good,
        min_grade=row.grade,
        quantity=quantity,
        quantity_least=least,
        bid=bid,
        bid_sealed=not is_open,
        place=place,
        from_on=drafting.first_day,
        until=until,
        certificates=row.certificates,
        min_quantity=smallest or 1,
        splits=splits,
        basis=terms.basis,
        buyer=buyer,
        note=clean(row.note),
        price_confirmed=True,  # `understand` has asked
    )
    _check(draft, drafting)
    if drafting.is_barred:
        return Drafted(row, tuple(drafting.problems))
    key = drafting.key_of(draft.buyer, draft.commodity, draft.min_grade, draft.place)
    stated = drafting.stated(draft, _ALWAYS, _BY_COLUMN, "from_on")
    return Drafted(row, tuple(drafting.problems), draft, key, stated)


def column_of(field: str) -> str:
    """The column of a sheet in which a field of a need stands."""
    return _COLUMNS.get(field, field)


def _amount(drafting: Drafting) -> tuple[int | None, int | None]:
    """How much it takes at most, and how much at least where that is less."""
    least, most = drafting.row.quantity_least, drafting.row.quantity_most
    if (least, most) == (None, None) or drafting.asks_how_often():
        return None, None
    if most is None:
        return drafting.one_end(least), None
    return most, least if least is not None and least < most else None


def _smallest(drafting: Drafting) -> int | None:
    """The smallest delivery that is accepted, in the unit of the row where the cell names none."""
    cell = drafting.record.cells.get("min_quantity")
    if cell is None or cell.blank or drafting.row.commodity is None:
        return None
    good = drafting.terms.catalogue.commodity(drafting.row.commodity)
    typed = cell.text if cell.number is None else plain(cell.number)
    try:
        amount = parse_amount(typed, good, unit=drafting.said("unit"))
    except Rejected as error:
        problem = problem_of(error, "min_quantity", cell.text, good)
        drafting.problems.append(Problem("min_quantity", problem.code, error))
        return None
    return amount.least or amount.most


def _check(draft: NeedDraft, drafting: Drafting) -> None:
    """The rules for any need, and of the poster's own where it is known who posts."""
    terms = drafting.terms
    try:
        check_all(
            lambda: check_need(draft, terms.catalogue, terms.today),
            lambda: check_poster(draft, terms.actor) if terms.actor else None,
        )
    except Rejected as error:
        for each in error.each():
            if each.field:
                each.field = column_of(each.field)
        drafting.break_rules(error)
