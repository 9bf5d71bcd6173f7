"""What a row of a sheet says of goods for sale: amount, price, days, place, and what has to be asked.

Nothing is guessed. What a person must decide becomes a `Problem` with the answers to choose from; an
answer stands in for the cell and is read like it. Whoever calls keeps the raw cells beside all this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from marketplace.domain.commodities import AmbiguousCommodity, Catalogue, Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import write
from marketplace.domain.packs import parse_pack
from marketplace.domain.papers import papers_in_note, parse_papers
from marketplace.domain.phones import parse_phones
from marketplace.domain.places import Gazetteer, Place
from marketplace.domain.price_ranges import PriceRange, parse_price_range
from marketplace.domain.prices import check_usual
from marketplace.domain.rates import Amount, Per, Weights, parse_amount
from marketplace.domain.spans import Span, day_of_number, parse_span
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_
from marketplace.domain.units import UnitKind, kind_of_unit
from marketplace.sheets.answers import Answered, choice_key
from marketplace.sheets.doubts import check_one_amount, doubt, is_doubted, sure
from marketplace.sheets.goods import (
    UncertainCommodity,
    find_good,
    find_grade,
    grade_named_in,
    own_goods_first,
)
from marketplace.sheets.header_units import BASE_UNIT, unit_of_amounts, unit_of_prices
from marketplace.sheets.paper_details import ToldPaper, expired, papers_told
from marketplace.sheets.problems import MISSING, Problem, problem_of, with_labels
from marketplace.sheets.table import Record
from marketplace.sheets.whereabouts import headings_of_places, place_of, written_place

__all__ = ["Understood", "choice_key", "understand"]

Read = TypeVar("Read")
_YES = {"x", "co", "yes", "dat", "roi", "v", "✓", "✔", "da co", "1"}
_NOBODY = Amount(None, None)
_NO_PRICE = PriceRange(None, None)
_NO_DAYS = Span(None, None)


@dataclass(frozen=True)
class Understood:
    """A row in our own terms. What could not be read is None, and ``problems`` say why."""

    commodity: str | None = None
    grade: str | None = None
    unit: str | None = None  # base unit of the commodity
    quantity_least: int | None = None  # base units; None with a `quantity_most`: "up to"
    quantity_most: int | None = None  # None with a `quantity_least`: "more than"
    per: Per | None = None
    ask_least: int | None = None  # VND per base unit; both None: to be agreed
    ask_most: int | None = None
    ready_on: date | None = None
    until: date | None = None
    place: str | None = None
    phones: tuple[str, ...] = ()
    certificates: frozenset[str] = frozenset()
    papers: tuple[ToldPaper, ...] = ()  # those of them of which number or last day are told
    producer: str = ""
    note: str = ""
    problems: tuple[Problem, ...] = ()


def understand(
    record: Record,
    *,
    gazetteer: Gazetteer,
    catalogue: Catalogue,
    today: date,
    choices: Mapping[str, str] = {},
    headers: Mapping[str, str] = {},
    locality: str | None = None,
) -> Understood:
    """What a row means.

    ``choices``: answers to this row by `Problem.field`, and answers to all rows by `Problem.key`;
    that of "unit" is a unit or what one of them weighs ("0,5 kg"). ``headers``: the heads of the
    columns by meaning, for the units in them. ``locality``: the only one whose goods may be listed.
    """
    row = Answered(record, choices, headings_of_places(record, gazetteer))
    return _Row(row, gazetteer, catalogue, today, headers, locality).understood()


@dataclass
class _Row:
    row: Answered
    gazetteer: Gazetteer
    catalogue: Catalogue
    today: date
    headers: Mapping[str, str]
    locality: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def understood(self) -> Understood:
        named = self.row.text("commodity") or self._heading_of_goods()
        good = self._read("commodity", named, self._good)
        amount, price, grade = self._of(good, named) if good else (_NOBODY, _NO_PRICE, None)
        if good is None:
            self._need_an_amount()
            self._say_what_no_goods_mend()
        days = self._days()
        place = self._read("place", written_place(self.row), self._place)
        certificates, papers = self._certificates(named)
        return Understood(
            commodity=good.id if good else None,
            grade=grade,
            unit=good.base_unit if good else None,
            quantity_least=amount.least,
            quantity_most=amount.most,
            per=amount.per,
            ask_least=price.least,
            ask_most=price.most,
            ready_on=days.first,
            until=days.last,
            place=place.id if place else None,
            phones=self._phones(),
            certificates=certificates,
            papers=papers,
            producer=self._producer(),
            note=self.row.text("note"),
            problems=tuple(self.problems),
        )

    def _need_an_amount(self) -> None:
        """Without one the row is lost whatever its goods are, so that nobody is asked which they are."""
        if not self.row.figure("quantity").strip():
            empty = Rejected(N_("This cell is empty."), field="quantity")
            self._ask(Problem("quantity", MISSING, empty))

    def _say_what_no_goods_mend(self) -> None:
        """An amount or a price that cannot be read whatever the goods are, so that all flaws are said at once."""
        kinds = {good.base_unit: good for good in self.catalogue.commodities}.values()
        for meaning in ("quantity", "ask"):
            if not (typed := sure(self.row.figure(meaning))):
                continue
            flaws = [self._flaw(meaning, typed, good) for good in kinds]
            if flaws[0] and all(
                each and each.error.reason == flaws[0].error.reason for each in flaws
            ):
                self._ask(flaws[0])

    def _flaw(self, meaning: str, typed: str, good: Commodity) -> Problem | None:
        """Why it is no amount or price of these goods; None where it is one, or can be asked about."""
        reader = self._amount if meaning == "quantity" else self._price
        try:
            reader(typed, good, self._unit(good), self._weights(good))
        except Rejected as error:
            problem = problem_of(error, meaning, typed, good)
            return None if problem.asks else problem
        return None

    def _read(
        self,
        meaning: str,
        typed: str,
        reader: Callable[[str], Read],
        *,
        good: Commodity | None = None,
        needed: bool = True,
    ) -> Read | None:
        """What a reader makes of a cell; a problem where it refuses or the cell is empty."""
        try:
            if not typed.strip():
                if needed:
                    empty = Rejected(N_("This cell is empty."), field=meaning)
                    self._ask(Problem(meaning, MISSING, empty))
                return None
            if is_doubted(typed) and self.row.answer(meaning) is None:
                if self._doubts(meaning, typed, reader, good):
                    return None
                typed = sure(typed)
            return reader(typed)
        except Rejected as error:
            problem = problem_of(error, meaning, typed, good)
            self._ask(with_labels(problem, self.catalogue, self.gazetteer, good))
            return None

    def _doubts(
        self,
        meaning: str,
        typed: str,
        reader: Callable[[str], Read],
        good: Commodity | None,
    ) -> bool:
        """Whether there is something to choose from where a cell is not sure; it is asked then."""
        found: object = None
        with suppress(Rejected):
            found = reader(sure(typed))
        label = self.gazetteer.label(found) if isinstance(found, Place) else ""
        problem = doubt(meaning, typed, found, good, label)
        if problem.candidates:
            self._ask(problem)
        return bool(problem.candidates)

    def _ask(self, problem: Problem) -> None:
        key = problem.key or self.row.key(problem.field)
        if not any((p.field, p.code) == (problem.field, problem.code) for p in self.problems):
            self.problems.append(replace(problem, key=key))

    # Goods, amount and price

    def _good(self, typed: str) -> Commodity:
        held = self.row.answer("commodity")
        try:
            return find_good(typed, () if held else self.row.record.sections, self.catalogue)
        except (AmbiguousCommodity, UncertainCommodity) as error:
            raise own_goods_first(error, self.locality) from None

    def _heading_of_goods(self) -> str:
        """The nearest heading that names a good, for rows that say only where and how much.

        If none does, the nearest that may name several, so that it is asked which.
        """
        unclear = ""
        for heading in reversed(self.row.record.sections):
            try:
                find_good(heading, (), self.catalogue)
            except AmbiguousCommodity:
                unclear = unclear or heading
            except Rejected:
                continue
            else:
                return heading
        return unclear

    def _place(self, _: str) -> Place:
        return place_of(self.row, self.gazetteer, self.locality)

    def _of(self, good: Commodity, named: str) -> tuple[Amount, PriceRange, str | None]:
        """What depends on the goods: how much, for how much, how good."""
        unit, each = self._unit(good), self._weights(good)
        amount = self._read(
            "quantity",
            self.row.figure("quantity"),
            lambda typed: self._amount(typed, good, unit, each),
            good=good,
        )
        price = self._read(
            "ask",
            self.row.figure("ask"),
            lambda typed: self._price(typed, good, unit, each),
            good=good,
            needed=False,
        )
        grade = self._read(
            "grade",
            self.row.text("grade"),
            lambda typed: find_grade(typed, good, self.catalogue),
            good=good,
            needed=False,
        )
        known = {grade.id for grade in self.catalogue.grades(good.group)}
        if grade is None and (said := grade_named_in(named)) in known:
            grade = said
        return amount or _NOBODY, price or _NO_PRICE, grade

    def _amount(self, typed: str, good: Commodity, unit: str, each: Weights) -> Amount:
        if pack := parse_pack(typed, good):
            return Amount(pack.quantity, pack.quantity)
        check_one_amount(typed)
        return parse_amount(typed, good, unit=unit, each=each)

    def _weights(self, good: Commodity) -> Weights:
        """What one con, bó or thùng holds: as the amount itself says, else as somebody has answered."""
        if pack := parse_pack(self.row.figure("quantity"), good):
            return {pack.piece: f"{write(pack.each)} {good.base_unit_vi}"}
        return self.row.weights(good.id)

    def _unit(self, good: Commodity) -> str:
        """The unit of bare amounts: the row's own before that of the column."""
        header = unit_of_amounts(self.headers.get("quantity", ""))
        if header == BASE_UNIT:
            header = good.base_unit_vi
        elif kind_of_unit(_without_span(header), good) == UnitKind.UNKNOWN:
            header = ""
        return self.row.unit() or header

    def _price(self, typed: str, good: Commodity, unit: str, each: Weights) -> PriceRange:
        said = self.row.text("ask_unit") or unit_of_prices(self.headers.get("ask", ""))
        price = parse_price_range(typed, good, unit=said, of_goods=unit, each=each)
        if self.row.answer("ask") is None:
            for end in (price.least, price.most):
                if end is not None:
                    check_usual(end, good)
        return price

    # Days

    def _days(self) -> Span:
        """First and last day, from two columns, from one that holds both, or from the season."""
        window = self._span("window")
        ready, until = self._span("ready_on"), self._span("until")
        first = ready.first or window.first
        last = until.last or until.first or window.last
        if last is None and ready.last != ready.first:
            last = ready.last
        if first is None and until.first != until.last:
            first = until.first
        if first is None and last is None and not self._days_were_asked():
            with suppress(Rejected):
                return parse_span(self.row.text("season"), self.today)
        if first and last and last < first:
            reversed_ = Rejected(
                N_("The last day must not lie before the first (%(date)s)."),
                field="until",
                date=first,
            )
            self._ask(Problem("until", "days_reversed", reversed_))
        return Span(first, last)

    def _days_were_asked(self) -> bool:
        return any(problem.field in ("window", "ready_on", "until") for problem in self.problems)

    def _span(self, meaning: str) -> Span:
        cell = self.row.cell(meaning)
        if self.row.answer(meaning) is None:
            if cell.day is not None:
                return Span(cell.day, cell.day)
            if (number := cell.number) is not None:
                day = self._read(
                    meaning,
                    cell.text or str(number),
                    lambda _: day_of_number(number, self.today, field=meaning),
                )
                return Span(day, day)
        return (
            self._read(
                meaning,
                self.row.text(meaning),
                lambda typed: parse_span(typed, self.today, field=meaning),
                needed=False,
            )
            or _NO_DAYS
        )

    # People and papers

    def _phones(self) -> tuple[str, ...]:
        cell = self.row.cell("phone")
        typed = self.row.text("phone")
        if cell.number is not None and self.row.answer("phone") is None:
            typed = f"{cell.number:f}"
        phones = self._read("phone", typed, parse_phones, needed=False) or ()
        if not phones and sum(letter.isdigit() for letter in self.row.text("contact")) >= 9:
            phones = self._read("phone", self.row.text("contact"), parse_phones) or ()
        return phones

    def _producer(self) -> str:
        """A contact that is not sure is no answer to whose goods they are; it is offered as one."""
        contact = self.row.text("contact")
        return self.row.text("producer") or ("" if is_doubted(contact) else contact)

    def _papers_said(self) -> str:
        """What the column says; of a column "VietGAP" that has a cross or a yes, its header."""
        typed, header = self.row.text("certificates"), self.headers.get("certificates", "")
        named = papers_in_note(header, self.catalogue.certifications).held
        return ";".join(sorted(named)) if named and fold(typed) in _YES else typed

    def _certificates(self, named: str) -> tuple[frozenset[str], tuple[ToldPaper, ...]]:
        known = self.catalogue.certifications
        column = papers_told(self._papers_said(), known, self.today)
        noted = papers_told(self.row.text("note"), known, self.today)
        held = self._read(
            "certificates", column.bare, lambda typed: parse_papers(typed, known), needed=False
        )
        said = (papers_in_note(text, known).held for text in (named, noted.bare))
        certificates = (held or frozenset()).union(*said)
        told = {paper.certification: paper for paper in (*noted.papers, *column.papers)}
        papers = tuple(told[each] for each in sorted(certificates & told.keys()))
        for paper in papers:
            if problem := expired(paper, known, self.today):
                self._ask(problem)
        return certificates, papers


def _without_span(unit: str) -> str:
    """ "tấn/ngày" is a unit all the same."""
    return fold(unit).split("/")[0]
