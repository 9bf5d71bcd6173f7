"""Signing in and out, and one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from marketplace import clock
from marketplace.domain.accounts import LONGEST_PASSWORD, PersonDraft, sign_in_name
from marketplace.domain.errors import NotFound, Rejected
from marketplace.extensions import limiter
from marketplace.services import accounts
from marketplace.web import kept
from marketplace.web.forms import Form
from marketplace.web.language import local_path
from marketplace.web.session import (
    SignInNeeded,
    View,
    begin,
    current_actor,
    end,
    public,
    signed_in,
)

bp = Blueprint("accounts", __name__)

_name = [InputRequired(_l("Enter your e-mail address or telephone number")), Length(max=254)]
_password = [InputRequired(_l("Enter your password")), Length(max=LONGEST_PASSWORD)]
_chosen = [InputRequired(_l("Choose a password")), Length(max=LONGEST_PASSWORD)]


class SignInForm(Form):
    name = StringField(_l("E-mail or telephone number"), _name)
    password = PasswordField(_l("Password"), _password)
    remember = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()
    kept = HiddenField()


class ForgottenForm(Form):
    name = StringField(_l("E-mail or telephone number"), _name)


class NewPasswordForm(Form):
    password = PasswordField(_l("New password"), _chosen)


class PasswordForm(NewPasswordForm):
    old_password = PasswordField(_l("Password until now"), _password)


class PersonForm(Form):
    name = StringField(_l("Name"), [InputRequired(_l("Enter your name")), Length(max=200)])
    email = StringField(_l("E-mail"), [Length(max=254)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    old_password = PasswordField(_l("Your password, to confirm"), _password)

    def draft(self) -> PersonDraft:
        """What was typed, still to be checked."""
        return PersonDraft(self.name.data, self.email.data, self.phone.data)


def init_app(app: Flask) -> None:
    """Send strangers to the sign-in page; show a form again whose token has expired."""
    app.register_error_handler(SignInNeeded, ask_to_sign_in)
    app.register_error_handler(CSRFError, kept.after_expired_token)


def _refused(response: Response) -> bool:
    return response.status_code == 422


def _account_tried() -> str:
    return f"account {sign_in_name(request.form.get('name', '')[:300])}"


def _slowly(rate: str, key: Callable[[], str] | None = None) -> Callable[[View], View]:
    """Limit refused attempts by address, or by ``key``."""
    limit: Any = limiter.limit(rate, key_func=key, methods=["POST"], deduct_when=_refused)
    return lambda view: limit(view)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@_slowly("30 per 15 minutes")
@_slowly("10 per 15 minutes", _account_tried)
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
    return _sign_in_page(form), 422 if form.errors else 200


def ask_to_sign_in(_error: Exception) -> ResponseReturnValue:
    """The sign-in page, from which the person comes back to where they were and what they typed."""
    target = request.full_path.rstrip("?")
    if "HX-Request" in request.headers:  # a part of a page: the whole page goes to sign in
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in")}
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
    return _sign_in_page(form), 401


def _sign_in_page(form: SignInForm) -> str:
    samples = accounts.demo_accounts() if _demo() else []
    return render_template("account/sign_in.html", form=form, samples=samples)


@bp.post("/sign-in/sample")
@public
def sample() -> ResponseReturnValue:
    """One click into a sample account, in the demo only."""
    if not _demo():
        abort(404)
    begin(accounts.demo_sign_in(request.form.get("email", "")), remember=False)
    target = local_path(request.form.get("next", "/"))
    return redirect(target, 307 if request.form.get("kept") else 302)


def _demo() -> bool:
    return bool(current_app.extensions["settings"].demo)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    end()
    flash(_("You have signed out."), "success")
    return redirect(url_for("home.show"))


@bp.post("/sign-out/everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    accounts.sign_out_everywhere(actor=current_actor())
    end()
    flash(_("You are signed out on every device."), "success")
    return redirect(url_for("accounts.sign_in"))


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
@limiter.limit("3 per hour", key_func=_account_tried, methods=["POST"])
def forgotten() -> ResponseReturnValue:
    """The answer is the same whether there is such an account or not."""
    form = ForgottenForm()
    if form.validate_on_submit():
        accounts.forgot(form.name.data, now=clock.now())
        return render_template("account/forgotten_sent.html")
    return render_template("account/forgotten.html", form=form), 422 if form.errors else 200


@bp.route("/set-password/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Where the link of a letter leads."""
    try:
        person = accounts.holder(token)
    except NotFound:
        return render_template("account/link_used.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            user_id = accounts.set_password(token, form.password.data)
        except Rejected as error:
            form.reject(error)
        else:
            begin(user_id, remember=False)
            flash(_("Your password is set, and you are signed in."), "success")
            return redirect(url_for("home.show"))
    page = render_template("account/set_password.html", form=form, person=person)
    return page, 422 if form.errors else 200


@bp.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    actor = current_actor()
    return render_template("account/show.html", account=accounts.show(actor))


@bp.route("/account/edit", methods=["GET", "POST"])
@signed_in
@_slowly("10 per 15 minutes")
def edit() -> ResponseReturnValue:
    form = PersonForm(obj=accounts.show(current_actor()))
    if form.validate_on_submit():
        try:
            accounts.change(form.draft(), form.old_password.data, actor=current_actor())
        except Rejected as error:
            form.reject(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("accounts.show"))
    return render_template("account/edit.html", form=form), 422 if form.errors else 200


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
@_slowly("10 per 15 minutes")
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        actor = current_actor()
        try:
            accounts.change_password(form.old_password.data, form.password.data, actor=actor)
        except Rejected as error:
            form.reject(error)
        else:
            begin(actor.user_id, remember=session.permanent)
            flash(_("Your password is changed. Other devices are signed out."), "success")
            return redirect(url_for("accounts.show"))
    return render_template("account/password.html", form=form), 422 if form.errors else 200


@bp.post("/account/organisation/<int:organisation_id>")
@signed_in
def choose_organisation(organisation_id: int) -> ResponseReturnValue:
    """Act for another organisation that one is a member of."""
    session["organisation"] = organisation_id
    return redirect(url_for("accounts.show"))
