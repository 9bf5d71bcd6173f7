"""What all forms share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import get_translations, gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from marketplace.domain.errors import MarketplaceError, Rejected
from marketplace.domain.text_marks import N_
from marketplace.web import kept
from marketplace.web.formats import day, moment, number

BUILT_IN = (
    N_("This field is required."),
    N_("Invalid input."),
    N_("Invalid email address."),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid choice."),
    N_("Not a valid date value."),
    N_("Not a valid integer value."),
    N_("'%(value)s' is not a valid choice for this field."),
    N_("'%(value)s' are not valid choices for this field."),
    N_("Field must be at least %(min)d character long."),
    N_("Field must be at least %(min)d characters long."),
    N_("Field cannot be longer than %(max)d character."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("Field must be equal to %(other_name)s."),
    N_("Number must be at least %(min)s."),
    N_("Number must be at most %(max)s."),
    N_("Number must be between %(min)s and %(max)s."),
)
"""What WTForms itself says, in our catalogue: its own has no Vietnamese."""


def said(error: MarketplaceError) -> str:
    """The error's text in the reader's language; its days, moments and numbers as pages write them."""
    return str(gettext(error.reason, **{key: _shown(value) for key, value in error.params.items()}))


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Texts:
    """WTForms' texts looked up in our catalogue."""

    def gettext(self, text: str) -> str:
        return str(get_translations().gettext(text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours: shows what was kept, and says what the domain rejected beside its field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> _Texts:
            return _Texts()

        def wrap_formdata(self, form: Any, formdata: Any) -> MultiDict[str, str] | None:
            given: MultiDict[str, str] | None = super().wrap_formdata(form, formdata)
            return kept.typed() if given is None else given

    def reject(self, error: Rejected) -> None:
        """Show each reason at the field it names, else above the form."""
        for each in error.each():
            self._show(each)

    def reject_besides(self, error: Rejected) -> None:
        """As `reject`, but only at fields at which nothing has been said yet."""
        for each in list(error.each()):
            each.others = ()
            if each.field not in self or not self[each.field].errors:
                self.reject(each)

    def _show(self, error: Rejected) -> None:
        field = self._fields.get(error.field)
        where = self.form_errors if field is None else field.errors
        text = said(error)
        if isinstance(where, tuple):  # WTForms leaves a tuple where it found nothing wrong
            field.errors = [*where, text]
        else:
            where.append(text)
