"""Series: changed from a day on, paused, let go on, stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from marketplace.domain.actors import Actor
from marketplace.domain.errors import NotFound, Rejected, Stale, check_all
from marketplace.domain.lots import LotDraft
from marketplace.domain.series import Draft, SeriesState, check_recurrence, state_on, terms_on
from marketplace.domain.series_changes import SeriesChange, TermsChange, check_change, resaid
from marketplace.domain.series_rules import Names, check_instalment
from marketplace.models.attaching import check_attached
from marketplace.models.base import db, transaction
from marketplace.models.certificates import usable_certificates
from marketplace.models.instalments import Followed, Market, follow, on_market, put_due, sort_out
from marketplace.models.organisations import User
from marketplace.models.reference import current_reference
from marketplace.models.series import Series, is_just_said, own_series, version_of
from marketplace.solving.world import world_of


def to_change(series_id: int, *, actor: Actor) -> Series:
    """The series with all that its forms show. Raises `NotFound` if it is somebody else's."""
    return _own(series_id, actor)


def foresee(
    series_id: int, version: int, change: SeriesChange, *, actor: Actor, today: date
) -> Followed:
    """What `say` would do to instalments on the market. Raises what it would raise."""
    series = _own(series_id, actor)
    _check(series, version, change, actor, today)
    versions = series.all_terms
    after = [*versions, *resaid(versions, change)]
    return sort_out(on_market(series, change.since), after, today)


def say(
    series_id: int,
    version: int,
    change: SeriesChange,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    ahead: int,
) -> Followed:
    """Let something else hold from a day on; instalments that nobody holds or has bought follow.

    Raises `Stale` if somebody has changed the series since ``version``, `Rejected` for a rule.
    """
    with transaction() as session:
        series = _own(series_id, actor, lock=True)
        _check(series, version, change, actor, today)
        for terms in resaid(series.all_terms, change):
            series.versions.append(version_of(terms, actor_id=actor.user_id, now=now))
        series.version += 1
        series.changed_by, series.changed_at = actor.user_id, now
        session.flush()
        market = Market(_names(), today, now, ahead)
        found = follow(series, change.since, market, actor_id=actor.user_id)
        put_due(series, market)
        is_just_said(series, today)
    return found


def _names() -> Names:
    world = world_of(current_reference())
    return world.gazetteer, world.catalogue


def _own(series_id: int, actor: Actor, *, lock: bool = False) -> Series:
    series = own_series(series_id, actor, lock=lock)
    if series is None:
        raise NotFound("There is no such series.")
    return series


def _check(series: Series, version: int, change: SeriesChange, actor: Actor, today: date) -> None:
    if series.version != version:
        who = db.session.get(User, series.changed_by)
        raise Stale(
            "%(who)s changed this series at %(time)s. Below is how it stands now.",
            who=who.name if who else "?",
            time=series.changed_at,
        )
    if state_on(series.all_terms, today) in (SeriesState.STOPPED, "over"):
        raise Rejected("This series is over. Start another one.")
    check_change(change, series.all_terms, today)
    if isinstance(change, TermsChange):
        _check_terms(series, change, actor, today)


def _check_terms(series: Series, change: TermsChange, actor: Actor, today: date) -> None:
    terms = change.of(terms_on(series.all_terms, change.since))
    draft = replace(terms.draft, price_confirmed=change.price_confirmed)
    check_all(
        lambda: check_recurrence(terms.recurs, today, first_field="since", new=False),
        lambda: check_instalment(draft, terms.recurs, _names(), actor=actor, today=today),
        lambda: _check_papers(series, draft, today),
    )


def _check_papers(series: Series, draft: Draft, today: date) -> None:
    """Raise `Rejected` where an expired certificate would go on counting as one that is named."""
    if not isinstance(draft, LotDraft) or draft.papers is None:
        return
    owner = series.organisation_id
    backing = {
        paper.id
        for paper in usable_certificates(draft.papers, owner)
        if paper.certification_id in draft.certificates
    }
    relied = frozenset(backing)
    check_attached(replace(draft, papers=relied), owner, today, relied)
