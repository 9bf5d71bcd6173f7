"""Organisations, for administrators."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.domain.organisations import OrganisationDraft, OrganisationKind
from marketplace.services import organisations, reference
from marketplace.web import export_lists, exports
from marketplace.web.forms import Form
from marketplace.web.session import allowed, current_actor

bp = Blueprint("organisations", __name__)

KIND_NAMES = {
    OrganisationKind.DEPARTMENT: _l("Department of agriculture"),
    OrganisationKind.COORDINATION: _l("Coordination team"),
    OrganisationKind.COOPERATIVE: _l("Cooperative"),
    OrganisationKind.FARM: _l("Farm"),
    OrganisationKind.TRADER: _l("Trader"),
    OrganisationKind.PROCESSOR: _l("Processor"),
    OrganisationKind.WHOLESALE: _l("Wholesale market"),
    OrganisationKind.RETAILER: _l("Supermarket, shop"),
}


class OrganisationForm(Form):
    name = StringField(
        _l("Name"), [InputRequired(_l("Enter the organisation's name.")), Length(max=200)]
    )
    kind = SelectField(
        _l("What it is"),
        coerce=OrganisationKind,
        choices=[SelectChoice(kind, name) for kind, name in KIND_NAMES.items()],
    )
    locality = SelectField(_l("Locality"))
    place = StringField(_l("Address"), [Length(max=120)])
    contact_name = StringField(_l("Contact person"), [Length(max=200)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    email = StringField(_l("E-mail"), [Length(max=254)])

    def draft(self) -> OrganisationDraft:
        """What was typed, with the place found. Raises `Rejected`."""
        typed = (self.place.data or "").strip()
        place = reference.current_world().gazetteer.resolve(typed) if typed else None
        return OrganisationDraft(
            self.name.data,
            self.kind.data,
            self.locality.data or (place.locality if place else None),
            place.id if place else None,
            self.contact_name.data or "",
            self.phone.data,
            self.email.data,
        )


def init_app(app: Flask) -> None:
    """Let templates name kinds of organisations."""
    app.jinja_env.globals["kind_names"] = KIND_NAMES


@bp.get("/organisations")
@allowed(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    page = request.args.get("page", 1, type=int)
    page = min(max(page, 1), 100_000)
    text = request.args.get("q", "")[:100]
    listed, total = organisations.index(page=page, actor=current_actor(), text=text)
    pages = -(-total // organisations.PAGE)
    if exports.wanted():
        actor = current_actor()
        found = exports.every(
            lambda n: (organisations.index(page=n, actor=actor, text=text)[0], pages)
        )
        return export_lists.organisations(found, KIND_NAMES)
    return render_template(
        "organisations/index.html", listed=listed, total=total, page=page, pages=pages, text=text
    )


@bp.route("/organisations/new", methods=["GET", "POST"])
@allowed(Role.ADMINISTRATOR)
def create() -> ResponseReturnValue:
    form = _form()
    if form.validate_on_submit():
        try:
            made = organisations.create(form.draft(), actor=current_actor(), now=clock.now())
        except Rejected as error:
            form.reject(error)
        else:
            return redirect(url_for("members.of_organisation", organisation_id=made))
    return render_template("organisations/create.html", form=form), 422 if form.errors else 200


@bp.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@allowed(Role.ADMINISTRATOR)
def edit(organisation_id: int) -> ResponseReturnValue:
    form = _form(organisations.draft_of(organisation_id, actor=current_actor()))
    if form.validate_on_submit():
        try:
            organisations.edit(organisation_id, form.draft(), actor=current_actor())
        except Rejected as error:
            form.reject(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("members.of_organisation", organisation_id=organisation_id))
    return render_template("organisations/edit.html", form=form), 422 if form.errors else 200


def _form(draft: OrganisationDraft | None = None) -> OrganisationForm:
    world = reference.current_world()
    place = world.gazetteer.get(draft.place_id) if draft and draft.place_id else None
    form = OrganisationForm(
        obj=draft,
        locality=(draft.locality_id or "") if draft else "",
        place=world.gazetteer.label(place) if place else "",
    )
    form.locality.choices = [
        SelectChoice("", _("none of the seven")),
        *(SelectChoice(x.id, x.name) for x in world.reference.localities),
    ]
    return form
