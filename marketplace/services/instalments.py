"""The job that puts the instalments of series on the market, some days ahead."""

from __future__ import annotations

from datetime import date, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.models.base import db, transaction
from marketplace.models.instalments import Market, put_due
from marketplace.models.reference import current_reference
from marketplace.models.series import Series
from marketplace.solving.world import world_of

log = structlog.get_logger()


def put_next(today: date, now: datetime, ahead: int) -> bool:
    """Put on the market what is due of the series that has waited longest. False if none is due.

    Its instalments and when the next are due are one transaction: whoever takes over after a kill
    finds all of them there or none.
    """
    due = Series.due_on <= today
    first = select(Series.id).where(due).order_by(Series.due_on, Series.id).limit(1)
    series_id = db.session.scalar(first)
    if series_id is None:
        return False
    world = world_of(current_reference())
    with transaction() as session:
        series = session.scalar(
            select(Series)
            .where(Series.id == series_id, due)
            .options(selectinload(Series.versions))
            .with_for_update(of=Series)
        )
        if series is None:  # another worker has done it meanwhile
            return True
        market = Market((world.gazetteer, world.catalogue), today, now, ahead)
        put = put_due(series, market)
    log.info("instalments put on the market", series=series_id, count=len(put))
    return True
