"""Letters as people type them, made comparable."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Small letters without marks, đ as d, single spaces: ``SẦU  Riêng`` → ``sau rieng``."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.split())


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; whatever is neither letter nor digit separates them."""
    return tuple("".join(c if c.isalnum() else " " for c in fold(text)).split())


def alike_words(text: str) -> tuple[str, ...]:
    """The folded words with i for y: Mĩ and Mỹ, quít and quýt are the same in two spellings."""
    return tuple(word.replace("y", "i") for word in words(text))


def toned_words(text: str) -> tuple[str, ...]:
    """The same words with their marks, in small letters."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return tuple("".join(c if c.isalnum() else " " for c in composed).split())


def clean(text: str) -> str:
    """What a person typed, composed (NFC), on one line, without characters that nobody can see.

    Control and format characters (NUL, direction marks, zero-width spaces) go; spaces are squeezed.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = (" " if c.isspace() else c for c in composed)
    kept = (c for c in visible if unicodedata.category(c) not in _UNSEEN)
    return " ".join("".join(kept).split())


def has_unseen(text: str) -> bool:
    """Whether `clean` would drop a character that is not a space."""
    return any(unicodedata.category(c) in _UNSEEN and not c.isspace() for c in text)


def shorten(text: str, longest: int = 60) -> str:
    """What a person typed, fit to be quoted in a message."""
    seen = clean(text[: 4 * longest])
    return seen if len(seen) <= longest else seen[: longest - 1] + "…"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
