"""A person's data: all of it in the hands of the person, or gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, delete, or_, select, update

from marketplace.domain.accounts import sign_in_name
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.models.base import Base, db, transaction
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.organisations import Membership, Organisation, User, new_session_key

ERASED = "(đã xóa)"
_NEVER_TOLD = {"password_hash", "session_key", "inputs", "result", "content"}
_OTHERS_SECRETS = {
    "match": {"ask", "bid", "price_low", "price_high", "market_price", "seller_next", "buyer_next"}
}
"""What a match tells of the other side's sealed price is not the person's own."""
_FREE_TEXT: tuple[Any, ...] = (Notice, OutboxMessage)
"""Tables whose ``details`` can name a person or their number."""


def export(who: str) -> dict[str, list[dict[str, Any]]]:
    """Everything that is stored about a person, by table. ``who``: address, number, or id.

    Raises `NotFound`.
    """
    user = _find(who)
    found: dict[str, list[dict[str, Any]]] = {}
    for table, condition in _about(user):
        rows = db.session.execute(select(table).where(condition).order_by(*table.primary_key))
        hidden = _NEVER_TOLD | _OTHERS_SECRETS.get(table.name, set())
        if told := [_told(row._mapping, hidden) for row in rows]:
            found[table.name] = told
    return found


def erase(who: str, *, now: datetime) -> int:
    """Take name, address, number and password away and sign the person out; their id.

    What was done for an organisation stays: lots, needs, matches, books. Raises `NotFound`, and
    `Rejected` for the last administrator.
    """
    with transaction() as session:
        user = _find(who)
        for message in _FREE_TEXT:
            naming = select(message).where(_mentions(message.details, user))
            for row in session.scalars(naming):
                row.details = _without(row.details, [*_reached(user), user.name])
        session.execute(delete(OutboxMessage).where(OutboxMessage.recipient.in_(_reached(user))))
        for name, value in _contact(user):
            column = getattr(Organisation, name)
            empty = "" if name == "contact_name" else None
            session.execute(update(Organisation).where(column == value).values({name: empty}))
        administrators = set(
            session.scalars(select(Membership.user_id).where(Membership.role == Role.ADMINISTRATOR))
        )
        if administrators == {user.id}:
            raise Rejected("At least one administrator has to stay.")
        session.execute(delete(Membership).where(Membership.user_id == user.id))
        user.name, user.email, user.phone, user.password_hash = ERASED, None, None, None
        user.session_key, user.signed_in_at, user.erased_at = new_session_key(), None, now
    return user.id


def _find(who: str) -> User:
    name = sign_in_name(who)
    same = or_(User.email == name, User.phone == name) if name else User.id == _number(who)
    user = db.session.scalar(select(User).where(same, User.erased_at.is_(None)))
    if user is None:
        raise NotFound("There is no such person.")
    return user


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _about(user: User) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Every table that says something about the person, and which of its rows do."""
    people = Base.metadata.tables[User.__tablename__]
    yield people, people.c.id == user.id
    for table in Base.metadata.sorted_tables:
        pointing = [c for c in table.c if any(key.column is people.c.id for key in c.foreign_keys)]
        conditions: list[ColumnElement[bool]] = [column == user.id for column in pointing]
        if table.name == Organisation.__tablename__:
            conditions += [table.c[name] == value for name, value in _contact(user)]
        if "details" in table.c and table.name in {kind.__tablename__ for kind in _FREE_TEXT}:
            conditions.append(_mentions(table.c.details, user))
        if "recipient" in table.c:
            conditions.append(table.c.recipient.in_(_reached(user)))
        if conditions:
            yield table, or_(*conditions)


def _reached(user: User) -> list[str]:
    return [name for name in (user.email, user.phone) if name]


def _contact(user: User) -> list[tuple[str, str]]:
    """Fields of an organisation that hold what is also the person's."""
    fields = {"contact_name": user.name, "phone": user.phone, "email": user.email}
    return [(name, value) for name, value in fields.items() if value]


def _mentions(details: Any, user: User) -> ColumnElement[bool]:
    text = cast(details, String)
    return or_(*(text.contains(name, autoescape=True) for name in _reached(user)))


def _without(value: Any, words: list[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(item, words) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, words) for item in value]
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, ERASED)
    return value


def _told(row: Any, hidden: set[str]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
        if name not in hidden
    }
