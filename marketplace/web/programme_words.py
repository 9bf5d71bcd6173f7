"""Words for the programme: states, steps, and why goods are not admitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from marketplace import clock
from marketplace.domain.programme import Asked, EvidenceKind, StepKind, Verdict, Why
from marketplace.models.admissions import Admission
from marketplace.models.programme import Criterion, ProgrammeEntry
from marketplace.web import language
from marketplace.web.formats import day, name
from marketplace.web.lookup import world

EVIDENCE = {
    EvidenceKind.STATEMENT: _l("Your own word"),
    EvidenceKind.PAPER: _l("A paper: number, issuer, day"),
    EvidenceKind.LINK: _l("An address where it can be looked up"),
}
VERDICTS = {
    Verdict.ACCEPT: _l("Admit the goods"),
    Verdict.MORE: _l("Ask for more"),
    Verdict.REFUSE: _l("Refuse"),
    Verdict.REVOKE: _l("Revoke what is in force"),
}
STEPS = {
    StepKind.APPLIED: _l("Applied"),
    StepKind.ANSWERED: _l("Showed more"),
    StepKind.MORE_ASKED: _l("More asked for"),
    StepKind.ACCEPTED: _l("Admitted"),
    StepKind.REFUSED: _l("Refused"),
    StepKind.TAKEN_BACK: _l("Application taken back"),
    StepKind.REVOKED: _l("Revoked"),
}
PUBLIC_STEPS = (StepKind.ACCEPTED, StepKind.REVOKED)
"""What everybody may read of an entry's history."""


@dataclass(frozen=True)
class State:
    """How an entry stands: kind and sign of its pill, and the word."""

    kind: str
    sign: str
    word: str


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals |= {
        "entry_state": entry_state,
        "entry_asked": entry_asked,
        "entry_whose": entry_whose,
        "step_words": lambda kind: STEPS[StepKind(kind)],
        "evidence_words": lambda kind: EVIDENCE[EvidenceKind(kind)],
        "criterion_text": criterion_text,
        "criterion_scope": criterion_scope,
        "admission_words": admission_words,
    }


def criterion_text(row: Criterion) -> str:
    """In the reader's language; the Vietnamese sentence, marked as such, where no other is there."""
    if language.current() == "vi":
        return row.text_vi
    return row.text_en or Markup('<span lang="vi">{}</span>').format(row.text_vi)


def criterion_scope(group_id: str | None) -> str:
    """For which goods it holds."""
    if group_id is None:
        return str(_("All goods"))
    groups = world().catalogue.groups
    return name(groups[group_id]) if group_id in groups else group_id


def entry_whose(entry: ProgrammeEntry, *, named: bool = True) -> str:
    """Whose goods the entry is about."""
    if entry.organisation is None:
        return str(_("Everybody in the locality"))
    if entry.producer and named:
        return entry.producer
    return entry.organisation.name


def entry_state(entry: ProgrammeEntry, on: date | None = None) -> State:
    """Whether it is in force, or will be, or was."""
    today = on or clock.today()
    if grant := entry.grant_on(today):
        return State("ok", "check", _("Admitted until %(day)s", day=day(grant.expires_on)))
    going = [grant for grant in entry.grants if grant.ended_on is None]
    if coming := [grant for grant in going if grant.valid_from > today]:
        return State("info", "cal", _("Admitted from %(day)s", day=day(coming[0].valid_from)))
    if going:
        last = max(grant.expires_on for grant in going)
        return State("mute", "cal", _("Expired %(day)s", day=day(last)))
    if entry.grants:
        return State("bad", "ban", str(STEPS[StepKind.REVOKED]))
    last_step = StepKind(entry.steps[-1].kind)
    if last_step is StepKind.REFUSED:
        return State("bad", "ban", str(STEPS[last_step]))
    return State("mute", "info", _("Not admitted yet"))


def entry_asked(entry: ProgrammeEntry) -> State | None:
    """How far what was applied for is; None where nothing waits."""
    if entry.asked == Asked.APPLIED:
        return State("wait", "clock", _("Waits for a decision"))
    if entry.asked == Asked.MORE_ASKED:
        return State("warn", "ask", _("More asked for"))
    return None


def admission_words(found: Admission) -> str:
    """One sentence: admitted until when, or why not."""
    if found.why is None:
        return str(
            _(
                "Admitted to the programme until %(day)s (decision %(number)s).",
                day=day(found.until or clock.today()),
                number=found.number,
            )
        )
    return why_words({"why": found.why, "until": found.until and found.until.isoformat()})


def why_words(told: Mapping[str, Any]) -> str:
    """Why goods are not admitted, from what is kept of it."""
    why, until = Why(told["why"]), told.get("until")
    when = day(date.fromisoformat(until)) if until else ""
    if why is Why.LATER:
        return str(_("These goods are admitted from %(day)s only.", day=when))
    if why is Why.EXPIRED and until and date.fromisoformat(until) >= clock.today():
        return str(_("The admission ends on %(day)s, before the goods are handed over.", day=when))
    if why is Why.EXPIRED:
        return str(_("The admission expired on %(day)s.", day=when))
    return str(_WHY[why])


_WHY = {
    Why.NOT_APPLIED: _l("Nobody has applied for the goods of this producer and place yet."),
    Why.PENDING: _l("The application waits for a decision."),
    Why.MORE_ASKED: _l("The programme has asked for more."),
    Why.REFUSED: _l("The application was refused."),
    Why.REVOKED: _l("The admission was revoked."),
    Why.TAKEN_BACK: _l("The application was taken back."),
    Why.EXPIRED: _l("The admission has expired."),
    Why.INPUT: _l("Farm inputs do not enter the programme."),
}
WHAT_TO_DO = {
    Why.NOT_APPLIED: _l("apply on the page of the lot; it says what has to be shown."),
    Why.PENDING: _l("wait for the decision; the next round of the programme looks again."),
    Why.MORE_ASKED: _l("show what is asked for on the page of the application."),
    Why.REFUSED: _l("show what is missing and apply anew."),
    Why.REVOKED: _l("show what is missing and apply anew."),
    Why.TAKEN_BACK: _l("apply anew."),
    Why.LATER: _l("nothing to do; later rounds of the programme take these goods."),
    Why.EXPIRED: _l("apply for a longer time."),
    Why.INPUT: _l("nothing to do; rounds that are open to all goods take them."),
}


def admission_reason(told: Mapping[str, Any]) -> tuple[str, str]:
    """Why a round of the programme left a lot out, with the criteria, and what can be done."""
    text = why_words(told)
    if unmet := told.get(f"unmet_{language.current()}"):
        text += " " + str(_("Not met: %(criteria)s", criteria="; ".join(unmet)))
    return text, str(WHAT_TO_DO[Why(told["why"])])
