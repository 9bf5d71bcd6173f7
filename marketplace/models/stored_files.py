"""Files in the database: one backup holds everything, and a file is there exactly when its row is."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain.actors import Actor
from marketplace.models.base import Base, Moment, db

NAME_LENGTH = 100


class StoredFile(Base):
    """The bytes of a photo or a paper. They are read only where they are asked for."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    media_type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="", server_default="")
    """As who sent it calls it, where people must tell several apart."""
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


def stored(
    content: bytes, media_type: str, *, actor: Actor, now: datetime, name: str = ""
) -> StoredFile:
    """A row for these bytes, of the actor's organisation."""
    return StoredFile(
        organisation_id=actor.organisation_id,
        created_by=actor.user_id,
        created_at=now,
        media_type=media_type,
        name=name[:NAME_LENGTH],
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content=content,
    )


def own_file(file_id: int, organisation_id: int) -> StoredFile | None:
    """The file, if it is the organisation's and there still."""
    file = db.session.get(StoredFile, file_id)
    return file if file and file.organisation_id == organisation_id else None
