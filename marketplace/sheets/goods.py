"""Which good of the catalogue a cell names, and in which grade."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from marketplace.domain.commodities import (
    AmbiguousCommodity,
    Catalogue,
    Commodity,
    UnknownCommodity,
    own_first,
)
from marketplace.domain.errors import Rejected
from marketplace.domain.papers import without, without_papers
from marketplace.domain.text import alike_words, clean, fold, shorten, toned_words
from marketplace.domain.text_marks import N_

_GRADE = re.compile(
    r"\b(?:loai|hang|hang loai|cap|l)\s*(?P<grade>[1-4]|i{1,3}|iv|xo|che bien)\b|\bxo\b"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_BEFORE = re.compile(r"^(?:trai|qua|cay|con|cu|hat|nong san|san pham)\s+(?=\S)")
_MOST_ASKED = 8
_SHORT = 3
_KIN_WORDS = 2
_LONGEST = 120


class UncertainCommodity(Rejected):
    """The words fit goods only in part, or with other tone marks: ``candidates``."""

    def __init__(self, typed: str, candidates: Sequence[Commodity]) -> None:
        super().__init__(
            N_(
                "“%(typed)s” is not in the catalogue under that name. Is one of these meant: %(list)s?"
            ),
            field="commodity",
            typed=shorten(typed),
            list="; ".join(good.name_vi for good in candidates),
        )
        self.candidates = tuple(candidates)


def find_good(text: str, sections: Sequence[str], catalogue: Catalogue) -> Commodity:
    """The good that a cell names, under headings that may say half of it ("Lúa", then "OM18").

    What fits only in part is never taken for it. Raises `UnknownCommodity`, `AmbiguousCommodity`,
    `UncertainCommodity`.
    """
    found = _find(text, tuple(sections), catalogue) if len(text) <= _LONGEST else None
    if isinstance(found, Commodity):
        return found
    raise (found or UnknownCommodity(text)).with_traceback(None)


def own_goods_first(
    error: AmbiguousCommodity | UncertainCommodity, locality: str | None
) -> Rejected:
    """The same question with the goods first that grow in the locality of who imports."""
    typed = str(error.params["typed"])
    return type(error)(typed, own_first(error.candidates, locality))


@lru_cache(maxsize=8_192)
def _find(text: str, sections: tuple[str, ...], catalogue: Catalogue) -> Commodity | Rejected:
    """The good, or why it is none: sheets name the same goods on many lines."""
    unclear: Rejected | None = None
    for typed in _spellings(text, sections):
        if good := _written_apart(typed, catalogue):
            return good
        try:
            good = catalogue.find(typed)
        except AmbiguousCommodity as error:
            unclear = unclear or error
        except UnknownCommodity:
            continue
        else:
            if _is_called(good, typed):
                return good
            if _has_words_of(good, typed):
                unclear = unclear or UncertainCommodity(clean(text), [good])
    if unclear:
        return _with_kin(unclear, clean(text), catalogue)
    if alike := _with_all_words_in(clean(text), catalogue):
        return UncertainCommodity(clean(text), alike[:_MOST_ASKED])
    return UnknownCommodity(text)


def _with_kin(unclear: Rejected, typed: str, catalogue: Catalogue) -> Rejected:
    """The same question with all that a short word may begin: "dua" is dừa, dứa and dưa hấu.

    Goods whose marks are the very same are named first.
    """
    asked = [_letters(word) for word in toned_words(typed)]
    if not 0 < len(asked) <= _KIN_WORDS:
        return unclear
    kin = {
        name.good.id: name.good
        for exactly in (True, False)
        for name in _names(catalogue)
        if _begin_alike(name.letters, asked, exactly=exactly)
    }
    if not kin:
        return unclear
    kind = AmbiguousCommodity if len(kin) > 1 else UncertainCommodity
    return kind(typed, list(kin.values()))


def marks_would_tell(text: str, catalogue: Catalogue) -> bool:
    """Whether words without marks begin goods under several spellings: "dua", but not "khom"."""
    asked = [_letters(word) for word in toned_words(text)]
    if not asked or any(marks for _, marks in asked):
        return False
    spelled = {
        name.letters[: len(asked)]
        for name in _names(catalogue)
        if _begin_alike(name.letters, asked, exactly=False)
    }
    return len(spelled) > 1


def _begin_alike(
    name: Sequence[tuple[str, tuple[str, ...]]],
    asked: Sequence[tuple[str, tuple[str, ...]]],
    *,
    exactly: bool,
) -> bool:
    if exactly:
        return tuple(name[: len(asked)]) == tuple(asked)
    return len(name) >= len(asked) and all(map(_same, asked, name))


@dataclass(frozen=True)
class _Name:
    """One of the names of a good, made comparable."""

    good: Commodity
    bare: tuple[str, ...]
    marked: str  # its words with their marks, run together
    first: str
    letters: tuple[tuple[str, tuple[str, ...]], ...]  # its words, each with its marks


@lru_cache(maxsize=4)
def _names(catalogue: Catalogue) -> tuple[_Name, ...]:
    return tuple(
        _Name(
            good,
            alike_words(name),
            "".join(toned_words(name)),
            (toned_words(name) or ("",))[0],
            tuple(map(_letters, toned_words(name))),
        )
        for good in catalogue.commodities
        for name in (good.name_vi, good.name_vi.split(" (")[0], *good.also)
    )


def names_goods(text: str, catalogue: Catalogue) -> bool:
    """Whether a whole name of a good stands in a text, with its marks unless none of its words has any."""
    asked = [_letters(word) for word in toned_words(text)]
    return any(
        len("".join(name.bare)) > _SHORT and _holds(asked, name.letters)
        for name in _names(catalogue)
    )


def _holds(
    asked: Sequence[tuple[str, tuple[str, ...]]], name: Sequence[tuple[str, tuple[str, ...]]]
) -> bool:
    spans = (asked[at : at + len(name)] for at in range(len(asked) - len(name) + 1))
    return any(
        list(span) == list(name)
        or (not any(marks for _, marks in span) and [w for w, _ in span] == [w for w, _ in name])
        for span in spans
    )


def find_grade(text: str, good: Commodity, catalogue: Catalogue) -> str | None:
    """The id of the grade that a text names; None if it names none. Raises `Rejected` for another."""
    folded = fold(text).strip(" .")
    if not folded or folded in ("-", "–"):
        return None
    for grade in catalogue.grades(good.group):
        short = grade.name_vi.split(" (")[0]
        if folded in map(fold, (grade.id, grade.name_vi, grade.name_en, short)):
            return grade.id
    if found := grade_named_in(text):
        with suppress(Rejected):
            return catalogue.grade(good.group, found).id
    return catalogue.grade(good.group, text).id


def grade_named_in(text: str) -> str | None:
    """ "loại I" and "loại 1" are loai-1; "hàng xô" is xo."""
    found = _GRADE.search(fold(text))
    if not found:
        return None
    named = (found["grade"] or "xo").replace(" ", "-")
    named = _ROMAN.get(named, named)
    return f"loai-{named}" if named.isdigit() else named


def _spellings(text: str, sections: Sequence[str]) -> Iterator[str]:
    """The words as they are, then with the heading before them, then without what is no name."""
    typed = clean(text)
    yield typed
    headings = [re.sub(r"^[\dIVX]+[.)]\s*|^[A-Z][.)]\s*", "", clean(each)) for each in sections]
    for heading in reversed(headings):
        yield f"{heading} {typed}"
    bare = without_papers(clean(re.sub(r"\([^)]*\)", " ", typed)))
    bare = without(bare, _GRADE).replace(" 5 ", " năm ").strip(" ,.-–")
    if bare and bare != typed:
        yield bare
        for heading in reversed(headings):
            yield f"{heading} {bare}"
    if (found := _BEFORE.match(fold(bare))) and (shorter := bare[found.end() :]):
        yield shorter


def _is_called(good: Commodity, typed: str) -> bool:
    """Whether one of its names has all these words whole, in this order, with the marks that were typed.

    "Trái cây" is a heading over all fruit, and not "Cây giống ăn trái".
    """
    asked = [_letters(word) for word in toned_words(typed)]
    names = (good.name_vi, *good.also, good.name_en, good.scientific_name, good.id)
    if len(typed) <= _SHORT:  # "me" is not "mè": too few letters to tell without marks
        return clean(typed).casefold() in map(str.casefold, names)
    for name in names:
        words = iter([_letters(word) for word in toned_words(name)])
        if all(any(_same(one, other) for other in words) for one in asked):
            return True
    return False


def _has_words_of(good: Commodity, typed: str) -> bool:
    """Whether it differs in marks only, or in the end of a variety's number; "sắn" is no "sành"."""
    asked = alike_words(typed)
    names = (set(alike_words(name)) for name in (good.name_vi, *good.also, good.name_en))
    return any(
        all(word in name or any(c.isdigit() for c in word) for word in asked) for name in names
    )


