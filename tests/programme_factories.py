"""Criteria and entries of the programme, with defaults for what a test does not mention."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.programme import Application, Decision, Evidence, EvidenceKind, Verdict
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.organisations import Organisation
from marketplace.models.programme import Criterion, ProgrammeEntry, criteria_on
from marketplace.services import applications
from tests.factories import PINEAPPLE, a_user, an_actor


def a_criterion(**columns: Any) -> Criterion:
    """A paper that all goods need, asked since yesterday."""
    last = db.session.scalar(select(func.max(Criterion.number))) or 0
    values = {
        "number": last + 1,
        "version": 1,
        "text_vi": "Có sổ ghi chép sản xuất",
        "text_en": "Keeps records of production",
        "evidence": EvidenceKind.PAPER,
        "valid_from": clock.today() - timedelta(days=1),
        "reason": "Khởi đầu chương trình",
        "made_by": columns.get("made_by") or a_user().id,
        "made_at": clock.now(),
    }
    row = Criterion(**{**values, **columns})
    db.session.add(row)
    db.session.commit()
    return row


def an_application(actor: Actor, **changes: Any) -> Application:
    """Of pineapples from Hậu Giang, with a paper for each criterion."""
    asked = criteria_on(clock.today(), "trai_cay")
    values: dict[str, Any] = {
        "commodity": PINEAPPLE,
        "locality": "HG",
        "organisation": actor.organisation_id,
        "evidence": tuple(Evidence(row.id, "Sổ số 12, HTX lập 1/2026") for row in asked),
    }
    return Application(**{**values, **changes})


def an_entry_with_papers(
    actor: Actor, *, files: tuple[int, ...] = (), certificates: tuple[int, ...] = ()
) -> ProgrammeEntry:
    """What the actor applies for, with these papers for the first criterion."""
    first, *others = criteria_on(clock.today(), "trai_cay")
    evidence = [Evidence(first.id, files=files, certificates=certificates)]
    evidence += [Evidence(row.id, "Sổ số 12, HTX lập 1/2026") for row in others]
    return an_entry_for(actor, evidence=tuple(evidence))


def an_entry_for(actor: Actor, seen: int = 0, **changes: Any) -> ProgrammeEntry:
    """What the actor applies for; it waits for a decision."""
    return applications.apply(
        an_application(actor, **changes), seen, actor=actor, now=clock.now(), today=clock.today()
    )


ADMIT = Decision(
    verdict=Verdict.ACCEPT,
    number="12/QĐ-SNN",
    valid_from=clock.today(),
    expires_on=clock.today() + timedelta(days=180),
)


def decided(
    entry: ProgrammeEntry,
    decision: Decision = ADMIT,
    *,
    actor: Actor | None = None,
    seen: int | None = None,
) -> ProgrammeEntry:
    """As an officer of the locality decides."""
    return applications.decide(
        entry.id,
        decision,
        entry.version if seen is None else seen,
        actor=actor or an_actor(Role.OFFICER),
        now=clock.now(),
        today=clock.today(),
    )


def admitted(lot: Lot, *, first: date | None = None, last: date | None = None) -> ProgrammeEntry:
    """Let the programme take the lot."""
    owner = db.session.get_one(Organisation, lot.organisation_id)
    actor = an_actor(Role.SELLER, owner)
    entry = an_entry_for(actor, commodity=lot.commodity_id, locality=lot.locality_id)
    days = {"valid_from": first or ADMIT.valid_from, "expires_on": last or ADMIT.expires_on}
    return decided(
        entry,
        Decision(verdict=Verdict.ACCEPT, number=ADMIT.number, **days),
        actor=an_actor(Role.COORDINATOR),
    )
