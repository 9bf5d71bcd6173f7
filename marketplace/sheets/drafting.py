"""What rows of both sides need before they can be listed: amounts, prices, days, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Catalogue
from marketplace.domain.drafts import plain
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import RowStatus, Stated, row_key
from marketplace.domain.listings import Basis, Side, lists_for_others
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.places import Gazetteer
from marketplace.domain.price_ranges import parse_price_range
from marketplace.domain.series import RECURS, Rhythm, rhythm_of
from marketplace.domain.spans import parse_span, spell_day
from marketplace.domain.text import clean, fold
from marketplace.domain.text_marks import N_
from marketplace.sheets.answers import choice_key
from marketplace.sheets.doubts import is_doubted, sure
from marketplace.sheets.problems import MISSING, Problem
from marketplace.sheets.table import Record
from marketplace.sheets.understanding import Understood

LEAST, MOST, NAMED, REGULAR, ONCE = "least", "most", "named", "regular", "once"
READ, PASS = "read", "pass"
ENDS: Mapping[str, str] = {
    LEAST: N_("the lower figure"),
    MOST: N_("the upper figure"),
    NAMED: N_("exactly this figure"),
    REGULAR: N_("regularly: an instalment for each day or week until the last day"),
    ONCE: N_("once: what it comes to from the first to the last day"),
}
"""What may be answered to a range, for every row that has one."""
HIDDEN_ROWS = choice_key("hidden", "rows")
QUANTITY_OPEN = choice_key("quantity", "open")
QUANTITY_RATE = choice_key("quantity", "rate")
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

    ``side`` says what they are. ``actor`` lists, if that is known. ``choices`` are answers by
    `Problem.key`, ``own`` those to single rows, by their number and `Problem.field`; ``headers`` as
    `Sheet.headers`.
    """

    gazetteer: Gazetteer
    catalogue: Catalogue
    today: date
    headers: Mapping[str, str] = field(default_factory=dict)
    actor: Actor | None = None
    basis: Basis = Basis.OWN
    choices: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    side: Side = "lot"

    @property
    def locality(self) -> str | None:
        """The only one whose goods may be listed, if there is one."""
        only_own = self.side == "lot" and self.actor and lists_for_others(self.actor)
        return self.actor.locality if only_own and self.actor else None


@dataclass(frozen=True)
class Drafted:
    """A row read: what was understood, the lot or need if nothing is in its way, and all that is.

    ``key`` and ``stated``: `marketplace.domain.imports`. ``status`` is new, asked, refused or passed over
    (``why`` is a key of `layout.PASSED`): what is on the market already is not known here.
    """

    understood: Understood
    problems: tuple[Problem, ...]
    draft: LotDraft | NeedDraft | None = None
    key: str = ""
    stated: Stated = field(default_factory=dict)
    why: str = ""
    backed: frozenset[str] = frozenset()
    """Certifications that are named by a number under which a certificate is kept here."""

    @property
    def status(self) -> RowStatus:
        if self.why:
            return RowStatus.PASSED
        if self.draft is not None:
            return RowStatus.NEW
        barring = [p for p in self.problems if p.field not in _NO_HINDRANCE]
        return RowStatus.ASKED if all(map(can_be_answered, barring)) else RowStatus.REFUSED


def can_be_answered(problem: Problem) -> bool:
    """Whether an answer on the page mends it; else the sheet has to be mended."""
    return problem.asks or (problem.code == MISSING and problem.field in IN_WORDS)


