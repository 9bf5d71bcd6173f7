"""The full file of a round: all that it was decided on and all that came out, sealed figures too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marketplace.domain.text_marks import N_
from marketplace.matching import Market, Outcome
from marketplace.solving import file_columns
from marketplace.solving.assemble import Index
from marketplace.solving.frozen import Frozen
from marketplace.solving.plain import NotPlain, plain, restored
from marketplace.solving.round_file import FULL, BadFile, OtherFile, RoundFile, read


@dataclass(frozen=True)
class Head:
    """Which round; meanings in `file_columns.ROUND`."""

    number: int
    day: str
    engine: str
    reference: str
    inputs: str
    secret: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class LotName:
    """What a row of the market's lots stands for."""

    id: int
    party: str
    place: str

    @property
    def organisation(self) -> int:
        return _organisation(self.party)


@dataclass(frozen=True)
class NeedName:
    """What a row of the market's needs stands for."""

    id: int
    party: str
    place: str
    sealed: bool

    @property
    def organisation(self) -> int:
        return _organisation(self.party)


def _organisation(party: str) -> int:
    """Who answers for the lot or need: of "12:a farm" it is 12."""
    return int(party.partition(":")[0])


@dataclass(frozen=True)
class GoodName:
    """What a row of the market's goods stands for."""

    id: str


@dataclass(frozen=True)
class Names:
    """What the rows of a market stand for; meanings in `file_columns.INDEX`."""

    lots: tuple[LotName, ...]
    needs: tuple[NeedName, ...]
    goods: tuple[GoodName, ...]


@dataclass(frozen=True, eq=False)
class Recorded:
    """A round as its full file has it."""

    head: Head
    names: Names
    market: Market
    outcome: Outcome

    @cached_property
    def hash(self) -> str:
        """Of the full file."""
        return self.file.hash

    @cached_property
    def file(self) -> RoundFile:
        """The full file."""
        return RoundFile(
            FULL,
            {
                "index": plain(self.names, Names),
                "market": plain(self.market, Market),
                "meaning": meaning(),
                "outcome": plain(self.outcome, Outcome),
                "round": plain(self.head, Head),
            },
        )


def head_of(
    frozen: Frozen, number: int, *, engine: str, secret: str, papers: tuple[str, ...]
) -> Head:
    """Which round it is. ``secret`` must be random and used for no other round."""
    _, inputs = frozen.stored()
    return Head(number, frozen.day.isoformat(), engine, frozen.reference, inputs, secret, papers)


def names_of(index: Index) -> Names:
    """What the rows stand for, from what the market was made of."""
    return Names(
        lots=tuple(LotName(int(x.id), str(x.organisation), x.place) for x in index.lots),
        needs=tuple(
            NeedName(int(x.id), str(x.organisation), x.place, x.sealed) for x in index.needs
        ),
        goods=tuple(GoodName(good.id) for good in index.goods),
    )


def read_full(text: bytes, known_hash: str = "") -> Recorded:
    """Raises `BadFile` for what is not the full file of a round, as it was written, and
    `OtherFile` for what never was one.

    ``known_hash`` is the hash that the whole file must have, where that is known from elsewhere.
    """
    file = read(text)
    if known_hash and file.hash != known_hash:
        raise BadFile(N_("This is not the file whose hash was stored with the round."))
    if file.view != FULL:
        raise OtherFile(
            N_(
                "This is the public file of a round: check it with the script in docs/round-file.md."
            )
        )
    try:
        found = Recorded(
            restored(_part(file, "round"), Head, "round"),
            restored(_part(file, "index"), Names, "index"),
            restored(_part(file, "market"), Market, "market"),
            restored(_part(file, "outcome"), Outcome, "outcome"),
        )
    except NotPlain as error:
        raise BadFile(
            N_("The file is not what this version reads: %(what)s."), what=str(error)
        ) from error
    found.__dict__["file"] = file  # it need not be made and hashed once more
    sides = (found.market.lots, found.market.needs, found.market.goods)
    names = (found.names.lots, found.names.needs, found.names.goods)
    if [len(side) for side in sides] != [len(rows) for rows in names]:
        raise BadFile(N_("The file is damaged: its rows do not fit their names."))
    return found


def _part(file: RoundFile, name: str) -> Any:
    if name not in file.sections:
        raise NotPlain(f"section “{name}” is missing")
    return file.sections[name]


def meaning() -> dict[str, str]:
    """A sentence for each column of the full file."""
    return {
        **{f"market.{path}": words for path, (words, _) in file_columns.MARKET.items()},
        **{f"outcome.{path}": words for path, (words, _) in file_columns.OUTCOME.items()},
        **{f"round.{name}": words for name, words in file_columns.ROUND.items()},
        **{f"index.{path}": words for path, words in file_columns.INDEX.items()},
    }
