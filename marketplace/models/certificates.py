"""Certificates that organisations keep, every version of them, and the lots that rely on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    String,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.orm import (
    Mapped,
    Session,
    mapped_column,
    relationship,
    scoped_session,
    selectinload,
)
from sqlalchemy.sql.base import ExecutableOption

from marketplace.domain.certificates import (
    CertificateDraft,
    Change,
    Standing,
    counting_day,
    covers,
    standing,
)
from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_
from marketplace.models.base import Base, Moment, db, one_of
from marketplace.models.commodities import Certification
from marketplace.models.lots import Lot, lot_certification
from marketplace.models.organisations import Organisation, User
from marketplace.models.stored_files import StoredFile


class CertificateColumns:
    """What stands on a certificate."""

    number: Mapped[str] = mapped_column(String(100))
    issuer: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(200), default="")
    """Whose it is, where a department keeps it for somebody else."""
    scope: Mapped[str] = mapped_column(String(200), default="")
    """For which goods, which area: as the paper says it."""
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    """The last day on which it is valid; none: it has no last day."""


class Certificate(CertificateColumns, Base):
    """A certificate as it is now. One that is renewed stays the same: its lots follow by themselves.

    ``told_soon`` and ``told_last`` keep the last day of which its holder has been told.
    """

    __tablename__ = "certificate"
    __table_args__ = (CheckConstraint("issued_on <= expires_on", name="days_ordered"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    certification_id: Mapped[str] = mapped_column(ForeignKey("certification.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    told_soon: Mapped[date | None]
    told_last: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    certification: Mapped[Certification] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")

    def covers(self, day: date) -> bool:
        """Whether it counts for goods that are handed over on that day."""
        return self.withdrawn_at is None and covers(self.issued_on, self.expires_on, day)

    def standing(self, today: date) -> Standing:
        """How it stands today."""
        withdrawn = self.withdrawn_at is not None
        return standing(self.issued_on, self.expires_on, today, withdrawn=withdrawn)


class CertificateVersion(CertificateColumns, Base):
    """What a certificate said, from one change to the next; rows are only ever added."""

    __tablename__ = "certificate_version"
    __table_args__ = (one_of("change", Change),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    change: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)

    maker: Mapped[User] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")


class LotPaper(Base):
    """A lot's certification is not only named: this certificate stands behind it."""

    __tablename__ = "lot_paper"
    __table_args__ = (
        ForeignKeyConstraint(
            ["lot_id", "certification_id"],
            ["lot_certification.lot_id", "lot_certification.certification_id"],
            ondelete="CASCADE",
        ),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id", ondelete="CASCADE"), primary_key=True)
    certification_id: Mapped[str] = mapped_column(ForeignKey("certification.id"), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)

    certificate: Mapped[Certificate] = relationship(lazy="raise")


def papers_held(
    session: Session | scoped_session[Any], lot_ids: Collection[int] | Select[Any], today: date
) -> dict[int, frozenset[str]]:
    """Ids of the certifications that count today, of each of these lots that has any.

    One that is only named counts; one that a certificate stands behind counts while that does, on the
    first day on which the goods can be handed over.
    """
    found: dict[int, set[str]] = defaultdict(set)
    query = (
        select(
            lot_certification.c.lot_id,
            lot_certification.c.certification_id,
            Lot.ready_on,
            Certificate.issued_on,
            Certificate.expires_on,
            Certificate.withdrawn_at,
        )
        .join(Lot, Lot.id == lot_certification.c.lot_id)
        .outerjoin(
            LotPaper,
            (LotPaper.lot_id == lot_certification.c.lot_id)
            & (LotPaper.certification_id == lot_certification.c.certification_id),
        )
        .outerjoin(Certificate, Certificate.id == LotPaper.certificate_id)
        .where(lot_certification.c.lot_id.in_(lot_ids))
    )
    for lot_id, paper, ready_on, issued_on, expires_on, withdrawn_at in session.execute(query):
        named_only = issued_on is None
        day = counting_day(ready_on, today)
        if named_only or (withdrawn_at is None and covers(issued_on, expires_on, day)):
            found[lot_id].add(paper)
    return {lot_id: frozenset(papers) for lot_id, papers in found.items()}


def with_papers(*, photos: bool = True) -> tuple[ExecutableOption, ...]:
    """What loads of lots the papers behind their certifications, and their photos."""
    papers = selectinload(Lot.papers).joinedload(LotPaper.certificate)
    return (papers, selectinload(Lot.photos)) if photos else (papers,)


def open_lots_on(ids: Collection[int], today: date) -> dict[int, int]:
    """How many open lots rely on each certificate."""
    query = (
        select(LotPaper.certificate_id, func.count())
        .join(Lot, Lot.id == LotPaper.lot_id)
        .where(LotPaper.certificate_id.in_(ids), Lot.is_open(today))
        .group_by(LotPaper.certificate_id)
    )
    return {row.certificate_id: row[1] for row in db.session.execute(query)} if ids else {}


def usable_certificates(ids: Collection[int], organisation_id: int) -> list[Certificate]:
    """The certificates of the organisation. Raises `Rejected` if one is not, or two are of a kind."""
    found = _certificates(ids, organisation_id)
    if len(found) < len(ids):
        raise Rejected(N_("Choose certificates of your own organisation."), field="papers")
    if len({one.certification_id for one in found}) < len(found):
        raise Rejected(N_("Choose one certificate of each kind."), field="papers")
    return found


def rely_on(
    lot_id: int, certificate_ids: Collection[int], named: Collection[str], organisation_id: int
) -> None:
    """Let these certificates, and no others, stand behind what the lot has ``named``."""
    db.session.execute(delete(LotPaper).where(LotPaper.lot_id == lot_id))
    behind = {one.certification_id: one for one in _certificates(certificate_ids, organisation_id)}
    for kind in behind.keys() & set(named):
        db.session.add(
            LotPaper(lot_id=lot_id, certification_id=kind, certificate_id=behind[kind].id)
        )
    db.session.flush()


def kept_of_kind(certification_id: str, organisation_id: int) -> list[Certificate]:
    """The organisation's certificates of that kind that have not been withdrawn, the last to end last."""
    query = (
        select(Certificate)
        .where(
            Certificate.organisation_id == organisation_id,
            Certificate.certification_id == certification_id,
            Certificate.withdrawn_at.is_(None),
        )
        .order_by(Certificate.expires_on, Certificate.id)
    )
    return list(db.session.scalars(query))


def _certificates(ids: Collection[int], organisation_id: int) -> list[Certificate]:
    query = (
        select(Certificate)
        .where(Certificate.id.in_(ids), Certificate.organisation_id == organisation_id)
        .order_by(Certificate.id)
    )
    return list(db.session.scalars(query)) if ids else []


def draft_of_certificate(certificate: Certificate) -> CertificateDraft:
    """The certificate as its form would hand it over."""
    return CertificateDraft(
        certification=certificate.certification_id,
        number=certificate.number,
        issuer=certificate.issuer,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        holder=certificate.holder,
        scope=certificate.scope,
    )
