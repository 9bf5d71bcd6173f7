"""The programme's forms: a criterion, an application with its evidence, a decision."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import cached_property

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.programme import (
    CRITERION_LENGTH,
    NUMBER_LENGTH,
    REASON_LENGTH,
    Application,
    CriterionDraft,
    Decision,
    EvidenceKind,
    Verdict,
    check_goods,
)
from marketplace.models.programme import Criterion
from marketplace.web.condition_forms import SpokenForm
from marketplace.web.evidence_forms import EvidenceForm, evidence_fields
from marketplace.web.fields import CheckboxesField, NoteField, PickField, TextField, member
from marketplace.web.formats import name
from marketplace.web.listing_form import ListingForm
from marketplace.web.lookup import world
from marketplace.web.programme_words import EVIDENCE, VERDICTS, criterion_text
from marketplace.web.understood import of_commodity

EVERYBODY, PRODUCER = "everybody", "producer"


class VersionedForm(SpokenForm):
    """A form that says which version its person has seen."""

    first = source = None  # type: ignore[assignment]
    seen = HiddenField()

    @property
    def last_seen(self) -> int:
        """The version; -1, which is none, for anything else."""
        typed = str(self.seen.data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1

    def read_day(self, field: str, today: date) -> date | None:
        """The day that is meant; None and a word at the field where none can be read."""
        return self.read(field, lambda typed: parse_date(typed, today))


class CriterionForm(VersionedForm):
    """A criterion as it reads from a day on."""

    text_vi = NoteField(_l("In Vietnamese"), most=CRITERION_LENGTH)
    text_en = NoteField(_l("In English"), most=CRITERION_LENGTH)
    evidence = RadioField(
        _l("What shows that it is met"),
        choices=lambda: [SelectChoice(kind, text) for kind, text in EVIDENCE.items()],
        default=EvidenceKind.PAPER,
        validate_choice=False,
    )
    group = SelectField(_l("For which goods"), choices=lambda: _groups(), validate_choice=False)
    valid_from = TextField(_l("Counts from"))
    withdrawn = BooleanField(_l("From that day on it is not asked any more"))
    reason = NoteField(_l("Why it is stated or changed"), most=REASON_LENGTH)

    def fill(self, draft: CriterionDraft) -> None:
        """Show what the latest version says; it changes from today on."""
        self.text_vi.data, self.text_en.data = draft.text_vi, draft.text_en
        self.evidence.data, self.group.data = str(draft.evidence), draft.group or ""
        self.withdrawn.data = draft.withdrawn

    def draft(self) -> CriterionDraft:
        """What was understood, with a word at each field that was not."""
        today = clock.today()
        kind = member(EvidenceKind, self.evidence.data)
        if kind is None:
            self.reject(Rejected("Choose one of the list.", field="evidence"))
        return CriterionDraft(
            text_vi=self.text_vi.data or "",
            text_en=self.text_en.data or "",
            evidence=kind or EvidenceKind.PAPER,
            group=self.group.data or None,
            valid_from=self.read_day("valid_from", today) or today,
            withdrawn=bool(self.withdrawn.data),
            reason=self.reason.data or "",
        )


class GoodsForm(ListingForm):
    """For which goods of which locality somebody applies, as the address says it."""

    class Meta(ListingForm.Meta):
        csrf = False  # it only asks for a page

    commodity = TextField(_l("Goods"))
    commodity_pick = PickField(_l("Which one?"))
    locality = SelectField(
        _l("Where they are grown"), choices=lambda: _localities(), validate_choice=False
    )

    @cached_property
    def understood(self) -> dict[str, str]:
        """What was understood of the goods."""
        with suppress(Rejected):
            return {"commodity": of_commodity(world().catalogue.find(self.commodity.data or ""))}
        return {}

    def offer_localities(self, actor: Actor) -> None:
        """A department applies for its own locality; others begin with theirs."""
        if actor.role is Role.OFFICER:
            self.locality.choices = [one for one in _localities() if one.value == actor.locality]
        self.locality.data = self.locality.data or actor.locality

    def goods(self) -> Commodity | None:
        """What was typed, if it is goods of the programme; otherwise a word at the field."""
        good = self.read_commodity() if self.commodity.raw_data else None
        try:
            check_goods(good)
        except Rejected as error:
            self.reject(error)
            return None
        return good


class ApplicationForm(EvidenceForm, VersionedForm):
    """Whose goods, what is shown for each criterion, a note; `application_form` adds the fields."""

    whose = RadioField(
        _l("Whose goods"),
        choices=lambda: [
            SelectChoice(PRODUCER, _l("One producer's")),
            SelectChoice(EVERYBODY, _l("Everybody's in the locality")),
        ],
        default=PRODUCER,
        validate_choice=False,
    )
    producer = TextField(_l("For whom (cooperative, farm)"))
    note = NoteField(_l("A note for who decides"), most=REASON_LENGTH)

    def application(
        self, commodity: str, locality: str, asked: Iterable[Criterion], organisation: int
    ) -> Application:
        """What the form says of goods that the address names."""
        return Application(
            commodity=commodity,
            locality=locality,
            organisation=None if self.whose.data == EVERYBODY else organisation,
            producer=self.producer.data or "",
            evidence=self.evidence(asked),
            note=self.note.data or "",
        )


def application_form(asked: Iterable[Criterion]) -> ApplicationForm:
    """The form with its fields for each criterion."""
    form: ApplicationForm = type("ApplicationFormOf", (ApplicationForm,), evidence_fields(asked))()
    return form


class DecisionForm(VersionedForm):
    """What an officer decides."""

    verdict = RadioField(_l("Decision"), choices=list, validate_choice=False)
    number = TextField(_l("Number of the decision"), most=NUMBER_LENGTH)
    valid_from = TextField(_l("Counts from"))
    expires_on = TextField(_l("Counts until"))
    unmet = CheckboxesField(_l("Criteria that are not met"), choices=list, validate_choice=False)
    reason = NoteField(_l("Reason, or what is still missing"), most=REASON_LENGTH)

    def offer(self, criteria: Iterable[Criterion], *, open_: bool, counts: bool) -> None:
        """Offer what can be decided now."""
        possible = [
            verdict for verdict in Verdict if (counts if verdict is Verdict.REVOKE else open_)
        ]
        self.verdict.choices = [SelectChoice(one, VERDICTS[one]) for one in possible]
        self.unmet.choices = [
            SelectChoice(str(row.number), Markup("{}. {}").format(row.number, criterion_text(row)))
            for row in criteria
        ]

    def decision(self, today: date) -> Decision:
        """What was understood; days and number belong to an admission only."""
        verdict = member(Verdict, self.verdict.data)
        if verdict is None:
            self.reject(Rejected("Choose what you decide.", field="verdict"))
        if verdict is Verdict.ACCEPT:
            return Decision(
                verdict=verdict,
                reason=self.reason.data or "",
                number=self.number.data or "",
                valid_from=self.read_day("valid_from", today),
                expires_on=self.read_day("expires_on", today),
            )
        chosen = [one for one in self.unmet.data or () if one.isascii() and one.isdecimal()]
        return Decision(
            verdict=verdict or Verdict.REFUSE,
            reason=self.reason.data or "",
            number=self.number.data or "",
            unmet=tuple(int(one) for one in chosen if len(one) < 9),
        )


class TakeBackForm(VersionedForm):
    """Only which version was seen."""


def _localities() -> list[SelectChoice]:
    return [SelectChoice(one.id, one.name) for one in world().reference.localities]


def _groups() -> list[SelectChoice]:
    groups = world().catalogue.groups.values()
    return [
        SelectChoice("", _l("All goods")),
        *(SelectChoice(group.id, name(group)) for group in groups),
    ]
