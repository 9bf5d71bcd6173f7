"""TCVN3 and VNI: Vietnamese letters from before Unicode, as bytes and as letters of a wrong font.

Both put the letters where Windows has those of Western Europe. A file without a name for its letters
holds them as bytes; a workbook typed in a font such as .VnTime or VNI-Times holds Western letters.
"""

from __future__ import annotations

import re
import unicodedata

_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_TCVN3 = {0xA1 + offset: letter for offset, letter in enumerate(_TCVN3_LETTERS)}

_TONES = "ùøûõï"  # after a letter: sắc, huyền, hỏi, ngã, nặng
_HATTED = "âáàåãä"  # after a, e, o: the letter with its hat, then with the tones
_BOWED = "êéèúüë"  # after a: ă, then with the tones
_MARKS = ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni() -> dict[str, str]:
    """What one or two Western letters stand for, small letters and capitals."""
    table = dict(_ALONE)
    for base, typed in (*((c, c) for c in "aeouy"), ("ơ", "ô"), ("ư", "ö")):
        table |= {typed + tone: base + mark for tone, mark in zip(_TONES, _MARKS, strict=True)}
    for base, marks, hat in (
        *((c, _HATTED, "\u0302") for c in "aeo"),
        ("a", _BOWED, "\u0306"),
    ):
        ends = ("", *_MARKS)
        table |= {base + mark: base + hat + end for mark, end in zip(marks, ends, strict=True)}
    small = {typed: unicodedata.normalize("NFC", letter) for typed, letter in table.items()}
    return (
        small | {typed.upper(): letter.upper() for typed, letter in small.items()} | _mixed(small)
    )


def _mixed(small: dict[str, str]) -> dict[str, str]:
    """A capital with the small mark, as in the first letter of a name: Aù."""
    pairs = {typed: letter for typed, letter in small.items() if len(typed) == 2}
    return {typed[0].upper() + typed[1]: letter.upper() for typed, letter in pairs.items()}


_VNI = _vni()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def from_tcvn3(western: str) -> str:
    """TCVN3 letters that are shown as Western ones: ``s¶n l­îng`` → ``sản lượng``."""
    return unicodedata.normalize("NFC", western.translate(_TCVN3))


def from_vni(western: str) -> str:
    """VNI letters that are shown as Western ones: ``saûn löôïng`` → ``sản lượng``."""
    return unicodedata.normalize("NFC", _VNI_PATTERN.sub(lambda m: _VNI[m[0]], western))


def from_misread(western: str) -> str:
    """UTF-8 that a program took for Western letters: ``Sáº£n lÆ°á»£ng`` → ``Sản lượng``."""
    try:
        content = bytes(_BYTES.get(c, ord(c)) for c in western)
        return unicodedata.normalize("NFC", content.decode("utf-8"))
    except ValueError:  # also of letters that are no bytes
        return western


def western(content: bytes) -> str:
    """Bytes as Windows shows them in Western Europe; what it leaves undefined stays a control."""
    return content.decode("latin-1").translate(_WINDOWS)


_WINDOWS = {b: bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(0x80, 0xA0)}
_BYTES = {letter: byte for byte, letter in _WINDOWS.items()}
