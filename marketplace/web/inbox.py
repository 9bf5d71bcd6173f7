"""The inbox of an organisation."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.models.notices import Notice
from marketplace.services import inbox
from marketplace.web import export_lists, exports
from marketplace.web.addresses import page_number
from marketplace.web.formats import day
from marketplace.web.forms import Form
from marketplace.web.session import current_actor, maybe_actor, signed_in

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

ASKING = ("match_proposed", "match_asked", "match_reminder")
"""Kinds of notices that wait for an answer."""


class MarkForm(Form):
    """Only the token."""


def init_app(app: Flask) -> None:
    """Let every page's frame show how much is unread."""
    app.jinja_env.globals["unread_notices"] = unread
    app.jinja_env.filters["told_day"] = lambda iso: day(date.fromisoformat(iso))


def unread() -> int:
    """Unread notices of the person's organisation; 0 for strangers."""
    actor = maybe_actor()
    return inbox.unread(actor=actor) if actor else 0


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Latest first; each notice links to what it is about."""
    page, actor = page_number(), current_actor()
    if exports.wanted():
        return export_lists.inbox(exports.every(lambda n: inbox.notices(actor=actor, page=n)))
    notices, pages = inbox.notices(actor=actor, page=page)
    return render_template(
        "inbox/index.html",
        notices=[(notice, _target(notice), _answer_by(notice)) for notice in notices],
        page=page,
        pages=pages,
        form=MarkForm(),
    )


@bp.post("/read")
@signed_in
def mark_read() -> ResponseReturnValue:
    """All notices count as read."""
    if MarkForm().validate_on_submit():
        inbox.mark_read(None, actor=current_actor(), now=clock.now())
    return redirect(url_for("inbox.index"))


def _answer_by(notice: Notice) -> datetime | None:
    """Until when the organisation has to answer, if it is asked to."""
    told = notice.details.get("answer_by") if notice.kind in ASKING else None
    return datetime.fromisoformat(told) if told else None


def _target(notice: Notice) -> str:
    if notice.match_id is not None:
        return url_for("matches.show", match_id=notice.match_id)
    if notice.kind.startswith("harvest_"):
        return url_for("lots.show", lot_id=notice.details["lot"])
    if notice.kind == "series_ending":
        return url_for("series.change", series_id=notice.details["series"], longer=1)
    if notice.kind.startswith("programme_"):
        return url_for("applications.show", entry_id=notice.details["entry"])
    if "certificate" in notice.details:
        return url_for("certificates.show", certificate_id=notice.details["certificate"])
    if notice.kind == "round_left_out":
        return url_for("desk.show")
    if notice.round_id is not None:
        return url_for("rounds.show", round_id=notice.round_id)
    return ""
