"""Series: which may be started, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Forbidden, check_all
from marketplace.domain.lots import LotDraft, check_lister, check_lot, may_list_lot
from marketplace.domain.needs import NeedDraft, check_need, check_poster, may_post_need
from marketplace.domain.places import Gazetteer
from marketplace.domain.series import Draft, Recurrence, Side, check_recurrence

Names = tuple[Gazetteer, Catalogue]


def check_series(
    draft: Draft, recurs: Recurrence, names: Names, *, actor: Actor, today: date
) -> None:
    """Raise `Rejected` for all rules that the days or an instalment break, `Forbidden`."""
    first_field = "ready_on" if isinstance(draft, LotDraft) else "from_on"
    check_all(
        lambda: check_instalment(draft, recurs, names, actor=actor, today=today),
        lambda: check_recurrence(recurs, today, first_field=first_field),
    )


def check_instalment(
    draft: Draft, recurs: Recurrence, names: Names, *, actor: Actor, today: date
) -> None:
    """Raise `Rejected` for all rules that the first instalment breaks, which stands for all."""
    if not may_have_series("lot" if isinstance(draft, LotDraft) else "need", actor):
        raise Forbidden("Your account may not do this.")
    first, until = max(recurs.first, today), max(recurs.first, recurs.last_day_of(recurs.first))
    if isinstance(draft, LotDraft):
        _check_lot(replace(draft, ready_on=first, until=until), names, actor, today)
    else:
        _check_need(replace(draft, from_on=first, until=until), names, actor, today)


def may_have_series(side: Side, actor: Actor) -> bool:
    """Whoever may list lots, or post needs."""
    return may_list_lot(actor) if side == "lot" else may_post_need(actor)


def _check_lot(lot: LotDraft, names: Names, actor: Actor, today: date) -> None:
    gazetteer, catalogue = names
    check_all(
        lambda: check_lot(lot, catalogue, today),
        lambda: check_lister(
            lot, gazetteer.get(lot.place), actor, catalogue.commodity(lot.commodity)
        ),
    )


def _check_need(need: NeedDraft, names: Names, actor: Actor, today: date) -> None:
    check_all(lambda: check_need(need, names[1], today), lambda: check_poster(need, actor))
