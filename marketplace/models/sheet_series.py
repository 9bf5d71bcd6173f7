"""Rows of sheets that are series: known again by their key, and begun once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.domain.imports import Found, RowStatus, Stated, differing
from marketplace.domain.series import Draft, Recurrence, SeriesState, state_on
from marketplace.domain.series_rules import check_series
from marketplace.models.base import db
from marketplace.models.importing import Saving
from marketplace.models.imports import SheetRow
from marketplace.models.series import Series, new_series

GO_ON = (SeriesState.RUNNING, SeriesState.PAUSED)


@dataclass(frozen=True)
class KnownSeries:
    """A series that a row has begun, and what was stated of it last."""

    stated: Stated
    goes_on: bool

    def found(self, stated: Stated) -> Found | None:
        """A row that says the same repeats it; another is refused while it goes on, and new after that."""
        if not differing(stated, self.stated):
            return Found(RowStatus.REPEAT)
        return Found(RowStatus.REFUSED) if self.goes_on else None


def known_series(
    organisation_id: int, keys: Collection[str], today: date
) -> Mapping[str, KnownSeries]:
    """The series that rows with these keys have begun, by key."""
    query = (
        select(SheetRow.key, SheetRow.stated, Series)
        .join(Series, Series.id == SheetRow.series_id)
        .where(SheetRow.organisation_id == organisation_id, SheetRow.saved_at.is_not(None))
        .options(selectinload(Series.versions))
        .order_by(SheetRow.id)
    )
    return {
        key: KnownSeries(stated, state_on(series.all_terms, today) in GO_ON)
        for key, stated, series in db.session.execute(query)
        if key in keys
    }


def begin_series(row: SheetRow, draft: Draft, recurs: Recurrence, saving: Saving) -> None:
    """Begin what the row says; the worker puts its instalments on the market. Raises `Rejected`."""
    check_series(draft, recurs, saving.names, actor=saving.actor, today=saving.today)
    series = new_series(
        draft,
        recurs,
        organisation_id=saving.actor.organisation_id,
        actor_id=saving.actor.user_id,
        today=saving.today,
        now=saving.now,
        once=f"import:{row.import_id}:{row.number}",
    )
    db.session.add(series)
    db.session.flush()
    row.series_id, row.saved_at = series.id, saving.now
