"""What is bought and sold: goods, their grades, certificates and what may carry them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.domain.errors import Rejected
from marketplace.domain.text import alike_words, clean, fold, shorten
from marketplace.domain.text_marks import N_

if TYPE_CHECKING:
    from marketplace.domain.reference import Reference

_LONGEST = 120


@dataclass(frozen=True)
class CommodityGroup:
    """Goods that are reported, graded and handled alike."""

    id: str
    name_vi: str
    name_en: str


def shelf_hours(transport_need: str, ambient: float, chilled: float | None) -> float:
    """How long goods stay fresh the way that they travel: chilled or iced ones longer."""
    if transport_need in ("chilled", "ice") and chilled is not None:
        return chilled
    return ambient


@dataclass(frozen=True)
class Commodity:
    """A good of the catalogue. Quantities of it are integers of its base unit."""

    id: str
    name_vi: str
    name_en: str
    scientific_name: str
    group: str
    also: tuple[str, ...]  # other names that people search for
    base_unit: str  # kg, piece or litre
    base_unit_vi: str  # kg, con, trứng, trái, cây, lít …
    milligrams: int | None  # weight of one base unit; None: listed, but not in rounds
    base_units_per_price_unit: int  # 10 or 12 for goods priced by the chục, 60 for a tạ of 60 kg
    price_unit: str  # as the market says it: "VND/kg", "VND/chục 12"
    ask_low: int  # VND per base unit: the dated price band
    ask_high: int
    price_year: str
    price_source: str
    price_confidence: str
    shelf_hours_ambient: float
    shelf_hours_chilled: float | None
    shelf_confidence: str
    weight_confidence: str
    waits: bool  # freshness counts from the day of collection: alive, in the pond, in the nursery
    transport_need: str
    localities: tuple[str, ...]
    months: tuple[int, ...]  # of harvest, 1 … 12
    harvest: str  # the same in the words of the source
    certifications: tuple[str, ...]  # ids of certificates that such goods often hold
    hs6: str
    cpc: str
    kind: str = "produce"  # of `marketplace.domain.kinds.GoodsKind`
    control: str = "free"  # of `marketplace.domain.kinds.Control`
    control_source: str = ""

    @property
    def shelf_hours(self) -> float:
        """How long it stays fresh the way that it travels: chilled or iced goods longer."""
        return shelf_hours(self.transport_need, self.shelf_hours_ambient, self.shelf_hours_chilled)

    def kilograms(self, quantity: int) -> int | None:
        """Weight of so many base units, rounded up to whole kilograms; None if it is not known."""
        if self.milligrams is None:
            return None
        return -(-quantity * self.milligrams // 1_000_000)

    @property
    def usual_ask(self) -> int:
        """The middle of the price band: what stands in for a price that nobody named."""
        return (self.ask_low + self.ask_high) // 2


@dataclass(frozen=True)
class Grade:
    """A step of quality; rank 1 is the best. Group ``*`` serves groups without their own."""

    group: str
    rank: int
    id: str
    name_vi: str
    name_en: str
    confidence: str


@dataclass(frozen=True)
class Certification:
    """A paper that goods can hold and buyers can ask for."""

    id: str
    name_vi: str
    name_en: str
    needs_expiry: bool


@dataclass(frozen=True)
class TransportNeed:
    """What may carry goods, and what that does to payload and price."""

    id: str
    name_vi: str
    name_en: str
    mode: str  # of the vehicle on the road: truck, reefer, live truck
    largest_truck: int  # kilograms of nominal payload
    payload_percent: int  # of the nominal payload that is goods, not water, ice or cages
    price_percent: int  # of the list price, 100 without surcharge
    hours_limit: int | None  # how long live goods survive on the way
    note: str
    confidence: str
    boat_mode: str = ""  # of the vehicle on the water: boat, live boat
    largest_boat: int = 0  # kilograms of nominal payload, 0: never by boat


class UnknownCommodity(Rejected):
    """The catalogue has no such good."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            N_("“%(typed)s” is not in the catalogue. Type a few letters of its name."),
            field="commodity",
            typed=shorten(typed),
        )


class AmbiguousCommodity(Rejected):
    """Several goods fit: ``candidates``."""

    def __init__(self, typed: str, candidates: Sequence[Commodity]) -> None:
        super().__init__(
            N_("“%(typed)s” fits %(n)s goods: %(list)s"),
            field="commodity",
            typed=shorten(typed),
            n=len(candidates),
            list="; ".join(f"{c.name_vi} [{c.id}]" for c in candidates[:8]),
        )
        self.candidates = tuple(candidates)


