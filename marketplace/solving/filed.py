"""What a round keeps of its own file: the bytes and the two hashes that pages show."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.solving.full_file import Recorded
from marketplace.solving.public_file import public_file


@dataclass(frozen=True)
class Filed:
    """The full file, compressed, its hash, and that of the public file made from it."""

    file: bytes
    file_hash: str
    public_hash: str


def filed(recorded: Recorded) -> Filed:
    """The file of a round as it is stored."""
    full = recorded.file
    return Filed(full.packed(), full.hash, public_file(recorded).hash)
