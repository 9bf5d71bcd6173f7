"""Vietnamese first, English by one click, remembered in the session."""

from __future__ import annotations

import re

from flask import Blueprint, Flask, abort, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from marketplace.extensions import babel
from marketplace.services import accounts
from marketplace.web.session import maybe_actor, public

LANGUAGES = ("vi", "en")
_INSIDE = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")
"""A path of this site. Two slashes, or what browsers read as such, begin the name of another one."""

bp = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    """Choose each request's language, and tell templates which one it is."""
    babel.init_app(app, locale_selector=chosen, default_translation_directories=_catalogue(app))
    app.jinja_env.globals["language"] = current


def chosen() -> str:
    """The language that this visitor has clicked, Vietnamese before that."""
    language = session.get("language")
    return language if language in LANGUAGES else "vi"


def current() -> str:
    """The language of the page being made."""
    return str(get_locale() or "vi")


def local_path(target: str) -> str:
    """``target`` if it stays on this site, the home page otherwise."""
    return target if _INSIDE.fullmatch(target) else "/"


@bp.get("/language/<code>")
@public
def choose(code: str) -> ResponseReturnValue:
    """Remember the language and go back to where the visitor was."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    if actor := maybe_actor():
        accounts.choose_language(code, actor=actor)
    return redirect(local_path(request.args.get("next", "/")))


def _catalogue(app: Flask) -> str:
    return f"{app.root_path}/translations"
