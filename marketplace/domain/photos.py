"""Photos of lots: how many, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.domain.errors import Rejected
from marketplace.domain.listings import check_text
from marketplace.domain.text_marks import N_

MOST_PHOTOS = 6
ALT_LENGTH = 200


@dataclass(frozen=True)
class PhotoUse:
    """A photo that somebody has uploaded, and what it shows, for those who cannot see it."""

    id: int
    alt: str = ""


def check_photos(photos: Sequence[PhotoUse]) -> None:
    """Raise `Rejected` for too many photos or too long a description."""
    if len(photos) > MOST_PHOTOS:
        raise Rejected(N_("At most %(max)s photos a lot."), field="photos", max=MOST_PHOTOS)
    for photo in photos:
        check_text(photo.alt, ALT_LENGTH, field="photos")
