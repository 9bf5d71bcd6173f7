"""What an application shows for each criterion: words, an address, files, certificates.

A file is kept as soon as it comes, so that it stays when something else needs another look; its number
goes along in the form as a tick that can be taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.errors import Rejected
from marketplace.domain.programme import (
    LINK_LENGTH,
    MOST_PAPERS,
    SHOWN_LENGTH,
    Evidence,
    EvidenceKind,
)
from marketplace.domain.text import fold
from marketplace.models.applications import ShownFor
from marketplace.models.certificates import Certificate
from marketplace.models.programme import Criterion
from marketplace.models.stored_files import StoredFile
from marketplace.services import certificate_pages, stored_files
from marketplace.uploads.kinds import MOST_BYTES, Kind
from marketplace.web.addresses import LARGEST_ID
from marketplace.web.fields import CheckboxesField, NoteField, TextField
from marketplace.web.formats import number
from marketplace.web.proof_forms import paper_label
from marketplace.web.session import current_actor

MOST_SENT = 12
"""Files that are taken of one request: each of them is looked through."""
MOST_OFFERED = 12
LABELS = {
    EvidenceKind.STATEMENT: _l("How it is met"),
    EvidenceKind.PAPER: _l("The paper: number, issuer, day"),
    EvidenceKind.LINK: _l("What is to be seen there"),
}


def evidence_fields(asked: Iterable[Criterion]) -> dict[str, Any]:
    """Five fields for each criterion; the id of its version ends their names."""
    fields: dict[str, Any] = {}
    for row in asked:
        fields[f"text_{row.id}"] = NoteField(LABELS[EvidenceKind(row.evidence)], most=SHOWN_LENGTH)
        fields[f"link_{row.id}"] = TextField(_l("Address of a page"), most=LINK_LENGTH)
        fields[f"kept_{row.id}"] = _ticks(_l("Files that go along"))
        fields[f"certificates_{row.id}"] = _ticks(_l("Certificates that you keep here"))
        fields[f"files_{row.id}"] = MultipleFileField(_l("Files"))
    return fields


def _ticks(label: Any) -> CheckboxesField:
    return CheckboxesField(label, coerce=int, choices=list, validate_choice=False)


class EvidenceForm:
    """The part of an application's form with what is shown; mixed into it."""

    def fill_evidence(self, shown: Mapping[int, ShownFor], asked: Iterable[Criterion]) -> None:
        """Show what was shown the last time."""
        for row in asked:
            if before := shown.get(row.number):
                self._at("text", row).data, self._at("link", row).data = before.text, before.link
                files = [one.file_id for one in before.papers if one.certificate_id is None]
                kept = [one.certificate_id for one in before.papers if one.certificate_id]
                self._at("kept", row).data = files
                self._at("certificates", row).data = kept

    def take_files(self, asked: Iterable[Criterion]) -> None:
        """Keep what was sent with this request; what is wrong with a file is said at its field."""
        left = MOST_SENT
        for row in asked:
            for sent in request.files.getlist(f"files_{row.id}"):
                if sent.filename:
                    content = sent.read(MOST_BYTES + 1)
                    self._take(row, content, sent.filename, left)
                    left -= 1
                sent.close()

    def evidence(self, asked: Iterable[Criterion]) -> tuple[Evidence, ...]:
        """What the form shows."""
        return tuple(
            Evidence(
                row.id,
                self._at("text", row).data or "",
                self._at("link", row).data or "",
                self._numbers("kept", row),
                self._numbers("certificates", row),
            )
            for row in asked
        )

    def offer_papers(
        self, asked: Sequence[Criterion], before: Iterable[StoredFile], producer: str | None
    ) -> None:
        """Offer what goes along already, and for papers the certificates that are kept here.

        ``before``: files that were shown earlier; ``producer``: whose certificates, None: anybody's.
        """
        known = {file.id: file for file in before}
        kept = _certificates(producer)
        for row in asked:
            files = self._at("kept", row)
            files.choices = [
                SelectChoice(file_id, file_label(file))
                for file_id in self._numbers("kept", row)
                if (file := known.get(file_id) or _own(file_id))
            ]
            ticked = set(self._numbers("certificates", row))
            if row.evidence == EvidenceKind.PAPER or ticked:
                self._at("certificates", row).choices = [
                    SelectChoice(one.id, paper_label(one)) for one in kept
                ]

    def _take(self, row: Criterion, content: bytes, filename: str, left: int) -> None:
        kept, where = self._numbers("kept", row), f"files_{row.id}"
        try:
            if left <= 0:
                raise Rejected("Send at most %(max)s files at once.", field=where, max=MOST_SENT)
            if len(kept) >= MOST_PAPERS:
                raise Rejected(
                    "At most %(max)s papers for one criterion.", field=where, max=MOST_PAPERS
                )
            file = stored_files.take_paper(
                content, filename, actor=current_actor(), now=clock.now(), field=where
            )
        except Rejected as error:
            self.reject(error)  # type: ignore[attr-defined]
        else:
            self._at("kept", row).data = [*kept, file.id]

    def _numbers(self, name: str, row: Criterion) -> tuple[int, ...]:
        """Without doubles; 0, which nothing has, for what is too large to be a number of ours."""
        ticked = self._at(name, row).data or ()
        return tuple(dict.fromkeys(n if 0 < n <= LARGEST_ID else 0 for n in ticked))

    def _at(self, name: str, row: Criterion) -> Any:
        return self[f"{name}_{row.id}"]  # type: ignore[index]


def file_label(file: StoredFile) -> str:
    """`sổ ghi chép.pdf (PDF, 120 kB)`."""
    kind = "PDF" if file.media_type == Kind.PDF else _("picture")
    size = number(file.size // 1_000 or 1)
    named = file.name or _("File")
    return str(_("%(name)s (%(kind)s, %(size)s kB)", name=named, kind=kind, size=size))


def _own(file_id: int) -> StoredFile | None:
    return stored_files.taken(file_id, actor=current_actor())


def _certificates(producer: str | None) -> list[Certificate]:
    offered = certificate_pages.offered(actor=current_actor(), today=clock.today())
    fitting = [one for one in offered if producer is None or fold(one.holder) == fold(producer)]
    return fitting[:MOST_OFFERED]
