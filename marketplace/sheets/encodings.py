"""Which letters a file was written in: found out, named, and open to correction by the person.

Bytes that are valid UTF-8 are UTF-8: other texts with marks practically never are. For the rest the
candidates are read one by one, and the one with most Vietnamese syllables among its words with marks
is taken. The same measure finds cells in a workbook that were typed in a font of the old kind.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from marketplace.domain.errors import Rejected
from marketplace.domain.text import shorten
from marketplace.domain.text_marks import N_
from marketplace.sheets.old_letters import from_misread, from_tcvn3, from_vni, western
from marketplace.sheets.syllables import marked_chunks, share_of_syllables

ENCODINGS: Mapping[str, str] = {
    "utf-8": N_("Unicode (UTF-8)"),
    "utf-8-sig": N_("Unicode (UTF-8 with a mark at the start)"),
    "decomposed": N_("Unicode with tone marks as characters of their own"),
    "utf-16-le": N_("Unicode (UTF-16)"),
    "utf-16-be": N_("Unicode (UTF-16, big-endian)"),
    "windows-1258": N_("Vietnamese (Windows-1258)"),
    "tcvn3": N_("TCVN3 (ABC, fonts such as .VnTime)"),
    "vni": N_("VNI (fonts such as VNI-Times)"),
    "misread": N_("Unicode that another program took for Western letters"),
}

_CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "decomposed": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1258": "cp1258",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FONTS: Mapping[str, Callable[[str], str]] = {
    "tcvn3": from_tcvn3,
    "vni": from_vni,
    "misread": from_misread,
}
_ENOUGH = 0.6  # of the words with marks must be syllables before we believe a reading
_SAMPLE = 200_000  # bytes looked at where readings are compared


class UnreadableLetters(Rejected):
    """The letters of a file fit no encoding that we know, or not the one that the person named."""


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file, composed (NFC), and the key in `ENCODINGS` of how it was written.

    ``encoding`` is what the person says it is. Raises `UnreadableLetters`.
    """
    if encoding is not None and encoding not in ENCODINGS:
        raise UnreadableLetters(
            N_("“%(name)s” is none of the encodings that can be chosen."), name=shorten(encoding)
        )
    found = encoding or _detected(content)
    try:
        text = _read(content, found)
    except UnicodeError as error:
        raise UnreadableLetters(
            N_("The letters of this file are not %(name)s. Choose another encoding."),
            name=ENCODINGS[found],
        ) from error
    composed = unicodedata.normalize("NFC", text)
    if found == "utf-8" and composed != text and _is_decomposed(text):
        found = "decomposed"
    return composed, found


def mend(texts: Sequence[str], encoding: str | None = None) -> tuple[list[str], str | None]:
    """Cells composed (NFC), those typed in an old font read as what they showed, and its key.

    The key is ``tcvn3``, ``vni`` or ``misread`` where such cells were found, ``decomposed`` where marks stood
    apart, else None. With an ``encoding`` named by the person only that font, or none, is tried.
    """
    font = encoding if encoding in FONTS else None if encoding else _font_of(texts)
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    if font is None:
        return composed, "decomposed" if any(map(_is_decomposed, texts)) else None
    read = FONTS[font]
    if encoding is not None:
        return [read(text) if _convertible(text) else text for text in composed], font
    mixed = any(not _convertible(text) and share_of_syllables(text)[0] for text in composed)
    return [_in_font(text, read, mixed) for text in composed], font


def _detected(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if wide := _wide(content):
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _most_vietnamese(content[:_SAMPLE])
    return "utf-8"


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark: in any table every other byte of the many ASCII signs is zero."""
    sample = content[:_SAMPLE]
    half = len(sample) // 2
    if len(content) % 2 or not half:
        return None
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > half // 4 and high > 8 * low:
        return "utf-16-le"
    return "utf-16-be" if low > half // 4 and low > 8 * high else None


def _most_vietnamese(content: bytes) -> str:
    scores = {}
    for name in ("windows-1258", "tcvn3", "vni"):
        try:
            syllables, pieces = share_of_syllables(_read(content, name))
        except UnicodeDecodeError:
            continue
        scores[name] = syllables / pieces if pieces else 0.0
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] < _ENOUGH:
        raise UnreadableLetters(
            N_(
                "It cannot be told which letters this file is written in. Choose the encoding, or save "
                "it as .xlsx."
            )
        )
    return best


def _read(content: bytes, encoding: str) -> str:
    """Raises `UnicodeDecodeError`. An old font may also lie in a file that is UTF-8 or UTF-16."""
    if encoding in FONTS:
        return FONTS[encoding](_letters_shown(content))
    for mark, name in _MARKS:
        if content.startswith(mark) and _CODECS[name] == _CODECS[encoding]:
            content = content[len(mark) :]
    return content.decode(_CODECS[encoding])


def _letters_shown(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(_CODECS[name])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return western(content)


def _is_decomposed(text: str) -> bool:
    return (
        not text.isascii()
        and unicodedata.normalize("NFC", text) != text
        and any(unicodedata.combining(c) for c in text)
    )


def _font_of(texts: Iterable[str]) -> str | None:
    """The old font that makes syllables of words that are none as they stand, if there is one."""
    words = {chunk for text in texts if not text.isascii() for chunk in marked_chunks(text)}
    wrong = {word for word in words if not share_of_syllables(word)[0]}
    gained = {
        name: sum(_all_syllables(read(word)) for word in wrong if _convertible(word))
        for name, read in FONTS.items()
    }
    best = max(gained, key=lambda name: gained[name])
    return best if gained[best] >= max(2, _ENOUGH * len(wrong)) else None


def _in_font(text: str, read: Callable[[str], str], mixed: bool) -> str:
    """The cell as it was shown, if that reads better; or as well, where no other cell is Unicode."""
    if text.isascii() or not _convertible(text):
        return text
    shown = read(text)
    (was, of_was), (now, of_now) = share_of_syllables(text), share_of_syllables(shown)
    gained = now * max(1, of_was) - was * max(1, of_now)
    return shown if gained > 0 or (gained == 0 and now and not mixed) else text


def _all_syllables(text: str) -> bool:
    syllables, pieces = share_of_syllables(text)
    return 0 < syllables == pieces


def _convertible(text: str) -> bool:
    """Whether such fonts could have shown it: Western letters only."""
    return all(ord(c) < 0x100 or c in _WESTERN_SIGNS for c in text)


_WESTERN_SIGNS = frozenset(western(bytes(range(0x80, 0xA0))))
