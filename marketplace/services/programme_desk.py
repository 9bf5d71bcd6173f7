"""Applications to look at: one's own, those that wait for a decision, one with its whole history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import NotFound
from marketplace.domain.programme import REMINDED_DAYS, Asked
from marketplace.domain.text_marks import N_
from marketplace.models.applications import (
    ShownFor,
    answers,
    decides,
    last_shown,
    reads,
    whole_entries,
)
from marketplace.models.base import db
from marketplace.models.programme import Grant, ProgrammeEntry, ProgrammeStep
from marketplace.models.shown_papers import ShownPaper
from marketplace.models.stored_files import StoredFile

MOST_EXPIRING = 50


@dataclass(frozen=True)
class Shown:
    """An entry as this person may see it."""

    entry: ProgrammeEntry
    reads_all: bool
    """Evidence, refusals and who decided."""
    may_decide: bool
    may_answer: bool
    """Whether they may show more, apply anew, or take an application back."""
    evidence: dict[int, ShownFor]
    """What was shown last, by the number of the criterion."""


@dataclass(frozen=True)
class Queue:
    """What waits for who decides: the oldest first; and what soon expires."""

    to_decide: list[ProgrammeEntry]
    waiting: list[ProgrammeEntry]
    """More was asked for, and the applicant has not answered."""
    others: list[ProgrammeEntry]
    """Pending, but for somebody else to decide."""
    expiring: list[Grant]
    papers: dict[int, list[ShownPaper]]
    """What the first ones show, by the number of the entry."""


def show(entry_id: int, *, actor: Actor | None) -> Shown:
    """Raises `NotFound` where there is none that this person may know of."""
    entry = db.session.scalar(whole_entries().where(ProgrammeEntry.id == entry_id))
    reads_all = entry is not None and reads(actor, entry)
    if entry is None or not (reads_all or entry.grants):
        raise NotFound(N_("There is no such entry."))
    return Shown(
        entry=entry,
        reads_all=reads_all,
        may_decide=decides(actor, entry),
        may_answer=answers(actor, entry),
        evidence=last_shown(entry),
    )


def paper_file(entry_id: int, paper_id: int, *, actor: Actor) -> StoredFile:
    """The file of a paper that was shown, for who has applied and who decides. Raises `NotFound`."""
    paper = db.session.scalar(
        select(ShownPaper)
        .join(ProgrammeStep, ProgrammeStep.id == ShownPaper.step_id)
        .where(ShownPaper.id == paper_id, ProgrammeStep.entry_id == entry_id)
        .options(joinedload(ShownPaper.file))
    )
    entry = db.session.get(ProgrammeEntry, entry_id)
    if paper is None or entry is None or not reads(actor, entry):
        raise NotFound(N_("There is no such page."))
    return paper.file


def mine(*, actor: Actor) -> list[ProgrammeEntry]:
    """What the actor's organisation has applied for, the latest first."""
    own = or_(
        ProgrammeEntry.applicant_id == actor.organisation_id,
        ProgrammeEntry.organisation_id == actor.organisation_id,
    )
    return list(
        db.session.scalars(whole_entries().where(own).order_by(ProgrammeEntry.asked_at.desc()))
    )


def queue(*, actor: Actor, today: date) -> Queue:
    """What this officer or coordinator has to decide, and what goes on around it."""
    query = (
        whole_entries()
        .where(ProgrammeEntry.asked != Asked.CLOSED)
        .order_by(ProgrammeEntry.asked_at)
    )
    found = [one for one in db.session.scalars(query) if reads(actor, one)]
    pending = [entry for entry in found if entry.asked == Asked.APPLIED]
    mine_ = [entry for entry in pending if decides(actor, entry)]
    return Queue(
        to_decide=mine_,
        waiting=[entry for entry in found if entry.asked == Asked.MORE_ASKED],
        others=[entry for entry in pending if entry not in mine_],
        expiring=[grant for grant in _expiring(today) if reads(actor, grant.entry)],
        papers={
            entry.id: [paper for one in last_shown(entry).values() for paper in one.papers]
            for entry in mine_
        },
    )


def to_decide(*, actor: Actor) -> int:
    """How many applications wait for this person."""
    if actor.role not in (Role.OFFICER, Role.COORDINATOR):
        return 0
    query = select(ProgrammeEntry).where(ProgrammeEntry.asked == Asked.APPLIED)
    return sum(decides(actor, entry) for entry in db.session.scalars(query))


def _expiring(today: date) -> list[Grant]:
    query = (
        select(Grant)
        .where(Grant.in_force(today), Grant.expires_on <= today + timedelta(days=REMINDED_DAYS))
        .options(
            joinedload(Grant.entry).joinedload(ProgrammeEntry.commodity),
            joinedload(Grant.entry).joinedload(ProgrammeEntry.organisation),
            joinedload(Grant.entry).joinedload(ProgrammeEntry.locality),
        )
        .order_by(Grant.expires_on, Grant.id)
        .limit(MOST_EXPIRING)
    )
    return list(db.session.scalars(query))
