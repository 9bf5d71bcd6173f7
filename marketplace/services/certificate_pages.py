"""Certificates to look at: an organisation's own, those that a lot can rely on, one with its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.certificates import REMIND_BEFORE, Standing, may_keep_certificates
from marketplace.domain.errors import NotFound
from marketplace.domain.searching import is_found
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.certificates import Certificate, CertificateVersion, LotPaper, open_lots_on
from marketplace.models.lots import Lot
from marketplace.models.stored_files import StoredFile

PAGE = 50
MOST_OFFERED = 60
"""So many certificates a lot's form offers, those whose last day is nearest first."""


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


@dataclass(frozen=True)
class Sought:
    """Which of the organisation's certificates are wanted; what is empty asks nothing.

    ``text``: words of the holder, number, issuer or scope, with or without tone marks.
    """

    text: str = ""
    certification: str = ""
    standing: Standing | None = None


ALL = Sought()


def mine(
    *, actor: Actor, today: date, page: int = 1, sought: Sought = ALL
) -> tuple[list[Kept], int]:
    """A page of the organisation's certificates, and how many pages there are.

    Those whose last day is nearest come first, withdrawn and expired ones last.
    """
    own = _sought(actor.organisation_id, sought, today)
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
    relying = open_lots_on([row.id for row in rows], today)
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


def _sought(organisation_id: int, sought: Sought, today: date) -> ColumnElement[bool]:
    conditions = [Certificate.organisation_id == organisation_id]
    if sought.certification:
        conditions.append(Certificate.certification_id == sought.certification)
    if sought.standing is not None:
        conditions.append(_stands(sought.standing, today))
    if sought.text:
        conditions.append(Certificate.id.in_(_found(sought.text, conditions)))
    return and_(*conditions)


def _found(text: str, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    """Ids of those that every word typed is found in."""
    names = (Certificate.holder, Certificate.number, Certificate.issuer, Certificate.scope)
    rows = db.session.execute(select(Certificate.id, *names).where(*conditions))
    return [row[0] for row in rows if is_found(text, row[1:])]


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    """As `Certificate.standing` says it of a row."""
    gone = Certificate.withdrawn_at.is_not(None)
    if standing is Standing.WITHDRAWN:
        return gone
    if standing is Standing.EXPIRED:
        return ~gone & _expired(today)
    coming = Certificate.issued_on > today
    if standing is Standing.COMING:
        return ~gone & ~_expired(today) & coming
    ends = func.coalesce(Certificate.expires_on <= today + REMIND_BEFORE, False)
    counts = ~gone & ~_expired(today) & ~coming
    return counts & (ends if standing is Standing.SOON else ~ends)


def _expired(today: date) -> ColumnElement[bool]:
    return func.coalesce(Certificate.expires_on < today, False)


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
