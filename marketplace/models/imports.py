"""Imports of sheets: the file until it is decided on, its rows, and what columns meant before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.imports import ImportState, RowStatus
from marketplace.domain.listings import Basis, Side
from marketplace.models.base import Base, Moment, one_of
from marketplace.models.leases import Database, Leased
from marketplace.models.organisations import Organisation, User

MENDED = "mended"
TO_LOOK_AT = (RowStatus.REFUSED, RowStatus.ASKED)


class SheetImport(Leased, Base):
    """A sheet that somebody uploaded for an organisation.

    It is read under one lease and saved under another. ``version`` counts what people decided, so that
    of two who answer at once the second sees the first's answers.
    """

    __tablename__ = "sheet_import"
    __table_args__ = (
        one_of("state", ImportState),
        one_of("basis", Basis),
        CheckConstraint("side IN ('lot', 'need')", name="side_known"),
        CheckConstraint(
            "(state IN ('reading', 'saving')) = (token IS NOT NULL)", name="token_while_working"
        ),
        CheckConstraint("(state = 'saved') = (saved_at IS NOT NULL)", name="saved_at_known"),
        {"sqlite_autoincrement": True},  # a link that was kept stays this import's
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    side: Mapped[Side] = mapped_column(String(4), default="lot", server_default="lot")
    """What its rows are: lots or needs."""
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(12), default=ImportState.WAITING, index=True)
    version: Mapped[int] = mapped_column(default=1)
    basis: Mapped[str] = mapped_column(String(20), default=Basis.OWN)
    day: Mapped[date]
    """On which "today" and days without a year are understood."""

    name: Mapped[str] = mapped_column(String(200))
    """Of the file; none was pasted."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file, until it is decided on."""
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    sheet: Mapped[str | None] = mapped_column(String(200))
    encoding: Mapped[str | None] = mapped_column(String(20))
    """Chosen by a person; what was found out stands in ``found``."""
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What columns mean where a person said it, by header."""
    choices: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Answers for all rows, by `Problem.key`."""
    own: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    """Answers for single rows, by number and field."""
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Of the sheet: ``kind, encoding, sheet, sheets, header, headers, columns``."""
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How many lines there are of each status; together all lines of the sheet."""

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    author: Mapped[User] = relationship(foreign_keys=[created_by], lazy="raise")


class SheetRow(Base):
    """A line of the sheet as it stood, what was understood, and what became of it.

    ``cells`` is `marketplace.sheets.told.record_to_json`; ``key``, ``stated`` and ``draft`` are set
    where the line could be a lot. A row is known again by ``key`` once it has been saved.
    """

    __tablename__ = "sheet_row"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        one_of("status", RowStatus),
        Index("ix_sheet_row_key", "organisation_id", "key"),
        Index("ix_sheet_row_status", "import_id", "status", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("sheet_import.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(String(12), default="")
    """Of a line that is passed over; `MENDED` of one that came back with an id of ours."""
    raw: Mapped[dict[str, str]] = mapped_column(JSON)
    cells: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    understood: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    key: Mapped[str] = mapped_column(String(40), default="")
    stated: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    differs: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Fields of the lot that the row changes."""
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What they were."""
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    """What it became where it is an amount for every day or week."""
    saved_at: Mapped[datetime | None] = mapped_column(Moment)


class SheetMapping(Base):
    """What the columns of a set of headers mean to an organisation, where somebody said it."""

    __tablename__ = "sheet_mapping"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    headers: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the headers, in the order of the alphabet."""
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)


def count_rows(session: Database, import_id: int) -> dict[str, int]:
    """How many lines there are of each status."""
    query = select(SheetRow.status, func.count()).where(SheetRow.import_id == import_id)
    return {row.status: row[1] for row in session.execute(query.group_by(SheetRow.status))}