@lru_cache(maxsize=8_192)
def _letters(word: str) -> tuple[str, tuple[str, ...]]:
    """A word without marks, and its marks wherever they stand: thuỷ and thủy are the same."""
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d\u0335"))
    marks = sorted(letter for letter in decomposed if unicodedata.combining(letter))
    return " ".join(alike_words(word)), tuple(marks)


def _same(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> bool:
    return one[0] == other[0] and (not one[1] or one[1] == other[1])


def _written_apart(typed: str, catalogue: Catalogue) -> Commodity | None:
    """The only good whose name has the same letters, "OM 18" for OM18, with the marks if there are any."""
    bare, marked = ("".join(split(typed)) for split in (alike_words, toned_words))
    unmarked = fold(marked) == marked
    goods = {
        name.good.id: name.good
        for name in _names(catalogue)
        if "".join(name.bare) == bare and (unmarked or name.marked == marked)
    }
    return next(iter(goods.values())) if len(goods) == 1 and len(bare) > _SHORT else None


def _with_all_words_in(typed: str, catalogue: Catalogue) -> list[Commodity]:
    """Goods of which a whole name stands in what was typed: "bí đỏ hồ lô" may be bí đỏ."""
    asked = f" {' '.join(alike_words(typed))} "
    named = [name.good for name in _names(catalogue) if f" {' '.join(name.bare) or '?'} " in asked]
    found = list({good.id: good for good in named}.values())
    return found or _with_first_word(typed, catalogue)


def _with_first_word(typed: str, catalogue: Catalogue) -> list[Commodity]:
    """Goods of the same kind by their first word: all the bưởi for one that nobody has heard of."""
    first = toned_words(typed)[:1]
    if not first or _BEFORE.match(f"{fold(first[0])} x"):  # "củ", "trái": no kind of goods
        return []
    named = [name.good for name in _names(catalogue) if _begins(name.first, first[0])]
    return list({good.id: good for good in named}.values())


def _begins(word: str, first: str) -> bool:
    return _same(_letters(first), _letters(word))
