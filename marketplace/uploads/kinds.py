"""What a file is, by its first bytes: its name and what the browser calls it are anybody's guess."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_

MOST_BYTES = 5_000_000


class Kind(StrEnum):
    """Kinds of files that are taken, as media types."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


PICTURES = (Kind.JPEG, Kind.PNG, Kind.WEBP)
PAPERS = (Kind.PDF, *PICTURES)
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


class BadUpload(Rejected):
    """The file cannot be taken."""


def kind_of(content: bytes) -> Kind | None:
    """None for everything that is not taken."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.WEBP
    return Kind.PDF if content.startswith(b"%PDF-") else None


def checked_kind(content: bytes, among: Collection[Kind], *, field: str) -> Kind:
    """The file's kind. Raises `BadUpload` for one that is empty, too large, or not ``among`` these."""
    if not content:
        raise BadUpload(N_("The file is empty. Choose it again."), field=field)
    if len(content) > MOST_BYTES:
        raise BadUpload(
            N_("The file is larger than %(megabytes)s MB. Send a smaller one."),
            field=field,
            megabytes=MOST_BYTES // 1_000_000,
        )
    kind = kind_of(content)
    if kind is not None and kind in among:
        return kind
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise BadUpload(
            N_("HEIC pictures cannot be read here. Send the photo as JPEG, or a screenshot of it."),
            field=field,
        )
    if Kind.PDF in among:
        raise BadUpload(N_("This is no PDF, JPEG, PNG or WebP file."), field=field)
    raise BadUpload(N_("This is no JPEG, PNG or WebP picture."), field=field)
