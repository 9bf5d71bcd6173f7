"""Marks texts for translation where they are written; they are translated where they are shown."""

from __future__ import annotations


def N_(text: str) -> str:
    """``text`` itself: `make messages` collects what stands in such a call."""
    return text
