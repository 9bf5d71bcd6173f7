"""Commitments: a figure that nobody reads and nobody can change afterwards.

A commitment is the SHA-256 of a salt and the canonical text of the figure. The salts follow from
the round's secret and the figure's path (HMAC), so they need not be stored; whoever is given one
salt learns nothing of the others. Without a salt of 256 random bits anybody could try all prices.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from marketplace.solving.round_file import canonical, digest


@dataclass(frozen=True)
class Opening:
    """What lets somebody check his own figure: where its commitment stands, salt and figure."""

    section: str
    column: str
    row: int
    salt: str
    value: Any


def salt(secret: str, path: str) -> str:
    """64 hexadecimal digits for the figure at that path of the public file."""
    return hmac.new(bytes.fromhex(secret), path.encode(), "sha256").hexdigest()


def commitment(secret: str, path: str, value: Any) -> str:
    """64 hexadecimal digits that stand for the figure."""
    return digest(salt(secret, path) + canonical(value))
