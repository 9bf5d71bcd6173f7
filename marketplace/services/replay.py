"""Solve a stored round again from what it saw, and say in what it differs from what is stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import select, update

from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference
from marketplace.models.rounds import OUTSIDE, MatchRound, RoundEntry
from marketplace.solving.comparing import unlike
from marketplace.solving.deciding import Decided, decide
from marketplace.solving.filed import filed
from marketplace.solving.frozen import Frozen
from marketplace.solving.full_file import Recorded, head_of, names_of, read_full
from marketplace.solving.round_file import unpacked
from marketplace.solving.world import world_of

MOST_LINES = 200
"""Of differences in a file; a round solved by another engine can differ everywhere."""
NOT_COMPARED = frozenset({"seconds", "tariff", "conditions", "restrictions"})
"""Figures of a round that its inputs do not decide, or that only repeat them for pages."""


@dataclass(frozen=True)
class Replay:
    """``differences``: a line for each stored figure that the engine would now state otherwise."""

    round: MatchRound
    differences: list[str]
    has_file: bool
    """Whether the round's own file was there to be compared array by array."""
    again: Recorded

    @property
    def same(self) -> bool:
        return not self.differences


def replay(round_id: int) -> Replay:
    """Solve the round again and compare matches, entries, figures and file bit by bit.

    Raises `NotFound`; `Rejected` if the round was not solved, from other reference data, or if
    its file is damaged; `Spoilt` if its inputs do not fit their hash.
    """
    round_ = db.session.get(MatchRound, round_id)
    if round_ is None:
        raise NotFound(N_("There is no such round."))
    if round_.inputs is None or round_.result is None:
        raise Rejected(N_("This round has not been solved."))
    frozen = Frozen.read(round_.inputs, round_.inputs_hash)
    reference = current_reference()
    if frozen.reference != reference.data_fingerprint:
        raise Rejected(N_("This round was solved from other reference data."))
    world = world_of(reference.under(frozen.state))
    own = read_full(unpacked(round_.file), round_.file_hash) if round_.file else None
    hurried = [goods["id"] for goods in round_.result.get("hurried", ())]
    decided = decide(frozen, world, lambda _done, _blocks: None, hurried=hurried)
    again = _recorded(round_, frozen, decided)
    found = [
        *_figures(round_.result, decided.figures),
        *_matches(round_id, decided),
        *_entries(round_id, frozen, decided),
        *(_of_file(own, again) if own else []),
    ]
    return Replay(round_, found, own is not None, again)


def keep_file(done: Replay) -> str:
    """Store the file of a round that had none and replays the same. Returns its hash."""
    if done.has_file or not done.same:
        raise Rejected(N_("Only a round that has no file and replays the same is given one."))
    file = filed(done.again)
    with transaction() as session:
        session.execute(
            update(MatchRound)
            .where(MatchRound.id == done.round.id, MatchRound.file.is_(None))
            .values(**vars(file))
        )
    return file.file_hash


def _recorded(round_: MatchRound, frozen: Frozen, decided: Decided) -> Recorded:
    secret = secrets.token_hex(32)
    engine, papers = round_.engine_version, decided.index.papers
    head = head_of(frozen, round_.id, engine=engine, secret=secret, papers=papers)
    return Recorded(head, names_of(decided.index), decided.market, decided.outcome)


def _of_file(own: Recorded, again: Recorded) -> list[str]:
    """Array by array; the secret is random and no figure."""
    stored, solved = (
        {name: part for name, part in one.file.sections.items() if name != "meaning"}
        for one in (replace(own, head=replace(own.head, secret="")), again)
    )
    solved["round"] = solved["round"] | {"secret": ""}
    return list(islice(unlike(stored, solved), MOST_LINES))


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
            stored = _decided_of(entry) if name == "details" else getattr(entry, name)
            if stored != value:
                said.append(_differ(" ".join(map(str, key)), name, stored, value))
    return said + [f"{side} {number}: no entry" for side, number in saw]


def _decided_of(entry: RoundEntry) -> dict[str, Any]:
    """Details without what the programme had decided before the engine was asked."""
    return {name: told for name, told in entry.details.items() if name != OUTSIDE}


def _differ(what: str, name: str, stored: object, solved: object) -> str:
    return f"{what}: {name} is stored as {stored!r}, solved as {solved!r}"
