"""The form in which a lot is listed and changed."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.listings import (
    CODE_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    TRACE_LENGTH,
    UnsoldReason,
    parse_freshness,
)
from marketplace.domain.lots import LotDraft
from marketplace.domain.rates import Amount, spell_amount
from marketplace.web import forward_words
from marketplace.web import listing_words as words
from marketplace.web.fields import (
    CheckboxesField,
    NoteField,
    PickField,
    TextField,
    member,
    plain_days,
    spell_price,
)
from marketplace.web.kind_forms import KindForm
from marketplace.web.lookup import world
from marketplace.web.proof_forms import ProofForm
from marketplace.web.recurring_form import RecurringForm


class LotForm(KindForm, ProofForm, RecurringForm):
    """A lot as people write it; `draft` is what was understood."""

    basis = RadioField(_l("On which basis"), choices=words.basis_choices, validate_choice=False)
    producer = TextField(_l("Whose goods"), most=NAME_LENGTH)
    commodity = TextField(_l("Commodity"))
    commodity_pick = PickField(_l("Which one?"))
    quantity = TextField(_l("Quantity"))
    quantity_pick = PickField(_l("How much?"))
    ask = TextField(_l("Asking price at the farm"))
    price_pick = PickField(_l("Which price?"))
    whole = RadioField(
        _l("Can it be split?"),
        choices=[
            SelectChoice("no", _l("Yes, by vehicle load")),
            SelectChoice("yes", _l("No, all at once")),
        ],
        default="no",
    )
    place = TextField(_l("Pick-up place"))
    place_pick = PickField(_l("Which place?"))
    ready_on = TextField(_l("First day of pick-up"))
    until = TextField(_l("Last day of pick-up"))
    confidence = RadioField(
        _l("Are the goods certain?"),
        choices=forward_words.confidence_choices,
        validate_choice=False,
        default="",
    )
    fresh = TextField(_l("Stays fresh for, in days"))
    grade = SelectField(_l("Grade"), choices=words.grade_choices, validate_choice=False)
    certificates = CheckboxesField(
        _l("Certificates"), choices=words.certificate_choices, validate_choice=False
    )
    unsold_reason = SelectField(
        _l("Why it is unsold"), choices=words.unsold_choices, validate_choice=False
    )
    growing_area_code = TextField(_l("Growing-area code"), most=CODE_LENGTH)
    packing_code = TextField(_l("Packing code"), most=CODE_LENGTH)
    trace_code = TextField(_l("Trace code"), most=TRACE_LENGTH)
    note = NoteField(_l("Note"), most=NOTE_LENGTH)

    def fill(self, draft: LotDraft) -> None:
        """Show what a draft says, as a person would have typed it."""
        good = world().catalogue.commodity(draft.commodity)
        self.fill_alike(draft, good)
        most = draft.quantity_most or draft.quantity
        self.quantity.data = spell_amount(Amount(draft.quantity, max(draft.quantity, most)), good)
        self.ask.data = spell_price(draft.ask, good) if draft.ask is not None else ""
        self.whole.data = "yes" if draft.whole else "no"
        self.ready_on.data = draft.ready_on.isoformat()
        self.confidence.data = forward_words.chosen_for(draft.confidence)
        self.fresh.data = plain_days(draft.fresh_hours)
        self.grade.data = draft.grade
        self.fill_details(draft)
        self.unsold_reason.data = draft.unsold_reason or ""
        for name in ("producer", "growing_area_code", "packing_code", "trace_code"):
            if name in self:
                self[name].data = getattr(draft, name)
        self.fill_proof(draft)

    def draft(self, today: date, there: LotDraft | None = None) -> LotDraft:
        """What was understood; of what was not, a word at its field and what is ``there`` now.

        Only a form without errors has a draft that may be listed.
        """
        instead = there or _any_lot(today)
        commodity = self.read_commodity()
        amount = self.read_amount(commodity)
        ask = self.read_price("ask", commodity)
        place = self.read_place()
        ready_on = self.read_day("ready_on", today)
        until = self.read_last_day(today)
        amount = self.read_series(amount, commodity, ready_on, until)
        fresh = self.read("fresh", parse_freshness)
        default = world().catalogue.default_grade(commodity.group).id if commodity else ""
        return LotDraft(
            commodity=commodity.id if commodity else instead.commodity,
            grade=(self.grade.data or default) if commodity else instead.grade,
            quantity=(amount and amount.least) or instead.quantity,
            quantity_most=amount.most if amount and amount.most != amount.least else None,
            ask=ask,
            place=place.id if place else instead.place,
            ready_on=ready_on or instead.ready_on,
            until=until or instead.until,
            fresh_hours=fresh,
            certificates=frozenset(self.certificates.data or ()) | self.proven | self.papers_told(),
            confidence=forward_words.read_confidence(self.confidence.data),
            whole=self.whole.data == "yes",
            unsold_reason=member(UnsoldReason, self.unsold_reason.data),
            **self.for_whom("producer"),
            growing_area_code=self.growing_area_code.data or "",
            packing_code=self.packing_code.data or "",
            trace_code=self.trace_code.data or "",
            note=self.note.data or "",
            **self.read_details(today, commodity),
            price_confirmed=self.price_confirmed(ask),
            photos=self.photos.uses,
            papers=self.relied,
        )


def lot_form() -> LotForm:
    """The form, with the photos in it that are sent with this request."""
    form = LotForm()
    form.take_photos()
    return form


def _any_lot(today: date) -> LotDraft:
    """Stands where something cannot be read, so that the rules can be tried on the rest."""
    good, place = world().catalogue.commodities[0], world().gazetteer.places[0]
    return LotDraft(
        commodity=good.id,
        grade=world().catalogue.default_grade(good.group).id,
        quantity=1,
        ask=None,
        place=place.id,
        ready_on=today,
        until=today,
    )
