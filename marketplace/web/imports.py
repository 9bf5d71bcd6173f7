"""A sheet of lots or needs: uploaded or pasted, looked at, asked about, saved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected, Stale
from marketplace.domain.imports import ImportState, RowStatus
from marketplace.domain.listings import Basis, Side, lists_for_others
from marketplace.domain.text import shorten
from marketplace.models.imports import SheetImport
from marketplace.services import import_answers, import_laying, import_reading, imports
from marketplace.sheets.encodings import ENCODINGS
from marketplace.web import import_books
from marketplace.web import listing_words as words
from marketplace.web.addresses import page_number
from marketplace.web.downloads import XLSX, download
from marketplace.web.fields import OnceForm, VersionForm, member
from marketplace.web.forms import said
from marketplace.web.import_forms import read_answers
from marketplace.web.import_words import FILTERS, STATUSES
from marketplace.web.session import allowed, current_actor

bp = Blueprint("imports", __name__)

LISTERS = (Role.OFFICER, Role.SELLER)
POSTERS = (Role.OFFICER, Role.BUYER)
BOTH = (Role.OFFICER, Role.SELLER, Role.BUYER)
"""Whose import it is, and on which side of the market, the services say."""
MOST_BYTES = 20_000_000
MOST_CHARACTERS = 200_000
AT_WORK = (ImportState.WAITING, ImportState.READING, ImportState.TO_SAVE, ImportState.SAVING)


class UploadForm(OnceForm):
    """A file, or what was copied out of a spreadsheet or a chat."""

    basis = RadioField(_l("On which basis"), choices=words.basis_choices, validate_choice=False)
    file = FileField(_l("File"))
    rows = TextAreaField(_l("Or paste rows"), [Length(max=MOST_CHARACTERS)])


class Decision(VersionForm):
    """The version that was seen; the rest is read by name."""


def init_app(app: Flask) -> None:
    """Let files be as large as sheets may be, on the page that takes them only."""
    app.url_value_preprocessor(_widen)


def _widen(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint in ("imports.create", "imports.create_needs"):
        request.max_content_length = MOST_BYTES + 1_000_000  # its own limit says what is wrong


@bp.route("/lots/paste", methods=["GET", "POST"])
@allowed(*LISTERS)
def create() -> ResponseReturnValue:
    """Upload a sheet or paste rows; what they mean is shown before anything is saved."""
    return _create("lot")


@bp.route("/needs/paste", methods=["GET", "POST"])
@allowed(*POSTERS)
def create_needs() -> ResponseReturnValue:
    """The same for what is wanted."""
    return _create("need")


def _create(side: Side) -> ResponseReturnValue:
    actor, form = current_actor(), UploadForm()
    if not lists_for_others(actor):
        del form.basis
    if form.validate_on_submit():
        try:
            made = _begun(form, side)
        except Rejected as error:
            form.reject(error)
        else:
            import_reading.read_if_small(made.id)
            return redirect(url_for("imports.show", import_id=made.id))
    _say_if_file_is_gone(form)
    earlier = imports.listing(actor=actor, side=side)
    if "basis" in form and not form.is_submitted() and earlier:
        form.basis.data = earlier[0].basis  # most sheets come from where the last one came from
    page = render_template("imports/create.html", form=form, earlier=earlier, side=side)
    return page, 422 if form.errors else 200


def _say_if_file_is_gone(form: UploadForm) -> None:
    """No browser sends a chosen file again by itself."""
    file = request.files.get("file")
    if form.errors and not form.file.errors and file is not None and file.filename:
        name = shorten(file.filename)
        gone = _("Choose the file “%(name)s” again: browsers do not keep it.", name=name)
        form.file.errors = (*form.file.errors, gone)


def _begun(form: UploadForm, side: Side) -> SheetImport:
    file, pasted = request.files.get("file"), form.rows.data or ""
    if file is not None and file.filename:
        name, content = file.filename, file.read(MOST_BYTES + 1)
        file.close()
    elif pasted.strip():
        name, content = "", pasted.encode("utf-8", "surrogatepass")
    else:
        raise Rejected("Choose a file, or paste at least one row.", field="rows")
    return import_laying.begin(
        name,
        content,
        basis=(member(Basis, form.basis.data) or Basis.OWN) if "basis" in form else Basis.OWN,
        actor=current_actor(),
        today=clock.today(),
        now=clock.now(),
        side=side,
    )


@bp.get("/lots/template")
@allowed(*LISTERS)
def template() -> ResponseReturnValue:
    """A workbook with the columns, two examples and how to fill it in."""
    book = import_books.template(current_actor(), clock.today(), "lot")
    return download(book, "lots.xlsx", XLSX)


@bp.get("/needs/template")
@allowed(*POSTERS)
def template_of_needs() -> ResponseReturnValue:
    """The same for what is wanted."""
    book = import_books.template(current_actor(), clock.today(), "need")
    return download(book, "needs.xlsx", XLSX)


@bp.get("/imports/<int:import_id>")
@allowed(*BOTH)
def show(import_id: int) -> ResponseReturnValue:
    """What becomes of each row, what has to be answered, or what has been saved."""
    return _page(imports.show(import_id, actor=current_actor()))


@bp.get("/imports/<int:import_id>/progress")
@allowed(*BOTH)
def progress(import_id: int) -> ResponseReturnValue:
    """How far it is; the page asks again and again until it is done."""
    row = imports.show(import_id, actor=current_actor())
    if row.state in AT_WORK:
        return render_template("imports/progress.html", sheet=row)
    target = url_for("imports.show", import_id=import_id)
    if request.headers.get("HX-Request"):
        return "", 200, {"HX-Redirect": target}
    return redirect(target)


@bp.post("/imports/<int:import_id>/answers")
@allowed(*BOTH)
def answer(import_id: int) -> ResponseReturnValue:
    """Take the answers that were given; the rows they concern are read again."""

    def take(version: int) -> None:
        given = read_answers(request.form, imports.show(import_id, actor=current_actor()))
        import_answers.answer(
            import_id, version, given.shared, given.single, actor=current_actor(), now=clock.now()
        )
        if given.preferred:
            written = ", ".join(f"“{shorten(each)}”" for each in given.preferred)
            flash(_("Where you chose and wrote, what you wrote counts: %(list)s.", list=written))
        import_reading.read_if_small(import_id)

    return _decided(import_id, take)


@bp.post("/imports/<int:import_id>/columns")
@allowed(*BOTH)
def columns(import_id: int) -> ResponseReturnValue:
    """What columns mean, which letters, which sheet: the file is laid out again."""

    def take(version: int) -> None:
        row = imports.show(import_id, actor=current_actor())
        import_laying.lay_out_again(
            import_id,
            version,
            actor=current_actor(),
            now=clock.now(),
            encoding=request.form.get("encoding") or None,
            sheet=request.form.get("sheet") or None,
            mapping=_mapping(row),
        )
        import_reading.read_if_small(import_id)

    return _decided(import_id, take)


@bp.post("/imports/<int:import_id>/save")
@allowed(*BOTH)
def save(import_id: int) -> ResponseReturnValue:
    """Let the worker list what is new and change what differs."""

    def take(version: int) -> None:
        imports.request_save(import_id, version, actor=current_actor(), now=clock.now())

    return _decided(import_id, take)


@bp.post("/imports/<int:import_id>/discard")
@allowed(*BOTH)
def discard(import_id: int) -> ResponseReturnValue:
    """Drop the file and all that was read of it."""
    side = imports.show(import_id, actor=current_actor()).side
    if Decision().validate_on_submit():
        imports.discard(import_id, actor=current_actor(), now=clock.now())
        flash(_("The sheet has been dropped. Nothing was saved."), "success")
    return redirect(url_for("imports.create" if side == "lot" else "imports.create_needs"))


@bp.get("/imports/<int:import_id>/refused")
@allowed(*BOTH)
def refused(import_id: int) -> ResponseReturnValue:
    """Rows to be mended, with the reason beside each, as a workbook that can be uploaded again."""
    row = imports.show(import_id, actor=current_actor())
    lines = imports.refused(row)
    if not lines:
        raise NotFound("There is no such page.")
    return download(import_books.refused(row, lines), import_books.refused_name(row), XLSX)


def _decided(import_id: int, take: Any) -> ResponseReturnValue:
    """Do it if nobody else has decided anything; else show how it stands."""
    form = Decision()
    if form.validate_on_submit():
        try:
            take(form.known_version)
        except Stale as error:
            row = imports.show(import_id, actor=current_actor())
            return _page(row, stale=said(error)), 409
        except Rejected as error:
            flash(said(error), "warning")
    return redirect(url_for("imports.show", import_id=import_id))


def _page(row: SheetImport, stale: str = "") -> str:
    if row.state in AT_WORK:
        return render_template("imports/working.html", sheet=row)
    status = request.args.get("status", _first_seen(row))
    if status not in FILTERS:
        status = ""
    found, pages = imports.rows(row, FILTERS[status], page=page_number())
    asked = imports.questions(row) if row.state == ImportState.OPEN else []
    return render_template(
        "imports/show.html",
        sheet=row,
        form=Decision(version=str(row.version)),
        stale=stale,
        rows=found,
        problems=any(line.problems for line in found),
        page=page_number(),
        pages=pages,
        chosen=status,
        looking="status" in request.args or "page" in request.args,
        filters=_filters(row),
        questions=asked[: imports.SHOWN],
        more=len(asked) - imports.SHOWN,
        passed=imports.passed_over(row),
        to_save=imports.to_save(row),
        statuses=STATUSES,
        encodings=ENCODINGS,
    )


def _first_seen(row: SheetImport) -> str:
    """Which rows are listed first: those to be mended, else what will be saved. Questions stand above."""
    seen = (("refused", RowStatus.REFUSED), ("new", RowStatus.NEW), ("change", RowStatus.CHANGE))
    return next((name for name, status in seen if row.counts.get(status)), "")


def _filters(row: SheetImport) -> list[tuple[str, int]]:
    """Which rows can be looked at, with how many there are."""
    told = [
        (name, sum(row.counts.get(status, 0) for status in statuses or RowStatus))
        for name, statuses in FILTERS.items()
    ]
    return [(name, count) for name, count in told if count or not name]


def _mapping(row: SheetImport) -> dict[str, str]:
    """Columns that the person says mean something else than was understood."""
    said: dict[str, str] = {}
    for place, column in enumerate(row.found["columns"]):
        meaning = request.form.get(f"column-{place}")
        if meaning is None or meaning == (column["meaning"] or "ignore"):
            continue
        said[column["header"]] = meaning
    return said
