"""Match rounds: for coordinators from start to decision, for everybody once published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace import clock
from marketplace.domain import rounds as rules
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.rounds import RoundState
from marketplace.domain.tallies import enough, publishable
from marketplace.domain.text import clean
from marketplace.models.rounds import MatchRound
from marketplace.services import (
    price_board,
    programme,
    publishing,
    round_figures,
    round_lists,
    rounds,
)
from marketplace.web import export_lists, export_rows, exports, pictures, reasons
from marketplace.web.addresses import page_number
from marketplace.web.forms import Form, said
from marketplace.web.session import allowed, current_actor, maybe_actor, public

bp = Blueprint("rounds", __name__, url_prefix="/rounds")

FIRST_ROWS = 8
FIRST_REASONS = 6
"""Matches and reasons that the outcome shows before one asks for all."""

LONGEST_SEARCH = 200


class NoFields(Form):
    """Only the token: the button is the whole form."""


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Published rounds; coordinators see all of them."""
    page = page_number()
    if exports.wanted():
        return export_rows.rounds(
            exports.every(lambda n: rounds.round_list(actor=maybe_actor(), page=n))
        )
    found, pages = rounds.round_list(actor=maybe_actor(), page=page)
    active = rounds.active_round() if rules.may_run(maybe_actor()) else None
    return render_template(
        "rounds/index.html",
        rounds=found,
        public=rounds.with_public_figures(found, actor=maybe_actor()),
        kept=rounds.kept(found, actor=maybe_actor()),
        page=page,
        pages=pages,
        active=active,
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def create() -> ResponseReturnValue:
    """What a round started now would see, and the button that starts one."""
    form = NoFields()
    active = rounds.active_round()
    if form.validate_on_submit():
        try:
            started = rounds.request_round(
                actor=current_actor(),
                now=clock.now(),
                today=clock.today(),
                programme=request.form.get("programme") == "1",
            )
        except rounds.RoundRunning as running:
            flash(said(running), "warning")
            return redirect(url_for("rounds.show", round_id=running.round_id))
        except Rejected as error:
            form.reject(error)
        else:
            return redirect(url_for("rounds.show", round_id=started.id))
    open_now = round_figures.what_is_open(clock.today(), clock.now())
    names = rounds.names()
    return render_template(
        "rounds/create.html",
        form=form,
        active=active,
        open=open_now,
        admitted=programme.admitted_lots(clock.today()),
        localities=_rows(open_now.by_locality, names.localities),
        groups=_rows(open_now.by_group, names.groups),
    ), 422 if form.is_submitted() else 200


@bp.get("/<int:round_id>")
@public
def show(round_id: int) -> ResponseReturnValue:
    """The round as this person may see it."""
    round_ = rounds.show_round(round_id, actor=maybe_actor())
    if round_.state in (RoundState.QUEUED, RoundState.SOLVING):
        return render_template("rounds/running.html", round=round_)
    if round_.state == RoundState.FAILED:
        return render_template("rounds/failed.html", round=round_)
    if rules.may_run(maybe_actor()):
        return render_template("rounds/outcome.html", **_outcome(round_))
    return render_template("rounds/published.html", **_published(round_))


@bp.get("/<int:round_id>/progress")
@allowed(Role.COORDINATOR)
def progress(round_id: int) -> ResponseReturnValue:
    """How far the round is; the page asks again and again until it is done."""
    round_ = rounds.show_round(round_id, actor=current_actor())
    if round_.state in (RoundState.QUEUED, RoundState.SOLVING):
        return render_template("rounds/progress.html", round=round_)
    target = url_for("rounds.show", round_id=round_id)
    if request.headers.get("HX-Request"):
        return "", 200, {"HX-Redirect": target}
    return redirect(target)


@bp.get("/<int:round_id>/matches")
@allowed(Role.COORDINATOR)
def matches(round_id: int) -> ResponseReturnValue:
    """Every match of the round, or those that were dropped when it was published."""
    round_ = _decided(round_id)
    dropped = request.args.get("dropped") == "1"
    page = page_number()
    text = _asked()
    if exports.wanted():
        return export_rows.matches(
            exports.every(
                lambda n: round_lists.matches_of(round_id, page=n, dropped=dropped, text=text)
            )
        )
    found, pages = round_lists.matches_of(round_id, page=page, dropped=dropped, text=text)
    return render_template(
        "rounds/matches.html",
        round=round_,
        matches=found,
        page=page,
        pages=pages,
        dropped=dropped,
        text=text,
    )


@bp.get("/<int:round_id>/left-out")
@allowed(Role.COORDINATOR)
def left_out(round_id: int) -> ResponseReturnValue:
    """Every lot, or every need, that found no partner or only for a part, with its reason."""
    round_ = _decided(round_id)
    side = "need" if request.args.get("side") == "need" else "lot"
    titles, page = reasons.titles(side), page_number()
    asked = request.args.get("reason", "")
    reason = asked if asked in titles else ""
    text = _asked()
    if exports.wanted():
        return export_lists.left_out(
            exports.every(
                lambda n: round_lists.left_out(round_id, side, reason=reason, page=n, text=text)
            )
        )
    entries, pages = round_lists.left_out(round_id, side, reason=reason, page=page, text=text)
    outcome = round_figures.outcome(round_)
    return render_template(
        "rounds/left_out.html",
        round=round_,
        side=side,
        reason=reason,
        text=text,
        rows=[(entry, reasons.explain(entry)) for entry in entries],
        counts=outcome.reasons,
        outside=outcome.outside,
        titles=titles,
        page=page,
        pages=pages,
    )


@bp.route("/<int:round_id>/publish", methods=["GET", "POST"])
@allowed(Role.COORDINATOR)
def publish(round_id: int) -> ResponseReturnValue:
    """Ask once more, then propose the matches to both sides."""
    form = NoFields()
    if not form.is_submitted():
        round_ = _decided(round_id)
        if round_.state == RoundState.SOLVED:
            return render_template("rounds/publish.html", **_asked_once_more(round_), form=form)
    elif form.validate():
        try:
            done = publishing.publish(
                round_id,
                actor=current_actor(),
                now=clock.now(),
                today=clock.today(),
                answer_hours=current_app.extensions["settings"].answer_hours,
            )
        except Rejected as error:
            flash(said(error), "warning")
        else:
            flash(_published_words(round_id, done), "success")
    return redirect(url_for("rounds.show", round_id=round_id))


@bp.post("/<int:round_id>/discard")
@allowed(Role.COORDINATOR)
def discard(round_id: int) -> ResponseReturnValue:
    """Throw the outcome away; nobody else learns of it."""
    if NoFields().validate_on_submit():
        try:
            publishing.discard(round_id, actor=current_actor(), now=clock.now())
        except Rejected as error:
            flash(said(error), "warning")
        else:
            flash(_("Round %(number)s was discarded. Nobody was told.", number=round_id), "success")
    return redirect(url_for("rounds.show", round_id=round_id))


def _asked_once_more(round_: MatchRound) -> dict[str, Any]:
    outcome = round_figures.outcome(round_)
    return {
        "round": round_,
        "outcome": outcome,
        "organisations": len(outcome.total.sellers | outcome.total.buyers),
    }


def _published_words(round_id: int, done: publishing.Published) -> str:
    words = ngettext(
        "Round %(number)s is published: %(num)s match awaits its answers.",
        "Round %(number)s is published: %(num)s matches await their answers.",
        done.proposed,
        number=round_id,
    )
    if done.dropped:
        words += " " + ngettext(
            "%(num)s no longer held and was dropped.",
            "%(num)s no longer held and were dropped.",
            done.dropped,
        )
    if done.replaced:
        words += " " + ngettext(
            "%(num)s earlier proposal was replaced.",
            "%(num)s earlier proposals were replaced.",
            done.replaced,
        )
    if done.stayed:
        words += " " + ngettext(
            "%(num)s earlier proposal stays, because it was answered or what was to replace it no longer held.",
            "%(num)s earlier proposals stay, because they were answered or what was to replace them no longer held.",
            done.stayed,
        )
    return str(words)


def _asked() -> str:
    """What is searched for."""
    return clean(request.args.get("q", ""))[:LONGEST_SEARCH]


def _decided(round_id: int) -> MatchRound:
    round_ = rounds.show_round(round_id, actor=current_actor())
    if round_.result is None:
        raise NotFound("There is no such round.")
    return round_


def _rows(
    tallies: dict[str, round_figures.Tally], names: dict[str, Any]
) -> list[tuple[str, Any, Any]]:
    """(id, name row, tally), the largest first; what lies outside the seven last."""
    ordered = sorted(
        tallies.items(), key=lambda row: (row[0] == "", -row[1].matched, -row[1].offered, row[0])
    )
    return [(key, names.get(key), tally) for key, tally in ordered]


def _outcome(round_: MatchRound) -> dict[str, Any]:
    outcome, names = round_figures.outcome(round_), rounds.names()
    found, match_pages = round_lists.matches_of(round_.id, page=1)
    examples = round_lists.left_out_examples(round_.id)
    localities = _rows(outcome.by_locality, names.localities)
    groups = _rows(outcome.by_group, names.groups)
    return {
        "round": round_,
        "outcome": outcome,
        "bars": [_bar(round_, width) for width in (1040, 360)],
        "kept": rounds.kept([round_], actor=maybe_actor()).get(round_.id),
        "localities": _with_bars(localities),
        "groups": _with_bars(groups),
        "matches": found[:FIRST_ROWS],
        "more_matches": len(found) > FIRST_ROWS or match_pages > 1,
        "left_out": [(lot, reasons.explain(lot)) for lot in examples[:FIRST_REASONS]],
        "titles": reasons.titles("lot"),
        "reasons": _reason_bars(outcome),
        "organisations": len(outcome.total.sellers | outcome.total.buyers),
        "may_decide": round_.state == RoundState.SOLVED,
        "form": NoFields(),
    }


def _published(round_: MatchRound) -> dict[str, Any]:
    """Only what is public: no figure with fewer than three parties on a side."""
    outcome, names = round_figures.outcome(round_), rounds.names()
    localities = publishable(outcome.by_locality.items())
    groups = publishable(outcome.by_group.items())
    return {
        "round": round_,
        "priced": price_board.has_board(round_.id),
        "outcome": outcome if enough([outcome.total]) else None,
        "matched": outcome.total.matches,
        "agreed_is_public": not outcome.agreed.matches or enough([outcome.agreed]),
        "bars": [_bar(round_, width) for width in (1040, 360)],
        "kept": rounds.kept([round_], actor=maybe_actor()).get(round_.id),
        "localities": _public_rows(outcome.by_locality, localities, names.localities),
        "groups": _public_rows(outcome.by_group, groups, names.groups),
        "titles": reasons.titles("lot"),
    }


def _public_rows(
    tallies: dict[str, round_figures.Tally],
    shown: dict[str, round_figures.Tally | None],
    names: dict[str, Any],
) -> list[tuple[str, Any, round_figures.Tally | None]]:
    there = [row for row in _rows(tallies, names) if row[2].lots or row[2].matches]
    return [(key, name, shown[key]) for key, name, _tally in there]


def _bar(round_: MatchRound, width: float) -> pictures.BoundBar | None:
    result = round_.result or {}
    return pictures.bound_bar(result.get("value_vnd", 0), result.get("bound_vnd", 0), width)


def _with_bars(rows: list[tuple[str, Any, round_figures.Tally]]) -> list[tuple[Any, ...]]:
    bars = pictures.shares([(tally.matched, tally.offered) for _key, _name, tally in rows])
    return [(*row, bar) for row, bar in zip(rows, bars, strict=True)]


def _reason_bars(outcome: round_figures.Outcome) -> list[tuple[str, int, int, pictures.Share]]:
    counted = outcome.reasons["lot"].most_common()
    bars = pictures.shares([(count, 0) for _reason, count in counted])
    return [
        (reason, count, outcome.reason_kilograms["lot"][reason], bar)
        for (reason, count), bar in zip(counted, bars, strict=True)
    ]
