"""Whether names answer to what a reader typed, and how nearly.

Letters without marks stand for all marks; a word typed with marks means that very word: "dưa" is
neither "dứa" nor "dừa", "dua" is all three.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_WORDS = 8
"""Words typed beyond these are not looked at."""
_STROKE = "\u0335"  # what makes a d a đ; Unicode does not take that letter apart


@dataclass(frozen=True)
class Word:
    """A word without marks, and the marks of each of its letters."""

    bare: str
    marks: tuple[str, ...]

    def begins(self, other: Word) -> bool:
        """Whether ``other`` begins so. Where a tone stands does not matter: thuỷ is thủy."""
        if not other.bare.startswith(self.bare):
            return False
        mine = sorted("".join(self.marks))
        return not mine or mine == sorted("".join(other.marks[: len(self.bare)]))

    def is_in_full(self, other: Word) -> bool:
        return len(self.bare) == len(other.bare) and self.begins(other)


@lru_cache(maxsize=8_192)  # lists name the same goods and places on many lines
def marked_words(text: str) -> tuple[Word, ...]:
    """The words of `marketplace.domain.text.words`, with their marks."""
    found: list[Word] = []
    letters: list[str] = []
    marks: list[str] = []
    decomposed = unicodedata.normalize("NFKD", text).casefold().replace("đ", f"d{_STROKE}")
    for letter in f"{decomposed} ":
        if unicodedata.combining(letter):
            marks[-1:] = [mark + letter for mark in marks[-1:]]
        elif letter.isalnum():
            letters.append(letter)
            marks.append("")
        elif letters:
            found.append(Word("".join(letters), tuple(marks)))
            letters, marks = [], []
    return tuple(found)


def is_found(typed: str, names: Iterable[str]) -> bool:
    """Whether every word typed begins a word of some name."""
    there = [word for name in names for word in marked_words(name)]
    return all(any(asked.begins(word) for word in there) for asked in _asked(typed))


def is_phrase_of(typed: str, names: Iterable[str]) -> bool:
    """Whether one of the names holds all words typed, side by side; the last may be only begun."""
    asked = _asked(typed)
    return any(_stands_in(asked, marked_words(name)) for name in names)


def _asked(typed: str) -> tuple[Word, ...]:
    return marked_words(typed)[:MOST_WORDS]


def _stands_in(asked: Sequence[Word], there: Sequence[Word]) -> bool:
    if not asked:
        return True
    *whole, last = asked
    for start in range(len(there) - len(whole)):
        pairs = zip(whole, there[start:], strict=False)
        if all(one.is_in_full(other) for one, other in pairs) and last.begins(
            there[start + len(whole)]
        ):
            return True
    return False
