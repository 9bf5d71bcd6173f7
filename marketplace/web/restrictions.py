"""Goods under restriction: for everybody to see, for officers to state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.conditions import RestrictionDraft
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.services import restrictions, route_hits
from marketplace.web import export_lists, exports
from marketplace.web.condition_forms import LiftForm, StatedForm
from marketplace.web.condition_words import DIRECTIONS, restriction_words
from marketplace.web.fields import CheckboxesField, TextField, required, spell_place
from marketplace.web.formats import name
from marketplace.web.forms import said
from marketplace.web.listing_words import locality_name
from marketplace.web.lookup import world
from marketplace.web.session import allowed, current_actor, maybe_actor, public

bp = Blueprint("restrictions", __name__, url_prefix="/restrictions")

GROUP = "group:"
"""Marks a group among the choices of goods."""
STATES = {"now": _l("In force"), "coming": _l("Soon"), "over": _l("Over or lifted")}


class RestrictionForm(StatedForm):
    """A restriction as people write it."""

    goods = SelectField(_l("Goods"), choices=lambda: _goods(), validate_choice=False)
    place = TextField(_l("Commune or locality"))
    direction = RadioField(
        _l("What it forbids"),
        choices=lambda: [SelectChoice(key, text) for key, text in DIRECTIONS.items()],
        default="leaving",
        validate_choice=False,
    )
    papers = CheckboxesField(
        _l("Papers that lift it"), choices=lambda: _papers(), validate_choice=False
    )

    def fill(self, draft: RestrictionDraft) -> None:
        """Show what a draft says, as a person would have typed it."""
        self.goods.data = draft.commodity or f"{GROUP}{draft.group}"
        self.place.data = (
            spell_place(world().gazetteer.get(draft.place))
            if draft.place
            else locality_name(draft.locality or "")
        )
        self.direction.data, self.papers.data = draft.direction, list(draft.papers)
        self.first.data = draft.first.isoformat()
        self.last.data = draft.last.isoformat() if draft.last else ""
        self.reason.data, self.source.data = draft.reason, draft.source

    def draft(self) -> RestrictionDraft:
        """What was understood, with a word at each field that was not."""
        first, last = self.read_days(clock.today())
        place, locality = self._where()
        goods = self.goods.data or ""
        of_group = goods.startswith(GROUP)
        return RestrictionDraft(
            commodity=None if of_group else goods or None,
            group=goods.removeprefix(GROUP) if of_group else None,
            place=place,
            locality=locality,
            direction=self.direction.data or "",
            papers=tuple(sorted(self.papers.data or ())),
            first=first,
            last=last,
            reason=self.reason.data or "",
            source=self.source.data or "",
        )

    def refuse(self, error: Rejected) -> None:
        for each in error.each():
            each.field = "goods" if each.field == "commodity" else each.field
        super().refuse(error)

    def _where(self) -> tuple[str | None, str | None]:
        """A bare name of one of the seven is the locality, everything else a place."""
        typed = self.place.data or ""
        for one in world().reference.localities:
            if typed.casefold() in (one.name.casefold(), one.name_en.casefold(), one.id.casefold()):
                return None, one.id
        found = self.read(
            "place", required(world().gazetteer.resolve, _("Enter a commune or a locality."))
        )
        return (found.id if found else None), None


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """What is restricted now and soon, with the papers, and all that was."""
    names = {one.id: one.name for one in world().reference.localities}
    catalogue = world().catalogue
    asked = {
        "locality": _asked("locality", names),
        "goods": _asked("goods", [*catalogue.groups, *(g.id for g in catalogue.commodities)]),
        "state": _asked("state", restrictions.STATES),
    }
    listed = restrictions.restrictions(
        today=clock.today(),
        actor=maybe_actor(),
        locality=asked["locality"] or None,
        goods=asked["goods"],
    ).only(asked["state"])
    if exports.wanted():
        return export_lists.restrictions(listed)
    return render_template(
        "restrictions/index.html",
        listed=listed,
        asked=asked,
        localities=names,
        goods=_stated_goods(asked["goods"]),
        states=STATES,
        words=_words,
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.COORDINATOR)
def create() -> ResponseReturnValue:
    """State one; what others have stated of the same goods there is shown first."""
    form, actor = RestrictionForm(), current_actor()
    if request.method == "GET" and not form.is_typed:
        form.first.data = clock.today().isoformat()
        form.place.data = locality_name(actor.locality) if actor.locality else ""
        form.seen.data = "0"
    return _steps(
        form,
        actor,
        lambda draft, seen: restrictions.restrict(
            draft, seen, actor=actor, now=clock.now(), today=clock.today()
        ),
    )


@bp.route("/<int:number>/edit", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.COORDINATOR)
def edit(number: int) -> ResponseReturnValue:
    """Other days, papers, direction; goods and place stay."""
    form, actor = RestrictionForm(), current_actor()
    there = restrictions.to_change(number, actor=actor)
    if request.method == "GET" and not form.is_typed:
        form.fill(restrictions.draft_of(there))
        form.seen.data = str(restrictions.revision(restrictions.draft_of(there)))
    return _steps(
        form,
        actor,
        lambda draft, seen: restrictions.change(
            number, draft, seen, actor=actor, now=clock.now(), today=clock.today()
        ),
        row=there,
    )


@bp.route("/<int:number>/lift", methods=["GET", "POST"])
@allowed(Role.OFFICER, Role.COORDINATOR)
def lift(number: int) -> ResponseReturnValue:
    """Withdraw it, or undo a withdrawal, with a reason."""
    actor = current_actor()
    there = restrictions.to_change(number, actor=actor)
    draft = restrictions.draft_of(there)
    form = LiftForm(seen=restrictions.revision(draft))
    status, since = 200, []
    if form.validate_on_submit():
        grounds = (form.reason.data or "", form.source.data or "", form.last_seen)
        try:
            if there.withdrawn:
                restrictions.restore(
                    number, *grounds, actor=actor, now=clock.now(), today=clock.today()
                )
            else:
                restrictions.withdraw(number, *grounds, actor=actor, now=clock.now())
        except Stale as error:
            form.form_errors.append(said(error))
            since, status = restrictions.since(draft, form.last_seen), 409
            form.seen.data = str(restrictions.revision(draft))
        except Rejected as error:
            form.reject(error)
        else:
            flash(_("It holds again.") if there.withdrawn else _("It is lifted."), "success")
            return redirect(url_for("restrictions.index"))
    status = 422 if form.errors and status == 200 else status
    shown = {"form": form, "row": there, "words": _words, "since": since}
    return render_template("restrictions/lift.html", **shown), status


def _steps(form: RestrictionForm, actor: Actor, save: Any, row: Any = None) -> ResponseReturnValue:
    """The form, then what was understood, then saved."""
    shown: dict[str, Any] = {"form": form, "row": row, "words": _words}
    if not form.is_submitted() or request.form.get("step") == "edit":
        return render_template("restrictions/form.html", **shown)
    form.validate()
    draft = form.draft()
    try:
        restrictions.check(draft, actor=actor, today=clock.today())
        if form.saves and not form.errors:
            save(draft, form.last_seen)
            flash(_("It is stated; the next round follows it."), "success")
            return redirect(url_for("restrictions.index"))
    except Stale as error:
        since = restrictions.since(draft, form.last_seen)
        form.seen.data = str(restrictions.revision(draft))
        page = render_template("restrictions/form.html", **shown, stale=said(error), since=since)
        return page, 409
    except Rejected as error:
        form.refuse(error)
    except Forbidden as error:  # of a place that others answer for: what is typed stays
        form.refuse(Rejected(error.reason, field="place"))
    if form.errors:
        return render_template("restrictions/form.html", **shown), 422
    if row is None and not form.saves:  # the same goods there, stated before by somebody
        form.seen.data = str(restrictions.revision(draft))
        shown["since"] = restrictions.since(draft, 0)
    hits = route_hits.would_restrict(draft, today=clock.today())
    return render_template("restrictions/review.html", **shown, draft=draft, hits=hits)


def _asked(name: str, known: Iterable[str]) -> str:
    """A filter of the address. Raises `NotFound` for what is none."""
    asked = request.args.get(name, "")
    if asked and asked not in known:
        raise NotFound("There is no such page.")
    return asked


def _stated_goods(asked: str) -> list[tuple[str, str]]:
    """Goods of which anything was ever stated, groups first, and those that are asked for."""
    groups, commodities = restrictions.stated_goods()
    catalogue = world().catalogue
    known = [
        (group.id, str(_("All of: %(group)s", group=name(group))))
        for group in catalogue.groups.values()
        if group.id in (*groups, asked)
    ]
    goods = [good for good in catalogue.commodities if good.id in (*commodities, asked)]
    return [*known, *((good.id, name(good)) for good in sorted(goods, key=name))]


def _words(thing: Any) -> dict[str, str]:
    """What a row or a draft says."""
    draft = thing if isinstance(thing, RestrictionDraft) else restrictions.draft_of(thing)
    return restriction_words(draft)


def _goods() -> list[SelectChoice]:
    catalogue = world().catalogue
    groups = [
        SelectChoice(f"{GROUP}{group.id}", _("All of: %(group)s", group=name(group)))
        for group in catalogue.groups.values()
    ]
    goods = sorted(catalogue.commodities, key=name)
    return [SelectChoice("", _("Choose"))] + groups + [SelectChoice(g.id, name(g)) for g in goods]


def _papers() -> list[SelectChoice]:
    return [SelectChoice(paper.id, name(paper)) for paper in world().reference.certifications]
