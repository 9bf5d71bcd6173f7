"""Pictures, drawn anew: only their points are kept, so no place, no camera, nothing hidden behind them.

They are read in a process of their own (`picture_process`), with little memory and time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace.domain.text_marks import N_
from marketplace.uploads.kinds import BadUpload

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30  # seconds; its own clock stops the process long before, if it gets a processor
MOST_POINTS = 50_000_000
"""As many as the largest telephones take; 20,000 × 20,000 are eight times that."""


@dataclass(frozen=True)
class Size:
    """What to make of a picture: its longer side in points at most, and the media type."""

    side: int
    media_type: str
    quality: int


@dataclass(frozen=True)
class Picture:
    """A picture without anything but its points."""

    content: bytes
    media_type: str
    width: int
    height: int


LARGE = Size(1_600, "image/jpeg", 80)
SMALL = Size(320, "image/webp", 60)
SCAN = Size(2_000, "image/jpeg", 82)
"""Of a paper: its small print stays legible."""


def redrawn(content: bytes, sizes: Sequence[Size], *, field: str) -> list[Picture]:
    """The picture in each of these sizes, upright. Raises `BadUpload`."""
    asked = {"most": MOST_POINTS, "sizes": [vars(size) for size in sizes]}
    try:
        ended = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-P", "-m", f"{__package__}.picture_process"],
            input=json.dumps(asked).encode("ascii") + b"\n" + content,
            capture_output=True,
            env={"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", os.defpath)},
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(field) from error
    if ended.returncode:
        raise _too_much(field)
    header, _, drawn = ended.stdout.partition(b"\n")
    answer = json.loads(header)
    if "refused" in answer:
        raise _refusal(answer, field)
    return list(_pictures(answer["pictures"], drawn))


def _pictures(told: list[dict[str, Any]], drawn: bytes) -> Any:
    start = 0
    for one in told:
        end = start + one["bytes"]
        yield Picture(drawn[start:end], one["media_type"], one["width"], one["height"])
        start = end


def _refusal(answer: dict[str, Any], field: str) -> BadUpload:
    if answer["refused"] == "points":
        return BadUpload(
            N_("The picture has %(width)s × %(height)s points, more than can be read here."),
            field=field,
            width=answer["width"],
            height=answer["height"],
        )
    return BadUpload(
        N_("The picture is damaged or incomplete. Take it again, or send it once more."),
        field=field,
    )


def _too_much(field: str) -> BadUpload:
    return BadUpload(N_("The picture needs too much memory or time to be read."), field=field)
