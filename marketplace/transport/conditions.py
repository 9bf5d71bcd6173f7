"""What the conditions of a day do to a stretch: closed, limited, faster, slower."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from marketplace.domain.conditions import DAY, Condition, Effect


@dataclass(frozen=True)
class Passing:
    """What holds on a stretch. Without conditions: open to everything, as fast as ever."""

    closed: bool = False
    most: int | None = None  # kilograms of payload of the largest vehicle that may pass
    percent: int = 100  # speed, of the usual
    wait: int = 0  # seconds
    paper: str = ""  # what the priority lane asks for

    def lets(self, payload: int) -> bool:
        """Whether a vehicle of that nominal payload (kilograms) may pass."""
        return not self.closed and (self.most is None or payload <= self.most)

    def lasts(self, seconds: int) -> int:
        """How long it takes where it usually takes so many seconds."""
        return -(-seconds * 100 // self.percent) + self.wait


class Conditions:
    """The conditions of one day, by what they are about."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._of_links: dict[str, list[Condition]] = {}
        self._of_modes: list[Condition] = []
        for condition in conditions:
            if condition.link is not None:
                self._of_links.setdefault(condition.link, []).append(condition)
            else:
                self._of_modes.append(condition)

    def of_link(self, link: str, modes: Collection[str], localities: Collection[str]) -> Passing:
        """What holds on a link of these modes that lies in these localities.

        Waits that are stated for a whole locality are met once on the way through it: half on each
        link that leads across its border, half where a journey starts or ends inside.
        """
        waits = [_wait(condition) for condition in self._of_links.get(link, ())]
        meeting = list(self._of_links.get(link, ()))
        for condition in self._about(modes):
            if condition.locality is None or condition.locality in localities:
                meeting.append(condition)
                if condition.locality is not None and len(localities) > 1:
                    waits.append(-(-_wait(condition) // 2))
        return _passing(meeting, sum(waits))

    def of_access(self, mode: str, locality: str | None) -> Passing:
        """What holds between a place and the network."""
        meeting = [c for c in self._about((mode,)) if c.locality in (None, locality)]
        return _passing(meeting, sum(-(-_wait(condition) // 2) for condition in meeting))

    def _about(self, modes: Collection[str]) -> Iterator[Condition]:
        return (condition for condition in self._of_modes if condition.mode in modes)


def _passing(conditions: Sequence[Condition], wait: int) -> Passing:
    lanes = [c for c in conditions if c.effect is Effect.LANE]
    limits = [c.most for c in conditions if c.effect is Effect.LOAD and c.most is not None]
    closed = any(c.effect is Effect.CLOSED for c in conditions)
    return Passing(
        closed=closed and not lanes,
        most=min(limits, default=None),
        percent=max((c.percent or 100 for c in lanes), default=100),
        wait=wait,
        paper="; ".join(dict.fromkeys(c.paper for c in lanes if c.paper)),
    )


def _wait(condition: Condition) -> int:
    """Seconds. Who arrives at any moment of the day waits (closed minutes)² / 2880 on average."""
    if condition.effect is Effect.WAIT:
        return 60 * (condition.minutes or 0)
    if condition.effect is not Effect.HOURS or condition.opens is None or condition.closes is None:
        return 0
    closed = DAY - ((condition.closes - condition.opens) % DAY or DAY)
    return 60 * -(-closed * closed // (2 * DAY))
