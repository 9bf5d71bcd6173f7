"""The programme: by which criteria goods are admitted to it, who applies, who decides.

An *entry* of the catalogue is one kind of goods from one locality: of everybody there, or of one
organisation and, where a department speaks for others, one producer. It counts from a decision's first
day to its last; everything that was asked, shown and decided about it stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected, Stale, check_all
from marketplace.domain.kinds import GoodsKind
from marketplace.domain.listings import NAME_LENGTH, check_text
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_

if TYPE_CHECKING:
    from marketplace.domain.commodities import Commodity

CRITERION_LENGTH, REASON_LENGTH, SHOWN_LENGTH, LINK_LENGTH, NUMBER_LENGTH = (
    300,
    1_000,
    1_000,
    500,
    80,
)
SHORTEST = 5
DAYS_AHEAD, LONGEST_DAYS = 366, 5 * 366
DAYS_BACK = 366
"""A decision that was signed earlier may be entered later."""
MOST_PAPERS = 6
"""Files and certificates that are shown for one criterion."""
REMINDED_DAYS = 30
"""So long before an entry expires its holder is told."""


class ChangedMeanwhile(Stale):
    """Somebody else has changed the entry or criterion since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else has changed this since you opened the page. Look at it first.")
        )


class EvidenceKind(StrEnum):
    """What shows that a criterion is met."""

    STATEMENT = "statement"
    """The applicant's own word."""
    PAPER = "paper"
    """A paper: a file of it, its number and who issued it, or where it can be read."""
    LINK = "link"
    """Something that can be looked up: an address of a page."""


class Asked(StrEnum):
    """How far an application is."""

    APPLIED = "applied"
    MORE_ASKED = "more_asked"
    CLOSED = "closed"
    """Decided, or taken back."""


class StepKind(StrEnum):
    """What somebody did about an entry."""

    APPLIED = "applied"
    MORE_ASKED = "more_asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    REVOKED = "revoked"


class Verdict(StrEnum):
    """What whoever decides may say."""

    ACCEPT = "accepted"
    MORE = "more_asked"
    REFUSE = "refused"
    REVOKE = "revoked"


class Why(StrEnum):
    """Why goods are not admitted."""

    NOT_APPLIED = "not_applied"
    PENDING = "pending"
    MORE_ASKED = "more_asked"
    REFUSED = "refused"
    LATER = "later"
    """Admitted from a day on that lies after the first hand-over."""
    EXPIRED = "expired"
    """Expired, or expires before the goods are handed over."""
    REVOKED = "revoked"
    TAKEN_BACK = "taken_back"
    INPUT = "input"
    """Farm inputs are no goods of the programme."""


@dataclass(frozen=True, kw_only=True)
class CriterionDraft:
    """A criterion as somebody wants it to read from a day on; ``group`` None: for all goods.

    ``text_en`` may be empty: readers of English see the Vietnamese sentence until it is translated.
    """

    text_vi: str
    text_en: str
    evidence: EvidenceKind
    group: str | None
    valid_from: date
    withdrawn: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Evidence:
    """What is shown for one criterion, by the id of its version.

    ``files``: numbers of stored files; ``certificates``: of certificates that the applicant keeps.
    """

    criterion: int
    text: str = ""
    link: str = ""
    files: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()

    @property
    def papers(self) -> int:
        """How many papers are shown."""
        return len(self.files) + len(self.certificates)


