"""Where two plain structures differ, by the path of each figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_NOTHING = object()


def unlike(stored: Any, solved: Any, path: str = "") -> Iterator[str]:
    """A line for each figure that is not the same on both sides."""
    if isinstance(stored, dict) and isinstance(solved, dict):
        for name in sorted(stored.keys() | solved.keys()):
            inner = f"{path}.{name}" if path else name
            yield from unlike(stored.get(name, _NOTHING), solved.get(name, _NOTHING), inner)
    elif isinstance(stored, list) and isinstance(solved, list):
        if len(stored) != len(solved):
            yield f"{path}: {len(stored)} entries are stored, {len(solved)} solved"
        else:
            for row, (one, other) in enumerate(zip(stored, solved, strict=True)):
                if one != other:
                    yield from unlike(one, other, f"{path}[{row}]")
    elif stored is _NOTHING or solved is _NOTHING:
        yield f"{path}: {'not stored' if stored is _NOTHING else 'only stored'}"
    elif stored != solved:
        yield f"{path}: {_said(stored)} is stored, {_said(solved)} solved"


def _said(value: Any) -> str:
    return f"{value!r:.60}"
