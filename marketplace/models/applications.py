"""Applications as services read them: whole, by whom they may be read and decided, what is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.domain.actors import Actor, Role
from marketplace.domain.organisations import OrganisationKind
from marketplace.domain.programme import may_apply, may_decide, may_read
from marketplace.models.organisations import Organisation
from marketplace.models.programme import (
    Criterion,
    ProgrammeEntry,
    ProgrammeStep,
    ShownEvidence,
    criteria_on,
    wordings,
)
from marketplace.models.reference import current_reference
from marketplace.models.shown_papers import ShownPaper
from marketplace.models.telling import Told


def whole_entries() -> Select[ProgrammeEntry]:
    """Entries with all that their pages show."""
    steps = selectinload(ProgrammeEntry.steps)
    return select(ProgrammeEntry).options(
        joinedload(ProgrammeEntry.commodity),
        joinedload(ProgrammeEntry.locality),
        joinedload(ProgrammeEntry.organisation),
        joinedload(ProgrammeEntry.applicant),
        selectinload(ProgrammeEntry.grants),
        steps.joinedload(ProgrammeStep.maker),
        steps.joinedload(ProgrammeStep.organisation),
        steps.selectinload(ProgrammeStep.evidence).joinedload(ShownEvidence.criterion),
        steps.selectinload(ProgrammeStep.papers).options(
            joinedload(ShownPaper.criterion),
            joinedload(ShownPaper.file),
            joinedload(ShownPaper.certificate),
            joinedload(ShownPaper.version),
        ),
    )


@dataclass
class ShownFor:
    """What was shown last for one criterion: words, an address, papers."""

    criterion: Criterion
    text: str = ""
    link: str = ""
    papers: list[ShownPaper] = field(default_factory=list)


def last_shown(entry: ProgrammeEntry) -> dict[int, ShownFor]:
    """By the number of the criterion; what a later step shows takes the place of what was before."""
    found: dict[int, ShownFor] = {}
    for step in entry.steps:
        there: dict[int, ShownFor] = {}
        for one in step.evidence:
            there[one.criterion.number] = ShownFor(one.criterion, one.text, one.link)
        for paper in step.papers:
            shown = there.setdefault(paper.criterion.number, ShownFor(paper.criterion))
            shown.papers.append(paper)
        found |= there
    return found


def decides(actor: Actor | None, entry: ProgrammeEntry) -> bool:
    return may_decide(
        actor,
        entry.locality_id,
        for_everybody=entry.organisation_id is None,
        applied_by=entry.applied_by,
    )


def reads(actor: Actor | None, entry: ProgrammeEntry) -> bool:
    return may_read(actor, entry.locality_id, (entry.applicant_id, entry.organisation_id))


def answers(actor: Actor | None, entry: ProgrammeEntry) -> bool:
    """Who may apply for these goods may go on with what was applied for."""
    if actor is None or not may_apply(actor):
        return False
    if entry.organisation_id is None:
        return actor.role is Role.OFFICER and actor.locality == entry.locality_id
    return actor.organisation_id == entry.organisation_id


def criterion_numbers(session: Session, entry: ProgrammeEntry, today: date) -> set[int]:
    """Of the criteria that may be named in a decision: today's, and those that were shown for."""
    group = {good.id: good.group for good in current_reference().commodities}
    now_ = {row.number for row in criteria_on(today, group.get(entry.commodity_id, ""))}
    shown = (
        select(Criterion.number)
        .join(ShownEvidence, ShownEvidence.criterion_id == Criterion.id)
        .join(ProgrammeStep, ProgrammeStep.id == ShownEvidence.step_id)
        .where(ProgrammeStep.entry_id == entry.id)
    )
    return now_ | set(session.scalars(shown))


def told_deciders(session: Session, entry: ProgrammeEntry, step: ProgrammeStep) -> list[Told]:
    """A line in the inbox of those who decide."""
    everybody = entry.organisation_id is None
    kind = OrganisationKind.COORDINATION if everybody else OrganisationKind.DEPARTMENT
    query = select(Organisation.id).where(Organisation.kind == kind)
    if not everybody:
        query = query.where(Organisation.locality_id == entry.locality_id)
    return [
        Told(
            key=f"programme:{step.id}:{organisation_id}",
            organisation_id=organisation_id,
            kind="programme_applied",
            details=entry_details(session, entry),
            by_mail=False,
        )
        for organisation_id in session.scalars(query)
    ]


def told_applicant(session: Session, entry: ProgrammeEntry, step: ProgrammeStep) -> Told:
    unmet = wordings(session, step.unmet)
    details = {
        **entry_details(session, entry),
        "verdict": step.kind,
        "reason": step.reason,
        "number": step.number,
        "first_on": step.valid_from.isoformat() if step.valid_from else None,
        "last_on": step.expires_on.isoformat() if step.expires_on else None,
        "unmet": [
            {"number": row.number, "vi": row.text_vi, "en": row.text_en or row.text_vi}
            for row in unmet.values()
        ],
    }
    return Told(
        key=f"programme:{step.id}:told",
        organisation_id=entry.applicant_id,
        kind="programme_decided",
        details=details,
    )


def entry_details(session: Session, entry: ProgrammeEntry) -> dict[str, Any]:
    good = {one.id: one for one in current_reference().commodities}[entry.commodity_id]
    place = {one.id: one for one in current_reference().localities}[entry.locality_id]
    owner = session.get(Organisation, entry.organisation_id) if entry.organisation_id else None
    return {
        "entry": entry.id,
        "commodity_vi": good.name_vi,
        "commodity_en": good.name_en,
        "locality_vi": place.name,
        "locality_en": place.name_en,
        "whose": entry.producer or (owner.name if owner else ""),
    }
