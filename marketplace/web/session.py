"""Who is asking, and who may enter which page.

Every view function says who may enter by `public`, `signed_in` or `allowed`; a page that says nothing
is closed to everybody. The session holds a person's number and session key, so changing the key
(a new password) signs out every other browser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from flask_login import UserMixin, current_user, login_user, logout_user

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden
from marketplace.extensions import login
from marketplace.services import accounts
from marketplace.web import kept
from marketplace.web.addresses import LARGEST_ID

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may enter: strangers too, or people in one of the roles."""

    strangers: bool
    roles: frozenset[Role]

    def admits(self, actor: Actor | None) -> bool:
        """Whether this person (None: a stranger) may enter."""
        return self.strangers if actor is None else actor.role in self.roles


NOBODY = Access(strangers=False, roles=frozenset())


class SignInNeeded(Exception):
    """A stranger asked for what only people with an account may see."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person as Flask-Login knows them."""

    def __init__(self, actor: Actor, session_key: str) -> None:
        self.actor = actor
        self.name = actor.name
        self._key = session_key

    def get_id(self) -> str:
        return f"{self.actor.user_id}.{self._key}"


def public(view: View) -> View:
    """Everybody may enter."""
    return _declare(view, Access(strangers=True, roles=frozenset(Role)))


def signed_in(view: View) -> View:
    """Everybody with an account may enter."""
    return _declare(view, Access(strangers=False, roles=frozenset(Role)))


def allowed(*roles: Role) -> Callable[[View], View]:
    """People in one of these roles may enter."""
    return lambda view: _declare(view, Access(strangers=False, roles=frozenset(roles)))


def access_to(endpoint: str) -> Access:
    """What the view behind an endpoint says; nobody may enter one that says nothing."""
    view = current_app.view_functions.get(endpoint)
    access: Access = getattr(view, "marketplace_access", NOBODY)
    return access


def maybe_actor() -> Actor | None:
    """The person who asks, None for a stranger."""
    return current_user.actor if current_user.is_authenticated else None


def current_actor() -> Actor:
    """The person who asks, on a page that strangers cannot enter."""
    actor = maybe_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def begin(user_id: int, *, remember: bool) -> None:
    """Sign the person in here. Nothing of the stranger's session stays but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = remember
    signed = _load(user_id, accounts.session_key(user_id))
    if signed is None:
        raise Forbidden("Your account belongs to no organisation.")
    login_user(signed)


def end() -> None:
    """Sign the person out here."""
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    """Guard every page, and tell templates who is looking."""
    login.init_app(app)
    login.session_protection = None  # the key in the session is what protects; telephones roam
    login.user_loader(_person)
    _declare(app.view_functions["static"], Access(strangers=True, roles=frozenset(Role)))
    # Before every other hook: the check of the token would refuse a form whose session is lost.
    app.before_request_funcs.setdefault(None, []).insert(0, _guard)
    app.context_processor(lambda: {"actor": maybe_actor()})
    app.jinja_env.globals["may_enter"] = may_enter


def may_enter(endpoint: str) -> bool:
    """Whether a link to that page would open for who is looking."""
    return access_to(endpoint).admits(maybe_actor())


def _guard() -> Any:
    if request.url_rule is None:
        return None  # no such page: the error page will say so
    access = access_to(str(request.endpoint))
    if access.strangers:
        return kept.restore()
    if not current_user.is_authenticated:
        raise SignInNeeded
    if not access.admits(maybe_actor()):
        raise Forbidden("Your account may not do this.")
    return kept.restore()


def _person(identity: str) -> SignedIn | None:
    number, _, key = identity.partition(".")
    known = number.isdecimal() and int(number) <= LARGEST_ID
    return _load(int(number), key) if known else None


def _load(user_id: int, key: str) -> SignedIn | None:
    actor = accounts.actor_of(user_id, key, session.get("organisation"))
    return SignedIn(actor, key) if actor else None


def _declare(view: View, access: Access) -> View:
    view.marketplace_access = access  # type: ignore[attr-defined]
    return view
