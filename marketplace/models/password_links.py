"""Links by which a person sets their password: signed, for one use, for a limited time."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace.domain.errors import NotFound
from marketplace.models.base import db
from marketplace.models.notices import OutboxMessage
from marketplace.models.organisations import User

HOURS = {"set_password": 2, "invitation": 24 * 7}
"""How long a link works, by what it was made for."""


def path_for(user: User, kind: str) -> str:
    """Path of the page that sets the password."""
    return f"/set-password/{_signer().dumps([user.id, _state(user), kind])}"


def holder_of(token: str, *, lock: bool = False) -> User:
    """The person whose password the link sets. Raises `NotFound` if it is used, old or made up.

    ``lock`` it, to use the link: pressed twice at the same moment it works once.
    """
    try:
        user_id, state, kind = _signer().loads(token)
        _signer().loads(token, max_age=HOURS[kind] * 3600)
    except (BadData, ValueError, TypeError, KeyError):
        raise NotFound("This link does not work any more.") from None
    user = db.session.get(User, user_id, with_for_update=lock or None)
    if user is None or user.erased_at or not hmac.compare_digest(_state(user), state):
        raise NotFound("This link does not work any more.")
    return user


def letter(user: User, kind: str, *, now: datetime, **details: Any) -> OutboxMessage:
    """A message with such a link. Details: name, path, hours, and what ``details`` adds."""
    return OutboxMessage(
        key=f"{kind}:{user.id}:{secrets.token_hex(8)}",
        recipient=user.email or "",
        language=user.language,
        kind=kind,
        details={
            "name": user.name,
            "path": path_for(user, kind),
            "hours": HOURS[kind],
            **details,
        },
        created_at=now,
        due_at=now,
    )


def _state(user: User) -> str:
    """Changes with the password and the session key, so that a link works once."""
    seen = f"{user.session_key}:{user.password_hash or ''}"
    return sha256(seen.encode()).hexdigest()[:16]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="set password")
