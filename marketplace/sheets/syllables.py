"""Whether letters make a Vietnamese syllable: how the right reading of old letters is told from wrong ones."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSET_WORDS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYME_WORDS = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uên uênh uêu ui um un ung uơ uôc uôi uôm uôn uông uôt up ut
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_ONSETS = tuple(_ONSET_WORDS.split())
_RHYMES = frozenset(_RHYME_WORDS.split())
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_CHUNK = re.compile(r"[^\s\d!-/:-@\[-`{-~–—…“”‘’₫•]+")


def marked_chunks(text: str) -> list[str]:
    """The pieces between spaces, digits and ASCII signs that hold more than ASCII letters."""
    return [chunk for chunk in _CHUNK.findall(text) if not chunk.isascii()]


@lru_cache(maxsize=20_000)
def is_syllable(chunk: str) -> bool:
    """Whether it could be a word of one syllable: an onset, a rhyme and at most one tone."""
    decomposed = unicodedata.normalize("NFD", chunk.lower())
    tones = sum(c in _TONES for c in decomposed)
    if tones > 1 or len(chunk) > 12:
        return False
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return bare in _RHYMES or any(
        bare.startswith(onset) and _follows(onset, bare[len(onset) :]) for onset in _ONSETS
    )


def _follows(onset: str, rest: str) -> bool:
    return rest in _RHYMES or (onset == "gi" and not rest) or (onset == "g" and rest == "i")


def share_of_syllables(text: str) -> tuple[int, int]:
    """How many of the pieces with marks are syllables, and how many such pieces there are."""
    chunks = marked_chunks(text)
    return sum(is_syllable(unicodedata.normalize("NFC", c)) for c in chunks), len(chunks)
