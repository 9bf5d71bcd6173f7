"""A row as the lot that it would be, or what keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.imports import RowStatus, Stated, row_key
from marketplace.domain.listings import Basis, lists_for_others
from marketplace.domain.lots import LotDraft, check_lister, check_lot
from marketplace.domain.places import Gazetteer
from marketplace.domain.spans import parse_span, spell_day
from marketplace.domain.text import clean, fold
from marketplace.domain.text_marks import N_
from marketplace.sheets.answers import choice_key
from marketplace.sheets.problems import MISSING, Problem
from marketplace.sheets.table import Record
from marketplace.sheets.understanding import Understood, understand

LEAST, MOST, NAMED = "least", "most", "named"
ENDS: Mapping[str, str] = {
    LEAST: N_("the lower figure"),
    MOST: N_("the upper figure"),
    NAMED: N_("exactly this figure"),
}
"""What may be answered to a range, for every row that has one."""
QUANTITY_RANGE = choice_key("quantity", "range")
QUANTITY_OPEN = choice_key("quantity", "open")
ASK_RANGE = choice_key("ask", "range")
LAST_DAY = choice_key("until", "")
WHOSE_GOODS = choice_key("producer", "")
IN_WORDS = frozenset({"until", "producer", "place"})
"""Where a cell is empty and the answer may be written."""
_NO_HINDRANCE = frozenset({"phone"})
_DAYS_TO_CHOOSE = (7, 14, 30)
_YES = frozenset({"x", "co", "yes", "dung", "1", "v"})
_NO = frozenset({"", "-", "khong", "no", "0"})


@dataclass(frozen=True)
class Terms:
    """Under which rows are read.

    ``actor`` lists, if that is known. ``choices`` are answers by `Problem.key`, ``own`` those to
    single rows, by their number and `Problem.field`; ``headers`` as `Sheet.headers`.
    """

    gazetteer: Gazetteer
    catalogue: Catalogue
    today: date
    headers: Mapping[str, str] = field(default_factory=dict)
    actor: Actor | None = None
    basis: Basis = Basis.OWN
    choices: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def locality(self) -> str | None:
        """The only one whose goods may be listed, if there is one."""
        return self.actor.locality if self.actor and lists_for_others(self.actor) else None


@dataclass(frozen=True)
class Drafted:
    """A row read: what was understood, the lot if nothing is in its way, and all that is.

    ``key`` and ``stated``: `marketplace.domain.imports`. ``status`` is new, asked or refused: what
    is on the market already is not known here.
    """

    understood: Understood
    problems: tuple[Problem, ...]
    draft: LotDraft | None = None
    key: str = ""
    stated: Stated = field(default_factory=dict)

    @property
    def status(self) -> RowStatus:
        if self.draft is not None:
            return RowStatus.NEW
        barring = [p for p in self.problems if p.field not in _NO_HINDRANCE]
        return RowStatus.ASKED if all(map(can_be_answered, barring)) else RowStatus.REFUSED


def can_be_answered(problem: Problem) -> bool:
    """Whether an answer on the page mends it; else the sheet has to be mended."""
    return problem.asks or (problem.code == MISSING and problem.field in IN_WORDS)


def draft_row(record: Record, terms: Terms) -> Drafted:
    """Read one row as a lot."""
    choices = {**terms.choices, **terms.own.get(record.number, {})}
    understood = understand(
        record,
        gazetteer=terms.gazetteer,
        catalogue=terms.catalogue,
        today=terms.today,
        choices=choices,
        headers=terms.headers,
        locality=terms.locality,
    )
    return _Drafting(record, understood, terms, choices).drafted()


@dataclass
class _Drafting:
    record: Record
    row: Understood
    terms: Terms
    choices: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def drafted(self) -> Drafted:
        self.problems += self.row.problems
        quantity, ask = self._quantity(), self._ask()
        until, producer, whole = self._until(), self._producer(), self._whole()
        good, place = self.row.commodity, self.row.place
        if self._is_barred() or good is None or place is None or not (quantity and until):
            return Drafted(self.row, tuple(self.problems))
        group = self.terms.catalogue.commodity(good).group
        draft = LotDraft(
            commodity=good,
            grade=self.row.grade or self.terms.catalogue.default_grade(group).id,
            quantity=quantity,
            ask=ask,
            place=place,
            ready_on=max(self.row.ready_on or self.terms.today, self.terms.today),
            until=until,
            certificates=self.row.certificates,
            whole=whole,
            basis=self.terms.basis,
            producer=producer,
            note=clean(self.row.note),
            price_confirmed=True,  # `understand` has asked
        )
        self._check(draft)
        if self._is_barred():
            return Drafted(self.row, tuple(self.problems))
        return Drafted(self.row, tuple(self.problems), draft, self._key(draft), self._stated(draft))

    def _is_barred(self) -> bool:
        return any(problem.field not in _NO_HINDRANCE for problem in self.problems)

    def _ask_for(
        self, field: str, code: str, error: Rejected, key: str, answers: Iterator[tuple[str, str]]
    ) -> None:
        self.problems.append(Problem(field, code, error, tuple(answers), key))

    def _quantity(self) -> int | None:
        least, most = self.row.quantity_least, self.row.quantity_most
        said = self.record.cells["quantity"].text.strip() if "quantity" in self.record.cells else ""
        if (least, most) == (None, None):
            return None
        if self.row.per is not None:
            error = Rejected(
                N_(
                    "“%(typed)s” comes again every day or week, which cannot be listed from a sheet"
                    " yet. Write how much it is in all."
                ),
                field="quantity",
                typed=said,
            )
            self.problems.append(Problem("quantity", "quantity_rate", error))
            return None
        if least is None or most is None:
            return self._open_end(least or most, said)
        if least != most:
            return self._end(least, most, said)
        return least

    def _open_end(self, named: int | None, said: str) -> int | None:
        if self.choices.get(QUANTITY_OPEN) == NAMED:
            return named
        error = Rejected(
            N_("“%(typed)s” has one end only. Choose with how much it is listed."),
            field="quantity",
            typed=said,
        )
        self._ask_for("quantity", "quantity_open", error, QUANTITY_OPEN, _ends(NAMED))
        return None

    def _end(self, least: int, most: int, said: str) -> int | None:
        if answer := self.choices.get(QUANTITY_RANGE):
            return most if answer == MOST else least
        error = Rejected(
            N_("“%(typed)s” is a range. Choose with how much it is listed."),
            field="quantity",
            typed=said,
        )
        self._ask_for("quantity", "quantity_range", error, QUANTITY_RANGE, _ends(LEAST, MOST))
        return None

    def _ask(self) -> int | None:
        least, most = self.row.ask_least, self.row.ask_most
        if least is None or most is None or least == most:
            return most if least is None else least
        if answer := self.choices.get(ASK_RANGE):
            return most if answer == MOST else least
        error = Rejected(
            N_("“%(typed)s” is a range of prices. Choose which is asked."),
            field="ask",
            typed=self.record.cells["ask"].text.strip(),
        )
        self._ask_for("ask", "ask_range", error, ASK_RANGE, _ends(LEAST, MOST))
        return None

    def _until(self) -> date | None:
        """The row's last day, else the one answered for all rows without."""
        if self.row.until is not None:
            return self.row.until
        if any(p.field in ("until", "window", "ready_on", "season") for p in self.problems):
            return None
        today = self.terms.today
        if answer := self.choices.get(LAST_DAY):
            try:
                span = parse_span(answer, today, field="until")
            except Rejected as unread:
                self.problems.append(Problem("until", MISSING, unread, key=LAST_DAY))
                return None
            return span.last or span.first
        error = Rejected(N_("The row says no last day."), field="until")
        days = (today + timedelta(days=ahead) for ahead in _DAYS_TO_CHOOSE)
        answers = ((day.isoformat(), spell_day(day)) for day in days)
        self._ask_for("until", MISSING, error, LAST_DAY, answers)
        return None

    def _producer(self) -> str:
        """Whose goods they are: departments have to say, others list their own."""
        actor = self.terms.actor
        if actor is None:
            return clean(self.row.producer)
        if not lists_for_others(actor):
            return ""
        producer = clean(self.row.producer) or clean(self.choices.get(WHOSE_GOODS, ""))
        if not producer:
            error = Rejected(N_("The row does not say whose goods these are."), field="producer")
            self._ask_for("producer", MISSING, error, WHOSE_GOODS, iter(()))
        return producer

    def _whole(self) -> bool:
        cell = self.record.cells.get("whole")
        word = fold(cell.text) if cell else ""
        if word not in _YES | _NO:
            error = Rejected(N_("Write yes or no (có or không)."), field="whole")
            self.problems.append(Problem("whole", "whole_unreadable", error))
        return word in _YES

    def _check(self, draft: LotDraft) -> None:
        """The rules for any lot, and of the lister's own where it is known who lists."""
        terms, place = self.terms, self.terms.gazetteer.get(draft.place)
        try:
            check_all(
                lambda: check_lot(draft, terms.catalogue, terms.today),
                lambda: check_lister(draft, place, terms.actor) if terms.actor else None,
            )
        except Rejected as error:
            self.problems += (
                Problem(each.field or "", f"{each.field or 'row'}_against_rules", each)
                for each in error.each()
            )

    def _key(self, draft: LotDraft) -> str:
        own = self.record.cells.get("id")
        first = self.row.ready_on.isoformat() if self.row.ready_on else ""
        return row_key(
            own.text if own else "",
            draft.producer,
            draft.commodity,
            draft.grade,
            draft.place,
            first,
        )

    def _stated(self, draft: LotDraft) -> Stated:
        """What the row itself says; what was filled in, such as the first day, is not its word."""
        row = self.row
        stated: dict[str, object] = {
            "commodity": draft.commodity,
            "grade": draft.grade,
            "quantity": draft.quantity,
            "place": draft.place,
            "producer": draft.producer,
            "until": draft.until.isoformat(),
        }
        if row.ready_on:
            stated["ready_on"] = row.ready_on.isoformat()
        for name, value in (("ask", draft.ask), ("note", draft.note), ("whole", draft.whole)):
            if name in self.record.cells:
                stated[name] = value
        if draft.certificates or "certificates" in self.record.cells:
            stated["certificates"] = sorted(draft.certificates)
        return stated


def _ends(*which: str) -> Iterator[tuple[str, str]]:
    return ((end, ENDS[end]) for end in which)
