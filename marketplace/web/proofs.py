"""The proof of a round: what stands, proved again at a press of a button, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.extensions import limiter
from marketplace.services import proofs
from marketplace.solving.proving import Figures, Proof
from marketplace.web import formats
from marketplace.web.forms import Form, said
from marketplace.web.session import allowed, current_actor, maybe_actor, public, signed_in

bp = Blueprint("proofs", __name__, url_prefix="/rounds/<int:round_id>/proof")

log = structlog.get_logger()

# Each takes a processor for up to some seconds.
_proving = limiter.limit("30 per hour", methods=["POST"])
_downloading = limiter.limit("60 per hour", scope="files of rounds")

STATEMENTS = {
    "file": _l(
        "The stored file is, to the last digit, the one that was written when the round was solved"
    ),
    "shown": _l("What the pages show is what stands in the file"),
    "sold_once": _l("No kilogram is sold twice"),
    "allowed": _l("Every match fits in goods, days and route"),
    "freight": _l("The trips carry the goods for the stated freight, and nobody trades at a loss"),
    "assignment": _l("The assignment is the best possible for these loads"),
    "bound": _l("Value, bound and gap are as stated"),
    "prices": _l("Every price and every range is where the rules put it"),
    "left_out": _l("Whoever has something left is told why"),
}
"""In the order in which a person asks, by key."""


class NoFields(Form):
    """Only the token: the button is the whole form."""


@dataclass(frozen=True)
class Line:
    """A statement as the page shows it; ``holds`` is None before anybody has pressed the button."""

    words: Any
    holds: bool | None = None
    figures: str = ""
    seconds: float | None = None


@bp.route("", methods=["GET", "POST"])
@public
@_proving
def show(round_id: int) -> ResponseReturnValue:
    """What is proved of the round and how to check it; the button proves it again, now."""
    page = proofs.proof_page(round_id, actor=maybe_actor())
    form, proof = NoFields(), None
    if form.validate_on_submit() and page.has_file:
        proof = _proved(round_id)
    return render_template(
        "rounds/proof.html",
        page=page,
        round=page.round,
        form=form,
        proof=proof,
        lines=_lines(page, proof),
    )


@bp.get("/public.json")
@public
@_downloading
def public_file(round_id: int) -> ResponseReturnValue:
    """For everybody: no names, commitments in place of what follows from sealed bids."""
    return _download(round_id, lambda: proofs.public_download(round_id, actor=maybe_actor()))


@bp.get("/full.json")
@allowed(Role.COORDINATOR, Role.ADMINISTRATOR)
@_downloading
def full_file(round_id: int) -> ResponseReturnValue:
    """Everything, sealed bids too."""
    return _download(round_id, lambda: proofs.full_download(round_id, actor=current_actor()))


@bp.get("/openings.json")
@signed_in
@_downloading
def openings(round_id: int) -> ResponseReturnValue:
    """What opens my own sealed figures in the public file."""
    return _download(round_id, lambda: proofs.openings_download(round_id, actor=current_actor()))


def _proved(round_id: int) -> Proof:
    try:
        proof = proofs.prove_round(round_id, actor=maybe_actor())
    except NotFound:
        raise
    except Rejected as error:
        return Proof(failed="file", flaw=str(error))
    if not proof.holds:
        log.error("round does not hold", round=round_id, statement=proof.failed, flaw=proof.flaw)
    return proof


def _download(round_id: int, make: Any) -> ResponseReturnValue:
    try:
        file: proofs.Download = make()
    except NotFound:
        raise
    except Rejected as error:
        flash(said(error), "warning")
        return redirect(url_for("proofs.show", round_id=round_id))
    answer = make_response(file.text)
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = f"attachment; filename={file.name}"
    answer.add_etag()
    return answer.make_conditional(request)


def _lines(page: proofs.ProofPage, proof: Proof | None) -> list[Line]:
    if proof is None:
        return [Line(words) for words in STATEMENTS.values()]
    proved = {statement.key: statement for statement in proof.proved}
    lines = []
    for key, words in STATEMENTS.items():
        if key in proved:
            figures = _figures(key, proved[key].figures, page)
            lines.append(Line(words, True, figures, proved[key].seconds))
        else:
            lines.append(Line(words, False if key == proof.failed else None))
    return lines


def _figures(key: str, figures: Figures, page: proofs.ProofPage) -> str:
    """The figures behind a statement, as far as this person may see them."""
    told = {name: formats.number(figure) for name, figure in figures.items()}
    match key:
        case "sold_once":
            return str(_("lots: %(lots)s, needs: %(needs)s, matches: %(matches)s", **told))
        case "allowed" | "shown":
            return str(_("matches: %(matches)s", **told))
        case "freight":
            return str(_("trips: %(trips)s", **told))
        case "assignment":
            return str(_("pairs of loads: %(loads)s", **told))
        case "bound" if page.sums_are_public:
            gap = (page.round.result or {}).get("gap", 0.0)
            return str(_("within %(gap)s of anything possible", gap=formats.percent(gap, 2)))
        case "prices":
            return str(_("prices: %(matches)s, ranges: %(ranges)s", **told))
        case "left_out":
            return str(_("reasons: %(left_out)s", **told))
    return ""
