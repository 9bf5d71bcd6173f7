"""Fields in which people type as they speak; what they meant is found out by the domain."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import write
from marketplace.domain.places import Place
from marketplace.domain.text import clean, has_unseen
from marketplace.web.forms import Form
from marketplace.web.lookup import world

Understood = TypeVar("Understood")
MOST_OFFERED = 12
SHORT = 200
"""Longer texts are not read as a name, a quantity, a price or a day."""


class _Cleaned:
    """Drops characters that nobody can see, and then asks the person to look again."""

    most: int
    unseen = False

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            typed = valuelist[0]
            self.unseen = has_unseen(typed)
            self.data = self.cleaned(typed)

    def cleaned(self, typed: str) -> str:
        return clean(typed)

    def pre_validate(self, form: Any) -> None:
        typed = self.data or ""
        if self.unseen:
            raise StopValidation(_("Some characters cannot be used and were removed; please check"))
        if len(typed) > self.most:
            raise StopValidation(
                _("Longer than %(max)s characters (now %(n)s)", max=self.most, n=len(typed))
            )


class TextField(_Cleaned, StringField):  # type: ignore[misc]
    """One line."""

    def __init__(self, *args: Any, most: int = SHORT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most


class NoteField(_Cleaned, TextAreaField):  # type: ignore[misc]
    """Several lines."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def cleaned(self, typed: str) -> str:
        return "\n".join(clean(line) for line in typed.splitlines()).strip()


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]
    """Any number of a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PickField(RadioField):  # type: ignore[misc]
    """Which of several things was meant; offered only after something typed fitted them all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[], validate_choice=False, **kwargs)

    def offer(self, candidates: Iterable[tuple[str, str]]) -> None:
        """Show these; none is chosen for the person."""
        self.choices = [SelectChoice(value, label) for value, label in candidates][:MOST_OFFERED]
        self.data = None

    def picked(self, keys: Iterable[str]) -> int | None:
        """The number of the chosen one, if it still is among ``keys``."""
        return next((n for n, key in enumerate(keys) if key == self.data), None)


Member = TypeVar("Member", bound=StrEnum)


def member(kind: type[Member], value: str | None) -> Member | None:
    """The member of that value; None for anything else that a browser may send."""
    return kind(value) if value in set(kind) else None


def spell_price(price: int, good: Commodity) -> str:
    """As `parse_price` reads it back: with the unit where a bare number could mean another."""
    unit = "" if good.base_units_per_price_unit == 1 else f" đ/{good.base_unit_vi}"
    return f"{write(price)}{unit}"


def spell_place(place: Place) -> str:
    """As `Gazetteer.resolve` reads it back: the label, or the id where that names no one place."""
    gazetteer = world().gazetteer
    with suppress(Rejected):
        if gazetteer.resolve(gazetteer.label(place)) == place:
            return gazetteer.label(place)
    return place.id


def plain_days(hours: int | None) -> str:
    """As it can be typed again: `3`, `36 giờ`."""
    if not hours:
        return ""
    return str(hours // 24) if hours % 24 == 0 else f"{hours} giờ"


def required(reader: Callable[[str], Understood], words: str) -> Callable[[str], Understood]:
    """The reader, with words of its own for an empty text."""

    def read(typed: str) -> Understood:
        if not typed:
            raise Rejected(words)
        return reader(typed)

    return read


class VersionForm(Form):
    """A form that changes what stands at a version."""

    version = HiddenField()

    @property
    def known_version(self) -> int:
        """The version that the person has seen; -1, which is none, for anything else."""
        typed = str(self["version"].data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1


class OnceForm(Form):
    """A form that may be sent twice by one nervous finger and must act once."""

    token = HiddenField(default=lambda: secrets.token_hex(8))

    @property
    def one_time(self) -> str:
        """The page's token; empty, which guards nothing, for what no page of ours has made."""
        token = str(self["token"].data or "")
        return token if token.isascii() and token.isalnum() and len(token) <= 32 else ""


class WithdrawForm(VersionForm):
    """One button."""
