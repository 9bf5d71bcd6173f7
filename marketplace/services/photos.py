"""Photos of lots: taken in, handed out, dropped when nobody uses them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound
from marketplace.domain.lots import may_list_lot
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.photos import Photo
from marketplace.models.series import photos_to_come
from marketplace.models.stored_files import StoredFile, stored
from marketplace.uploads.kinds import PICTURES, checked_kind
from marketplace.uploads.pictures import LARGE, SMALL, redrawn

MOST_LOOSE = 40
"""Photos of an organisation that belong to no lot yet; the oldest make way for new ones."""
LOOSE_FOR = timedelta(days=2)
"""How long a photo waits for the lot whose form it was uploaded with."""


def keep(content: bytes, *, actor: Actor, now: datetime) -> Photo:
    """A photo that no lot has yet, drawn anew in two sizes. Raises `BadUpload`, `Forbidden`."""
    if not may_list_lot(actor):
        raise Forbidden("Your account may not list goods for sale.")
    checked_kind(content, PICTURES, field="photos")
    large, small = redrawn(content, (LARGE, SMALL), field="photos")
    with transaction() as session:
        files = [
            stored(made.content, made.media_type, actor=actor, now=now) for made in (large, small)
        ]
        session.add_all(files)
        session.flush()
        photo = Photo(
            organisation_id=actor.organisation_id,
            created_by=actor.user_id,
            created_at=now,
            width=large.width,
            height=large.height,
            file_id=files[0].id,
            small_id=files[1].id,
        )
        session.add(photo)
        session.flush()
        _make_way(session, actor.organisation_id)
    return photo


def file_of(photo_id: int, *, small: bool, actor: Actor | None) -> StoredFile:
    """What stands in the database of the photo; its bytes by `stored_files.content_of`.

    Everybody sees the photos of lots, only its own organisation one that has no lot yet. Raises
    `NotFound`.
    """
    photo = db.session.get(Photo, photo_id)
    own = actor is not None and photo is not None and photo.organisation_id == actor.organisation_id
    if photo is None or (photo.lot_id is None and not own):
        raise NotFound(N_("There is no such photo."))
    return db.session.get_one(StoredFile, photo.small_id if small else photo.file_id)


def sweep(now: datetime) -> bool:
    """Drop photos that never became a lot's; `stored_files.sweep` drops their files.

    Those of a series wait for its first instalment, however long. False if there was none.
    """
    loose = _loose() & (Photo.created_at < now - LOOSE_FOR)
    if db.session.scalar(select(Photo.id).where(loose).limit(1)) is None:
        return False
    with transaction() as session:
        session.execute(delete(Photo).where(loose))
    return True


def _loose() -> ColumnElement[bool]:
    return Photo.lot_id.is_(None) & Photo.id.not_in(photos_to_come())


def _make_way(session: Session, organisation_id: int) -> None:
    mine = (Photo.organisation_id == organisation_id, _loose())
    newest = select(Photo.id).where(*mine).order_by(Photo.id.desc()).limit(MOST_LOOSE)
    kept = list(session.scalars(newest))
    if len(kept) == MOST_LOOSE:
        session.execute(delete(Photo).where(*mine, Photo.id < kept[-1]))
