"""Accounts: signing in, passwords, links that set one."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import or_, select

from marketplace.domain.accounts import (
    PersonDraft,
    check_password,
    check_person,
    normal_password,
    sign_in_name,
)
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.models.base import db, transaction
from marketplace.models.organisations import (
    Membership,
    Organisation,
    User,
    new_session_key,
    one_account_each,
)
from marketplace.models.password_links import holder_of, letter

DEMO = "demo.example"
"""Where the addresses of sample accounts are; nobody can have one there."""
hasher = PasswordHasher()


@dataclass(frozen=True)
class Account:
    """What a person sees of their own account."""

    name: str
    email: str | None
    phone: str | None
    has_password: bool
    organisations: tuple[tuple[int, str, Role], ...]  # id, name, role there


@dataclass(frozen=True)
class SampleAccount:
    """An account of the demo, which anybody may enter."""

    name: str
    email: str
    organisation: str
    role: Role


def actor_of(user_id: int, session_key: str, organisation_id: int | None = None) -> Actor | None:
    """Whom a session speaks for: in that organisation if a member there, else in their first.

    None when the key is no longer the person's, or when they belong to no organisation.
    """
    rows = db.session.execute(
        select(
            *(User.name, User.session_key, Membership.role),
            *(Organisation.id, Organisation.locality_id, Organisation.kind),
        )
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.id == user_id, User.erased_at.is_(None))
        .order_by(Membership.id)
    ).all()
    if not rows or not hmac.compare_digest(rows[0].session_key.encode(), session_key.encode()):
        return None
    row = next((row for row in rows if row.id == organisation_id), rows[0])
    return Actor(user_id, row.id, Role(row.role), row.locality_id, row.name, row.kind)


def session_key(user_id: int) -> str:
    """What this person's sessions must hold."""
    return db.session.get_one(User, user_id).session_key


def sign_in(typed: str, password: str, *, now: datetime) -> int:
    """The person's id. Raises the same `Rejected`, after the same time, whatever was wrong."""
    user = _called(typed)
    stored = user.password_hash if user else None
    right = _matches(stored or _nobodys_hash(), password)
    if user is None or stored is None or not right or not _belongs_somewhere(user.id):
        raise Rejected("Address or number, or the password, is not right.")
    with transaction() as session:
        user = session.get_one(User, user.id)
        user.signed_in_at = now
        if hasher.check_needs_rehash(stored):
            user.password_hash = hash_password(password)
    return user.id


def show(actor: Actor) -> Account:
    """The account of the person who asks."""
    user = db.session.get_one(User, actor.user_id)
    rows = db.session.execute(
        select(Organisation.id, Organisation.name, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user.id)
        .order_by(Membership.id)
    )
    places = tuple((row.id, row.name, Role(row.role)) for row in rows)
    return Account(user.name, user.email, user.phone, user.password_hash is not None, places)


def change(draft: PersonDraft, password: str, *, actor: Actor) -> None:
    """Correct one's own name, address, number. Raises `Rejected`."""
    with one_account_each(), transaction() as session:
        user = session.get_one(User, actor.user_id)
        _confirm(user, password)
        checked = check_person(draft)
        _refuse_taken(checked, user.id)
        user.name, user.email, user.phone = checked.name, checked.email, checked.phone


def change_password(old: str, new: str, *, actor: Actor) -> None:
    """Choose another password and sign out every browser. Raises `Rejected`."""
    with transaction() as session:
        user = session.get_one(User, actor.user_id)
        _confirm(user, old)
        _set(user, new)


def choose_language(language: str, *, actor: Actor) -> None:
    """The language in which messages are written to this person."""
    with transaction() as session:
        session.get_one(User, actor.user_id).language = language


def sign_out_everywhere(*, actor: Actor) -> None:
    """Make every session of this person worthless."""
    with transaction() as session:
        session.get_one(User, actor.user_id).session_key = new_session_key()


def forgot(typed: str, *, now: datetime) -> None:
    """Send a link that sets a new password, if there is such an account and it has an address."""
    user = _called(typed)
    if user is None or user.email is None:
        return
    with transaction() as session:
        session.add(letter(user, "set_password", now=now))


def demo_accounts() -> list[SampleAccount]:
    """The sample accounts, in the order in which they were made."""
    rows = db.session.execute(
        select(User.name, User.email, Organisation.name.label("organisation"), Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.email.endswith(f"@{DEMO}"))
        .order_by(User.id)
        .limit(20)
    )
    return [SampleAccount(r.name, r.email, r.organisation, Role(r.role)) for r in rows]


def demo_sign_in(email: str) -> int:
    """Id of a sample account, without its password. Raises `NotFound` for any other account."""
    user = _called(email) if email.endswith(f"@{DEMO}") else None
    if user is None or not _belongs_somewhere(user.id):
        raise NotFound("There is no such sample account.")
    return user.id


def holder(token: str) -> str:
    """Name of the person whose password the link may set. Raises `NotFound`."""
    return holder_of(token).name


def set_password(token: str, password: str) -> int:
    """Set the password that the link is for; id of the person. Raises `NotFound`, `Rejected`."""
    with transaction():
        user = holder_of(token, lock=True)
        _set(user, password)
    return user.id


def give_password(who: str, password: str) -> None:
    """Set somebody's password on the server. Raises `NotFound`, `Rejected`."""
    with transaction():
        user = _called(who)
        if user is None:
            raise NotFound("There is no such person.")
        _set(user, password)


def hash_password(password: str) -> str:
    """As it is stored."""
    return hasher.hash(normal_password(password))


def _called(typed: str) -> User | None:
    name = sign_in_name(typed)
    if name is None:
        return None
    return db.session.scalar(
        select(User).where(or_(User.email == name, User.phone == name), User.erased_at.is_(None))
    )


def _refuse_taken(person: PersonDraft, user_id: int) -> None:
    others = select(User.email).where(User.taken(person.email, person.phone), User.id != user_id)
    other = db.session.execute(others).first()
    if other:
        same_email = person.email is not None and other.email == person.email
        raise Rejected(
            "Another account has this already.", field="email" if same_email else "phone"
        )


def _belongs_somewhere(user_id: int) -> bool:
    found = select(Membership.id).where(Membership.user_id == user_id)
    return db.session.scalar(found.limit(1)) is not None


def _matches(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, normal_password(password))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """Compared with when there is no account, so that the answer takes as long."""
    return hash_password(secrets.token_hex(16))


def _confirm(user: User, password: str) -> None:
    if user.password_hash is None or not _matches(user.password_hash, password):
        raise Rejected("This is not your password.", field="old_password")


def _set(user: User, password: str) -> None:
    check_password(password, PersonDraft(user.name, user.email, user.phone))
    user.password_hash = hash_password(password)
    user.session_key = new_session_key()
