"""Papers that applications to the programme show: files that were sent, or certificates as they were."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.programme import Application, Evidence
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_
from marketplace.models.base import Base, db
from marketplace.models.certificates import Certificate, CertificateVersion
from marketplace.models.programme import Criterion, ProgrammeEntry, ProgrammeStep
from marketplace.models.stored_files import StoredFile, own_file


class ShownPaper(Base):
    """One paper that a step showed for one version of a criterion; rows are only ever added.

    Of a certificate it is the version of that day, with its file: what is replaced or withdrawn later
    stays to be read by those who have decided by it.
    """

    __tablename__ = "programme_paper"
    __table_args__ = (
        UniqueConstraint("step_id", "criterion_id", "position"),
        ForeignKeyConstraint(
            ["certificate_id", "certificate_version"],
            ["certificate_version.certificate_id", "certificate_version.version"],
            name="fk_programme_paper_certificate_version",
        ),
        CheckConstraint(
            "(certificate_id IS NULL) = (certificate_version IS NULL)", name="one_version"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("programme_step.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("programme_criterion.id"))
    position: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    certificate_version: Mapped[int | None] = mapped_column()

    criterion: Mapped[Criterion] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")
    certificate: Mapped[Certificate | None] = relationship(
        foreign_keys=[certificate_id], viewonly=True, lazy="raise"
    )
    version: Mapped[CertificateVersion | None] = relationship(
        foreign_keys=[certificate_id, certificate_version], viewonly=True, lazy="raise"
    )


def papers_of(
    application: Application, *, organisation_id: int, today: date
) -> list[dict[str, Any]]:
    """Columns of the papers that the application shows. Raises `Rejected` for all that cannot be.

    A file is the organisation's own, or was shown before for the same goods. A certificate is its own,
    counts today, and is of whom the goods are.
    """
    found: list[dict[str, Any]] = []
    before = _shown_before(application.scope)

    def resolve(one: Evidence) -> None:
        files = [_file(one, number, organisation_id, before) for number in one.files]
        kept = [_certificate(one, number, organisation_id) for number in one.certificates]
        for certificate in kept:
            _check_certificate(certificate, application, f"certificates_{one.criterion}", today)
        columns = [{"file_id": file_id} for file_id in files] + [
            {
                "file_id": certificate.file_id,
                "certificate_id": certificate.id,
                "certificate_version": certificate.version,
            }
            for certificate in kept
        ]
        blank = {"criterion_id": one.criterion, "certificate_id": None, "certificate_version": None}
        found.extend(
            {**blank, "position": position, **each} for position, each in enumerate(columns)
        )

    check_all(*(partial(resolve, one) for one in application.evidence))
    return found


def _shown_before(scope: str) -> set[int]:
    query = (
        select(ShownPaper.file_id)
        .join(ProgrammeStep, ProgrammeStep.id == ShownPaper.step_id)
        .join(ProgrammeEntry, ProgrammeEntry.id == ProgrammeStep.entry_id)
        .where(ProgrammeEntry.scope == scope)
    )
    return set(db.session.scalars(query))


def _file(one: Evidence, number: int, organisation_id: int, before: set[int]) -> int:
    if number not in before and own_file(number, organisation_id) is None:
        raise Rejected(
            N_("A file is not there any more. Choose it again."), field=f"files_{one.criterion}"
        )
    return number


def _certificate(one: Evidence, number: int, organisation_id: int) -> Certificate:
    row = db.session.get(Certificate, number)
    if row is None or row.organisation_id != organisation_id:
        raise Rejected(
            N_("Choose certificates of your own organisation."),
            field=f"certificates_{one.criterion}",
        )
    return row


def _check_certificate(row: Certificate, application: Application, field: str, today: date) -> None:
    if not row.covers(today):
        raise Rejected(
            N_("Certificate %(number)s does not count today. Choose another one."),
            field=field,
            number=row.number,
        )
    if application.organisation is not None and fold(row.holder) != fold(application.producer):
        raise Rejected(
            N_("Certificate %(number)s is of %(holder)s, not of whom these goods are."),
            field=field,
            number=row.number,
            holder=row.holder or "–",
        )
