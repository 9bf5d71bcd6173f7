"""What officers state something of: links as people find them, and a mode in a locality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.domain.actors import Actor
from marketplace.domain.conditions import MODES, Condition, ConditionDraft, Effect, may_state
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.network import Transfer
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import Stretch, holding_on, stretches_of
from marketplace.domain.text import words
from marketplace.domain.text_marks import N_

EVERYWHERE = "all"


class AmbiguousLink(Rejected):
    """What was typed fits several links: ``candidates``."""

    def __init__(self, candidates: Iterable[Stretch]) -> None:
        super().__init__(N_("Several links are called so."), field="link")
        self.candidates = tuple(candidates)


@dataclass(frozen=True)
class Scope:
    """What something is stated of: one link, or a mode in one locality or everywhere (None)."""

    link: str | None = None
    mode: str | None = None
    locality: str | None = None

    @property
    def key(self) -> str:
        """As it stands in addresses and tables."""
        return self.link or f"{self.mode}:{self.locality or EVERYWHERE}"


def links_of(reference: Reference) -> dict[str, Stretch]:
    """All links by id: roads, waterways, then quays."""
    return {stretch.id: stretch for stretch in stretches_of(reference)}


def parse_scope(key: str, links: Mapping[str, object], localities: Iterable[str]) -> Scope:
    """Raises `NotFound` for what is neither a link nor a mode somewhere."""
    if key in links:
        return Scope(link=key)
    mode, _, where = key.partition(":")
    if mode in MODES and (where == EVERYWHERE or where in set(localities)):
        return Scope(mode=mode, locality=None if where == EVERYWHERE else where)
    raise NotFound(N_("There is no such link."))


def find_links(
    links: Iterable[Stretch], typed: str, near: Iterable[str], localities: Mapping[str, str]
) -> list[Stretch]:
    """Links of which every word typed begins a word, then those that end at one of the nodes ``near``.

    Those that have the words themselves come first: Vị Thanh before Vĩnh Thạnh.
    """
    asked = words(typed)
    nodes = set(near)
    named: list[tuple[int, Stretch]] = []
    touching = []
    for link in links:
        areas = [localities[code] for code in link.localities]
        known = [word for text in (link.name, *link.ends, *areas) for word in words(text)]
        if all(any(word.startswith(part) for word in known) for part in asked):
            named.append((len(set(asked) - set(known)), link))
        elif nodes & set(_nodes(link)):
            touching.append(link)
    named.sort(key=lambda found: found[0])
    return [*(link for _, link in named), *touching]


def scope_of(draft: ConditionDraft) -> Scope:
    """What it is to be stated of."""
    return Scope(draft.link, draft.mode, draft.locality)


def may_state_of(actor: Actor | None, scope: Scope, reference: Reference) -> bool:
    """Coordinators everywhere, officers on links of their locality and on its roads and waterways."""
    if scope.link is None:
        return may_state(actor, (scope.locality,) if scope.locality else ())
    return may_state(actor, reference.links[scope.link].localities)


def stopping(conditions: Iterable[Condition], link: Stretch, payload: int) -> tuple[Condition, ...]:
    """Those of the conditions that stop a vehicle of that payload (kilograms) on the link.

    A priority lane opens what is closed, but lifts no limit of load.
    """
    here = holding_on(link, conditions)
    lane = any(condition.effect is Effect.LANE for condition in here)
    return tuple(
        condition
        for condition in here
        if (condition.effect is Effect.CLOSED and not lane)
        or (condition.effect is Effect.LOAD and payload > (condition.most or 0))
    )


def _nodes(link: Stretch) -> tuple[str, str]:
    record = link.link
    if isinstance(record, Transfer):
        return record.quay, record.node
    return record.start, record.end
