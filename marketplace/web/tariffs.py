"""The tariffs: what counts, where it comes from, and a page that adds a price."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.conditions import SOURCE_LENGTH
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.reference import HandlingRate, TruckRate
from marketplace.domain.tariffs import AnyRate, TariffDraft, TariffKind, subject_of
from marketplace.domain.text import clean
from marketplace.services import tariffs
from marketplace.web import export_lists, exports
from marketplace.web.condition_forms import SpokenForm
from marketplace.web.fields import TextField
from marketplace.web.formats import name, number
from marketplace.web.link_words import CONFIDENCE
from marketplace.web.lookup import world
from marketplace.web.session import allowed, current_actor, public
from marketplace.web.tariff_charts import DISTANCES, curve

bp = Blueprint("tariffs", __name__, url_prefix="/tariffs")

_MONEY = re.compile(r"\d{1,3}(?:[. ,]\d{3})+|\d{1,9}")


class TariffForm(SpokenForm):
    """A price from a day on; of trucks one field for each distance of their class."""

    first = TextField(_l("Counts from"))
    fixed = TextField(_l("Fixed part of a trip, ₫"))
    vnd_per_km = TextField(_l("₫ per km"))
    vnd_per_kg = TextField(_l("₫ per kg, loading and unloading"))
    source = TextField(_l("Source"), most=SOURCE_LENGTH)
    confidence = RadioField(
        _l("How sure it is"),
        choices=lambda: [SelectChoice(key, text) for key, text in CONFIDENCE.items()],
        validate_choice=False,
    )

    FIELDS = {"valid_from": "first"}

    def fill(self, rate: AnyRate) -> None:
        """Show the price that counts, to be changed."""
        for field in self:
            figure = getattr(rate, field.name, None)
            if isinstance(figure, int):
                field.data = number(figure)
        for km, per_km in getattr(rate, "per_km", ()):
            self[f"km{km}"].data = number(per_km)
        self.first.data = clock.today().isoformat()

    def draft(self, kind: TariffKind, like: AnyRate) -> TariffDraft:
        """What was understood, with a word at each field that was not."""
        first = self.read("first", lambda typed: parse_date(typed, clock.today()))
        distances = [km for km, _ in like.per_km] if isinstance(like, TruckRate) else []
        figures = {
            each: self._money(each)
            for each in ("fixed", "vnd_per_km", "vnd_per_kg")
            if each in self
        }
        points = [(km, self._money(f"km{km}")) for km in distances]
        return TariffDraft(
            kind=kind,
            subject=subject_of(like),
            valid_from=first or clock.today(),
            source=clean(self.source.data or ""),
            confidence=self.confidence.data or "",
            per_km=tuple((km, price) for km, price in points if price is not None)
            if distances
            else None,
            **figures,
        )

    def refuse(self, error: Rejected) -> None:
        for each in error.each():
            each.field = self.FIELDS.get(each.field or "", each.field)
            if each.field == "per_km":  # said at the distance that is wrong, where one is named
                named = f"km{each.params.get('far')}"
                first = next(f.name for f in self if f.name.startswith("km"))
                each.field = named if named in self else first
        super().refuse(error)

    def _money(self, field: str) -> int | None:
        return self.read(field, _read_money)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Each class with its curve and printed points, then handling; all earlier and later prices."""
    listed = tariffs.tariffs(clock.today())
    if exports.wanted():
        return export_lists.tariffs(listed, _subject, _figures)
    return render_template(
        "tariffs/index.html",
        listed=listed,
        kinds=TariffKind,
        subject_words=_subject,
        figures=_figures,
        curves={
            one.subject: curve(
                tariffs.curve(one.now.rate, DISTANCES), tariffs.printed(one.now.rate)
            )
            for kind in (TariffKind.TRUCK, TariffKind.BOAT)
            for one in listed[kind]
        },
        printed=tariffs.printed,
        ours=lambda rate, km: tariffs.curve(rate, [km])[0],
    )


@bp.route("/<kind>/<subject>/new", methods=["GET", "POST"])
@allowed(Role.COORDINATOR, Role.ADMINISTRATOR)
def create(kind: str, subject: str) -> ResponseReturnValue:
    """A price from a day on: form, what was understood, added. What counted before stays."""
    like = tariffs.like(TariffKind(kind), subject) if kind in set(TariffKind) else None
    if like is None:
        raise NotFound("There is no such vehicle or group of goods.")
    form = _form_for(like)
    there = next(
        one for one in tariffs.tariffs(clock.today())[TariffKind(kind)] if one.subject == subject
    )
    title = _subject(TariffKind(kind), subject)
    shown: dict[str, Any] = {"form": form, "title": title, "there": there, "figures": _figures}
    if not form.is_submitted() or request.form.get("step") == "edit":
        if request.method == "GET" and not form.is_typed:
            form.fill(there.now.rate)
        return render_template("tariffs/form.html", **shown)
    form.validate()
    draft = form.draft(TariffKind(kind), like)
    actor, today = current_actor(), clock.today()
    try:
        tariffs.check(draft, actor=actor, today=today)
        if form.saves and not form.errors:
            tariffs.add(draft, actor=actor, now=clock.now(), today=today)
            flash(_("The price is added; what counted before stays in the history."), "success")
            return redirect(url_for("tariffs.index"))
    except Rejected as error:
        form.refuse(error)
    if form.errors:
        return render_template("tariffs/form.html", **shown), 422
    return render_template("tariffs/review.html", **shown, draft=draft)


def _form_for(like: AnyRate) -> TariffForm:
    """The form with the fields of that kind of price."""
    distances = [km for km, _ in like.per_km] if isinstance(like, TruckRate) else []
    fields = {f"km{km}": TextField(_l("₫ per km at %(km)s km", km=km)) for km in distances}
    form: TariffForm = type("TariffFormOfClass", (TariffForm,), fields)()
    handling = isinstance(like, HandlingRate)
    unused = ["fixed", "vnd_per_km"] if handling else ["vnd_per_kg"]
    for each in [*unused, *(["vnd_per_km"] if distances else [])]:
        del form[each]
    return form


def _read_money(typed: str) -> int:
    if _MONEY.fullmatch(typed):
        return int(re.sub(r"\D", "", typed))
    raise Rejected("Write a price in đồng.")


def _subject(kind: TariffKind, subject: str) -> str:
    """“Xe tải 10 tấn”, “Ghe 80 tấn”, “Trái cây”."""
    if kind is TariffKind.HANDLING:
        group = world().catalogue.groups.get(subject)
        return name(group) if group else str(_("All other goods"))
    size = number(float(subject.removeprefix("boat").removesuffix("t")), 1)
    if kind is TariffKind.BOAT:
        return str(_("Boat of %(size)s t", size=size))
    return str(_("Truck of %(size)s t", size=size))


def _figures(rate: Any) -> str:
    """What a price or a draft says, in one line."""
    if getattr(rate, "per_km", None):
        per_km = ", ".join(f"{number(price)} ({km} km)" for km, price in rate.per_km)
        return str(_("%(fixed)s ₫ and per km: %(per_km)s", fixed=number(rate.fixed), per_km=per_km))
    if getattr(rate, "vnd_per_km", None) is not None:
        return str(
            _(
                "%(fixed)s ₫ and %(per_km)s ₫ per km",
                fixed=number(rate.fixed),
                per_km=number(rate.vnd_per_km),
            )
        )
    return f"{number(rate.vnd_per_kg)} ₫/kg"
