"""The steps of listing something when it comes again and again: a series is started instead of one listing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from marketplace.domain.actors import Actor
from marketplace.domain.series import Draft, Recurrence
from marketplace.services import series

Steps = TypeVar("Steps", bound=Any)


def ahead() -> int:
    """How many days ahead instalments are put on the market here."""
    days: int = current_app.extensions["settings"].series_days_ahead
    return days


def of(steps: Steps, recurs: Recurrence) -> Steps:
    """The same steps with a series at their end."""

    def check_new(draft: Draft, *, actor: Actor, today: date) -> None:
        series.check_new(draft, recurs, actor=actor, today=today)

    def enter(draft: Draft, *, actor: Actor, today: date, now: datetime, token: str = "") -> Any:
        known: dict[str, Any] = {"actor": actor, "today": today, "now": now}
        return series.start(draft, recurs, **known, ahead=ahead(), token=token)

    started = _l("The series has begun. Its next instalments are on the market.")
    said = replace(steps.said, entered=started)
    return replace(
        steps,
        check_new=check_new,
        enter=enter,
        said=said,
        page=lambda series_id: url_for("series.show", series_id=series_id),
    )
