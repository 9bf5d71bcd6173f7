"""Applying for the programme, and deciding: each step is kept, and of two at once the second is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, check_all
from marketplace.domain.programme import (
    Application,
    Asked,
    ChangedMeanwhile,
    Decision,
    EvidenceKind,
    StepKind,
    Verdict,
    check_application,
    check_decision,
    check_goods,
    may_apply,
)
from marketplace.domain.text_marks import N_
from marketplace.models.applications import (
    answers,
    criterion_numbers,
    decides,
    told_applicant,
    told_deciders,
)
from marketplace.models.base import transaction
from marketplace.models.programme import (
    Grant,
    ProgrammeEntry,
    ProgrammeStep,
    ShownEvidence,
    criteria_on,
)
from marketplace.models.reference import current_reference
from marketplace.models.shown_papers import ShownPaper, papers_of
from marketplace.models.telling import tell


class AlreadyThere(Rejected):
    """Such goods have an entry already, in whatever state."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(N_("These goods have been applied for before; go on there."))
        self.entry_id = entry_id


def apply(
    application: Application, seen: int, *, actor: Actor, now: datetime, today: date
) -> ProgrammeEntry:
    """Apply, answer what was asked, or apply anew.

    ``seen``: the version that the applicant has looked at, 0 for goods that nobody applied for.
    Raises `Rejected`, `Forbidden`, `AlreadyThere`, and `Stale` where somebody was quicker.
    """
    application = _as_applied(application, actor)
    with transaction() as session:
        application, papers = _checked(application, actor, today)
        entry = _entered(session, application, seen, actor, now)
        kind = StepKind.APPLIED if entry.asked == Asked.CLOSED else StepKind.ANSWERED
        entry.asked, entry.asked_at = Asked.APPLIED, now
        entry.applicant_id, entry.applied_by = actor.organisation_id, actor.user_id
        step = _step(session, entry, kind, actor, now, reason=application.note)
        session.add_all(
            ShownEvidence(step_id=step.id, criterion_id=one.criterion, text=one.text, link=one.link)
            for one in application.evidence
            if one.text or one.link
        )
        session.add_all(ShownPaper(step_id=step.id, **columns) for columns in papers)
        tell(session, told_deciders(session, entry, step), now)
    return entry


def check(application: Application, *, actor: Actor, today: date) -> None:
    """Raise `Rejected` for all that is wrong with it, and `Forbidden`."""
    _checked(_as_applied(application, actor), actor, today)


def take_back(entry_id: int, seen: int, *, actor: Actor, now: datetime) -> None:
    """The applicant does not want a decision any more; what is in force stays so."""
    with transaction() as session:
        entry = _locked(session, entry_id, seen)
        if not answers(actor, entry):
            raise Forbidden(N_("Only who has applied can take it back."))
        if entry.asked == Asked.CLOSED:
            raise Rejected(N_("Nothing waits for a decision here any more."))
        entry.asked = Asked.CLOSED
        _step(session, entry, StepKind.TAKEN_BACK, actor, now)


def decide(
    entry_id: int, decision: Decision, seen: int, *, actor: Actor, now: datetime, today: date
) -> ProgrammeEntry:
    """Accept, refuse, ask for more, or revoke; the applicant is told.

    Raises `Rejected`, `Forbidden`, and `Stale` if ``seen`` is not the entry's last version.
    """
    with transaction() as session:
        entry = _locked(session, entry_id, seen)
        if not decides(actor, entry):
            raise Forbidden(N_("This is for others to decide."))
        counting = _counting(session, entry, today)
        check_decision(
            decision,
            today,
            open_=entry.asked != Asked.CLOSED,
            counts=bool(counting),
            numbers=criterion_numbers(session, entry, today),
        )
        step = _decided(session, entry, decision, actor, now)
        if decision.verdict is Verdict.REVOKE:
            for grant in counting:
                grant.ended_on = today
        session.flush()
        tell(session, [told_applicant(session, entry, step)], now)
    return entry


def _as_applied(application: Application, actor: Actor) -> Application:
    """With what follows from who applies. Raises `Forbidden` and `Rejected`."""
    if not may_apply(actor):
        raise Forbidden(N_("Producers and departments apply for the programme."))
    if actor.role is Role.SELLER:
        return replace(application, organisation=actor.organisation_id, producer="")
    if application.locality != actor.locality:
        raise Rejected(
            N_("A department applies for goods of its own locality only."), field="locality"
        )
    if application.organisation is None:
        return replace(application, producer="")
    if not application.producer:
        raise Rejected(N_("Say for whom the department does this."), field="producer")
    return replace(application, organisation=actor.organisation_id)


