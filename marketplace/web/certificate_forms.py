"""The forms in which certificates are entered, replaced and withdrawn."""

from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.actors import Actor
from marketplace.domain.certificates import NUMBER_LENGTH, CertificateDraft
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import NAME_LENGTH, NOTE_LENGTH, lists_for_others
from marketplace.models.certificates import Certificate
from marketplace.services import stored_files
from marketplace.uploads.kinds import MOST_BYTES
from marketplace.web import kept
from marketplace.web.addresses import LARGEST_ID
from marketplace.web.fields import NoteField, TextField, VersionForm
from marketplace.web.listing_words import certificate_choices
from marketplace.web.session import current_actor


class CertificateForm(VersionForm):
    """A certificate as people write it; `draft` is what was understood."""

    certification = SelectField(
        _l("Which certificate"), choices=lambda: _kinds(), validate_choice=False
    )
    holder = TextField(_l("Whose certificate"), most=NAME_LENGTH)
    number = TextField(_l("Number"), most=NUMBER_LENGTH)
    issuer = TextField(_l("Issued by"), most=NAME_LENGTH)
    scope = TextField(_l("For which goods or area"), most=NAME_LENGTH)
    issued_on = TextField(_l("Day of issue"))
    expires_on = TextField(_l("Last day of validity"))
    endless = BooleanField(_l("The paper names no last day"))
    file = FileField(_l("File"))
    sent_file = HiddenField()
    """Number of the file that was sent before."""

    @property
    def is_typed(self) -> bool:
        """Whether it shows what a person typed: sent just now, or kept over a lost session."""
        return self.is_submitted() or kept.typed() is not None

    @property
    def file_id(self) -> int | None:
        """The file that is kept for this certificate."""
        number = str(self["sent_file"].data or "")
        known = number.isascii() and number.isdecimal() and 0 < len(number) < 11
        return int(number) if known and int(number) <= LARGEST_ID else None

    def ask_for_whom(self, actor: Actor) -> None:
        """A department says whose certificate it is, others keep their own."""
        if not lists_for_others(actor):
            del self["holder"]

    def stay_of(self, there: Certificate) -> None:
        """Whose it is and what for stays, whatever a browser sends."""
        self.certification.data = there.certification_id
        if "holder" in self:
            self.holder.data = there.holder

    def fill(self, draft: CertificateDraft) -> None:
        """Show what a draft says."""
        for name in ("certification", "holder", "number", "issuer", "scope"):
            if name in self:
                self[name].data = getattr(draft, name)
        self.issued_on.data = draft.issued_on.isoformat()
        self.expires_on.data = draft.expires_on.isoformat() if draft.expires_on else ""
        self.endless.data = draft.expires_on is None

    def take_file(self) -> None:
        """Keep what was sent with this request; what is wrong with it is said at the field."""
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            return
        content = sent.read(MOST_BYTES + 1)
        sent.close()
        try:
            file = stored_files.take_paper(content, actor=current_actor(), now=clock.now())
        except Rejected as error:
            self.reject(error)
        else:
            self["sent_file"].data = str(file.id)

    def draft(self, today: date) -> CertificateDraft:
        """What was understood; of what was not, a word at its field."""
        issued_on = self._day("issued_on", _("Enter the day of issue."), today)
        expires_on = None
        if not self.endless.data:
            missing = _("Enter its last day, or tick that it has none.")
            expires_on = self._day("expires_on", missing, today)
        return CertificateDraft(
            certification=self.certification.data or "",
            number=self.number.data or "",
            issuer=self.issuer.data or "",
            issued_on=issued_on or today,
            expires_on=expires_on,
            holder=(self.holder.data or "") if "holder" in self else "",
            scope=self.scope.data or "",
        )

    def _day(self, name: str, missing: str, today: date) -> date | None:
        try:
            if not self[name].data:
                raise Rejected(missing)
            return parse_date(self[name].data, today)
        except Rejected as error:
            error.field = name
            self.reject(error)
            return None


class WithdrawalForm(VersionForm):
    """Why it counts no longer."""

    reason = NoteField(_l("Reason"), most=NOTE_LENGTH)


def _kinds() -> list[SelectChoice]:
    return [SelectChoice("", _("Choose")), *certificate_choices()]
