"""Papers that applications to the programme show: files that were sent, or certificates as they were."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.models.base import Base
from marketplace.models.certificates import Certificate, CertificateVersion
from marketplace.models.programme import Criterion
from marketplace.models.stored_files import StoredFile


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
