"""Series: ours, one with its instalments, changed from a day on, paused, let go on, stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.lots import LotDraft
from marketplace.domain.series import SeriesState, Terms, terms_on
from marketplace.domain.series_changes import SeriesChange, timeline
from marketplace.services import series, series_changes
from marketplace.web import browsing, exports
from marketplace.web.formats import day, day_range, name
from marketplace.web.forms import said
from marketplace.web.listing_words import place_label
from marketplace.web.lookup import world
from marketplace.web.series_forms import StateForm, TermsForm
from marketplace.web.series_steps import ahead
from marketplace.web.series_words import STATES, ends_of, rhythm_words
from marketplace.web.session import allowed, current_actor
from marketplace.web.workbooks import Row

bp = Blueprint("series", __name__, url_prefix="/series")
TRADERS = (Role.OFFICER, Role.SELLER, Role.BUYER)


@bp.get("")
@allowed(*TRADERS)
def index() -> ResponseReturnValue:
    """The series of one's organisation."""
    if exports.wanted():
        rows, _pages = series.listing(actor=current_actor(), today=clock.today(), size=exports.MOST)
        return exports.answer("series", _("Selling and buying regularly"), *_as_table(rows))
    page = browsing.page_asked()
    rows, pages = series.listing(actor=current_actor(), today=clock.today(), page=page)
    return render_template("series/index.html", rows=rows, page=min(page, pages), pages=pages)


def _as_table(rows: list[series.SeriesRow]) -> tuple[list[str], list[Row]]:
    """Heads and rows of the list as a file."""
    heads = [
        *(_("Series"), _("Side"), _("Goods"), _("Least"), _("Most"), _("Unit")),
        *(_("Price, VND"), _("Place"), _("How often"), _("First day"), _("Last day")),
        *(_("Next instalment"), _("On the market"), _("State")),
    ]
    return heads, [_as_row(row) for row in rows]


def _as_row(row: series.SeriesRow) -> Row:
    draft, recurs = row.terms.draft, row.terms.recurs
    good = world().catalogue.commodity(draft.commodity)
    ends = ends_of(draft)
    lot = isinstance(draft, LotDraft)
    return [
        _("Series %(number)s", number=row.series.id),
        _("for sale") if lot else _("wanted"),
        name(good),
        *(ends.least, ends.most, good.base_unit_vi),
        draft.ask if isinstance(draft, LotDraft) else draft.bid,
        place_label(draft.place),
        rhythm_words(recurs),
        *(recurs.first, recurs.last, row.next_day, row.open),
        str(STATES[row.state][2]),
    ]


@bp.get("/<int:series_id>")
@allowed(*TRADERS)
def show(series_id: int) -> ResponseReturnValue:
    """What it offers or wants, its instalments, and what was said of it when."""
    found = series.show(series_id, actor=current_actor(), today=clock.today())
    return render_template("series/show.html", page=found, ahead=ahead())


@bp.route("/<int:series_id>/change", methods=["GET", "POST"])
@allowed(*TRADERS)
def change(series_id: int) -> ResponseReturnValue:
    """Other quantity, price or days from a day on."""
    form = TermsForm.asked()

    def fill(terms: Terms, good: Commodity, since: date) -> None:
        form.fill_terms(terms, good, since)
        if request.args.get("longer") == "1":
            form.propose_longer(clock.today())

    def understood(terms: Terms, good: Commodity, today: date) -> SeriesChange:
        return form.change(terms, good, today)

    return _say(
        series_id, form, _Deed("change", _l("The series has been changed."), fill, understood)
    )


@bp.route("/<int:series_id>/pause", methods=["GET", "POST"])
@allowed(*TRADERS)
def pause(series_id: int) -> ResponseReturnValue:
    """No instalments for a while."""
    return _set(series_id, "pause", SeriesState.PAUSED, _l("The series pauses."))