@dataclass(frozen=True, kw_only=True)
class Application:
    """Goods for which somebody applies. Without organisation: everybody's in the locality."""

    commodity: str
    locality: str
    organisation: int | None
    producer: str = ""
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    @property
    def scope(self) -> str:
        """By which the same goods are known again."""
        return scope_of(self.commodity, self.locality, self.organisation, self.producer)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided; days and number only where goods are accepted."""

    verdict: Verdict
    reason: str = ""
    number: str = ""
    valid_from: date | None = None
    expires_on: date | None = None
    unmet: tuple[int, ...] = ()
    """Numbers of the criteria that are not met."""


def scope_of(commodity: str, locality: str, organisation: int | None, producer: str) -> str:
    """What an entry is about, as one text."""
    return f"{commodity}@{locality}:{organisation or ''}:{fold(producer)}"


def check_criterion(draft: CriterionDraft, groups: Collection[str], today: date) -> None:
    """Raise `Rejected` for all that is wrong with it."""
    check_all(
        lambda: _check_said(draft.text_vi, CRITERION_LENGTH, "text_vi"),
        lambda: check_text(draft.text_en, CRITERION_LENGTH, field="text_en"),
        lambda: _check_said(draft.reason, REASON_LENGTH, "reason"),
        lambda: _check_group(draft.group, groups),
        lambda: _check_criterion_day(draft.valid_from, today),
    )


def enters_programme(good: Commodity) -> bool:
    """The programme is about what is grown, raised and caught, not about what farms buy."""
    return good.kind != GoodsKind.INPUT


def check_goods(good: Commodity | None) -> None:
    """Raise `Rejected` for goods for which nobody can apply."""
    if good is not None and not enters_programme(good):
        raise Rejected(
            N_(
                "Farm inputs do not enter the programme. Choose goods that you grow, raise or catch."
            ),
            field="commodity",
        )


def check_application(
    application: Application,
    commodities: Collection[str],
    localities: Collection[str],
    asked: Iterable[tuple[int, EvidenceKind]],
) -> None:
    """Raise `Rejected` for all that is wrong with it.

    ``asked``: the versions of the criteria that hold for such goods, with the kind of evidence.
    """
    shown = {one.criterion: one for one in application.evidence}
    check_all(
        lambda: _check_known(application.commodity, commodities, "commodity"),
        lambda: _check_known(application.locality, localities, "locality"),
        lambda: check_text(application.producer, NAME_LENGTH, field="producer"),
        lambda: check_text(application.note, REASON_LENGTH, field="note"),
        *(
            (lambda c=criterion, k=kind: _check_shown(shown.get(c, Evidence(c)), k))
            for criterion, kind in asked
        ),
    )


def check_decision(
    decision: Decision, today: date, *, open_: bool, counts: bool, numbers: Collection[int]
) -> None:
    """Raise `Rejected` for all that is wrong with it.

    ``open_``: whether something was applied for; ``counts``: whether the entry is in force or will
    be; ``numbers``: of the criteria.
    """
    if decision.verdict is Verdict.REVOKE and not counts:
        raise Rejected(N_("Nothing is in force that could be revoked."), field="verdict")
    if decision.verdict is not Verdict.REVOKE and not open_:
        raise Rejected(N_("Nothing waits for a decision here any more."), field="verdict")
    if decision.verdict is Verdict.ACCEPT:
        check_all(
            lambda: _check_number(decision.number),
            lambda: check_text(decision.reason, REASON_LENGTH, field="reason"),
            lambda: _check_days(decision.valid_from, decision.expires_on, today),
        )
        return
    check_all(
        lambda: _check_said(decision.reason, REASON_LENGTH, "reason"),
        lambda: _check_unmet(decision.unmet, numbers),
    )


def may_apply(actor: Actor | None) -> bool:
    """Producers for their own goods, departments for those of their locality."""
    return actor is not None and actor.role in (Role.SELLER, Role.OFFICER)


def may_keep_criteria(actor: Actor | None) -> bool:
    """The criteria are the programme's, so its coordinators keep them."""
    return actor is not None and actor.role is Role.COORDINATOR


def may_decide(
    actor: Actor | None, locality: str, *, for_everybody: bool, applied_by: int | None
) -> bool:
    """Coordinators, and officers of the locality; never the person who has applied.

    What counts for everybody in a locality is for coordinators alone.
    """
    if actor is None or actor.user_id == applied_by:
        return False
    if actor.role is Role.COORDINATOR:
        return True
    return actor.role is Role.OFFICER and actor.locality == locality and not for_everybody