@dataclass
class Drafting:
    """One row on its way to a listing. What keeps it from that is added to ``problems``."""

    record: Record
    row: Understood
    terms: Terms
    choices: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_barred(self) -> bool:
        return any(problem.field not in _NO_HINDRANCE for problem in self.problems)

    @property
    def first_day(self) -> date:
        """Today where the row says none, or one that is over."""
        return max(self.row.ready_on or self.terms.today, self.terms.today)

    def refuse(self, field: str, code: str, error: Rejected) -> None:
        self.problems.append(Problem(field, code, error))

    def break_rules(self, error: Rejected) -> None:
        """Keep every rule that is broken, each at its field."""
        for each in error.each():
            self.refuse(each.field or "", f"{each.field or 'row'}_against_rules", each)

    def ask_for(
        self, field: str, code: str, error: Rejected, key: str, answers: Iterator[tuple[str, str]]
    ) -> None:
        self.problems.append(Problem(field, code, error, tuple(answers), key))

    def said(self, meaning: str) -> str:
        cell = self.record.cells.get(meaning)
        return cell.text.strip() if cell else ""

    @property
    def rhythm(self) -> Rhythm | None:
        """How often it comes, where somebody has said that it is to be listed regularly."""
        regular = self.choices.get(QUANTITY_RATE) == REGULAR
        return rhythm_of(self.row.per) if self.row.per and regular else None

    def asks_how_often(self) -> bool:
        """Whether it comes again every day or week and nobody has said that it is to be listed so."""
        if self.row.per is None or self.choices.get(QUANTITY_RATE) in (REGULAR, ONCE):
            return False
        error = Rejected(
            N_(
                "“%(typed)s” comes again every day or week. Choose it, or write in the sheet how much"
                " it is in all."
            ),
            field="quantity",
            typed=self.said("quantity"),
        )
        self.ask_for("quantity", "quantity_rate", error, QUANTITY_RATE, _ends(REGULAR, ONCE))
        return True

    def in_all(
        self, amounts: tuple[int | None, int | None], until: date | None
    ) -> tuple[int | None, int | None]:
        """Of what is listed once, what comes together until the last day; weeks must be whole ones."""
        if not self.row.per or self.rhythm or until is None or until < self.first_day:
            return amounts
        days = (until - self.first_day).days + 1
        if self.row.per == "week" and days % 7:
            self.refuse("quantity", "quantity_rate", self._not_in_all())
            return None, None
        times = days if self.row.per == "day" else days // 7
        least, most = (None if each is None else each * times for each in amounts)
        return least, most

    def _not_in_all(self) -> Rejected:
        return Rejected(
            N_(
                "“%(typed)s” is for a week, and these days are no whole weeks. Write in the sheet how"
                " much it is in all."
            ),
            field="quantity",
            typed=self.said("quantity"),
        )

    def one_end(self, named: int | None) -> int | None:
        """The only figure of "up to 5 tonnes", "more than 400", if somebody says that it is meant."""
        if self.choices.get(QUANTITY_OPEN) == NAMED:
            return named
        error = Rejected(
            N_("“%(typed)s” has one end only. Choose with how much it is listed."),
            field="quantity",
            typed=self.said("quantity"),
        )
        self.ask_for("quantity", "quantity_open", error, QUANTITY_OPEN, _ends(NAMED))
        return None

    def price(self) -> int | None:
        least, most = self.row.ask_least, self.row.ask_most
        if least is None or most is None or least == most:
            return most if least is None else least
        if meant := self._price_meant(least, most):
            return meant
        error = Rejected(
            N_("“%(typed)s” is a range of prices. Choose which is asked."),
            field="ask",
            typed=self.said("ask"),
        )
        self.ask_for("ask", "ask_range", error, ASK_RANGE, _ends(LEAST, MOST))
        return None

    def _price_meant(self, least: int, most: int) -> int | None:
        """Which price of a range: an end of it, or one between them that somebody wrote."""
        answer = self.choices.get(ASK_RANGE, "")
        if answer in (LEAST, MOST) or not answer or self.row.commodity is None:
            return {LEAST: least, MOST: most}.get(answer)
        good = self.terms.catalogue.commodity(self.row.commodity)
        with suppress(Rejected):
            said = parse_price_range(answer, good)
            if said.least == said.most and said.least and least <= said.least <= most:
                self.row = replace(self.row, ask_least=said.least, ask_most=said.least)
                return said.least
        return None

    def until(self) -> date | None:
        """The row's last day, else the one answered for all rows without."""
        if self.row.until is not None:
            return self.row.until
        if any(p.field in ("until", "window", "ready_on", "season") for p in self.problems):
            return None
        today, unread = self.terms.today, None
        if answer := self.choices.get(LAST_DAY):
            try:
                span = parse_span(answer, today, field="until")
                return span.last or span.first
            except Rejected as error:
                unread = error
        missing = Rejected(N_("The row says no last day."), field="until")
        days = (today + timedelta(days=ahead) for ahead in _DAYS_TO_CHOOSE)
        answers = tuple((day.isoformat(), spell_day(day)) for day in days)
        self.problems.append(Problem("until", MISSING, missing, answers, LAST_DAY, unread))
        return None

    def whose(self, missing: str) -> str:
        """Whose goods or whose need: departments have to say, others list their own."""
        actor = self.terms.actor
        if actor is None:
            return clean(self.row.producer)
        if not lists_for_others(actor):
            return ""
        named = clean(self.row.producer) or clean(self.choices.get(WHOSE_GOODS, ""))
        if not named:
            error = Rejected(missing, field="producer")
            offered = filter(is_doubted, [self.said("contact")])
            answers = ((sure(each), sure(each)) for each in offered)
            self.ask_for("producer", MISSING, error, WHOSE_GOODS, answers)
        return named

    def is_yes(self, meaning: str, *, empty: bool = False) -> bool:
        """What a column with crosses, yes or no says; ``empty`` where it says nothing."""
        word = fold(self.said(meaning))
        if word not in _YES | _NO:
            error = Rejected(N_("Write yes or no (có or không)."), field=meaning)
            self.refuse(meaning, f"{meaning}_unreadable", error)
        return word in _YES if word else empty

    def key_of(self, whose: str, commodity: str, grade: str | None, place: str) -> str:
        first = self.row.ready_on.isoformat() if self.row.ready_on else ""
        if self.rhythm:
            first = f"{first}/{self.rhythm}"  # a series is no lot of the same goods
        return row_key(self.said("id"), whose, commodity, grade or "", place, first)

    def stated(
        self,
        draft: LotDraft | NeedDraft,
        always: Sequence[str],
        by_column: Mapping[str, str],
        first: str,
    ) -> Stated:
        """What the row itself says; what was filled in, such as the first day, is not its word.

        ``always``: fields that every row states. ``by_column``: fields by the column that states them.
        ``first``: the field of the first day.
        """
        fields = [*always, *(name for column, name in by_column.items() if self.has(column))]
        if self.row.ready_on:
            fields.append(first)
        if draft.certificates or self.has("certificates"):
            fields.append("certificates")
        stated = {name: plain(getattr(draft, name)) for name in fields}
        if self.row.ready_on:
            stated[first] = self.row.ready_on.isoformat()
        if self.rhythm:
            stated[RECURS] = self.rhythm.value
        return stated

    def has(self, column: str) -> bool:
        return column in self.record.cells


def _ends(*which: str) -> Iterator[tuple[str, str]]:
    return ((end, ENDS[end]) for end in which)
