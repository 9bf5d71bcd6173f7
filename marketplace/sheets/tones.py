"""Words as people type them who leave the tone marks out, wholly or here and there."""

from __future__ import annotations

import re

from marketplace.domain.text import fold

_TONED = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")


def either(pattern: str) -> str:
    """The pattern with every word in it as it stands or wholly without marks: "tấn" and "tan".

    A word that bears other marks stays another word: "Tân" is no "tấn". For words, not for [classes].
    """
    return _TONED.sub(lambda word: f"(?:{word[0]}|{fold(word[0])})", pattern)


def is_bare(text: str) -> bool:
    """Whether it bears no marks at all, so that it may stand for several words."""
    return fold(text) == " ".join(text.casefold().split())
