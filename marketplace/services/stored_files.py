"""Stored files: papers taken in, bytes handed out, dropped when nothing uses them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session, undefer

from marketplace.domain.actors import Actor
from marketplace.domain.certificates import may_keep_certificates
from marketplace.domain.errors import Forbidden
from marketplace.models.base import db, transaction
from marketplace.models.certificates import Certificate, CertificateVersion
from marketplace.models.photos import Photo
from marketplace.models.shown_papers import ShownPaper
from marketplace.models.stored_files import StoredFile, own_file, stored
from marketplace.uploads.papers import checked_paper, plain_name

MOST_LOOSE = 60
"""Files of an organisation that nothing uses yet; the oldest make way for new ones."""
LOOSE_FOR = timedelta(days=2)
"""How long a file waits for the form that it was sent with."""


def take_paper(
    content: bytes, filename: str = "", *, actor: Actor, now: datetime, field: str = "file"
) -> StoredFile:
    """Keep a scan whose form is still being filled in. Raises `BadUpload`, `Forbidden`.

    One that no form gets is dropped later.
    """
    if not may_keep_certificates(actor):
        raise Forbidden("Your account may not list goods for sale.")
    content, media_type = checked_paper(content, field=field)
    with transaction() as session:
        file = stored(content, media_type, actor=actor, now=now, name=plain_name(filename))
        session.add(file)
        session.flush()
        _make_way(session, actor.organisation_id)
    return file


def taken(file_id: int, *, actor: Actor) -> StoredFile | None:
    """A file of the actor's organisation, if it is there still."""
    return own_file(file_id, actor.organisation_id)


def content_of(file: StoredFile) -> bytes:
    """The bytes of a file."""
    query = select(StoredFile).where(StoredFile.id == file.id).options(undefer(StoredFile.content))
    return db.session.scalars(query.execution_options(populate_existing=True)).one().content


def sweep(now: datetime) -> bool:
    """Drop files that nothing uses. False if there was none."""
    unused = (StoredFile.created_at < now - LOOSE_FOR, *_unused())
    if db.session.scalar(select(StoredFile.id).where(*unused).limit(1)) is None:
        return False
    with transaction() as session:
        session.execute(delete(StoredFile).where(*unused))
    return True


def _make_way(session: Session, organisation_id: int) -> None:
    mine = (StoredFile.organisation_id == organisation_id, *_unused())
    newest = select(StoredFile.id).where(*mine).order_by(StoredFile.id.desc()).limit(MOST_LOOSE)
    kept = list(session.scalars(newest))
    if len(kept) == MOST_LOOSE:
        session.execute(delete(StoredFile).where(*mine, StoredFile.id < kept[-1]))


def _unused() -> tuple[ColumnElement[bool], ...]:
    return (
        ~exists().where((Photo.file_id == StoredFile.id) | (Photo.small_id == StoredFile.id)),
        ~exists().where(Certificate.file_id == StoredFile.id),
        ~exists().where(CertificateVersion.file_id == StoredFile.id),
        ~exists().where(ShownPaper.file_id == StoredFile.id),
    )
