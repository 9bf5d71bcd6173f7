"""What a round saw, as records and as the bytes that are stored with it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from marketplace.domain.reference import State
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.standing import Standing, released
from marketplace.solving.states import plain_state, read_state

Listing = TypeVar("Listing", OpenLot, OpenNeed)


class Spoilt(ValueError):
    """The stored inputs are not the ones that the round was solved from."""


@dataclass(frozen=True)
class Frozen:
    """Everything that a round is solved from; ``reference`` names the version of the data files.

    ``state`` is what was true beside them: closures, restrictions, tariffs. Rounds from before there
    were such have none, which is the files alone.

    ``standing`` are the matches that held quantity of these listings; an open proposal of them is
    replaced for more than ``move_gain`` VND only (`marketplace.solving.moves`).
    """

    day: date
    reference: str
    lots: tuple[OpenLot, ...]
    needs: tuple[OpenNeed, ...]
    standing: tuple[Standing, ...] = ()
    move_gain: int = 0
    state: State | None = None

    def stored(self) -> tuple[bytes, str]:
        """Compressed for the database, and the SHA-256 of what was compressed."""
        state = {} if self.state is None else {"state": plain_state(self.state)}
        text = json.dumps(
            {
                **state,
                "day": self.day.isoformat(),
                "reference": self.reference,
                "lots": [_plain(lot) for lot in self.lots],
                "needs": [_plain(need) for need in self.needs],
                "standing": [asdict(match) for match in self.standing],
                "move_gain": self.move_gain,
            },
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        ).encode()
        return zlib.compress(text), sha256(text).hexdigest()

    def with_back(self, matches: Collection[int]) -> Frozen:
        """The same with what these matches hold on the market again, as after a round's moves."""
        back = [match for match in self.standing if match.match in matches]
        lots, needs = released(self.lots, self.needs, back)
        kept = tuple(match for match in self.standing if match.match not in matches)
        return replace(self, lots=lots, needs=needs, standing=kept)

    @classmethod
    def read(cls, stored: bytes, digest: str) -> Frozen:
        """Raises `Spoilt` if the bytes do not fit the hash."""
        text = zlib.decompress(stored)
        if sha256(text).hexdigest() != digest:
            raise Spoilt("the stored inputs do not fit their hash")
        values = json.loads(text)
        return cls(
            day=date.fromisoformat(values["day"]),
            reference=values["reference"],
            lots=tuple(_record(OpenLot, row) for row in values["lots"]),
            needs=tuple(_record(OpenNeed, row) for row in values["needs"]),
            standing=tuple(Standing(**row) for row in values.get("standing", ())),
            move_gain=values.get("move_gain", 0),
            state=read_state(values["state"]) if "state" in values else None,
        )


def _plain(listing: OpenLot | OpenNeed) -> dict[str, Any]:
    return {name: _simple(value) for name, value in asdict(listing).items()}


def _simple(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _record(kind: type[Listing], row: dict[str, Any]) -> Listing:
    types = {field.name: str(field.type) for field in fields(kind)}
    values: dict[str, Any] = {
        name: date.fromisoformat(value)
        if types[name] == "date"
        else frozenset(value)
        if types[name].startswith("frozenset")
        else value
        for name, value in row.items()
    }
    return kind(**values)
