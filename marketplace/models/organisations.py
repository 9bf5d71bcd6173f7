"""Organisations, the people in them, and what each may do there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    false,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, Rejected
from marketplace.domain.listings import Side
from marketplace.domain.organisations import OrganisationKind
from marketplace.models.base import Base, Moment, db, one_of

__all__ = [
    "Membership",
    "Organisation",
    "OrganisationKind",
    "User",
    "lister",
    "new_session_key",
    "one_account_each",
]


class Organisation(Base):
    """A department, cooperative, trader … that lists, buys, or watches."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", OrganisationKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.id"))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(Moment)

    members: Mapped[list[Membership]] = relationship(back_populates="organisation", lazy="raise")


class User(Base):
    """A person who can sign in by e-mail address or telephone number.

    ``session_key`` is in every session of this person; changing it signs all of them out.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NOT NULL", name="reachable"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2), default="vi")
    created_at: Mapped[datetime] = mapped_column(Moment)
    signed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", lazy="raise")

    @classmethod
    def taken(cls, email: str | None, phone: str | None) -> ColumnElement[bool]:
        """Has that address or that number."""
        same_email = cls.email == email if email else false()
        return or_(same_email, cls.phone == phone if phone else false())


class Membership(Base):
    """A person in an organisation, with one role there."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"), one_of("role", Role))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))

    user: Mapped[User] = relationship(back_populates="memberships", lazy="raise")
    organisation: Mapped[Organisation] = relationship(back_populates="members", lazy="raise")


LISTERS: Mapping[Side, tuple[Role, ...]] = {
    "lot": (Role.OFFICER, Role.SELLER),
    "need": (Role.OFFICER, Role.BUYER),
}
"""Who lists on which side of the market."""


def lister(user_id: int, organisation_id: int, side: Side = "lot") -> Actor:
    """The person as somebody who lists on that side for the organisation. Raises `Forbidden`."""
    actor = _first_actor(side, User.id == user_id, Organisation.id == organisation_id)
    if actor is None and side == "need":
        raise Forbidden("Your account may not post needs.")
    if actor is None:
        raise Forbidden("Your account may not list goods for sale.")
    return actor


def first_lister(organisation_id: int, side: Side = "lot") -> Actor | None:
    """Who has been listing on that side for the organisation longest."""
    return _first_actor(side, Organisation.id == organisation_id)


def _first_actor(side: Side, *conditions: ColumnElement[bool]) -> Actor | None:
    query = (
        select(
            *(User.id, User.name, Membership.role),
            *(Organisation.id, Organisation.locality_id, Organisation.kind),
        )
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role.in_(LISTERS[side]), *conditions)
        .order_by(Membership.id)
    )
    found = db.session.execute(query.limit(1)).first()
    if found is None:
        return None
    user_id, name, role, organisation_id, locality, kind = found
    return Actor(user_id, organisation_id, Role(role), locality, name, kind)


@contextmanager
def one_account_each() -> Iterator[None]:
    """Raise `Rejected` where somebody else has taken the address or number at the same moment."""
    try:
        yield
    except IntegrityError as error:
        raise Rejected("Another account has this already.", field="email") from error


def new_session_key() -> str:
    """A key that no session holds yet."""
    return secrets.token_hex(16)
