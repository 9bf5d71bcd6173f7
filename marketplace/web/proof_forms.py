"""What shows that goods are as they are told: photos, and certificates behind what is named."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.errors import Rejected
from marketplace.domain.lots import LotDraft
from marketplace.domain.photos import ALT_LENGTH, MOST_PHOTOS, PhotoUse
from marketplace.domain.text import clean
from marketplace.models.certificates import Certificate
from marketplace.services import certificate_pages, photos
from marketplace.uploads.kinds import MOST_BYTES
from marketplace.web.addresses import LARGEST_ID
from marketplace.web.fields import CheckboxesField
from marketplace.web.formats import day, name
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.session import current_actor, maybe_actor

FILES = "photo_files"
UP, DROP, UPLOAD = "edit:photo-up:", "edit:photo-drop:", "edit:photos"
"""Buttons beside photos: all of them show the form again."""


class PhotosField(Field):  # type: ignore[misc]
    """Photos that are uploaded already, in their order: each a number, a colon, and its words.

    Where the form shows them, the words stand in a field of their own, ``photo-<number>``.
    """

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        self._words = formdata or {}
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        found: dict[int, str] = {}
        for value in valuelist[: 2 * MOST_PHOTOS]:
            number, _colon, words = value.partition(":")
            short = len(number) <= len(str(LARGEST_ID))
            if short and number.isascii() and number.isdecimal() and 0 < int(number) <= LARGEST_ID:
                typed = self._words.get(f"photo-{number}", words)
                found[int(number)] = clean(str(typed))
        self.show(PhotoUse(number, words) for number, words in found.items())

    def show(self, uses: Any) -> None:
        """Hold these photos."""
        self.data = [f"{use.id}:{use.alt}" for use in uses]

    @property
    def uses(self) -> tuple[PhotoUse, ...]:
        """The photos as a draft names them."""
        parts = (value.partition(":") for value in self.data or ())
        return tuple(PhotoUse(int(number), words) for number, _colon, words in parts)

    def fail(self, text: str) -> None:
        """Say what is wrong with what was sent; it stays said when the form is validated."""
        self.process_errors.append(text)
        self.errors = self.process_errors


class ProofForm:
    """The part of a lot's form with photos and certificates; mixed into it."""

    photos = PhotosField(_l("Photos"))
    papers = CheckboxesField(
        _l("Certificates that you keep here"),
        coerce=int,
        choices=lambda: _paper_choices(),
        validate_choice=False,
    )
    most_photos, most_words = MOST_PHOTOS, ALT_LENGTH

    @cached_property
    def offered(self) -> dict[int, Certificate]:
        """Certificates that can be chosen, by their numbers."""
        return {one.id: one for one in _offered()}

    @property
    def relied(self) -> frozenset[int]:
        """Numbers of those that are chosen; 0, which none has, for what is too large to be one."""
        return frozenset(n if 0 < n <= LARGEST_ID else 0 for n in self.papers.data or ())

    @property
    def proven(self) -> frozenset[str]:
        """Ids of the certifications for which these stand."""
        chosen = (self.offered[number] for number in self.relied if number in self.offered)
        return frozenset(one.certification_id for one in chosen)

    @property
    def papers_words(self) -> str:
        """The chosen certificates, for who reads the draft once more."""
        chosen = (self.offered[number] for number in sorted(self.relied) if number in self.offered)
        return "; ".join(paper_label(one) for one in chosen)

    def fill_proof(self, draft: LotDraft) -> None:
        """Show what a draft says. What a certificate stands behind needs no tick of its own."""
        self.photos.show(draft.photos or ())
        self.papers.data = sorted(draft.papers or ())
        named: Any = self["certificates"]  # type: ignore[index]
        named.data = [paper for paper in named.data or () if paper not in self.proven]

    def take_photos(self) -> None:
        """Keep the photos of this request, and do what the buttons beside them say."""
        if request.method != "POST" or not self.is_submitted():  # type: ignore[attr-defined]
            return
        for file in request.files.getlist(FILES):
            if file.filename:
                self._take(file.read(MOST_BYTES + 1))
            file.close()
        uses, step = list(self.photos.uses), request.form.get("step", "")
        numbers = [f"{use.id}" for use in uses]
        action, number = step[: step.rfind(":") + 1], step[step.rfind(":") + 1 :]
        if number not in numbers:
            return
        at = numbers.index(number)
        use = uses.pop(at)
        if action == UP:
            uses.insert(max(0, at - 1), use)
        if action in (UP, DROP):
            self.photos.show(uses)

    def _take(self, content: bytes) -> None:
        uses = self.photos.uses
        if len(uses) >= MOST_PHOTOS:
            self.photos.fail(_("At most %(max)s photos a lot.", max=MOST_PHOTOS))
            return
        try:
            photo = photos.keep(content, actor=current_actor(), now=clock.now())
        except Rejected as error:
            self.photos.fail(said(error))
        else:
            self.photos.show([*uses, PhotoUse(photo.id)])


def paper_label(certificate: Certificate) -> str:
    """`VietGAP no. 12, HTX Kỳ Như, until 30/6/2027`."""
    known = world().catalogue.certifications[certificate.certification_id]
    parts = [_("%(name)s no. %(number)s", name=name(known), number=certificate.number)]
    if certificate.holder:
        parts.append(certificate.holder)
    if certificate.expires_on:
        over = certificate.expires_on < clock.today()
        last = day(certificate.expires_on)
        parts.append(_("expired on %(day)s", day=last) if over else _("until %(day)s", day=last))
    return ", ".join(parts)


def _paper_choices() -> list[SelectChoice]:
    return [SelectChoice(one.id, paper_label(one)) for one in _offered()]


def _offered() -> list[Certificate]:
    actor = maybe_actor()
    lot_id = (request.view_args or {}).get("lot_id")
    return (
        certificate_pages.offered(actor=actor, today=clock.today(), lot_id=lot_id) if actor else []
    )
