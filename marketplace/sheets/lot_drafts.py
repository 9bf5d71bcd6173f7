"""A row as the lot that it would be, or what keeps it from being one."""

from __future__ import annotations

from dataclasses import replace

from marketplace.domain.drafts import plain
from marketplace.domain.lots import LotDraft, check_lister, check_lot
from marketplace.domain.text import clean
from marketplace.domain.text_marks import N_
from marketplace.sheets.details import heads_in, read_details
from marketplace.sheets.drafting import Drafted, Drafting
from marketplace.sheets.hindrances import elsewhere
from marketplace.sheets.listing import Words, figures_of, listing_of

_WORDS = Words(
    always=("commodity", "grade", "quantity", "quantity_most", "place", "producer", "until"),
    by_column={"ask": "ask", "note": "note", "whole": "whole"},
    first_day="ready_on",
    whose="producer",
    grade="grade",
    columns={},
)


def draft_lot(drafting: Drafting) -> Drafted:
    """The row as a lot: what is sure of it is offered, what there may be more is told."""
    terms = drafting.terms
    if hopeless := elsewhere(drafting):
        return Drafted(drafting.row, (hopeless,))
    told = figures_of(drafting, lambda row: (row.quantity_least, row.quantity_most))
    producer = drafting.whose(N_("The row does not say whose goods these are."))
    whole = drafting.is_yes("whole")
    details, unread = read_details(drafting.record, terms.today)
    drafting.problems += unread
    row, good, place = drafting.row, drafting.row.commodity, drafting.row.place
    if drafting.is_barred or good is None or place is None or not (told.quantity and told.until):
        return Drafted(row, tuple(drafting.problems))
    goods = terms.catalogue.commodity(good)
    details |= heads_in(drafting.record, drafting.choices, goods)
    draft = LotDraft(
        commodity=good,
        grade=row.grade or terms.catalogue.default_grade(goods.group).id,
        quantity=told.quantity,
        quantity_most=told.bound,
        ask=told.price,
        place=place,
        ready_on=drafting.first_day,
        until=told.until,
        certificates=row.certificates,
        whole=whole,
        **details,
        basis=terms.basis,
        producer=producer,
        note=clean(row.note),
        price_confirmed=True,  # `understand` has asked
    )
    lies, actor = terms.gazetteer.get(draft.place), terms.actor
    drafted = listing_of(
        drafting,
        draft,
        _WORDS,
        lambda: check_lot(draft, terms.catalogue, terms.today),
        lambda: check_lister(draft, lies, actor, goods) if actor else None,
    )
    details_told = {name: plain(value) for name, value in details.items()}
    return replace(drafted, stated={**drafted.stated, **details_told}) if drafted.draft else drafted
