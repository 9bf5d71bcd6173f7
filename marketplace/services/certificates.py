"""Certificates: kept with their file, replaced, withdrawn; their holders told before they expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.certificates import (
    REMIND_BEFORE,
    CertificateDraft,
    Change,
    Standing,
    check_certificate,
    may_keep_certificates,
)
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale, check_all
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.certificates import Certificate, CertificateVersion, LotPaper
from marketplace.models.certificates import draft_of_certificate as draft_of
from marketplace.models.lots import Lot
from marketplace.models.organisations import Organisation, User
from marketplace.models.reference import current_reference
from marketplace.models.stored_files import StoredFile, own_file
from marketplace.models.telling import Told, tell
from marketplace.solving.world import world_of

__all__ = ["draft_of"]

PAGE = 50
MOST_OFFERED = 60
"""So many certificates a lot's form offers, those whose last day is nearest first."""
SOON, LAST = "certificate_soon", "certificate_last"


@dataclass(frozen=True)
class Kept:
    """A certificate on a list, with how many open lots rely on it."""

    row: Certificate
    standing: Standing
    lots: int


@dataclass(frozen=True)
class CertificatePage:
    """A certificate with what this person may know of it."""

    row: Certificate
    standing: Standing
    mine: bool
    lots: list[Lot] = field(default_factory=list)
    """Open lots that rely on it."""
    versions: list[CertificateVersion] = field(default_factory=list)
    """The newest first; for its own organisation."""


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


def mine(*, actor: Actor, today: date, page: int = 1) -> tuple[list[Kept], int]:
    """A page of the organisation's certificates, and how many pages there are.

    Those whose last day is nearest come first, withdrawn and expired ones last.
    """
    own = Certificate.organisation_id == actor.organisation_id
    total = db.session.scalar(select(func.count()).select_from(Certificate).where(own)) or 0
    over = Certificate.withdrawn_at.is_not(None) | _expired(today)
    query = (
        select(Certificate)
        .where(own)
        .order_by(over, Certificate.expires_on.is_(None), Certificate.expires_on, Certificate.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = list(db.session.scalars(query))
    relying = _relying([row.id for row in rows], today)
    found = [Kept(row, row.standing(today), relying.get(row.id, 0)) for row in rows]
    return found, max(1, -(-total // PAGE))


def offered(*, actor: Actor, today: date, lot_id: int | None = None) -> list[Certificate]:
    """Certificates that a lot can rely on: valid ones, and those on which the lot relies already."""
    if not may_keep_certificates(actor):
        return []
    relied = select(LotPaper.certificate_id).where(LotPaper.lot_id == lot_id)
    valid = Certificate.withdrawn_at.is_(None) & ~_expired(today)
    query = (
        select(Certificate)
        .where(Certificate.organisation_id == actor.organisation_id)
        .where(valid | Certificate.id.in_(relied))
        .order_by(Certificate.expires_on.is_(None), Certificate.expires_on, Certificate.id)
        .limit(MOST_OFFERED)
    )
    return list(db.session.scalars(query))


def show(certificate_id: int, *, actor: Actor | None, today: date) -> CertificatePage:
    """What its page says. Raises `NotFound`."""
    query = select(Certificate).options(
        joinedload(Certificate.organisation), joinedload(Certificate.file)
    )
    row = db.session.scalar(query.where(Certificate.id == certificate_id))
    if row is None:
        raise NotFound(N_("There is no such certificate."))
    own = (
        actor is not None
        and may_keep_certificates(actor)
        and row.organisation_id == actor.organisation_id
    )
    page = CertificatePage(row, row.standing(today), mine=own, lots=_lots(row.id, today))
    return replace(page, versions=_versions(row.id)) if own else page


def file_of(certificate_id: int, *, actor: Actor, version: int | None = None) -> StoredFile:
    """Its file, as it was in a version, which its own organisation may ask for. Raises `NotFound`."""
    row = db.session.get(Certificate, certificate_id)
    if row is None:
        raise NotFound(N_("There is no such certificate."))
    own = row.organisation_id == actor.organisation_id
    file_id = row.file_id
    if version is not None:
        past = db.session.get(CertificateVersion, (certificate_id, version))
        if past is None or not own:
            raise NotFound(N_("There is no such certificate."))
        file_id = past.file_id
    elif row.withdrawn_at is not None and not own:
        raise NotFound(N_("There is no such certificate."))
    return db.session.get_one(StoredFile, file_id)


def remind_next(now: datetime, today: date) -> bool:
    """Tell one holder that a certificate expires within a month, or today; once each. False if none."""
    for kind, told, until in (
        (LAST, Certificate.told_last, today),
        (SOON, Certificate.told_soon, today + REMIND_BEFORE),
    ):
        due = _due(told, today, until)
        if db.session.scalar(due) is None:  # usually: looking takes no lock
            continue
        with transaction() as session:
            row = session.scalar(due.with_for_update(skip_locked=True))
            if row is not None:
                _tell(session, row, kind, now, today)
        return True
    return False


def _due(told: Any, today: date, until: date) -> Select[Certificate]:
    last = Certificate.expires_on
    untold = told.is_(None) | (told != last)
    return (
        select(Certificate)
        .where(Certificate.withdrawn_at.is_(None), last >= today, last <= until, untold)
        .order_by(last, Certificate.id)
        .limit(1)
    )


def _tell(session: Session, row: Certificate, kind: str, now: datetime, today: date) -> None:
    """Whoever is told of the last day needs not be told that it comes."""
    last = row.expires_on or today
    noted = {"told_soon": last, **({"told_last": last} if kind == LAST else {})}
    # Not by the object: that would count as a change of the certificate.
    session.execute(update(Certificate).where(Certificate.id == row.id).values(noted))
    catalogue = world_of(current_reference()).catalogue
    certification = catalogue.certifications[row.certification_id]
    told = Told(
        key=f"certificate:{row.id}:{kind}:{last.isoformat()}",
        organisation_id=row.organisation_id,
        kind=kind,
        details={
            "certificate": row.id,
            "certification_vi": certification.name_vi,
            "certification_en": certification.name_en,
            "number": row.number,
            "issuer": row.issuer,
            "holder": row.holder,
            "expires_on": last.isoformat(),
            "days": (last - today).days,
            "lots": _relying([row.id], today).get(row.id, 0),
        },
    )
    tell(session, [told], now)


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


def _expired(today: date) -> ColumnElement[bool]:
    return func.coalesce(Certificate.expires_on < today, False)


def _relying(ids: Sequence[int], today: date) -> dict[int, int]:
    """How many open lots rely on each certificate."""
    query = (
        select(LotPaper.certificate_id, func.count())
        .join(Lot, Lot.id == LotPaper.lot_id)
        .where(LotPaper.certificate_id.in_(ids), Lot.is_open(today))
        .group_by(LotPaper.certificate_id)
    )
    return {row.certificate_id: row[1] for row in db.session.execute(query)} if ids else {}


def _lots(certificate_id: int, today: date) -> list[Lot]:
    query = (
        select(Lot)
        .join(LotPaper, LotPaper.lot_id == Lot.id)
        .where(LotPaper.certificate_id == certificate_id, Lot.is_open(today))
        .order_by(Lot.until, Lot.id)
        .limit(PAGE)
    )
    return list(db.session.scalars(query))


def _versions(certificate_id: int) -> list[CertificateVersion]:
    query = (
        select(CertificateVersion)
        .where(CertificateVersion.certificate_id == certificate_id)
        .options(joinedload(CertificateVersion.maker))
        .order_by(CertificateVersion.version.desc())
    )
    return list(db.session.scalars(query))
