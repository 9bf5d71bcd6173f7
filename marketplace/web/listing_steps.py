"""The steps in which lots and needs are listed, changed and withdrawn.

A form, what was understood of it, read once more, saved; nothing typed is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Rejected, Stale
from marketplace.domain.listings import Repeated
from marketplace.services import offers
from marketplace.web import listing_words as words
from marketplace.web import series_steps
from marketplace.web.fields import WithdrawForm, spell_place
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.session import current_actor

USUAL_WINDOW = timedelta(days=6)


@dataclass(frozen=True)
class Said:
    """What the person is told when a step is done."""

    entered: Any
    changed: Any
    withdrawn: Any
    changed_by_other: Any


@dataclass(frozen=True)
class Steps:
    """What differs between listing a lot and posting a need.

    The functions are those of the noun's service; drafts and forms are the noun's own.
    """

    noun: str  # lot or need: names templates, addresses and what the templates show
    form: Callable[[], Any]
    for_whom: str  # the field in which a department says whose goods they are, or who wants them
    first_day: str  # the field of the first day
    check_new: Callable[..., None]
    enter: Callable[..., Any]
    check_changed: Callable[..., None]
    change: Callable[..., Any]
    withdraw: Callable[..., Any]
    to_edit: Callable[..., Any]
    draft_of: Callable[[Any], Any]
    draft_again: Callable[..., Any]  # of an earlier one, to be listed once more
    differences: Callable[[Any, Any], dict[str, tuple[object, object]]]
    beside: Callable[[Any], dict[str, Any]]  # what the last step shows beside the draft
    said: Said
    page: Callable[[int], str] | None = None  # where what was entered is looked at


def create(steps: Steps) -> ResponseReturnValue:
    """The form, then what was understood, then the listing."""
    actor, form = current_actor(), steps.form()
    form.ask_for_whom(actor, steps.for_whom)
    known: dict[str, Any] = {"actor": actor, "today": clock.today()}
    if request.method == "GET" and not form.is_typed and _suggest(steps, form, actor):
        draft = form.draft(clock.today())  # an earlier one: read it once more, and post it
    else:
        draft = _understood(form, lambda read: _check_new(steps, form, read, known))
    if draft is None or form.errors:
        return _form(steps, form)
    if form.recurs is not None:
        steps = series_steps.of(steps, form.recurs)
    try:
        if form.step == "save":
            listing = steps.enter(draft, now=clock.now(), token=form.one_time, **known)
            flash(str(steps.said.entered), "success")
            return redirect(steps.page(listing.id) if steps.page else _page(steps, listing.id))
        steps.check_new(draft, **known)
    except Repeated as error:
        flash(said(error), "warning")
        return redirect(url_for("desk.show"))
    except Rejected as error:
        form.refuse(error, world().catalogue.commodity(draft.commodity))
        return _form(steps, form)
    return _review(steps, form, draft)


def edit(steps: Steps, listing_id: int) -> ResponseReturnValue:
    """The same form for what is there, unless somebody else has changed it meanwhile."""
    actor, form = current_actor(), steps.form()
    listing = steps.to_edit(listing_id, actor=actor)
    form.ask_for_whom(actor, steps.for_whom)
    form.only_once()
    if request.method == "GET" and not form.is_typed:
        form.fill(steps.draft_of(listing))
        form.version.data = str(listing.version)
    known: dict[str, Any] = {"actor": actor, "today": clock.today()}

    def check(read: Any) -> None:
        steps.check_changed(listing_id, form.known_version, read, **known)

    draft = _understood(form, check, steps.draft_of(listing))
    if draft is None:
        return _form(steps, form, listing)
    try:
        if form.step == "save":
            steps.change(listing_id, form.known_version, draft, now=clock.now(), **known)
            flash(str(steps.said.changed), "success")
            return redirect(_page(steps, listing_id))
        check(draft)
    except Stale as error:
        return _stale(steps, form, draft, steps.to_edit(listing_id, actor=actor), error)
    except Rejected as error:
        form.refuse(error, world().catalogue.commodity(draft.commodity))
        return _form(steps, form, listing)
    return _review(steps, form, draft, listing)


def withdraw(steps: Steps, listing_id: int) -> ResponseReturnValue:
    """Ask once more, then take what is free off the market."""
    actor = current_actor()
    listing = steps.to_edit(listing_id, actor=actor)
    form = WithdrawForm(version=listing.version)
    if form.validate_on_submit():
        try:
            steps.withdraw(listing_id, form.known_version, actor=actor, now=clock.now())
        except Stale:
            flash(str(steps.said.changed_by_other), "warning")
        else:
            flash(str(steps.said.withdrawn), "success")
        return redirect(_page(steps, listing_id))
    return render_template(_template(steps, "withdraw"), form=form, **{steps.noun: listing})


def _understood(form: Any, check: Callable[[Any], None], there: Any = None) -> Any:
    """The draft where the person has sent the form on; None shows the form (again).

    Where something cannot be read, the rules are tried on the rest: all is told at once.
    """
    if not form.is_submitted() or form.step.startswith("edit"):
        return None
    form.validate()
    draft = form.draft(clock.today(), there)
    if not form.errors:
        return draft
    try:
        check(draft)
    except Stale:
        pass  # told as soon as the form can be read
    except Rejected as error:
        form.refuse_besides(error, world().catalogue.commodity(draft.commodity))
    return None


def _check_new(steps: Steps, form: Any, draft: Any, known: dict[str, Any]) -> None:
    checked = series_steps.of(steps, form.recurs) if form.recurs else steps
    checked.check_new(draft, **known)


def _suggest(steps: Steps, form: Any, actor: Actor) -> bool:
    """An earlier one once more, or the usual: from today for a week, at the organisation's place.

    Whether the person has asked to see the earlier one as it will be posted.
    """
    again, today = request.args.get("from", ""), clock.today()
    if again.isascii() and again.isdecimal() and len(again) < 10:
        form.fill(steps.draft_again(int(again), actor=actor, today=today))
        return request.args.get("step") == "review"
    if (home := offers.home_of(actor)) is not None:
        form.place.data = spell_place(home)
    form.suggest_rhythm(request.args.get("rhythm", ""))
    form[steps.first_day].data = today.isoformat()
    form.until.data = (today + USUAL_WINDOW).isoformat()
    return False


def _stale(steps: Steps, form: Any, draft: Any, listing: Any, error: Stale) -> ResponseReturnValue:
    form.version.data = str(listing.version)
    good = world().catalogue.commodity(draft.commodity)
    found = words.differences(form, good, steps.differences(listing, draft))
    return _form(steps, form, listing, stale=said(error), differences=found, status=409)


def _form(
    steps: Steps, form: Any, listing: Any = None, *, status: int | None = None, **shown: Any
) -> ResponseReturnValue:
    status = status or (422 if form.errors else 200)
    page = render_template(_template(steps, "form"), form=form, **{steps.noun: listing}, **shown)
    return page, status


def _review(steps: Steps, form: Any, draft: Any, listing: Any = None) -> ResponseReturnValue:
    shown = {steps.noun: listing, **steps.beside(draft)}
    return render_template(_template(steps, "review"), form=form, draft=draft, **shown)


def _page(steps: Steps, listing_id: int) -> str:
    which: dict[str, Any] = {f"{steps.noun}_id": listing_id}
    return url_for(f"{steps.noun}s.show", **which)


def _template(steps: Steps, name: str) -> str:
    return f"{steps.noun}s/{name}.html"