class Catalogue:
    """All goods with their grades, certificates and transport needs; found by id or by name."""

    def __init__(
        self,
        commodities: Iterable[Commodity],
        groups: Iterable[CommodityGroup] = (),
        grades: Iterable[Grade] = (),
        certifications: Iterable[Certification] = (),
        transport_needs: Iterable[TransportNeed] = (),
    ) -> None:
        self.commodities = tuple(commodities)
        self.groups = {group.id: group for group in groups}
        self.certifications = {paper.id: paper for paper in certifications}
        self.transport_needs = {need.id: need for need in transport_needs}
        self._by_id = {commodity.id: commodity for commodity in self.commodities}
        self._names = {c.id: [_SearchName(text) for text in _names(c)] for c in self.commodities}
        self._grades: dict[str, list[Grade]] = {}
        for grade in sorted(grades, key=lambda g: g.rank):
            self._grades.setdefault(grade.group, []).append(grade)

    @classmethod
    def from_reference(cls, reference: Reference) -> Catalogue:
        return cls(
            reference.commodities,
            reference.groups,
            reference.grades,
            reference.certifications,
            reference.transport_needs,
        )

    def commodity(self, commodity_id: str) -> Commodity:
        """Raises `UnknownCommodity`."""
        try:
            return self._by_id[commodity_id]
        except KeyError:
            raise UnknownCommodity(commodity_id) from None

    def grades(self, group: str) -> tuple[Grade, ...]:
        """The grades of a group, best first."""
        return tuple(self._grades.get(group) or self._grades.get("*") or [])

    def grade(self, group: str, grade_id: str) -> Grade:
        """Raises `Rejected` if the group has no such grade."""
        for grade in self.grades(group):
            if grade.id == grade_id:
                return grade
        raise Rejected(
            "There is no grade “%(typed)s” for these goods.",
            field="grade",
            typed=shorten(grade_id),
        )

    def default_grade(self, group: str) -> Grade:
        """What goods are of which nobody named the grade: ungraded, the last but one."""
        return self.grades(group)[-2]

    def find(self, text: str, *, near: str | None = None, in_groups: bool = False) -> Commodity:
        """The good that a person means. Raises `UnknownCommodity` or `AmbiguousCommodity`.

        What several goods are called is asked with those first that grow in the locality ``near``.
        ``in_groups``: the name of a group stands for its goods, too.
        """
        typed = clean(text)
        if commodity := self._by_id.get(typed.casefold()):
            return commodity
        asked = alike_words(typed)
        exact = [c for c in self.commodities if any(asked == n.words for n in self._names[c.id])]
        look = self.suggest if in_groups else self.search
        found = (asked and exact) or look(typed, len(self.commodities), near=near)
        if not found:
            raise UnknownCommodity(text)
        if len(found) > 1:
            raise AmbiguousCommodity(typed, own_first(found, near))
        return found[0]

    def search(self, text: str, limit: int = 10, *, near: str | None = None) -> list[Commodity]:
        """Goods of which every word typed begins a word of one of their names, best first.

        Names that hold the words with the very tone marks go before those that differ in marks; of
        those that fit alike, what grows in the locality ``near``.
        """
        typed = clean(text)
        asked = alike_words(typed)
        if not asked or len(typed) > _LONGEST:
            return []
        best: dict[Commodity, tuple[int, ...]] = {}
        for commodity in self.commodities:
            ranks = [name.rank(asked, typed) for name in self._names[commodity.id]]
            if known := [(*rank, n) for n, rank in enumerate(ranks) if rank is not None]:
                best[commodity] = min(known)

        def order(commodity: Commodity) -> tuple[object, ...]:
            *fit, which = best[commodity]
            afar = near is not None and near not in commodity.localities
            return (fit, afar, which, fold(commodity.name_vi), commodity.id)

        return sorted(best, key=order)[:limit]

    def suggest(self, text: str, limit: int = 10, *, near: str | None = None) -> list[Commodity]:
        """As `search`; before all that, the goods of the group that is called so."""
        group = own_first(self.of_group(text), near)
        found = self.search(text, len(self.commodities), near=near)
        return list(dict.fromkeys([*group, *found]))[:limit]

    def of_group(self, text: str) -> list[Commodity]:
        """The goods of a group by its name, or by two words and more that begin it: "vật tư".

        Without those that nobody may trade.
        """
        asked = alike_words(text)
        named = {
            group.id
            for group in self.groups.values()
            for name in (group.name_vi, *group.name_vi.split(","), group.name_en)
            if _begins(asked, alike_words(name))
        }
        return [c for c in self.commodities if c.group in named and c.control != "banned"]


def own_first(goods: Iterable[Commodity], near: str | None) -> list[Commodity]:
    """As they stand, but those that grow in the locality ``near`` before all others."""
    return sorted(goods, key=lambda c: near is not None and near not in c.localities)


def _begins(asked: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return asked == name or (len(asked) > 1 and asked == name[: len(asked)])


class _SearchName:
    """One of the names that a good is searched by."""

    def __init__(self, text: str) -> None:
        self.text = text.casefold()
        self.words = alike_words(text)

    def rank(self, asked: tuple[str, ...], typed: str) -> tuple[int, ...] | None:
        """How well it fits, least is best; None if a word is missing."""
        if not all(any(word.startswith(start) for word in self.words) for start in asked):
            return None
        marks = typed.casefold() in self.text
        whole = all(start in self.words for start in asked)
        first = self.words[: len(asked)] == asked
        return (not (marks and asked == self.words), not marks, not whole, not first)


def _names(commodity: Commodity) -> tuple[str, ...]:
    """The name, the name without what stands in brackets, English, scientific, other names, id."""
    short = commodity.name_vi.split(" (")[0]
    return (
        short,
        commodity.name_vi,
        *commodity.also,
        commodity.name_en,
        commodity.scientific_name,
        commodity.id,
    )
