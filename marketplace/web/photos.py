"""Photos of lots, as files."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.domain.commodities import Commodity
from marketplace.models.photos import Photo
from marketplace.models.stored_files import StoredFile
from marketplace.services import photos, stored_files
from marketplace.uploads.kinds import MOST_BYTES, Kind
from marketplace.web.formats import name
from marketplace.web.session import maybe_actor, public

bp = Blueprint("photos", __name__, url_prefix="/photos")

ALONE = {"content_security_policy": "default-src 'none'; sandbox"}
"""What a stored file may do where a browser opens it by itself: nothing."""
WIDENED = {
    "lots.create": 6 * MOST_BYTES + 2_000_000,
    "lots.edit": 6 * MOST_BYTES + 2_000_000,
    "certificates.create": 2 * MOST_BYTES,
    "certificates.edit": 2 * MOST_BYTES,
    "applications.apply": 6 * MOST_BYTES + 2_000_000,
    "applications.answer": 6 * MOST_BYTES + 2_000_000,
}
"""How much may be sent to pages that take files; each file's own limit says what is wrong."""


def init_app(app: Flask) -> None:
    """Let files be as large as they may be, on the pages that take them only."""
    app.url_value_preprocessor(_widen)
    app.jinja_env.globals["photo_words"] = photo_words


def _widen(endpoint: str | None, _values: object) -> None:
    if endpoint in WIDENED:
        request.max_content_length = WIDENED[endpoint]


def photo_words(photo: Photo, good: Commodity) -> str:
    """What the photo shows, for those who cannot see it: as its lister says, else the goods."""
    return photo.alt or _(
        "Photo %(number)s of %(goods)s", number=photo.position + 1, goods=name(good)
    )


@bp.get("/<int:photo_id>")
@public
def show(photo_id: int) -> ResponseReturnValue:
    """The photo as it stands on a lot's page."""
    file = photos.file_of(photo_id, small=False, actor=maybe_actor())
    return answer(file, "private, max-age=86400")


@bp.get("/<int:photo_id>/small")
@public
def small(photo_id: int) -> ResponseReturnValue:
    """The photo as it stands on lists."""
    file = photos.file_of(photo_id, small=True, actor=maybe_actor())
    return answer(file, "private, max-age=86400")


def answer(file: StoredFile, cache: str, download: str = "") -> Response:
    """The file; its bytes are not even read for a browser that has it. ``download``: its name."""
    fresh = request.if_none_match.contains_weak(file.sha256)
    response = make_response(b"" if fresh else stored_files.content_of(file), 304 if fresh else 200)
    response.set_etag(file.sha256)
    response.headers["Cache-Control"] = cache
    if not fresh:
        response.headers["Content-Type"] = file.media_type
    if download:
        response.headers["Content-Disposition"] = f'attachment; filename="{download}"'
    return response


def answer_paper(file: StoredFile, named: str) -> Response:
    """A scan, to be looked at, or a PDF to be saved, of this name."""
    download = f"{named}.pdf" if file.media_type == Kind.PDF else ""
    return answer(file, "private, no-cache", download)


for _view in (show, small):
    _view.talisman_view_options = dict(ALONE)  # type: ignore[attr-defined]
