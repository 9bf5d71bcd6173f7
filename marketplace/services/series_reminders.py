"""Tell the holder of a series once, some days before its last instalment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from marketplace.domain.lots import LotDraft
from marketplace.domain.series import REMIND_DAYS, terms_on
from marketplace.models.base import db, transaction
from marketplace.models.commodities import Commodity
from marketplace.models.organisations import Organisation
from marketplace.models.series import Series
from marketplace.models.telling import Told, tell

ENDING = "series_ending"


def remind_next(now: datetime, today: date) -> bool:
    """Tell of one series that ends within days. False if none is left to be told of.

    A last day that is moved is told of anew; who has just set it knows it (`told_for`).
    """
    due = (
        select(Series.id)
        .where(Series.ends_on.between(today, today + timedelta(days=REMIND_DAYS)))
        .where(or_(Series.told_for.is_(None), Series.told_for != Series.ends_on))
        .order_by(Series.ends_on, Series.id)
        .limit(1)
    )
    if db.session.scalar(due) is None:  # usually: looking takes no lock
        return False
    with transaction() as session:
        series_id = session.scalar(due.with_for_update(skip_locked=True))
        if series_id is None:
            return False
        query = select(Series).where(Series.id == series_id)
        series = session.scalars(query.options(selectinload(Series.versions))).one()
        series.told_for = series.ends_on
        if series.ends_on is not None:
            tell(session, [_told(series, series.ends_on)], now)
    return True


def _told(series: Series, last: date) -> Told:
    draft = terms_on(series.all_terms, last).draft
    lot = isinstance(draft, LotDraft)
    whose = draft.producer if isinstance(draft, LotDraft) else draft.buyer
    good = db.session.get_one(Commodity, series.commodity_id)
    owner = db.session.get_one(Organisation, series.organisation_id)
    return Told(
        key=f"series:{series.id}:{ENDING}:{last.isoformat()}",
        organisation_id=series.organisation_id,
        kind=ENDING,
        details={
            "series": series.id,
            "side": "lot" if lot else "need",
            "organisation": whose or owner.name,
            "commodity_vi": good.name_vi,
            "commodity_en": good.name_en,
            "unit": good.base_unit_vi,
            "quantity": draft.quantity,
            "ends_on": last.isoformat(),
        },
    )
