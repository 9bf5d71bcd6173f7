"""Certificates: one's own with their last days, entered, replaced, withdrawn; and each for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.certificates import CertificateDraft, Standing
from marketplace.domain.errors import NotFound, Rejected, Stale
from marketplace.domain.text import clean
from marketplace.models.certificates import Certificate
from marketplace.services import certificate_pages, certificates, stored_files
from marketplace.services.certificate_pages import Sought
from marketplace.web import export_lists, exports
from marketplace.web.addresses import page_number
from marketplace.web.certificate_forms import CertificateForm, WithdrawalForm
from marketplace.web.fields import SHORT, member
from marketplace.web.forms import said
from marketplace.web.listing_words import certificate_choices
from marketplace.web.photos import ALONE, answer_paper
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("certificates", __name__, url_prefix="/certificates")

KEEPERS = (Role.OFFICER, Role.SELLER)
STANDINGS = {
    Standing.VALID: _l("Valid"),
    Standing.SOON: _l("Expires within a month"),
    Standing.EXPIRED: _l("No longer valid"),
    Standing.COMING: _l("Not valid yet"),
    Standing.WITHDRAWN: _l("Withdrawn"),
}
Save = Callable[[CertificateDraft, int | None], Certificate]


@bp.get("")
@allowed(*KEEPERS)
def index() -> ResponseReturnValue:
    """The organisation's, those that expire first at the top."""
    actor, today, page, sought = current_actor(), clock.today(), page_number(), _sought()
    listed = partial(certificate_pages.mine, actor=actor, today=today, sought=sought)
    if exports.wanted():
        return export_lists.certificates(exports.every(lambda n: listed(page=n)))
    kept, pages = listed(page=page)
    return render_template(
        "certificates/index.html",
        kept=kept,
        page=page,
        pages=pages,
        sought=sought,
        kinds=certificate_choices(),
        standings=STANDINGS,
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(*KEEPERS)
def create() -> ResponseReturnValue:
    """A certificate with its file."""
    actor = current_actor()

    def save(draft: CertificateDraft, file_id: int | None) -> Certificate:
        return certificates.keep(draft, file_id, actor=actor, now=clock.now(), today=clock.today())

    form = CertificateForm()
    form.ask_for_whom(actor)
    return _steps(form, save, _("The certificate is kept. Choose it when you list goods."))


@bp.route("/<int:certificate_id>/edit", methods=["GET", "POST"])
@allowed(*KEEPERS)
def edit(certificate_id: int) -> ResponseReturnValue:
    """The certificate that followed, or a mistake put right; the former ones are kept."""
    actor = current_actor()
    there = certificates.to_change(certificate_id, actor=actor)

    def save(draft: CertificateDraft, file_id: int | None) -> Certificate:
        return certificates.change(
            certificate_id,
            form.known_version,
            draft,
            file_id,
            actor=actor,
            now=clock.now(),
            today=clock.today(),
        )

    form = CertificateForm()
    form.ask_for_whom(actor)
    form.stay_of(there)
    if request.method == "GET" and not form.is_typed:
        form.fill(certificates.draft_of(there))
        form.version.data, form.sent_file.data = str(there.version), str(there.file_id)
    return _steps(form, save, _("The certificate has been replaced."), there)


@bp.route("/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@allowed(*KEEPERS)
def withdraw(certificate_id: int) -> ResponseReturnValue:
    """Ask once more, then let it count no longer."""
    actor = current_actor()
    there = certificates.to_change(certificate_id, actor=actor)
    form = WithdrawalForm(version=str(there.version))
    if form.validate_on_submit():
        try:
            certificates.withdraw(
                certificate_id,
                form.known_version,
                form.reason.data or "",
                actor=actor,
                now=clock.now(),
            )
        except Stale as error:
            flash(said(error), "warning")
        else:
            flash(_("The certificate has been withdrawn. It counts no longer."), "success")
        return redirect(url_for("certificates.show", certificate_id=certificate_id))
    page = certificate_pages.show(certificate_id, actor=actor, today=clock.today())
    shown = render_template("certificates/withdraw.html", form=form, page=page, row=page.row)
    return shown, 422 if form.errors else 200


@bp.get("/<int:certificate_id>")
@public
def show(certificate_id: int) -> ResponseReturnValue:
    """Who issued it, its number and days, for everybody; the file for people with an account."""
    actor = maybe_actor()
    page = certificate_pages.show(certificate_id, actor=actor, today=clock.today())
    return render_template("certificates/show.html", page=page, row=page.row)


@bp.get("/<int:certificate_id>/file")
@signed_in
def file(certificate_id: int) -> ResponseReturnValue:
    """The scan, to be looked at, or a PDF to be saved. ``version``: as it was."""
    asked = request.args.get("version", "")
    version = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    if asked and version is None:
        raise NotFound("There is no such page.")
    found = certificate_pages.file_of(certificate_id, actor=current_actor(), version=version)
    return answer_paper(found, f"certificate-{certificate_id}")


file.talisman_view_options = dict(ALONE)  # type: ignore[attr-defined]


def _sought() -> Sought:
    """Which certificates the address asks for; what it names and there is not asks nothing."""
    kind = request.args.get("certification", "")
    return Sought(
        text=clean(request.args.get("q", ""))[:SHORT],
        certification=kind if kind in {one.value for one in certificate_choices()} else "",
        standing=member(Standing, request.args.get("state")),
    )


def _steps(
    form: CertificateForm, save: Save, done: str, there: Certificate | None = None
) -> ResponseReturnValue:
    """The form; all that is wrong with it is told at once, and a file once sent is kept."""
    if not form.is_submitted():
        return _form(form, there)
    form.validate()
    form.take_file()
    draft, actor, today = form.draft(clock.today()), current_actor(), clock.today()
    try:
        if form.errors:
            certificates.check(draft, form.file_id, actor=actor, today=today)
            return _form(form, there)
        row = save(draft, form.file_id)
    except Stale as error:
        there = certificates.to_change(there.id, actor=actor) if there else None
        form.version.data = str(there.version) if there else ""
        return _form(form, there, stale=said(error))
    except Rejected as error:
        form.reject_besides(error)
        return _form(form, there)
    flash(done, "success")
    return redirect(url_for("certificates.show", certificate_id=row.id))


def _form(form: CertificateForm, there: Certificate | None, stale: str = "") -> ResponseReturnValue:
    sent = stored_files.taken(form.file_id, actor=current_actor()) if form.file_id else None
    shown: dict[str, Any] = {"form": form, "row": there, "sent": sent, "stale": stale}
    status = 409 if stale else 422 if form.errors else 200
    return render_template("certificates/form.html", **shown), status
