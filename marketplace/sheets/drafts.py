"""A row as the lot or the need that it would be, or what keeps it from being one."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.domain.drafts import plain
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.lots import LotDraft, check_lister, check_lot
from marketplace.domain.text import clean
from marketplace.domain.text_marks import N_
from marketplace.sheets.details import read_details
from marketplace.sheets.drafting import HIDDEN_ROWS, PASS, READ, Drafted, Drafting, Terms
from marketplace.sheets.hindrances import elsewhere, hidden_row, sized
from marketplace.sheets.need_drafts import draft_need
from marketplace.sheets.table import Record
from marketplace.sheets.understanding import understand
from marketplace.sheets.unserving import asked_again, unserving

_ALWAYS = ("commodity", "grade", "quantity", "quantity_most", "place", "producer", "until")
_BY_COLUMN = {"ask": "ask", "note": "note", "whole": "whole"}


def draft_row(record: Record, terms: Terms) -> Drafted:
    """Read one row as what its sheet is about."""
    choices = {**terms.choices, **terms.own.get(record.number, {})}
    if record.hidden and choices.get(HIDDEN_ROWS) != READ:
        return hidden_row(choices.get(HIDDEN_ROWS) == PASS)
    drafted = _drafted(record, terms, choices)
    unread = unserving(drafted.problems, record, choices)
    if not unread:
        return drafted
    left = {name: said for name, said in choices.items() if name not in unread}
    return asked_again(_drafted(record, terms, left), unread)


def _drafted(record: Record, terms: Terms, choices: Mapping[str, str]) -> Drafted:
    understood = understand(
        record,
        gazetteer=terms.gazetteer,
        catalogue=terms.catalogue,
        today=terms.today,
        choices=choices,
        headers=terms.headers,
        locality=terms.locality,
    )
    drafting = Drafting(record, understood, terms, choices, [*understood.problems])
    return draft_need(drafting) if terms.side == "need" else draft_lot(drafting)


def draft_lot(drafting: Drafting) -> Drafted:
    """The row as a lot."""
    row, terms = drafting.row, drafting.terms
    if hopeless := elsewhere(drafting):
        return Drafted(row, (hopeless,))
    quantity, most = _amount(drafting)
    ask, until = drafting.price(), drafting.until()
    quantity, most = drafting.in_all((quantity, most), until)
    quantity = sized(drafting, quantity)
    if drafting.row is not row:
        row, most = drafting.row, None
    producer = drafting.whose(N_("The row does not say whose goods these are."))
    whole = drafting.is_yes("whole")
    details, unread = read_details(drafting.record, terms.today)
    drafting.problems += unread
    good, place = row.commodity, row.place
    if drafting.is_barred or good is None or place is None or not (quantity and until):
        return Drafted(row, tuple(drafting.problems))
    group = terms.catalogue.commodity(good).group
    draft = LotDraft(
        commodity=good,
        grade=row.grade or terms.catalogue.default_grade(group).id,
        quantity=quantity,
        quantity_most=most,
        ask=ask,
        place=place,
        ready_on=drafting.first_day,
        until=until,
        certificates=row.certificates,
        whole=whole,
        **details,
        basis=terms.basis,
        producer=producer,
        note=clean(row.note),
        price_confirmed=True,  # `understand` has asked
    )
    _check(draft, drafting)
    if drafting.is_barred:
        return Drafted(row, tuple(drafting.problems))
    key = drafting.key_of(draft.producer, draft.commodity, draft.grade, draft.place)
    stated = drafting.stated(draft, _ALWAYS, _BY_COLUMN, "ready_on")
    told = {name: plain(value) for name, value in details.items()}
    return Drafted(row, tuple(drafting.problems), draft, key, {**stated, **told})


def _amount(drafting: Drafting) -> tuple[int | None, int | None]:
    """How much is sure, and how much there may be where that is more."""
    least, most = drafting.row.quantity_least, drafting.row.quantity_most
    if (least, most) == (None, None) or drafting.asks_how_often():
        return None, None
    if least is None:
        return drafting.one_end(most), None
    return least, most if most is not None and most > least else None


def _check(draft: LotDraft, drafting: Drafting) -> None:
    """The rules for any lot, and of the lister's own where it is known who lists."""
    terms, place = drafting.terms, drafting.terms.gazetteer.get(draft.place)
    good = terms.catalogue.commodity(draft.commodity)
    try:
        check_all(
            lambda: check_lot(draft, terms.catalogue, terms.today),
            lambda: check_lister(draft, place, terms.actor, good) if terms.actor else None,
        )
    except Rejected as error:
        drafting.break_rules(error)
