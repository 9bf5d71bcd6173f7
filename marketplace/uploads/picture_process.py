"""Draws one picture anew in a process of its own, with little memory and time.

Run as ``python -m marketplace.uploads.picture_process`` by `pictures`. Standard input: a line of JSON that
says what to make, then the file. Standard output: a line of JSON about what was made, then the pictures,
one after the other. Decoders of pictures are old C code: what a file breaks there breaks this process, and
nothing else.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

_MORE_MEMORY = 600 * 1024 * 1024
_SECONDS = 6.0
_FORMATS = ("JPEG", "PNG", "WEBP")


class _Refused(Exception):
    """With what the other end is told."""

    def __init__(self, **told: Any) -> None:
        super().__init__(told)
        self.told = told


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    _limit()
    try:
        made = _drawn(content, asked)
        answer: dict[str, Any] = {"pictures": [told for told, _ in made]}
    except _Refused as refused:
        made, answer = [], refused.told
    except MemoryError:
        sys.exit(3)
    out = sys.stdout.buffer
    out.write(json.dumps(answer).encode("ascii") + b"\n")
    for _, drawn in made:
        out.write(drawn)


def _limit() -> None:
    """No more memory and time than an honest photo needs several times over; no core dumps."""
    import resource
    import signal

    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + _MORE_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except OSError:
        pass  # not Linux: the limit on time is left
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)


def _drawn(content: bytes, asked: dict[str, Any]) -> list[tuple[dict[str, Any], bytes]]:
    Image.MAX_IMAGE_PIXELS = None  # counted here, before a single point is read
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > asked["most"]:
                raise _Refused(refused="points", width=width, height=height)
            largest = max(size["side"] for size in asked["sizes"])
            image.thumbnail((largest, largest), reducing_gap=2.0)
            upright = _plain(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _Refused(refused="broken") from error
    return [_encoded(upright, size) for size in asked["sizes"]]


def _plain(image: Image.Image) -> Image.Image:
    """Its points only, on white: a new picture takes nothing over of what stood beside them."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
        return plain
    image = image.convert("RGB")
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    return plain


def _encoded(image: Image.Image, size: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    made = image.copy()
    made.thumbnail((size["side"], size["side"]))
    out = io.BytesIO()
    if size["media_type"] == "image/webp":
        made.save(out, "WEBP", quality=size["quality"], method=4)
    else:
        made.save(out, "JPEG", quality=size["quality"], optimize=True, progressive=True)
    drawn = out.getvalue()
    return {
        "media_type": size["media_type"],
        "width": made.width,
        "height": made.height,
        "bytes": len(drawn),
    }, drawn


if __name__ == "__main__":
    main()
