"""What all forms share."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from marketplace.domain.errors import Rejected
from marketplace.web import kept


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours: shows what was kept, and says what the domain rejected beside its field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> MultiDict[str, str] | None:
            given: MultiDict[str, str] | None = super().wrap_formdata(form, formdata)
            return kept.typed() if given is None else given

    def reject(self, error: Rejected) -> None:
        """Show the reason at the field it names, else above the form."""
        field = self._fields.get(error.field)
        where = self.form_errors if field is None else field.errors
        text = gettext(error.reason, **error.params)
        if isinstance(where, tuple):  # WTForms leaves a tuple where it found nothing wrong
            field.errors = [*where, text]
        else:
            where.append(text)
