"""Whether lots are admitted to the programme, and if not, why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session, selectinload

from marketplace.domain.programme import Asked, StepKind, Why, enters_programme, hand_over
from marketplace.domain.text import fold
from marketplace.models.lots import Lot
from marketplace.models.programme import Criterion, Grant, ProgrammeEntry, wordings
from marketplace.models.reference import current_reference

_SAID = {
    StepKind.REFUSED: Why.REFUSED,
    StepKind.REVOKED: Why.REVOKED,
    StepKind.TAKEN_BACK: Why.TAKEN_BACK,
}


@dataclass(frozen=True)
class Admission:
    """Of one lot. ``entry``: the one that admits it, or the nearest to it."""

    why: Why | None
    """None: it is admitted."""
    entry: int | None = None
    until: date | None = None
    """Last day of what admits it, or did; of what will, the first."""
    number: str = ""
    """Of the decision that admits it."""
    reason: str = ""
    unmet: tuple[int, ...] = ()

    @property
    def admitted(self) -> bool:
        return self.why is None


NOT_APPLIED, INPUT = Admission(Why.NOT_APPLIED), Admission(Why.INPUT)


def admissions(
    session: Session | scoped_session[Any], lots: Iterable[Lot], today: date
) -> dict[int, Admission]:
    """Of each lot, by its id: an entry must be in force on the first day of hand-over. Three queries."""
    lots = list(lots)
    entries: defaultdict[tuple[str, str], list[ProgrammeEntry]] = defaultdict(list)
    query = (
        select(ProgrammeEntry)
        .where(ProgrammeEntry.commodity_id.in_({lot.commodity_id for lot in lots}))
        .options(selectinload(ProgrammeEntry.grants), selectinload(ProgrammeEntry.steps))
        .order_by(ProgrammeEntry.organisation_id.is_(None), ProgrammeEntry.id)
        .execution_options(populate_existing=True)
    )
    for entry in session.scalars(query):
        entries[entry.commodity_id, entry.locality_id].append(entry)
    enters = {good.id for good in current_reference().commodities if enters_programme(good)}
    return {
        lot.id: _of(
            [e for e in entries[lot.commodity_id, lot.locality_id or ""] if _covers(e, lot)],
            hand_over(lot.ready_on, today),
            NOT_APPLIED if lot.commodity_id in enters else INPUT,
        )
        for lot in lots
    }


@dataclass(frozen=True)
class ListedLot:
    """What decides of a lot whether the programme takes it."""

    id: int
    commodity: str
    locality: str | None
    organisation: int
    producer: str
    ready_on: date


def admitted_among(
    session: Session | scoped_session[Any], lots: Iterable[ListedLot], today: date
) -> set[int]:
    """Ids of those that the programme takes, as `admissions` says of each; one query for a whole list."""
    query = (
        select(
            ProgrammeEntry.commodity_id,
            ProgrammeEntry.locality_id,
            ProgrammeEntry.organisation_id,
            ProgrammeEntry.producer,
            Grant,
        )
        .join(Grant.entry)
        .where(Grant.expires_on >= today)
    )
    granted: defaultdict[tuple[str, str], list[tuple[int | None, str, Grant]]] = defaultdict(list)
    for commodity, locality, organisation, producer, grant in session.execute(query):
        granted[commodity, locality].append((organisation, fold(producer), grant))

    def takes(lot: ListedLot) -> bool:
        return any(
            organisation in (None, lot.organisation)
            and producer in ("", fold(lot.producer))
            and grant.on(hand_over(lot.ready_on, today))
            for organisation, producer, grant in granted.get(
                (lot.commodity, lot.locality or ""), ()
            )
        )

    return {lot.id for lot in lots if takes(lot)} if granted else set()


def _covers(entry: ProgrammeEntry, lot: Lot) -> bool:
    """Whether the entry is about such goods, given that commodity and locality are the same."""
    if entry.organisation_id is None:
        return True
    same = entry.organisation_id == lot.organisation_id
    return same and (not entry.producer or fold(entry.producer) == fold(lot.producer))


def _of(entries: list[ProgrammeEntry], day: date, unknown: Admission) -> Admission:
    """Of goods that these entries are about, the nearest to them first; ``unknown`` if none is."""
    for entry in entries:
        if grant := entry.grant_on(day):
            return Admission(None, entry.id, grant.expires_on, grant.number)
    return _not(entries[0], day) if entries else unknown


def _not(entry: ProgrammeEntry, day: date) -> Admission:
    """Why an entry does not admit goods that change hands on ``day``."""
    last = entry.steps[-1]
    said: dict[str, Any] = {"entry": entry.id, "reason": last.reason, "unmet": last.unmet}
    if entry.asked == Asked.APPLIED:
        return Admission(Why.PENDING, entry.id)
    if entry.asked == Asked.MORE_ASKED:
        return Admission(Why.MORE_ASKED, **said)
    going = [grant for grant in entry.grants if grant.ended_on is None]
    if coming := _first_after(going, day):
        return Admission(Why.LATER, entry.id, coming.valid_from)
    if last.kind in _SAID and not (last.kind != StepKind.REVOKED and going):
        return Admission(_SAID[StepKind(last.kind)], **said)
    until = max(grant.expires_on for grant in going) if going else None
    return Admission(Why.EXPIRED, entry.id, until)


def _first_after(grants: list[Grant], day: date) -> Grant | None:
    return min(
        (grant for grant in grants if grant.valid_from > day),
        key=lambda grant: grant.valid_from,
        default=None,
    )


def left_outside(
    session: Session | scoped_session[Any], lots: Iterable[Lot], today: date
) -> dict[int, dict[str, Any]]:
    """The lots that a round of the programme does not take, with what is to be said of each."""
    barred = {
        lot_id: found
        for lot_id, found in admissions(session, lots, today).items()
        if not found.admitted
    }
    texts = wordings(session, {number for found in barred.values() for number in found.unmet})
    return {lot_id: _told(found, texts) for lot_id, found in barred.items()}


def _told(found: Admission, texts: dict[int, Criterion]) -> dict[str, Any]:
    unmet = [texts[number] for number in found.unmet if number in texts]
    return {
        "why": found.why,
        "entry": found.entry,
        "until": found.until.isoformat() if found.until else None,
        "unmet_vi": [row.text_vi for row in unmet],
        "unmet_en": [row.text_en or row.text_vi for row in unmet],
    }
