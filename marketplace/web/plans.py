"""Plans of production: beside what is offered and sold for everybody, entered by departments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Forbidden, Rejected
from marketplace.domain.plans import (
    MOST_WEEKS,
    USUAL_WEEKS,
    WEEK,
    SeasonDraft,
    may_plan,
    monday,
    read_pasted,
    weeks_from,
)
from marketplace.domain.text import clean
from marketplace.services import plans
from marketplace.services.plans import Row, SeasonStale
from marketplace.web import exports, formats, plan_charts
from marketplace.web.addresses import page_number
from marketplace.web.fields import MOST_OFFERED, SHORT
from marketplace.web.forms import said
from marketplace.web.listing_words import locality_name
from marketplace.web.lookup import world
from marketplace.web.plan_forms import SeasonForm, form_of, sent_weeks
from marketplace.web.session import allowed, current_actor, maybe_actor, public

bp = Blueprint("plans", __name__, url_prefix="/plans")

SPANS = (4, 8, 16, 26, 53)
WIDTHS = (760, 340)
"""Of the pictures, at a desk and on a telephone."""
PAGE = 25


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Localities and goods over some weeks, most planned first."""
    first, number = _weeks_asked()
    locality, goods = _known_locality(), _goods_asked()
    commodity = goods.good.id if goods.good else ""
    rows = plans.overview(
        first,
        number,
        locality=locality,
        commodity=commodity,
        unplanned=request.args.get("all") == "1",
    )
    if exports.wanted():
        return _export(rows)
    page = page_number()
    shown = rows[(page - 1) * PAGE : page * PAGE]
    totals = [(row.total.planned or 0, row.total.offered, row.total.sold) for row in shown]
    actor = maybe_actor()
    return render_template(
        "plans/index.html",
        rows=list(zip(shown, plan_charts.lengths(totals), strict=True)),
        page=page,
        pages=max(1, -(-len(rows) // PAGE)),
        asked={"locality": locality, "commodity": commodity, "all": request.args.get("all")},
        goods=goods,
        localities=[each.id for each in world().reference.localities],
        plans_for=actor.locality if actor and may_plan(actor, actor.locality or "") else None,
        **_span(first, number),
    )


@bp.get("/<locality>/<commodity>")
@public
def show(locality: str, commodity: str) -> ResponseReturnValue:
    """One locality's weeks of one commodity, as a picture and as a table."""
    first, number = _weeks_asked()
    found = plans.season(locality, commodity, first, number)
    if exports.wanted():
        return _export([found.row])
    return render_template(
        "plans/show.html",
        season=found,
        row=found.row,
        charts=[plan_charts.season(found.row.weeks, width) for width in WIDTHS],
        may_edit=may_plan(maybe_actor(), locality),
        **_span(first, number),
    )


@bp.get("/<locality>/<commodity>/history")
@public
def history(locality: str, commodity: str) -> ResponseReturnValue:
    """Who has entered what, and when."""
    found = plans.season(locality, commodity, monday(clock.today()), 1)
    page = page_number()
    entries, pages = plans.history(locality, commodity, page)
    return render_template(
        "plans/history.html", row=found.row, entries=entries, page=page, pages=pages
    )


@bp.get("/new")
@allowed(Role.OFFICER)
def create() -> ResponseReturnValue:
    """Which goods: as people call them; then the form of the season."""
    goods = _goods_asked()
    if goods.good:
        locality = str(current_actor().locality)
        return redirect(url_for("plans.edit", locality=locality, commodity=goods.good.id))
    if "commodity" in request.args and not goods.typed:
        goods = replace(goods, error=_("Enter the goods."))
    page = render_template("plans/create.html", goods=goods)
    return page, 422 if goods.error else 200


@bp.route("/<locality>/<commodity>/edit", methods=["GET", "POST"])
@allowed(Role.OFFICER)
def edit(locality: str, commodity: str) -> ResponseReturnValue:
    """A season at once: cells, what was understood, saved."""
    actor, good = current_actor(), plans.known_commodity(commodity)
    if not may_plan(actor, locality):
        raise Forbidden("Only the department of a locality plans its production.")
    if request.method == "GET":
        return _page(_fresh(locality, good), locality, good)
    form = form_of(sent_weeks())
    form.offer_units(good)
    valid = form.validate()
    if form.step == "edit":
        return _page(form, locality, good)
    if form.step == "paste":
        return _pasted(form, locality, good)
    draft = form.draft(locality, good)
    if not valid or form.errors:
        return _page(form, locality, good)
    return _decide(form, draft, good, actor)


def _decide(
    form: SeasonForm, draft: SeasonDraft, good: Commodity, actor: Actor
) -> ResponseReturnValue:
    locality, today = draft.locality, clock.today()
    there = _there(form.weeks, locality, good)
    gone = taken_back(draft, {week: plan.quantity for week, plan in there.items()})
    unticked = form.step == "save" and bool(gone) and not is_ticked()
    try:
        if form.step == "save" and not unticked:
            changed = plans.save_season(
                draft, form.versions, actor=actor, today=today, now=clock.now()
            )
            flash(saved(changed), "success")
            where: dict[str, Any] = {"locality": locality, "commodity": good.id}
            where["from"] = min(form.weeks, default=monday(today))
            return redirect(url_for("plans.show", **where))
        plans.check_new_season(draft, actor=actor, today=today)
    except SeasonStale as error:
        return _stale(form, locality, good, error)
    except Rejected as error:
        form.reject(error)
        return _page(form, locality, good)
    page = render_template(
        "plans/review.html",
        form=form,
        draft=draft,
        good=good,
        locality=locality,
        there=there,
        gone={good: gone} if gone else {},
        unticked=unticked,
    )
    return page, 422 if unticked else 200


def is_ticked() -> bool:
    """Whether the person has said that plans that stand may be taken back."""
    return request.form.get("take_back") == "yes"


def taken_back(draft: SeasonDraft, there: Mapping[date, int | None]) -> dict[date, int]:
    """Weeks that are planned and whose cell is empty: saving takes their plans back."""
    empty = (week for week, quantity in draft.weeks.items() if quantity is None)
    return {week: amount for week in empty if (amount := there.get(week)) is not None}


def _fresh(locality: str, good: Commodity) -> SeasonForm:
    first, number = _weeks_asked()
    form = form_of(weeks_from(first, number))
    form.offer_units(good)
    found = plans.season(locality, good.id, first, number).plans
    form.fill({week: plan.quantity for week, plan in found.items()}, good)
    form.see({week: plan.version for week, plan in found.items()})
    latest = max(found.values(), key=lambda plan: plan.changed_at, default=None)
    form.source.data = latest.source if latest else ""
    return form


def _pasted(form: SeasonForm, locality: str, good: Commodity) -> ResponseReturnValue:
    """The form with what was pasted in its cells, and with weeks for it; nothing is saved."""
    first = min(form.weeks, default=monday(clock.today()))
    try:
        cells = read_pasted(form.pasted.data or "", first, clock.today())
        weeks = {*form.weeks, *cells}
        if len(weeks) > MOST_WEEKS:
            raise Rejected(
                "At most %(most)s weeks can be planned at once.", field="pasted", most=MOST_WEEKS
            )
    except Rejected as error:
        form.reject(error)
        return _page(form, locality, good)
    wider = form_of(weeks)
    wider.offer_units(good)
    standing = _there(wider.weeks, locality, good)
    for week in set(wider.weeks) - set(form.weeks):
        if week in standing:
            wider.fill({week: standing[week].quantity}, good)
    for week, cell in cells.items():
        wider[f"week-{week.isoformat()}"].data = cell
    wider.see({week: plan.version for week, plan in standing.items()}, only_new=True)
    wider.pasted.data = ""
    wider.draft(locality, good)  # says at once which cells cannot be read
    return _page(wider, locality, good, pasted=len(cells))


def _stale(
    form: SeasonForm, locality: str, good: Commodity, error: SeasonStale
) -> ResponseReturnValue:
    standing = _there(form.weeks, locality, good)
    form.see({week: plan.version for week, plan in standing.items()})
    there = {week: standing.get(week) for week in error.weeks}
    return _page(form, locality, good, stale=said(error), changed=there, status=409)


def _there(weeks: Iterable[date], locality: str, good: Commodity) -> dict[date, Any]:
    known = sorted(weeks)
    if not known:
        return {}
    number = (known[-1] - known[0]).days // 7 + 1
    return plans.season(locality, good.id, known[0], number).plans


def _page(
    form: SeasonForm, locality: str, good: Commodity, *, status: int | None = None, **shown: Any
) -> ResponseReturnValue:
    page = render_template("plans/edit.html", form=form, good=good, locality=locality, **shown)
    return page, status or (422 if form.errors or form.form_errors else 200)


def saved(changed: int) -> str:
    """What a person is told of it."""
    if not changed:
        return str(_("Everything stood there already; nothing was changed."))
    return str(
        ngettext(
            "The plan of %(num)s week is saved.", "The plan of %(num)s weeks is saved.", changed
        )
    )


def _weeks_asked() -> tuple[date, int]:
    """The first Monday and how many weeks; what cannot be understood asks for the usual."""
    first, number = monday(clock.today()), USUAL_WEEKS
    typed = clean(request.args.get("from", "")[:SHORT])
    if typed:
        with suppress(Rejected):
            first = monday(parse_date(typed, clock.today()))
    asked = request.args.get("weeks", "")
    if asked in map(str, SPANS):
        number = int(asked)
    return first, number


def _span(first: date, number: int) -> dict[str, Any]:
    return {
        "first": first,
        "last": first + WEEK * number - WEEK / 7,
        "number": number,
        "spans": SPANS,
        "earlier": first - WEEK * number,
        "later": first + WEEK * number,
        "this_week": monday(clock.today()),
        "week_end": lambda week: week + WEEK - WEEK / 7,
    }


def _known_locality() -> str:
    asked = request.args.get("locality", "")
    return asked if asked in {each.id for each in world().reference.localities} else ""


@dataclass(frozen=True)
class GoodsAsked:
    """What the address asks for: goods as people call them, or what may have been meant."""

    typed: str = ""
    good: Commodity | None = None
    error: str = ""
    candidates: Sequence[Commodity] = ()


def _goods_asked() -> GoodsAsked:
    typed = clean(request.args.get("commodity", "")[:SHORT])
    if not typed:
        return GoodsAsked()
    try:
        good = world().catalogue.find(typed)
    except Rejected as refused:
        candidates = tuple(getattr(refused, "candidates", ()))
        error = _("Which one?") if candidates else said(refused)
        return GoodsAsked(typed, None, error, candidates[:MOST_OFFERED])
    return GoodsAsked(formats.name(good), good)


def _export(rows: Iterable[Row]) -> ResponseReturnValue:
    heads = [
        *(_("Locality"), _("Goods"), _("Week from"), _("Week to"), _("Unit")),
        *(_("Planned"), _("Offered in all"), _("Of it expected"), _("Sold")),
    ]
    return exports.answer("plans", _("Plans of production"), heads, _cells(rows))


def _cells(rows: Iterable[Row]) -> Iterator[Any]:
    for row in rows:
        for week, figures in sorted(row.weeks.items()):
            yield [
                locality_name(row.locality),
                formats.name(row.commodity),
                week,
                week + WEEK - WEEK / 7,
                formats.unit(row.commodity.base_unit_vi),
                figures.planned,
                figures.offered,
                figures.expected,
                figures.sold,
            ]
