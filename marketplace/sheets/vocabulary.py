"""What words name, for whoever cuts messages up: goods, and places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from marketplace.domain.addresses import resolve_address
from marketplace.domain.commodities import AmbiguousCommodity, Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.places import AmbiguousPlace, Gazetteer
from marketplace.domain.text import words
from marketplace.sheets.goods import UncertainCommodity, find_good, names_goods

_MOST_WORDS = 9
_PLACE_TYPES = {
    ("thi", "xa"), ("thi", "tran"), ("thanh", "pho"), ("khu", "vuc"), ("khu", "pho"),
}  # fmt: skip


class Vocabulary:
    """Knows no words: messages are cut by their signs alone."""

    def names_goods(self, text: str) -> bool:
        """Whether a whole name of a good stands in the text."""
        return False

    def is_good(self, text: str) -> bool:
        """Whether it names one good and nothing else."""
        return False

    def may_be_goods(self, text: str) -> bool:
        """Whether it names one good, or several of which it has to be asked which."""
        return False

    def is_place(self, text: str) -> bool:
        """Whether it names a place, or several of one name."""
        return False


@dataclass(frozen=True)
class KnownWords(Vocabulary):
    """Those of a catalogue and a gazetteer."""

    gazetteer: Gazetteer
    catalogue: Catalogue

    def names_goods(self, text: str) -> bool:
        return names_goods(text, self.catalogue)

    def is_good(self, text: str) -> bool:
        try:
            find_good(text, (), self.catalogue)
        except Rejected:
            return False
        return True

    def may_be_goods(self, text: str) -> bool:
        try:
            find_good(text, (), self.catalogue)
        except (AmbiguousCommodity, UncertainCommodity):
            return True
        except Rejected:
            return False
        return True

    def is_place(self, text: str) -> bool:
        """A single word without its type is too little: "Nam" and "Ba" name people."""
        said = words(text)
        if not 1 < len(said) <= _MOST_WORDS or said in _PLACE_TYPES or re.match(r"\W*\d", text):
            return False
        return _is_place(text, self.gazetteer)


@lru_cache(maxsize=8_192)
def _is_place(text: str, gazetteer: Gazetteer) -> bool:
    try:
        resolve_address(text, gazetteer)
    except AmbiguousPlace:
        return True
    except Rejected:
        return False
    return True
