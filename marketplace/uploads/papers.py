"""Papers that people scan or photograph: a PDF is kept as it came, a picture is drawn anew."""

from __future__ import annotations

from marketplace.domain.text import clean
from marketplace.uploads.kinds import PAPERS, Kind, checked_kind
from marketplace.uploads.pdfs import check_pdf
from marketplace.uploads.pictures import SCAN, redrawn


def checked_paper(content: bytes, *, field: str) -> tuple[bytes, str]:
    """What is kept of it, and its media type. Raises `BadUpload`."""
    kind = checked_kind(content, PAPERS, field=field)
    if kind is Kind.PDF:
        check_pdf(content, field=field)
        return content, kind.value
    [made] = redrawn(content, (SCAN,), field=field)
    return made.content, made.media_type


def plain_name(filename: str) -> str:
    """A file's own name, without folders and without characters that nobody can see."""
    return clean(filename.replace("\\", "/").rpartition("/")[2])
