"""Photos of lots. One that has no lot yet was uploaded with a form that has not been saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.errors import Rejected
from marketplace.domain.photos import PhotoUse
from marketplace.domain.text_marks import N_
from marketplace.models.base import Base, Moment, db
from marketplace.models.stored_files import StoredFile


class Photo(Base):
    """What a lot looks like: one picture in two sizes, and words for those who cannot see it."""

    __tablename__ = "photo"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="sized"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int]
    height: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    small_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)

    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id], lazy="raise")
    small: Mapped[StoredFile] = relationship(foreign_keys=[small_id], lazy="raise")


def check_usable(uses: Sequence[PhotoUse], organisation_id: int) -> None:
    """Raise `Rejected` if one of the photos is not the organisation's, or is gone."""
    if len(_photos(uses, organisation_id)) < len({use.id for use in uses}):
        raise Rejected(N_("A photo is not there any more. Choose it again."), field="photos")


def _photos(uses: Sequence[PhotoUse], organisation_id: int) -> dict[int, Photo]:
    """Those of the organisation's photos that are there, by their ids."""
    ids = [use.id for use in uses]
    query = select(Photo).where(Photo.id.in_(ids), Photo.organisation_id == organisation_id)
    return {photo.id: photo for photo in db.session.scalars(query)} if ids else {}


def show_photos(lot_id: int, uses: Sequence[PhotoUse], organisation_id: int) -> None:
    """Let the lot have those of these photos that are there, in this order, and no others.

    One that belongs to another lot stays there: this lot gets a row of its own for the same files.
    """
    found = _photos(uses, organisation_id)
    kept: set[int] = set()
    for position, use in enumerate(use for use in uses if use.id in found):
        photo = found[use.id]
        if photo.lot_id not in (None, lot_id) or photo.id in kept:
            photo = _again(photo)
            db.session.add(photo)
        photo.lot_id, photo.position, photo.alt = lot_id, position, use.alt
        db.session.flush()
        kept.add(photo.id)
    for photo in db.session.scalars(select(Photo).where(Photo.lot_id == lot_id)):
        if photo.id not in kept:
            db.session.delete(photo)
    db.session.flush()


def uses_of(photos: Sequence[Photo]) -> tuple[PhotoUse, ...]:
    """The photos as a draft names them."""
    return tuple(PhotoUse(photo.id, photo.alt) for photo in photos)


def _again(photo: Photo) -> Photo:
    return Photo(
        organisation_id=photo.organisation_id,
        created_by=photo.created_by,
        created_at=photo.created_at,
        width=photo.width,
        height=photo.height,
        file_id=photo.file_id,
        small_id=photo.small_id,
    )