def _checked(
    application: Application, actor: Actor, today: date
) -> tuple[Application, list[dict[str, Any]]]:
    """With what is asked only, and columns of the papers. Raises `Rejected` for all that is wrong."""
    reference = current_reference()
    goods = {good.id: good for good in reference.commodities}
    localities = [locality.id for locality in reference.localities]
    good = goods.get(application.commodity)
    asked = criteria_on(today, good.group if good else "")
    kinds = {row.id: EvidenceKind(row.evidence) for row in asked}
    shown = tuple(one for one in application.evidence if one.criterion in kinds)
    application = replace(application, evidence=shown)
    papers: list[dict[str, Any]] = []
    check_all(
        lambda: check_goods(good),
        lambda: check_application(application, goods, localities, kinds.items()),
        lambda: papers.extend(
            papers_of(application, organisation_id=actor.organisation_id, today=today)
        ),
    )
    return application, papers


def _entered(
    session: Session, application: Application, seen: int, actor: Actor, now: datetime
) -> ProgrammeEntry:
    """The entry of these goods, locked; a new one where there is none."""
    query = select(ProgrammeEntry).where(ProgrammeEntry.scope == application.scope)
    entry = session.scalar(query.with_for_update())
    if entry is not None:
        if not seen:
            raise AlreadyThere(entry.id)
        if entry.version != seen:
            raise ChangedMeanwhile
        entry.version += 1
        return entry
    entry = ProgrammeEntry(
        scope=application.scope,
        commodity_id=application.commodity,
        locality_id=application.locality,
        organisation_id=application.organisation,
        producer=application.producer,
        applicant_id=actor.organisation_id,
        applied_by=actor.user_id,
        asked=Asked.CLOSED,
        asked_at=now,
        version=1,
    )
    session.add(entry)
    try:
        session.flush()
    except IntegrityError as error:  # at the same moment
        raise ChangedMeanwhile from error
    return entry


def _locked(session: Session, entry_id: int, seen: int) -> ProgrammeEntry:
    """The entry for a change of its version ``seen``, which becomes the next one."""
    entry = session.scalar(
        select(ProgrammeEntry).where(ProgrammeEntry.id == entry_id).with_for_update()
    )
    if entry is None:
        raise NotFound(N_("There is no such entry."))
    if entry.version != seen:
        raise ChangedMeanwhile
    entry.version += 1
    return entry


def _step(
    session: Session,
    entry: ProgrammeEntry,
    kind: StepKind,
    actor: Actor,
    now: datetime,
    **columns: Any,
) -> ProgrammeStep:
    session.flush()
    step = ProgrammeStep(
        entry_id=entry.id,
        version=entry.version,
        kind=kind,
        made_by=actor.user_id,
        organisation_id=actor.organisation_id,
        made_at=now,
        **columns,
    )
    session.add(step)
    session.flush()
    return step


def _decided(
    session: Session, entry: ProgrammeEntry, decision: Decision, actor: Actor, now: datetime
) -> ProgrammeStep:
    if decision.verdict is Verdict.MORE:
        entry.asked = Asked.MORE_ASKED
    elif decision.verdict is not Verdict.REVOKE:
        entry.asked = Asked.CLOSED
    columns: dict[str, Any] = {"reason": decision.reason, "number": decision.number}
    if decision.verdict is not Verdict.ACCEPT:
        columns["unmet"] = tuple(sorted(decision.unmet))
        return _step(session, entry, StepKind(decision.verdict), actor, now, **columns)
    days = {"valid_from": decision.valid_from, "expires_on": decision.expires_on}
    step = _step(session, entry, StepKind.ACCEPTED, actor, now, **columns, **days)
    session.add(Grant(entry_id=entry.id, step_id=step.id, number=decision.number, **days))
    return step


def _counting(session: Session, entry: ProgrammeEntry, today: date) -> list[Grant]:
    """What is in force or will be."""
    query = select(Grant).where(
        Grant.entry_id == entry.id, Grant.ended_on.is_(None), Grant.expires_on >= today
    )
    return list(session.scalars(query))
