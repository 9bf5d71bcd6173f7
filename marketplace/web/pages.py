"""Pages that only explain, and what every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.config import Settings
from marketplace.web import language
from marketplace.web.session import public

bp = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Give templates the settings, `link`, and `page_url`."""
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals |= {
        "settings": app.extensions["settings"],
        "link": link,
        "page_url": page_url,
        "this_page": this_page,
        "operator": operator,
    }


def link(endpoint: str, **values: Any) -> str:
    """The address of a page of the frame, or an empty text where it is not part of this program."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def operator() -> str:
    """Who runs this installation; unless somebody is named, the market by its name here."""
    named: str = current_app.extensions["settings"].operator
    return str(_("Nam Song Hau Market")) if named == Settings.operator else named


def page_url(page: int) -> str:
    """The address of this list's page number ``page``, with the same filters."""
    arguments: dict[str, Any] = request.args.to_dict(flat=False) | (request.view_args or {})
    return url_for(str(request.endpoint), **(arguments | {"page": page}))


def this_page() -> str:
    """Path and query of this page where it can be asked for again, else the home page."""
    methods = request.url_rule.methods if request.url_rule else None
    if "GET" not in (methods or ()):
        return "/"
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    """What this is, for whom, and how a round works."""
    return _prose("about")


@bp.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """What using this binds people to, and what it does not."""
    return _prose("terms")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Which personal data are kept, why, how long, and who sees them."""
    return _prose("privacy")


def _prose(name: str) -> str:
    """Long texts are written whole in each language instead of sentence by sentence."""
    return render_template(f"pages/{name}.{language.current()}.html")
