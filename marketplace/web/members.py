"""The people of an organisation: who they are, letting others in."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace import clock
from marketplace.domain.accounts import GRANTS, PersonDraft
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.extensions import limiter
from marketplace.services import members
from marketplace.web import export_lists, exports
from marketplace.web.forms import Form
from marketplace.web.session import allowed, current_actor, signed_in

bp = Blueprint("members", __name__)

ROLE_NAMES = {
    Role.OFFICER: _l("Department officer"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.SELLER: _l("Seller"),
    Role.BUYER: _l("Buyer"),
    Role.READER: _l("Reader"),
    Role.ADMINISTRATOR: _l("Administrator"),
}
ROLE_TEXTS = {
    Role.OFFICER: _l("lists lots and posts needs for the locality's producers and buyers"),
    Role.COORDINATOR: _l("runs match rounds, publishes or discards them"),
    Role.SELLER: _l("lists lots and answers matches"),
    Role.BUYER: _l("posts needs and answers matches"),
    Role.READER: _l("sees what the organisation sees and changes nothing"),
    Role.ADMINISTRATOR: _l("keeps organisations and lets people in"),
}
INVITERS = [role for role, given in GRANTS.items() if given]


class InviteForm(Form):
    name = StringField(_l("Name"), [InputRequired(_l("Enter the person's name.")), Length(max=200)])
    email = StringField(_l("E-mail"), [Length(max=254)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    role = RadioField(_l("Role"), coerce=Role)

    def draft(self) -> PersonDraft:
        """What was typed, still to be checked."""
        return PersonDraft(self.name.data, self.email.data, self.phone.data)


class RoleForm(Form):
    role = RadioField(_l("Role"), coerce=Role)


def _inviter() -> str:
    return f"inviter {current_actor().user_id}"


def init_app(app: Flask) -> None:
    """Let templates name roles."""
    app.jinja_env.globals |= {"role_names": ROLE_NAMES, "role_texts": ROLE_TEXTS}


@bp.get("/members")
@signed_in
def index() -> ResponseReturnValue:
    """The people of one's own organisation."""
    return _page(current_actor().organisation_id)


@bp.get("/organisations/<int:organisation_id>/members")
@signed_in
def of_organisation(organisation_id: int) -> ResponseReturnValue:
    return _page(organisation_id)


@bp.route("/organisations/<int:organisation_id>/members/invite", methods=["GET", "POST"])
@allowed(*INVITERS)
@limiter.limit("100 per day", key_func=_inviter, methods=["POST"])
def invite(organisation_id: int) -> ResponseReturnValue:
    actor = current_actor()
    there = members.members_of(organisation_id, actor=actor)
    form = InviteForm(role=there.roles[0] if there.roles else None)
    form.role.choices = [SelectChoice(role, ROLE_NAMES[role]) for role in there.roles]
    if form.validate_on_submit():
        try:
            done = members.invite(
                form.draft(), form.role.data, organisation_id, actor=actor, now=clock.now()
            )
        except Rejected as error:
            form.reject(error)
        else:
            return _told(done)
    page = render_template("members/invite.html", form=form, there=there)
    return page, 422 if form.errors else 200


@bp.post("/members/<int:membership_id>/link")
@allowed(*INVITERS)
@limiter.limit("100 per day", key_func=_inviter)
def link(membership_id: int) -> ResponseReturnValue:
    """Another link that sets a password, for somebody who has lost theirs."""
    return _told(members.new_link(membership_id, actor=current_actor(), now=clock.now()))


@bp.route("/members/<int:membership_id>/role", methods=["GET", "POST"])
@allowed(*INVITERS)
def role(membership_id: int) -> ResponseReturnValue:
    actor = current_actor()
    member, there = members.member(membership_id, actor=actor)
    form = RoleForm(role=member.role)
    form.role.choices = [SelectChoice(role, ROLE_NAMES[role]) for role in there.roles]
    if form.validate_on_submit():
        try:
            members.change_role(membership_id, form.role.data, actor=actor)
        except Rejected as error:
            form.reject(error)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(there.organisation.id))
    page = render_template("members/role.html", form=form, member=member, there=there)
    return page, 422 if form.errors else 200


@bp.post("/members/<int:membership_id>/remove")
@allowed(*INVITERS)
def remove(membership_id: int) -> ResponseReturnValue:
    actor = current_actor()
    _member, there = members.member(membership_id, actor=actor)
    try:
        members.remove(membership_id, actor=actor)
    except Rejected as error:
        flash(gettext(error.reason, **error.params), "error")
    else:
        flash(_("This person is no longer a member."), "success")
    return redirect(_address(there.organisation.id))


def _page(organisation_id: int) -> ResponseReturnValue:
    there = members.members_of(organisation_id, actor=current_actor())
    if exports.wanted():
        return export_lists.members(there.people, ROLE_NAMES)
    return render_template("members/index.html", there=there)


def _told(done: members.Invitation) -> ResponseReturnValue:
    """Where the link went: by e-mail, or onto this page to be handed over."""
    if done.path:
        base = current_app.extensions["settings"].base_url
        return render_template("members/link.html", done=done, address=f"{base}{done.path}")
    words = _(
        "A message with a link is on its way to %(email)s. The link works once; until it is used, "
        "the list below says so.",
        email=done.email or done.name,
    )
    flash(words, "success")
    return redirect(_address(done.organisation_id))


def _address(organisation_id: int) -> str:
    return url_for("members.of_organisation", organisation_id=organisation_id)
