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
from marketplace.domain.quantities import spell_quantity
from marketplace.web import listing_words as words
from marketplace.web.fields import (
    CheckboxesField,
    ListingForm,
    NoteField,
    PickField,
    TextField,
    member,
    plain_days,
    spell_price,
)
from marketplace.web.lookup import world


class LotForm(ListingForm):
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
        self.quantity.data = spell_quantity(draft.quantity, good)
        self.ask.data = spell_price(draft.ask, good) if draft.ask is not None else ""
        self.whole.data = "yes" if draft.whole else "no"
        self.ready_on.data = draft.ready_on.isoformat()
        self.fresh.data = plain_days(draft.fresh_hours)
        self.grade.data = draft.grade
        self.unsold_reason.data = draft.unsold_reason or ""
        for name in ("producer", "growing_area_code", "packing_code", "trace_code"):
            if name in self:
                self[name].data = getattr(draft, name)

    def draft(self, today: date) -> LotDraft | None:
        """What was understood; None, and a word at every field that was not."""
        commodity = self.read_commodity()
        quantity = self.read_quantity("quantity", commodity)
        ask = self.read_price("ask", commodity)
        place = self.read_place()
        ready_on = self.read_day("ready_on", today)
        until = self.read_day("until", today)
        fresh = self.read("fresh", parse_freshness)
        if commodity is None or quantity is None or place is None or self.errors:
            return None
        if ready_on is None or until is None:
            return None
        default = world().catalogue.default_grade(commodity.group).id
        return LotDraft(
            commodity=commodity.id,
            grade=self.grade.data or default,
            quantity=quantity,
            ask=ask,
            place=place.id,
            ready_on=ready_on,
            until=until,
            fresh_hours=fresh,
            certificates=frozenset(self.certificates.data or ()),
            whole=self.whole.data == "yes",
            unsold_reason=member(UnsoldReason, self.unsold_reason.data),
            **self.for_whom("producer"),
            growing_area_code=self.growing_area_code.data or "",
            packing_code=self.packing_code.data or "",
            trace_code=self.trace_code.data or "",
            note=self.note.data or "",
            price_confirmed=self.price_confirmed(ask),
        )
