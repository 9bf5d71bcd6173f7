"""A row as the lot or the need that it would be, or what keeps it from being one."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.sheets.drafting import HIDDEN_ROWS, PASS, READ, Drafted, Drafting, Terms
from marketplace.sheets.hindrances import hidden_row
from marketplace.sheets.lot_drafts import draft_lot
from marketplace.sheets.need_drafts import draft_need
from marketplace.sheets.table import Record
from marketplace.sheets.understanding import understand
from marketplace.sheets.unserving import asked_again, unserving


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
