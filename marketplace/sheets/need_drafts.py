"""A row as the need that it would be, or what keeps it from being one."""

from __future__ import annotations

from marketplace.domain.errors import Rejected
from marketplace.domain.needs import NeedDraft, check_need, check_poster
from marketplace.domain.numerals import plain
from marketplace.domain.rates import parse_amount
from marketplace.domain.text import clean
from marketplace.domain.text_marks import N_
from marketplace.sheets.drafting import Drafted, Drafting
from marketplace.sheets.listing import Words, figures_of, listing_of
from marketplace.sheets.problems import Problem, problem_of

_COLUMNS = {
    "bid": "ask",
    "min_grade": "grade",
    "from_on": "ready_on",
    "buyer": "producer",
    "bid_sealed": "open_bid",
}
"""Fields of a need by the columns in which sheets have them."""
_WORDS = Words(
    always=("commodity", "min_grade", "quantity", "quantity_least", "place", "buyer", "until"),
    by_column={
        "ask": "bid",
        "note": "note",
        "splits": "splits",
        "min_quantity": "min_quantity",
        "open_bid": "bid_sealed",
    },
    first_day="from_on",
    whose="buyer",
    grade="min_grade",
    columns=_COLUMNS,
)


def draft_need(drafting: Drafting) -> Drafted:
    """The row as a need: what it takes at most is wanted, what it takes at least is told."""
    terms = drafting.terms
    told = figures_of(drafting, lambda row: (row.quantity_most, row.quantity_least))
    buyer = drafting.whose(N_("The row does not say who wants it."))
    splits = drafting.is_yes("splits", empty=True)
    is_open = drafting.is_yes("open_bid")
    smallest = _smallest(drafting)
    row, good, place = drafting.row, drafting.row.commodity, drafting.row.place
    if drafting.is_barred or good is None or place is None or not (told.quantity and told.until):
        return Drafted(row, tuple(drafting.problems))
    draft = NeedDraft(
        commodity=good,
        min_grade=row.grade,
        quantity=told.quantity,
        quantity_least=told.bound,
        bid=told.price,
        bid_sealed=not is_open,
        place=place,
        from_on=drafting.first_day,
        until=told.until,
        certificates=row.certificates,
        min_quantity=smallest or 1,
        splits=splits,
        basis=terms.basis,
        buyer=buyer,
        note=clean(row.note),
        price_confirmed=True,  # `understand` has asked
    )
    actor = terms.actor
    return listing_of(
        drafting,
        draft,
        _WORDS,
        lambda: check_need(draft, terms.catalogue, terms.today),
        lambda: check_poster(draft, actor) if actor else None,
    )


def column_of(field: str) -> str:
    """The column of a sheet in which a field of a need stands."""
    return _COLUMNS.get(field, field)


def _smallest(drafting: Drafting) -> int | None:
    """The smallest delivery that is accepted, in the unit of the row where the cell names none."""
    cell = drafting.record.cells.get("min_quantity")
    if cell is None or cell.blank or drafting.row.commodity is None:
        return None
    good = drafting.terms.catalogue.commodity(drafting.row.commodity)
    typed = cell.text if cell.number is None else f"{plain(cell.number)} {cell.unit}".strip()
    try:
        amount = parse_amount(typed, good, unit=drafting.said("unit"))
    except Rejected as error:
        problem = problem_of(error, "min_quantity", cell.text, good)
        drafting.problems.append(Problem("min_quantity", problem.code, error))
        return None
    return amount.least or amount.most
