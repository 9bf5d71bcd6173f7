"""Turns what can go wrong into a page, once for all views."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from marketplace.domain.errors import Forbidden, NotFound
from marketplace.extensions import db

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Register a page for every status that a person can meet."""
    app.register_error_handler(NotFound, lambda error: _page(404))
    app.register_error_handler(Forbidden, lambda error: _page(403))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    page, status = _page(error.code)
    response = error.get_response()
    response.data, response.content_type = page, "text/html; charset=utf-8"
    response.status_code = status
    return response


def _broken(error: Exception) -> ResponseReturnValue:
    """Nothing is changed, the person gets a code to quote, the log gets the rest under that code."""
    code = secrets.token_hex(4)
    db.session.rollback()
    log.error("broken", code=code, path=request.path, exc_info=error)
    return _page(500, code=code)


def _page(status: int, **context: object) -> tuple[str, int]:
    return render_template("errors/error.html", status=status, **context), status
