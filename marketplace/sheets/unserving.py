"""Answers that do not serve: the question is asked again, with why, instead of refusing the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from marketplace.domain.errors import Rejected
from marketplace.sheets.answers import choice_key
from marketplace.sheets.drafting import Drafted, can_be_answered
from marketplace.sheets.problems import Problem
from marketplace.sheets.table import Cell, Record

_READ_TOGETHER = {"quantity": ("quantity", "unit"), "ask": ("ask", "unit")}
"""Of a field, the answers by which its cell is read."""


def unserving(
    problems: Sequence[Problem], record: Record, choices: Mapping[str, str]
) -> dict[str, Rejected]:
    """Answers by which a row would be refused, by their names in ``choices``, and why."""
    found: dict[str, Rejected] = {}
    for problem in problems:
        if can_be_answered(problem):
            continue
        for name in _names(problem, record):
            if name in choices:
                found.setdefault(name, problem.error)
    return found


def asked_again(drafted: Drafted, unread: Mapping[str, Rejected]) -> Drafted:
    """The row read without those answers; what asks for them says why they do not serve."""
    return replace(
        drafted,
        problems=tuple(
            replace(problem, unread=unread.get(problem.key or "") or unread.get(problem.field))
            for problem in drafted.problems
        ),
    )


def _names(problem: Problem, record: Record) -> Iterator[str]:
    if problem.key:
        yield problem.key
    for field in _READ_TOGETHER.get(problem.field, (problem.field,)):
        yield field
        yield choice_key(field, record.cells.get(field, Cell()).text)
        yield choice_key(field, "")
