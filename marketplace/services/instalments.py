"""The job that puts the instalments of series on the market, some days ahead."""

from __future__ import annotations

from datetime import date, datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from marketplace.domain.series import ONE_DAY
from marketplace.models.base import db, transaction
from marketplace.models.instalments import Market, put_due
from marketplace.models.reference import current_reference
from marketplace.models.series import Series, is_just_said
from marketplace.solving.world import world_of

log = structlog.get_logger()


def put_next(today: date, now: datetime, ahead: int) -> bool:
    """Put on the market what is due of the series that has waited longest. False if none is due.

    Its instalments and when the next are due are one transaction: whoever takes over after a kill
    finds all of them there or none.
    """
    first = (
        select(Series.id).where(Series.due_on <= today).order_by(Series.due_on, Series.id).limit(1)
    )
    series_id = db.session.scalar(first)
    if series_id is None:
        return False
    try:
        count = _put(series_id, today, now, ahead)
    except SQLAlchemyError:
        raise
    except Exception as error:  # the others must not wait for this one
        log.error("instalments cannot be put", series=series_id, exc_info=error)
        _put_off(series_id, today)
    else:
        log.info("instalments put on the market", series=series_id, count=count)
    return True


def _put(series_id: int, today: date, now: datetime, ahead: int) -> int:
    """How many were put there; none where another worker has done it meanwhile."""
    world = world_of(current_reference())
    with transaction() as session:
        series = session.scalar(
            select(Series)
            .where(Series.id == series_id, Series.due_on <= today)
            .options(selectinload(Series.versions))
            .with_for_update(of=Series)
        )
        if series is None:
            return 0
        market = Market((world.gazetteer, world.catalogue), today, now, ahead)
        is_new, entered = series.ends_on is None, put_due(series, market)
        if is_new:
            is_just_said(series, today)
        return len(entered)


def _put_off(series_id: int, today: date) -> None:
    """Try again tomorrow."""
    with transaction() as session:
        session.execute(update(Series).where(Series.id == series_id).values(due_on=today + ONE_DAY))
