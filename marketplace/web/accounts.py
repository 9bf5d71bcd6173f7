"""Signing in and out, and one's own account."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from marketplace import clock
from marketplace.domain.errors import Rejected
from marketplace.services import accounts
from marketplace.web import kept
from marketplace.web.forms import Form
from marketplace.web.language import local_path
from marketplace.web.session import (
    SignInNeeded,
    begin,
    current_actor,
    end,
    public,
    signed_in,
)

bp = Blueprint("accounts", __name__)


def init_app(app: Flask) -> None:
    """Send strangers to the sign-in page; show a form again whose token has expired."""
    app.register_error_handler(SignInNeeded, ask_to_sign_in)
    app.register_error_handler(CSRFError, kept.after_expired_token)


class SignInForm(Form):
    name = StringField(
        _l("E-mail or telephone number"),
        [InputRequired(_l("Enter your address or number")), Length(max=254)],
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password")), Length(max=200)]
    )
    remember = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()
    kept = HiddenField()


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", "/"))
    if form.validate_on_submit():
        try:
            user_id = accounts.sign_in(form.name.data, form.password.data, now=clock.now())
        except Rejected as error:
            form.reject(error)
        else:
            begin(user_id, remember=form.remember.data)
            # 307 carries a kept form on to the page on which it was typed
            return redirect(local_path(form.next.data or "/"), 307 if form.kept.data else 302)
    return render_template("account/sign_in.html", form=form), 422 if form.errors else 200


def ask_to_sign_in(_error: Exception) -> ResponseReturnValue:
    """The sign-in page, from which the person comes back to where they were, with what they typed."""
    target = request.full_path.rstrip("?")
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.sign_in", next=target))
    typed = kept.keep()
    flash(
        _("You were signed out. Sign in again; what you typed is kept.")
        if typed
        else _("You were signed out. Please sign in again."),
        "warning",
    )
    form = SignInForm(formdata=None, next=target if typed else "/", kept=typed)
    return render_template("account/sign_in.html", form=form), 401


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    end()
    flash(_("You have signed out."), "success")
    return redirect(url_for("home.show"))


@bp.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    return render_template("account/show.html", account=accounts.show(current_actor()))


@bp.post("/account/organisation/<int:organisation_id>")
@signed_in
def choose_organisation(organisation_id: int) -> ResponseReturnValue:
    """Act for another organisation that one is a member of."""
    session["organisation"] = organisation_id
    return redirect(url_for("accounts.show"))
