"""Rows that stand for records of `marketplace.domain`, filled from the data files.

A column is named like the record's field, with ``_id`` where it points to another table. Ids are
those of the files and never change.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar, Self

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column


class Recorded:
    """A row that stands for a record. ``position`` is its place in the data file."""

    RECORD: ClassVar[type]
    COLUMNS: ClassVar[dict[str, str]] = {}
    """Columns that are not named like their field."""

    position: Mapped[int]

    @classmethod
    def of(cls, record: Any, position: int) -> Self:
        """The row for a record."""
        names = {name: cls.COLUMNS.get(name, name) for name in cls._fields()}
        values = {column: getattr(record, name) for name, column in names.items()}
        return cls(position=position, **values)  # type: ignore[call-arg]

    def record(self) -> Any:
        """The record that the row stands for."""
        names = {name: self.COLUMNS.get(name, name) for name in self._fields()}
        return self.RECORD(**{name: getattr(self, column) for name, column in names.items()})

    @classmethod
    def _fields(cls) -> list[str]:
        return [field.name for field in fields(cls.RECORD)]


class Sourced:
    """Where a figure comes from, and how far it can be trusted: sourced, unverified, estimate."""

    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(String(12), default="unverified")