def may_read(actor: Actor | None, locality: str, organisations: Collection[int | None]) -> bool:
    """Evidence and refusals: those who applied, officers of the locality, coordinators."""
    if actor is None:
        return False
    if actor.role is Role.COORDINATOR or actor.organisation_id in organisations:
        return True
    return actor.role is Role.OFFICER and actor.locality == locality


def hand_over(ready_on: date, today: date) -> date:
    """The earliest day on which goods change hands: an entry must be in force then."""
    return max(ready_on, today)


def _check_said(text: str, most: int, field: str) -> None:
    if len(text) < SHORTEST:
        raise Rejected(N_("Write a sentence."), field=field)
    check_text(text, most, field=field)


def _check_group(group: str | None, groups: Collection[str]) -> None:
    if group is not None and group not in groups:
        raise Rejected(N_("Choose one of the list."), field="group")


def _check_known(chosen: str, known: Collection[str], field: str) -> None:
    if chosen not in known:
        raise Rejected(N_("Choose one of the list."), field=field)


def _check_criterion_day(day: date, today: date) -> None:
    if not today <= day <= today + timedelta(days=DAYS_AHEAD):
        raise Rejected(
            N_("A criterion changes from today on at the earliest, within a year."),
            field="valid_from",
        )


def _check_shown(shown: Evidence, kind: EvidenceKind) -> None:
    """Raise `Rejected` unless a criterion has the evidence that it asks for."""
    field = f"text_{shown.criterion}"
    check_text(shown.text, SHOWN_LENGTH, field=field)
    check_link(shown.link, field=f"link_{shown.criterion}")
    if shown.papers > MOST_PAPERS:
        raise Rejected(
            N_("At most %(max)s papers for one criterion."),
            field=f"files_{shown.criterion}",
            max=MOST_PAPERS,
        )
    if kind is EvidenceKind.LINK and not shown.link:
        raise Rejected(
            N_("Give the address of a page where it can be looked up."),
            field=f"link_{shown.criterion}",
        )
    if kind is EvidenceKind.STATEMENT and len(shown.text) < SHORTEST:
        raise Rejected(N_("Say in a sentence how this is met."), field=field)
    named = len(shown.text) >= SHORTEST or shown.link or shown.papers
    if kind is EvidenceKind.PAPER and not named:
        raise Rejected(
            N_("Send the paper, or name it: its number, who issued it and when."),
            field=field,
        )


def check_link(link: str, *, field: str) -> None:
    """Raise `Rejected` unless it is empty or an address that a browser opens as a page."""
    check_text(link, LINK_LENGTH, field=field)
    rest = link.partition("://")[2]
    opens = link.startswith(("https://", "http://")) and "." in rest.partition("/")[0]
    if link and (not opens or any(letter.isspace() or letter in "\"'<>\\" for letter in link)):
        raise Rejected(N_("An address begins with https://."), field=field)


def _check_number(number: str) -> None:
    if not number:
        raise Rejected(N_("Give the number of the decision."), field="number")
    check_text(number, NUMBER_LENGTH, field="number")


def _check_days(first: date | None, last: date | None, today: date) -> None:
    if first is None or last is None:
        raise Rejected(
            N_("Say from when to when it counts."),
            field="valid_from" if first is None else "expires_on",
        )
    if first < today - timedelta(days=DAYS_BACK) or first > today + timedelta(days=DAYS_AHEAD):
        raise Rejected(N_("The first day lies within a year of today."), field="valid_from")
    if last < max(first, today):
        raise Rejected(
            N_("The last day must not be over, nor lie before the first."), field="expires_on"
        )
    if last > first + timedelta(days=LONGEST_DAYS):
        raise Rejected(N_("An entry counts for five years at most."), field="expires_on")


def _check_unmet(unmet: Collection[int], numbers: Collection[int]) -> None:
    if not set(unmet) <= set(numbers):
        raise Rejected(N_("Choose one of the list."), field="unmet")
