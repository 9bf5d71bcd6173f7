"""The file of a round: sections of plain lists and numbers, each with its hash.

docs/round-file.md describes it for people who write programs of their own. The text is JSON with a
line for each column; what is hashed is the canonical text of a section (`canonical`), so white
space does not count.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_

FORMAT = "agricultural-marketplace-round"
HEAD = 100
"""Bytes within which every file names its format."""
VERSION = 1
"""Raised when a program that reads the old format would misread the new one."""

FULL = "full"
PUBLIC = "public"
MOST_BYTES = 256 * 2**20
"""Of text: several times what a round of 10,000 lots and needs has."""
MARK = 8
"""Hexadecimal digits by which a changed row is found; the section's hash is what protects it."""


class BadFile(Rejected):
    """A file of a round is not what it was."""


class OtherFile(BadFile):
    """Not a file that this program reads: something else, another version, another view."""


class NoRound(OtherFile):
    """Nothing that this program ever wrote."""


@dataclass(frozen=True)
class RoundFile:
    """One view of a round: ``sections`` by name, of what JSON holds without fractions."""

    view: str
    sections: Mapping[str, Any] = field(repr=False)

    @cached_property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of the canonical text of each section."""
        return {name: digest("".join(lines)) for name, lines in self._lines.items()}

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        """The canonical text of each section, in pieces that a line may end after."""
        return {name: _in_lines(part) for name, part in self.sections.items()}

    @cached_property
    def marks(self) -> dict[str, list[str]]:
        """For each section that is a table a short mark of each row, to name a changed one."""
        return {
            name: [digest(canonical(list(row)))[:MARK] for row in _rows(part)]
            for name, part in self.sections.items()
            if self.view == PUBLIC and _is_table(part)
        }

    @property
    def hash(self) -> str:
        """SHA-256 over all the others: the one figure that stands for the whole file."""
        return digest(canonical(list(self._head().values())))

    def _head(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "view": self.view,
            "hashes": self.hashes,
            "marks": self.marks,
        }

    def text(self) -> str:
        """The whole file."""
        head = self._head() | {"hash": self.hash}
        lines = [f"{canonical(name)}:{canonical(head[name])}" for name in sorted(head)]
        parts = [f"{canonical(name)}:" + "\n".join(each) for name, each in self._lines.items()]
        return "{" + ",\n".join([*lines, '"sections":{\n' + ",\n".join(parts) + "}"]) + "}\n"

    def packed(self) -> bytes:
        """Compressed for the database."""
        return zlib.compress(self.text().encode(), level=3)


def canonical(value: Any) -> str:
    """The one text of a value: keys in order, no white space, all in ASCII."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def digest(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def unpacked(stored: bytes) -> bytes:
    """The text behind `RoundFile.packed`. Raises `BadFile`."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(stored, MOST_BYTES + 1)
    except zlib.error as error:
        raise BadFile(N_("The stored file is damaged: it cannot be unpacked.")) from error
    if len(text) <= MOST_BYTES and not unpacker.eof:
        raise BadFile(N_("The stored file is damaged: its end is missing."))
    return text


def read(text: bytes) -> RoundFile:
    """A file as somebody holds it. Raises `BadFile`, naming the section whose hash does not fit."""
    if len(text) > MOST_BYTES:
        raise OtherFile(
            N_("The file is larger than %(most)s MB; no round is."), most=MOST_BYTES // 2**20
        )
    try:
        values = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        if FORMAT.encode() not in text[:HEAD]:
            raise NoRound(
                N_("This is not the file of a round: it cannot be read as JSON (%(where)s)."),
                where=str(error),
            ) from error
        raise BadFile(
            N_("The file is damaged: it cannot be read as JSON (%(where)s)."), where=str(error)
        ) from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise NoRound(N_("This is not the file of a round."))
    if values.get("version") != VERSION:
        raise OtherFile(
            N_(
                "The file has version %(theirs)s of the format; this program reads version %(ours)s."
            ),
            theirs=str(values.get("version")),
            ours=VERSION,
        )
    return _checked(values)


def _refuse(number: str) -> Any:
    raise ValueError(f"{number} is not a whole number")


def _checked(values: dict[str, Any]) -> RoundFile:
    sections, hashes = values.get("sections"), values.get("hashes")
    if not isinstance(sections, dict) or not isinstance(hashes, dict):
        raise BadFile(N_("The file is damaged: its sections or their hashes are missing."))
    file = RoundFile(str(values.get("view")), dict(sorted(sections.items())))
    for name in sorted(file.hashes.keys() | hashes.keys()):
        if file.hashes.get(name) != hashes.get(name):
            raise BadFile(N_("Section “%(name)s” was changed: its hash does not fit."), name=name)
    if file.hash != values.get("hash"):
        raise BadFile(N_("The hash of the whole file does not fit."))
    return file


def _is_table(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and bool(part)
        and all(isinstance(column, list) for column in part.values())
        and len({len(column) for column in part.values()}) == 1
    )


def _rows(table: dict[str, list[Any]]) -> Any:
    return zip(*(table[name] for name in sorted(table)), strict=True)


def _in_lines(part: Any) -> list[str]:
    """The canonical text of a section, a piece for each of its columns."""
    if not isinstance(part, dict) or not part:
        return [canonical(part)]
    *most, last = (f"{canonical(name)}:{canonical(part[name])}" for name in sorted(part))
    return ["{", *(f"{column}," for column in most), f"{last}}}"]
