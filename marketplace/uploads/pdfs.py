"""PDF files: refused where they do anything but show pages, or where one cannot see what they do.

They are kept as they came and only ever handed out to be saved, never shown by our pages; this is the
second fence. What a document does is named in its objects. A name may be spelt with hexadecimal codes
(`/J#61vaScript`), and objects may stand in packed streams (ISO 32000-1, 7.3.5, 7.5.7).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from marketplace.domain.text_marks import N_
from marketplace.uploads.kinds import BadUpload

MOST_UNPACKED = 120_000_000
"""Bytes of all packed streams together; a coloured page scanned at 300 dots an inch has 26 million."""
MOST_STREAMS = 10_000
_CHUNK = 65_536
_LONGEST_DICTIONARY = 20_000
_ACTIVE = (
    b"JavaScript",
    b"Launch",
    b"EmbeddedFiles?",
    b"RichMedia",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"Rendition",
)
_END = rb"(?=[\s/<>\[\]()%]|$)"
_DOES = re.compile(rb"/(?:" + b"|".join(_ACTIVE) + rb")" + _END)
_LOCKED = re.compile(rb"/Encrypt" + _END)
_OBJECTS = re.compile(rb"/(?:ObjStm|First)" + _END)
_DEFLATED = re.compile(
    rb"/Filter\s*(?:\[\s*/(?:FlateDecode|Fl)\s*\]|/(?:FlateDecode|Fl)" + _END + rb")"
)
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")


def check_pdf(content: bytes, *, field: str) -> None:
    """Raise `BadUpload` for a PDF that is damaged, locked, or holds programs or other files."""
    if b"%%EOF" not in content[-2_048:]:
        raise BadUpload(
            N_("The PDF is damaged or incomplete. Save it again, or send it once more."),
            field=field,
        )
    plain = _spelt_out(content)
    if _LOCKED.search(plain):
        raise BadUpload(N_("The PDF is locked by a password. Send it unlocked."), field=field)
    texts = (_spelt_out(text) for text in _unpacked(content, field))
    if _DOES.search(plain) or any(_DOES.search(text) for text in texts):
        raise _active(field)


def _spelt_out(text: bytes) -> bytes:
    return _CODE.sub(lambda code: bytes([int(code[1], 16)]), text)


def _unpacked(content: bytes, field: str) -> Iterator[bytes]:
    """What packed streams hold. Raises where objects stand in one that is packed in another way."""
    left = MOST_UNPACKED
    for number, found in enumerate(_STREAM.finditer(content)):
        if number > MOST_STREAMS:
            raise _too_much(field)
        told = _spelt_out(_dictionary(content, found.start()))
        deflated = _DEFLATED.search(told)
        if _OBJECTS.search(told) and b"/Filter" in told and (not deflated or b"/Predictor" in told):
            raise _active(field)
        if not deflated:
            continue  # looked at already, as it stands, or a picture
        text = _inflated(content, found.end(), left)
        left -= len(text)
        if left <= 0:
            raise _too_much(field)
        yield text


def _dictionary(content: bytes, end: int) -> bytes:
    start = content.rfind(b"obj", max(0, end - _LONGEST_DICTIONARY), end)
    return content[max(start, end - _LONGEST_DICTIONARY, 0) : end]


def _inflated(content: bytes, start: int, most: int) -> bytes:
    """As far as it can be; bit by bit, so that nothing is copied again for every stream."""
    unpacking = zlib.decompressobj()
    found = bytearray()
    try:
        while not unpacking.eof and start < len(content) and len(found) < most:
            packed = content[start : start + _CHUNK]
            found += unpacking.decompress(packed, most - len(found))
            start += _CHUNK
    except zlib.error:
        pass
    return bytes(found)


def _active(field: str) -> BadUpload:
    return BadUpload(
        N_("The PDF holds a program or another file. Send a plain PDF, or a photo of the paper."),
        field=field,
    )


def _too_much(field: str) -> BadUpload:
    return BadUpload(
        N_("The PDF holds more than can be looked at. Send a photo of the paper."), field=field
    )