@bp.route("/<int:series_id>/resume", methods=["GET", "POST"])
@allowed(*TRADERS)
def resume(series_id: int) -> ResponseReturnValue:
    """Instalments again, from a day on."""
    return _set(series_id, "resume", SeriesState.RUNNING, _l("The series goes on."))


@bp.route("/<int:series_id>/stop", methods=["GET", "POST"])
@allowed(*TRADERS)
def stop(series_id: int) -> ResponseReturnValue:
    """No instalments any more, from a day on."""
    return _set(series_id, "stop", SeriesState.STOPPED, _l("The series has been stopped."))


@dataclass(frozen=True)
class _Deed:
    """One of the things that can be said of a series."""

    name: str
    done: Any
    fill: Callable[[Terms, Commodity, date], None]
    understood: Callable[[Terms, Commodity, date], SeriesChange]


def _set(series_id: int, name: str, state: SeriesState, done: Any) -> ResponseReturnValue:
    form = StateForm.asked()
    if name != "pause":
        del form["until"]

    def fill(_terms: Terms, _good: Commodity, since: date) -> None:
        form.since.data = since.isoformat()

    def understood(_terms: Terms, _good: Commodity, today: date) -> SeriesChange:
        return form.change(state, today)

    return _say(series_id, form, _Deed(name, done, fill, understood))


def _say(series_id: int, form: Any, deed: _Deed) -> ResponseReturnValue:
    """The form, then what becomes of instalments on the market, then said."""
    actor, today = current_actor(), clock.today()
    row = series_changes.to_change(series_id, actor=actor)
    good = world().catalogue.commodity(row.commodity_id)
    versions = row.all_terms
    since = _first_day(deed, versions, today)
    there = terms_on(versions, max(today, versions[0].since))
    shown: dict[str, Any] = {"form": form, "series": row, "good": good, "deed": deed.name}
    shown["terms"] = there
    if deed.name == "change":
        form.offer_grades(good, row.side)
    if form.step in ("", "edit") or form.step.startswith("edit:"):
        if not form.step and not form.is_typed:
            deed.fill(there, good, since)
            form.version.data = str(row.version)
        return render_template("series/say.html", **shown)
    form.validate()
    said_now = deed.understood(there, good, today)
    known: dict[str, Any] = {"actor": actor, "today": today}
    version = form.known_version
    try:
        foreseen = series_changes.foresee(series_id, version, said_now, **known)
        if not form.errors and form.step == "save" and form.is_submitted():
            series_changes.say(
                series_id, version, said_now, now=clock.now(), ahead=ahead(), **known
            )
            flash(_done(deed, said_now, today), "success")
            return redirect(url_for("series.show", series_id=series_id))
    except Stale as error:
        row = series_changes.to_change(series_id, actor=actor)
        form.version.data = str(row.version)
        coming = timeline(row.all_terms, max(today, versions[0].since))
        page = render_template("series/say.html", **shown, stale=said(error), coming=coming)
        return page, 409
    except Rejected as error:
        form.tell(error, good)
    if form.errors:
        return render_template("series/say.html", **shown), 422
    return render_template("series/foreseen.html", **shown, said=said_now, foreseen=foreseen)


def _first_day(deed: _Deed, versions: Sequence[Terms], today: date) -> date:
    """From when on it is probably meant: today, or where a pause is lifted from its first day."""
    first = max(today, versions[0].since)
    if deed.name != "resume":
        return first
    coming = timeline(versions, first)
    return next((terms.since for terms in coming if terms.state is SeriesState.PAUSED), first)


def _done(deed: _Deed, change: SeriesChange, today: date) -> str:
    """What has been done; a pause of days to come names them, for the series still runs."""
    if deed.name != "pause" or change.since <= today:
        return str(deed.done)
    if change.until is None:
        return str(_("The series pauses from %(day)s on.", day=day(change.since)))
    days = day_range(change.since, change.until)
    return str(_("The series pauses on the days %(days)s.", days=days))
