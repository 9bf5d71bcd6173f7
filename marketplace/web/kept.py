"""What a person typed is kept when the session is lost or the page was open too long.

The posted fields travel as a signed text through the sign-in page and come back to the page they
were typed on, which is then made as for GET with the fields filled in: nothing is done before the
person presses the button again. Passwords and files are not kept.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

HOURS = 12
FIELD = "kept"


def keep() -> str:
    """What this request posted, signed; empty if it posted nothing or came from another site."""
    if request.method != "POST" or not from_this_site():
        return ""
    fields = [[name, text] for name, text in request.form.items(multi=True) if not _secret(name)]
    return _signer().dumps([request.path, fields])


def restore() -> ResponseReturnValue | None:
    """If this request brings back a kept form, make it a GET that shows the form filled in."""
    text = request.form.get(FIELD) if request.method == "POST" else None
    if not text or not from_this_site():
        return None
    fields = read(text)
    return None if fields is None else show_again(fields)


def read(text: str) -> MultiDict[str, str] | None:
    """The fields of a kept form that was typed on this very page."""
    try:
        path, fields = _signer().loads(text, max_age=HOURS * 3600)
    except (BadData, ValueError, TypeError):
        return None
    return MultiDict([(name, value) for name, value in fields]) if path == request.path else None


def show_again(fields: MultiDict[str, str]) -> ResponseReturnValue | None:
    """None where the view itself shows the form, from now on as GET; else a page with one button."""
    rule = request.url_rule
    if rule is not None and "GET" in (rule.methods or ()):
        g.typed = fields
        request.method = "GET"
        return None
    return render_template("account/again.html", fields=fields)


def typed() -> MultiDict[str, str] | None:
    """The fields that forms of this page are to show."""
    fields: MultiDict[str, str] | None = g.get("typed")
    return fields


def after_expired_token(_error: Exception) -> ResponseReturnValue:
    """The same page with what was typed, a new token, and a word why."""
    if request.url_rule is None or not from_this_site():
        return render_template("errors/error.html", status=400), 400
    flash(_("The page was open too long. Press send again; nothing has to be retyped."), "warning")
    fields = [(name, text) for name, text in request.form.items(multi=True) if not _secret(name)]
    answer: Any = show_again(MultiDict(fields))
    if answer is None:
        view = current_app.view_functions[str(request.endpoint)]
        answer = current_app.ensure_sync(view)(**(request.view_args or {}))
    response = make_response(answer)
    response.status_code = 400
    return response


def from_this_site() -> bool:
    """Whether the browser says that a page of ours sent this request."""
    source = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(source).netloc == request.host


def _secret(name: str) -> bool:
    return name in ("csrf_token", FIELD) or "password" in name


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept form")
