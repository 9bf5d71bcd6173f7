"""Files as people send them, and as they should not be sent."""

from __future__ import annotations

import functools
import io
import zlib

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

VI_THANH = (9.784, 105.470)
HIDDEN = b"HERE LIES A SECRET"


@functools.cache
def a_photo(
    kind: str = "JPEG",
    size: tuple[int, int] = (2_000, 1_500),
    *,
    located: bool = False,
    turn: int = 1,
) -> bytes:
    """A photo, brighter to the right; ``located``: with where, when and by which camera."""
    ramp = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(size)
    image = Image.merge("RGB", (ramp, ramp, Image.new("L", size, 40)))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turn
    if located:
        exif[0x010F], exif[0x0110], exif[0x0132] = "Nokia", "3310", "2026:11:26 07:00:00"
        exif.get_ifd(0x8825).update(_position(*VI_THANH))
    more = {"comment": HIDDEN} if located and kind == "JPEG" else {}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


@functools.cache
def a_bomb(side: int = 20_000) -> bytes:
    """A picture of little more than nothing that unfolds to 400 million points."""
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()


def a_pdf(extra: bytes = b"", *, packed: bytes = b"", told: bytes = b"") -> bytes:
    """One blank page; ``extra`` objects as they stand, ``packed`` in a stream told of as ``told``."""
    body = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" + extra
    if packed:
        stream = zlib.compress(packed)
        head = told or b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>"
        head = head % len(stream) if b"%d" in head else head
        body += b"9 0 obj" + head + b"stream\n" + stream + b"\nendstream endobj\n"
    return body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def _position(latitude: float, longitude: float) -> dict[int, object]:
    def parts(degrees: float) -> tuple[IFDRational, ...]:
        minutes = degrees % 1 * 60
        return IFDRational(int(degrees)), IFDRational(int(minutes)), IFDRational(30)

    return {1: "N", 2: parts(latitude), 3: "E", 4: parts(longitude)}
