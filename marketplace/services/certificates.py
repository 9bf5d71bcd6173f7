"""Certificates: kept with their file, replaced by the one that followed, withdrawn."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.domain.actors import Actor
from marketplace.domain.certificates import (
    CertificateDraft,
    Change,
    check_certificate,
    may_keep_certificates,
)
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale, check_all
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.certificates import Certificate, CertificateVersion
from marketplace.models.certificates import draft_of_certificate as draft_of
from marketplace.models.organisations import Organisation, User
from marketplace.models.reference import current_reference
from marketplace.models.stored_files import own_file
from marketplace.solving.world import world_of

__all__ = ["draft_of"]


def check(draft: CertificateDraft, file_id: int | None, *, actor: Actor, today: date) -> None:
    """Raise `Rejected` for all that is wrong with the draft and its file."""
    if not may_keep_certificates(actor):
        raise Forbidden("Your account may not list goods for sale.")
    known = world_of(current_reference()).catalogue.certifications
    check_all(
        lambda: check_certificate(draft, known, actor, today),
        lambda: _check_file(file_id, actor),
    )


def keep(
    draft: CertificateDraft, file_id: int | None, *, actor: Actor, now: datetime, today: date
) -> Certificate:
    """Keep a certificate with its file. Raises `Rejected` for all that is wrong with both."""
    check(draft, file_id, actor=actor, today=today)
    with transaction() as session:
        _check_new(session, draft, actor)
        certificate = Certificate(
            organisation_id=actor.organisation_id,
            created_by=actor.user_id,
            created_at=now,
            file_id=file_id,
            certification_id=draft.certification,
            **_columns(draft),
        )
        session.add(certificate)
        session.flush()
        _note(session, certificate, Change.ENTERED, actor, now)
    return certificate


def change(
    certificate_id: int,
    version: int,
    draft: CertificateDraft,
    file_id: int | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> Certificate:
    """Put the certificate that followed in its place: the lots that rely on it rely on the new one.

    Raises `Stale`, `Rejected`.
    """
    check(draft, file_id, actor=actor, today=today)
    with transaction() as session:
        certificate = _own(certificate_id, actor, version, lock=True)
        there = draft_of(certificate)
        if (draft.certification, draft.holder) != (there.certification, there.holder):
            raise Rejected(
                N_("Another kind, or of somebody else: enter it as a certificate of its own."),
                field="certification",
            )
        same_file = file_id == certificate.file_id
        if same_file and (draft.expires_on, draft.number) != (there.expires_on, there.number):
            raise Rejected(
                N_("Another number or last day: send the file of that certificate."), field="file"
            )
        for name, value in _columns(draft).items():
            setattr(certificate, name, value)
        certificate.file_id = file_id or certificate.file_id
        if not session.is_modified(certificate):
            return certificate
        session.flush()
        _note(session, certificate, Change.REPLACED, actor, now)
    return certificate


def withdraw(
    certificate_id: int, version: int, reason: str, *, actor: Actor, now: datetime
) -> Certificate:
    """It counts no longer, from this moment on. What has been agreed on stays. Raises `Stale`."""
    with transaction() as session:
        certificate = _own(certificate_id, actor, version, lock=True)
        certificate.withdrawn_at = now
        session.flush()
        _note(session, certificate, Change.WITHDRAWN, actor, now, reason)
    return certificate


def to_change(certificate_id: int, *, actor: Actor) -> Certificate:
    """The actor's own certificate, if it has not been withdrawn. Raises `NotFound`."""
    return _own(certificate_id, actor)


def _check_file(file_id: int | None, actor: Actor) -> None:
    if file_id is None or own_file(file_id, actor.organisation_id) is None:
        raise Rejected(N_("Choose the file: a PDF or a photo of the certificate."), field="file")


def _check_new(session: Session, draft: CertificateDraft, actor: Actor) -> None:
    """Raise `Rejected` for one that is kept already; two presses of a button make one certificate."""
    office = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    session.execute(office.with_for_update())
    same = select(Certificate.id).where(
        Certificate.organisation_id == actor.organisation_id,
        Certificate.certification_id == draft.certification,
        Certificate.holder == draft.holder,
        Certificate.number == draft.number,
        Certificate.withdrawn_at.is_(None),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Rejected(
            N_("This certificate is kept already. Look for it on the list."), field="number"
        )


def _columns(draft: CertificateDraft) -> dict[str, Any]:
    return {name: value for name, value in asdict(draft).items() if name != "certification"}


def _note(
    session: Session,
    row: Certificate,
    change: Change,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    session.add(
        CertificateVersion(
            certificate_id=row.id,
            version=row.version,
            change=change,
            reason=reason,
            file_id=row.file_id,
            made_by=actor.user_id,
            made_at=now,
            **_columns(draft_of(row)),
        )
    )
    session.flush()


def _own(
    certificate_id: int, actor: Actor, version: int | None = None, *, lock: bool = False
) -> Certificate:
    query = select(Certificate).where(
        Certificate.id == certificate_id, Certificate.organisation_id == actor.organisation_id
    )
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None or not may_keep_certificates(actor):
        raise NotFound(N_("There is no such certificate."))
    if version is not None and row.version != version:
        raise _stale(row)
    if row.withdrawn_at is not None:
        raise Rejected(N_("This certificate has been withdrawn. Enter the new one."))
    return row


def _stale(row: Certificate) -> Stale:
    last = db.session.scalar(
        select(CertificateVersion)
        .where(CertificateVersion.certificate_id == row.id)
        .order_by(CertificateVersion.version.desc())
        .limit(1)
    )
    who = db.session.get(User, last.made_by) if last else None
    return Stale(
        N_("%(who)s changed this at %(time)s. Look again before you go on."),
        who=who.name if who else "?",
        time=last.made_at if last else row.created_at,
    )
