"""Vietnamese texts written in the letters from before Unicode, the other way round than we read them."""

from __future__ import annotations

import subprocess
import unicodedata

from marketplace.sheets import old_letters


def in_tcvn3(text: str) -> str:
    """As Western letters in a font such as .VnTime; capitals with a tone become small ones."""
    back = {letter: chr(code) for code, letter in old_letters._TCVN3.items()}
    return "".join(back.get(c, back.get(c.lower(), c)) for c in unicodedata.normalize("NFC", text))


def in_vni(text: str) -> str:
    """As Western letters in a font such as VNI-Times."""
    back = {letter: typed for typed, letter in reversed(old_letters._VNI.items())}
    return "".join(back.get(c, c) for c in unicodedata.normalize("NFC", text))


def misread(text: str) -> str:
    """As a program shows UTF-8 that it takes for Windows-1252."""
    return old_letters.western(text.encode())


def in_windows(text: str) -> bytes:
    """Windows-1258: letters with hats, the tones after them."""
    loose = []
    for c in unicodedata.normalize("NFC", text):
        try:
            c.encode("cp1258")
            loose.append(c)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", c)
            tone = next(p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323")
            loose.append(unicodedata.normalize("NFC", parts.replace(tone, "")) + tone)
    return "".join(loose).encode("cp1258")


def iconv(content: bytes, name: str) -> str:
    """Another program's reading of the same bytes."""
    command = ["iconv", "-f", name, "-t", "UTF-8"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
