"""What a proof that does not hold raises."""

from __future__ import annotations


class Refuted(Exception):
    """A stated result is wrong; the text names the first flaw that was found."""
