"""Solve a stored round again from what it saw, and say in what it differs from what is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.solving.deciding import Decided, decide
from marketplace.solving.frozen import Frozen
from marketplace.solving.world import world_of

NOT_COMPARED = frozenset({"seconds"})
"""Figures of a round that its inputs do not decide."""


def differences(round_id: int) -> list[str]:
    """Every stored figure that the engine would now state otherwise; empty if the round holds.

    Raises `NotFound`; `Rejected` if the round was not solved, or from other reference data;
    `Spoilt` if its inputs do not fit their hash.
    """
    round_ = db.session.get(MatchRound, round_id)
    if round_ is None:
        raise NotFound(N_("There is no such round."))
    if round_.inputs is None or round_.result is None:
        raise Rejected(N_("This round has not been solved."))
    frozen = Frozen.read(round_.inputs, round_.inputs_hash)
    world = world_of(current_reference())
    if frozen.reference != world.reference.fingerprint:
        raise Rejected(N_("This round was solved from other reference data."))
    decided = decide(frozen, world, lambda _done, _blocks: None)
    return [
        *_figures(round_.result, decided.figures),
        *_matches(round_id, decided),
        *_entries(round_id, frozen, decided),
    ]


def _figures(stored: dict[str, Any], solved: dict[str, Any]) -> list[str]:
    names = (stored.keys() | solved.keys()) - NOT_COMPARED
    return [
        _differ("round", name, stored.get(name), solved.get(name))
        for name in sorted(names)
        if stored.get(name) != solved.get(name)
    ]


def _matches(round_id: int, decided: Decided) -> list[str]:
    found = db.session.scalars(select(Match).where(Match.round_id == round_id))
    stored = {(match.lot_id, match.need_id): match for match in found}
    solved = {(row["lot_id"], row["need_id"]): row for row in decided.matches}
    said = [f"match {pair}: only stored" for pair in sorted(stored.keys() - solved.keys())]
    said += [f"match {pair}: not stored" for pair in sorted(solved.keys() - stored.keys())]
    for pair in sorted(stored.keys() & solved.keys()):
        for name, value in solved[pair].items():
            if getattr(stored[pair], name) != value:
                said.append(_differ(f"match {pair}", name, getattr(stored[pair], name), value))
    return said


def _entries(round_id: int, frozen: Frozen, decided: Decided) -> list[str]:
    saw: dict[tuple[str, Any], int] = {("lot", lot.id): lot.quantity for lot in frozen.lots}
    saw |= {("need", need.id): need.quantity for need in frozen.needs}
    said = []
    for entry in db.session.scalars(select(RoundEntry).where(RoundEntry.round_id == round_id)):
        key = ("lot", entry.lot_id) if entry.lot_id is not None else ("need", entry.need_id)
        told = decided.lots if key[0] == "lot" else decided.needs
        solved = {"matched": 0, "reason": None, "details": {}, **told.get(key[1] or 0, {})}
        solved.setdefault("quantity", saw.pop(key, None))
        for name, value in solved.items():
            if getattr(entry, name) != value:
                said.append(_differ(" ".join(map(str, key)), name, getattr(entry, name), value))
    return said + [f"{side} {number}: no entry" for side, number in saw]


def _differ(what: str, name: str, stored: object, solved: object) -> str:
    return f"{what}: {name} is stored as {stored!r}, solved as {solved!r}"
