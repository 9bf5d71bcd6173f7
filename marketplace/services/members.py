"""Members: who belongs to an organisation, in which role, and how they are let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.domain.accounts import PersonDraft, check_person, may_let_in
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.organisations import ROLES, OrganisationKind, may_see_members
from marketplace.models.base import db, transaction
from marketplace.models.organisations import (
    Membership,
    Organisation,
    User,
    new_session_key,
    one_account_each,
)
from marketplace.models.password_links import letter, path_for


@dataclass(frozen=True)
class Member:
    """One line of the members' page."""

    membership_id: int
    name: str
    email: str | None
    phone: str | None
    role: Role
    invited: bool  # has not chosen a password yet
    signed_in_at: datetime | None
    mine: bool  # the person who asks
    may_change: bool


@dataclass(frozen=True)
class Members:
    """The people of an organisation, and the roles that the person who asks may give there."""

    organisation: Organisation
    people: Sequence[Member]
    roles: Sequence[Role]


@dataclass(frozen=True)
class Invitation:
    """``path`` of the link to hand over where the person has no e-mail address; else it was sent."""

    user_id: int
    organisation_id: int
    name: str
    email: str | None
    path: str | None


def members_of(organisation_id: int, *, actor: Actor) -> Members:
    """Raises `NotFound` for an organisation that the actor may not look into."""
    organisation = _seen(organisation_id, actor)
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    people = [_line(row, actor) for row in rows]
    return Members(organisation, people, roles_to_give(organisation, actor))


def member(membership_id: int, *, actor: Actor) -> tuple[Member, Members]:
    """A member whom the actor may change, among the others. Raises `NotFound`, `Forbidden`."""
    row = _changeable(membership_id, actor)
    return _line(row, actor), members_of(row.organisation_id, actor=actor)


def roles_to_give(organisation: Organisation, actor: Actor) -> list[Role]:
    """The roles of such an organisation that the actor may let somebody in with."""
    fitting = ROLES[OrganisationKind(organisation.kind)]
    return [role for role in fitting if may_let_in(actor, organisation.id, role)]


def invite(
    draft: PersonDraft, role: Role, organisation_id: int, *, actor: Actor, now: datetime
) -> Invitation:
    """Let a person in, with a letter or a link by which they choose a password.

    Somebody who has an account already becomes a member with it. Raises `Rejected`, `NotFound`.
    """
    organisation = _seen(organisation_id, actor)
    if role not in roles_to_give(organisation, actor):
        raise Rejected("You cannot give this role here.", field="role")
    checked = check_person(draft)
    with one_account_each(), transaction() as session:
        user = _find(checked) or _new(checked, now)
        session.add(user)
        session.flush()
        if _is_member(user.id, organisation_id):
            raise Rejected("This person is a member already.", field="email")
        session.add(Membership(user_id=user.id, organisation_id=organisation_id, role=role))
        told = {"organisation": organisation.name, "inviter": actor.name}
        if user.email:
            session.add(letter(user, "invitation", now=now, **told))
        shown = not user.email and not user.password_hash and _may_hold_link(user, actor)
        path = path_for(user, "invitation") if shown else None
    return Invitation(user.id, organisation_id, user.name, user.email, path)


def new_link(membership_id: int, *, actor: Actor, now: datetime) -> Invitation:
    """A link that sets a password, for a member who has none yet or no e-mail address."""
    with transaction() as session:
        membership = _changeable(membership_id, actor)
        user = membership.user
        if user.email is None:
            if not _may_hold_link(user, actor):
                raise Forbidden("You may not change this member.")
            path = path_for(user, "invitation")
            return Invitation(user.id, membership.organisation_id, user.name, None, path)
        kind = "set_password" if user.password_hash else "invitation"
        organisation = session.get_one(Organisation, membership.organisation_id)
        told = {"organisation": organisation.name, "inviter": actor.name}
        session.add(letter(user, kind, now=now, **told))
    return Invitation(user.id, organisation.id, user.name, user.email, None)


