"""A match for its two parties: five questions, two buttons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace import clock
from marketplace.domain.matches import DeclineReason, MatchState
from marketplace.domain.text import clean
from marketplace.services import answers, inbox, matches, route_hits
from marketplace.web import export_rows, exports, maps
from marketplace.web.addresses import page_number
from marketplace.web.forms import Form
from marketplace.web.session import current_actor, signed_in

bp = Blueprint("matches", __name__)

LONG_WAY = 4
"""Stops that are shown at once; of longer ways three."""

DECLINE_WORDS = {
    DeclineReason.PRICE: _l("The price does not suit"),
    DeclineReason.SOLD: _l("Sold or bought elsewhere"),
    DeclineReason.GOODS: _l("Goods no longer available"),
    DeclineReason.DATE: _l("Date does not suit"),
    DeclineReason.PARTNER: _l("Do not deal with this partner"),
    DeclineReason.OTHER: _l("Other reason"),
}
STATE_WORDS = {
    MatchState.PROPOSED: _l("Awaiting answer"),
    MatchState.CONFIRMED: _l("Both agreed"),
    MatchState.DECLINED: _l("Declined"),
    MatchState.EXPIRED: _l("Expired"),
    MatchState.REPLACED: _l("Replaced by a later round"),
}


class AnswerForm(Form):
    """Only the token: the button is the answer."""


class DeclineForm(Form):
    """Why not."""

    reason = RadioField(
        _l("Why not?"),
        choices=[SelectChoice(reason.value, words) for reason, words in DECLINE_WORDS.items()],
        validators=[InputRequired(_l("Choose a reason."))],
    )
    note = TextAreaField(
        _l("Note"),
        filters=[lambda text: clean(text) if text else ""],
        validators=[Length(max=500, message=_l("Longer than 500 characters."))],
    )


@bp.get("/matches")
@signed_in
def index() -> ResponseReturnValue:
    """Matches of my organisation, what waits for an answer first."""
    page = page_number()
    if exports.wanted():
        return export_rows.matches(
            exports.every(lambda n: matches.my_matches(actor=current_actor(), page=n))
        )
    found, pages = matches.my_matches(actor=current_actor(), page=page)
    hindered = route_hits.hindered(found, today=clock.today())
    return render_template(
        "matches/index.html", matches=found, hindered=hindered, page=page, pages=pages
    )


@bp.get("/matches/<int:match_id>")
@signed_in
def show(match_id: int) -> ResponseReturnValue:
    """Why this partner, why this price, which way, who came second, what happens next."""
    actor, now = current_actor(), clock.now()
    inbox.mark_match_read(match_id, actor=actor, now=now)
    page = matches.show_match(match_id, actor=actor, now=now)
    legs = _legs(page, route_hits.lane_papers(page.match, today=clock.today()))
    return render_template(
        "matches/show.html",
        page=page,
        match=page.match,
        side=str(page.side or ""),
        legs=legs,
        short=_short(legs),
        ground=maps.ground() if page.stages else None,
        drawn=maps.way_map(page.stages, page.match.need.place.name),
        stopped=route_hits.stopped(page.match, today=clock.today()),
        form=AnswerForm(),
        decline_words=DECLINE_WORDS,
    )


@bp.post("/matches/<int:match_id>/accept")
@signed_in
def accept(match_id: int) -> ResponseReturnValue:
    """Agree for my side."""
    if AnswerForm().validate_on_submit():
        try:
            match = answers.accept(match_id, actor=current_actor(), now=clock.now())
        except answers.AlreadyClosed as closed:
            _say_closed(closed)
        else:
            confirmed = match.state == MatchState.CONFIRMED
            flash(
                _("Both sides have agreed.") if confirmed else _("You have agreed."),
                "success",
            )
    return redirect(url_for("matches.show", match_id=match_id))


@bp.route("/matches/<int:match_id>/decline", methods=["GET", "POST"])
@signed_in
def decline(match_id: int) -> ResponseReturnValue:
    """Say no, and why."""
    actor, form = current_actor(), DeclineForm()
    if form.validate_on_submit():
        try:
            answers.decline(
                match_id,
                DeclineReason(form.reason.data),
                form.note.data or "",
                actor=actor,
                now=clock.now(),
            )
        except answers.AlreadyClosed as closed:
            _say_closed(closed)
        else:
            flash(_("Declined. The quantity is free again."), "success")
        return redirect(url_for("matches.show", match_id=match_id))
    page = matches.show_match(match_id, actor=actor, now=clock.now())
    if not page.may_answer:
        return redirect(url_for("matches.show", match_id=match_id))
    return render_template(
        "matches/decline.html", page=page, match=page.match, form=form
    ), 422 if form.errors else 200


def _say_closed(closed: answers.AlreadyClosed) -> None:
    words = STATE_WORDS.get(MatchState(closed.state), closed.state)
    flash(_("This match can no longer be answered. State now: %(state)s.", state=words), "warning")


def _legs(page: matches.MatchPage, papers: dict[str, str]) -> list[dict[str, Any]]:
    """The stored legs as the route component draws them; ``papers`` of lanes by link."""
    match = page.match
    legs = [
        {"place": leg["from"], "papers": _papers(leg.get("links", ()), papers), **leg}
        for leg in match.route
    ]
    if legs:
        legs[0]["place"] = match.lot.place.name
    return [*legs, {"place": match.need.place.name}]


def _papers(links: Iterable[str], papers: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(papers[link] for link in links if link in papers))


def _short(legs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A long way in three stops: both ends and where the longest stretch between begins."""
    if len(legs) <= LONG_WAY:
        return []
    middle = max(range(1, len(legs) - 1), key=lambda i: legs[i]["km"])
    return [_joined(legs[:middle]), _joined(legs[middle:-1]), legs[-1]]


def _joined(legs: list[dict[str, Any]]) -> dict[str, Any]:
    longest = max(legs, key=lambda leg: leg["km"])
    return {
        "place": legs[0]["place"],
        "road": longest["road"] + (", …" if len(legs) > 1 else ""),
        "km": sum(leg["km"] for leg in legs),
        "hours": sum(leg["hours"] for leg in legs),
        "mode": longest.get("mode"),
        "papers": list(dict.fromkeys(paper for leg in legs for paper in leg["papers"])),
    }
