"""The forms in which officers state what holds; what they typed is understood by the domain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.condition_words import (
    parse_load,
    parse_percent,
    parse_time,
    parse_wait,
    spell_load,
    spell_time,
)
from marketplace.domain.conditions import (
    PAPER_LENGTH,
    REASON_LENGTH,
    SOURCE_LENGTH,
    ConditionDraft,
    Effect,
    Kind,
)
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.links import Scope
from marketplace.web import kept
from marketplace.web.condition_words import EFFECT_NOTES, EFFECTS, KINDS
from marketplace.web.fields import NoteField, TextField, member
from marketplace.web.formats import day
from marketplace.web.forms import Form

Understood = TypeVar("Understood")


class SpokenForm(Form):
    """What all forms have that officers fill in: a first day, a source, and a second look."""

    first = TextField(_l("First day"))
    source = TextField(_l("Source"), most=SOURCE_LENGTH)

    @property
    def is_typed(self) -> bool:
        """Whether it shows what a person typed: sent just now, or kept over a lost session."""
        return self.is_submitted() or kept.typed() is not None

    @property
    def saves(self) -> bool:
        """Whether the person has read it once more and saves."""
        return request.form.get("step") == "save"

    def read(self, name: str, reader: Callable[[str], Understood]) -> Understood | None:
        """What ``reader`` makes of the field's text; None and a word at the field if it cannot."""
        try:
            return reader(self[name].data or "")
        except Rejected as error:
            error.field = name
            self.reject(error)
            return None

    def understood_day(self, name: str, today: date) -> str:
        """The day as it is understood, where it was typed in another way."""
        typed = self[name].data or ""
        if typed and not self[name].errors:
            with suppress(Rejected):
                return day(parse_date(typed, today))
        return ""

    refuse = Form.reject_besides


class StatedForm(SpokenForm):
    """A statement: also until when, why, and the change of its scope that was last seen."""

    seen = HiddenField()
    last = TextField(_l("Last day"))
    reason = NoteField(_l("Reason"), most=REASON_LENGTH)

    @property
    def last_seen(self) -> int:
        """The change that the person has seen; -1, which is none, for anything else."""
        typed = str(self.seen.data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1

    def read_days(self, today: date) -> tuple[date, date | None]:
        """From when to when; today until lifted where nothing can be read."""
        first = self.read("first", lambda typed: parse_date(typed or "nay", today))
        last = self.read("last", lambda typed: parse_date(typed, today) if typed else None)
        return first or today, last


class LiftForm(Form):
    """Why it holds no longer, or again."""

    seen = HiddenField()
    reason = NoteField(_l("Reason"), most=REASON_LENGTH)
    source = TextField(_l("Source"), most=SOURCE_LENGTH)

    last_seen = StatedForm.last_seen


class ConditionForm(StatedForm):
    """What holds of a link, as people write it."""

    effect = RadioField(
        _l("What holds"),
        choices=lambda: [SelectChoice(effect, text) for effect, text in EFFECTS.items()],
        validate_choice=False,
    )
    kind = SelectField(
        _l("By what"),
        choices=lambda: [SelectChoice(kind, text) for kind, text in KINDS.items()],
        validate_choice=False,
    )
    most = TextField(_l("Largest vehicle"))
    opens = TextField(_l("Opens at"))
    closes = TextField(_l("Closes at"))
    percent = TextField(_l("Speed, in percent of the usual"))
    paper = TextField(_l("Paper to carry"), most=PAPER_LENGTH)
    minutes = TextField(_l("Minutes of waiting"))

    notes = EFFECT_NOTES

    def fill(self, draft: ConditionDraft) -> None:
        """Show what a draft says, as a person would have typed it."""
        self.effect.data, self.kind.data = str(draft.effect), str(draft.kind)
        self.first.data = draft.first.isoformat()
        self.last.data = draft.last.isoformat() if draft.last else ""
        self.most.data = spell_load(draft.most) if draft.most else ""
        for name in ("opens", "closes"):
            minute = getattr(draft, name)
            self[name].data = "" if minute is None else spell_time(minute)
        for name in ("percent", "minutes"):
            self[name].data = str(getattr(draft, name) or "")
        for name in ("paper", "reason", "source"):
            self[name].data = getattr(draft, name)

    def draft(self, scope: Scope, today: date) -> ConditionDraft:
        """What was understood; figures that do not belong to the effect are left aside."""
        effect = member(Effect, self.effect.data)
        if effect is None:
            self.reject(Rejected("Choose what holds.", field="effect"))
            effect = Effect.CLOSED
        first, last = self.read_days(today)
        return ConditionDraft(
            effect=effect,
            kind=member(Kind, self.kind.data) or Kind.ORDER,
            first=first,
            last=last,
            reason=self.reason.data or "",
            source=self.source.data or "",
            link=scope.link,
            mode=scope.mode,
            locality=scope.locality,
            **self._figures(effect),
        )

    def _figures(self, effect: Effect) -> dict[str, Any]:
        if effect is Effect.LOAD:
            return {"most": self.read("most", parse_load)}
        if effect is Effect.HOURS:
            return {
                name: self.read(name, lambda typed, field=name: parse_time(typed, field=field))  # type: ignore[misc]
                for name in ("opens", "closes")
            }
        if effect is Effect.LANE:
            percent = self.read("percent", parse_percent)
            return {"percent": percent, "paper": self.paper.data or ""}
        if effect is Effect.WAIT:
            return {"minutes": self.read("minutes", parse_wait)}
        return {}


def filter_choices(names: dict[str, str], everything: str) -> list[SelectChoice]:
    """Choices of a filter, all of them first."""
    return [SelectChoice("", everything), *(SelectChoice(key, text) for key, text in names.items())]