def change_role(membership_id: int, role: Role, *, actor: Actor) -> None:
    """Raises `Rejected`, `Forbidden`, `NotFound`."""
    with transaction() as session:
        membership = _changeable(membership_id, actor)
        organisation = session.get_one(Organisation, membership.organisation_id)
        if role not in roles_to_give(organisation, actor):
            raise Rejected("You cannot give this role here.", field="role")
        before, membership.role = membership.role, role
        session.flush()
        _keep_an_administrator(before)


def remove(membership_id: int, *, actor: Actor) -> None:
    """End a membership and sign the person out. Raises `Rejected`, `Forbidden`, `NotFound`."""
    with transaction() as session:
        membership = _changeable(membership_id, actor)
        membership.user.session_key = new_session_key()
        session.delete(membership)
        session.flush()
        _keep_an_administrator(membership.role)


def create_administrator(draft: PersonDraft, organisation: str, *, now: datetime) -> Invitation:
    """The first account of an installation, in an organisation of that name. Raises `Rejected`."""
    checked = check_person(draft)
    with one_account_each(), transaction() as session:
        if _find(checked):
            raise Rejected("Another account has this already.", field="email")
        home = session.scalar(select(Organisation).where(Organisation.name == organisation))
        home = home or Organisation(
            name=organisation, kind=OrganisationKind.COORDINATION, created_at=now
        )
        user = _new(checked, now)
        session.add_all([home, user])
        session.flush()
        session.add(Membership(user_id=user.id, organisation_id=home.id, role=Role.ADMINISTRATOR))
    return Invitation(user.id, home.id, user.name, user.email, path_for(user, "invitation"))


def _seen(organisation_id: int, actor: Actor) -> Organisation:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or not may_see_members(actor, organisation_id):
        raise NotFound("There is no such organisation.")
    return organisation


def _line(row: Membership, actor: Actor) -> Member:
    user = row.user
    return Member(
        row.id,
        user.name,
        user.email,
        user.phone,
        Role(row.role),
        user.password_hash is None,
        user.signed_in_at,
        user.id == actor.user_id,
        _may_change(row, actor),
    )


def _may_change(row: Membership, actor: Actor) -> bool:
    others = row.user_id != actor.user_id
    return others and may_let_in(actor, row.organisation_id, Role(row.role))


def _changeable(membership_id: int, actor: Actor) -> Membership:
    row = db.session.scalar(
        select(Membership)
        .where(Membership.id == membership_id)
        .options(joinedload(Membership.user))
    )
    if row is None or not may_see_members(actor, row.organisation_id):
        raise NotFound("There is no such member.")
    if not _may_change(row, actor):
        raise Forbidden("You may not change this member.")
    return row


def _may_hold_link(user: User, actor: Actor) -> bool:
    """Who holds the link can become this person, in every organisation they belong to."""
    elsewhere = select(Membership.id).where(
        Membership.user_id == user.id, Membership.organisation_id != actor.organisation_id
    )
    return actor.role is Role.ADMINISTRATOR or db.session.scalar(elsewhere.limit(1)) is None


def _find(person: PersonDraft) -> User | None:
    """The account with this address or number. Raises `Rejected` if they are two people's."""
    found = db.session.scalars(select(User).where(User.taken(person.email, person.phone))).all()
    if len(found) > 1:
        raise Rejected("Address and number belong to two different accounts.", field="phone")
    return found[0] if found else None


def _new(person: PersonDraft, now: datetime) -> User:
    return User(
        name=person.name,
        email=person.email,
        phone=person.phone,
        session_key=new_session_key(),
        created_at=now,
    )


def _is_member(user_id: int, organisation_id: int) -> bool:
    same = (Membership.user_id == user_id) & (Membership.organisation_id == organisation_id)
    return db.session.scalar(select(Membership.id).where(same)) is not None


def _keep_an_administrator(before: str) -> None:
    """Raise `Rejected` if the change just made took the last one away."""
    administrators = select(func.count()).where(Membership.role == Role.ADMINISTRATOR)
    if before == Role.ADMINISTRATOR and not db.session.scalar(administrators):
        raise Rejected("At least one administrator has to stay.")
