"""The public file of a round: no names, and commitments in place of what follows from sealed bids.

docs/decisions/0013 says for each column why it is open or closed. `file_columns` holds the answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import Goods, Lots, Needs
from marketplace.matching.outcome import Matches
from marketplace.solving import file_columns
from marketplace.solving.commitments import Opening, commitment, salt
from marketplace.solving.file_columns import Shown, shown
from marketplace.solving.full_file import LotName, NeedName, Recorded
from marketplace.solving.gains import Gains, gains_of
from marketplace.solving.plain import plain, types_of
from marketplace.solving.round_file import PUBLIC, RoundFile, canonical

Table = dict[str, list[Any]]


def public_file(recorded: Recorded) -> RoundFile:
    """What everybody may read of the round."""
    return _View(recorded).file()


def openings_for(
    recorded: Recorded, organisation_id: int, confirmed: frozenset[tuple[int, int]]
) -> list[Opening]:
    """The sealed figures that this organisation may read: no more than its pages show.

    Its own bids; of its matches the price and its own end of the range, and both ends where lot
    and need (their numbers) are ``confirmed``.
    """
    return _View(recorded).openings(organisation_id, confirmed)


def takes_part(recorded: Recorded, organisation_id: int) -> bool:
    """Whether the round saw a lot or a need of this organisation."""
    sides: tuple[tuple[LotName | NeedName, ...], ...] = (recorded.names.lots, recorded.names.needs)
    return any(name.organisation == organisation_id for side in sides for name in side)


class _View:
    """The tables of the public file, made one after the other from the full one."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._secret = recorded.head.secret
        self._need_sealed = np.array([x.sealed for x in recorded.names.needs], dtype=bool)
        market, matches = recorded.market, recorded.outcome.matches
        guarded = np.zeros(len(market.goods), dtype=bool)
        guarded[market.needs.commodity[self._need_sealed]] = True
        self._match_sealed = guarded[market.lots.commodity[matches.lot]]
        self._sealed: dict[str, str] = {}

    def file(self) -> RoundFile:
        market, names = self._recorded.market, self._recorded.names
        gains = gains_of(self._recorded)
        places = {"place_id": [name.place for name in names.lots]}
        sections: dict[str, Any] = {
            "carriages": self._carriages(),
            "gains": gains.table,
            "goods": {"id": [good.id for good in names.goods]}
            | self._table("goods", market.goods, Goods),
            "lots": places | self._table("lots", market.lots, Lots),
            "matches": self._matches(),
            "meaning": _meaning(),
            "needs": {"place_id": [name.place for name in names.needs]}
            | self._table("needs", market.needs, Needs),
            "round": self._round(gains),
            "amounts": gains.totals,
        }
        self._seal_the_rest()
        return RoundFile(PUBLIC, dict(sorted((sections | {"closed": self._sealed}).items())))

    def openings(
        self, organisation_id: int, confirmed: frozenset[tuple[int, int]]
    ) -> list[Opening]:
        names, found = self._recorded.names, []
        for row, need in enumerate(names.needs):
            if need.sealed and need.organisation == organisation_id:
                found += [self._opening("needs", name, row) for name in ("bid", "reference")]
        matches = self._recorded.outcome.matches
        pairs = zip(matches.lot.tolist(), matches.need.tolist(), strict=True)
        for row, (i, j) in enumerate(pairs):
            lot, need = names.lots[i], names.needs[j]
            sells = lot.organisation == organisation_id
            buys = need.organisation == organisation_id
            if (sells or buys) and self._match_sealed[row]:
                both = (lot.id, need.id) in confirmed
                empty = matches.low[row] > matches.high[row]
                columns = ["price"]
                columns += ["low"] * bool((sells or both) and not empty)
                columns += ["high"] * bool((buys or both) and not empty)
                found += [self._opening("matches", name, row) for name in columns]
        return found

    def _table(self, name: str, table: Any, kind: type) -> Table:
        """The columns that are open, in part or in full; the others are sealed."""
        section = "outcome" if kind is Matches else "market"
        columns: Table = {}
        for column, hint in types_of(kind).items():
            values, allowed = (
                plain(getattr(table, column), hint),
                shown(section, f"{name}.{column}"),
            )
            closed = self._closed(allowed, len(values))
            if closed is None:
                self._seal(f"{section}.{name}.{column}", values)
            else:
                columns[column] = [
                    commitment(self._secret, _path(name, column, row), value) if hide else value
                    for row, (value, hide) in enumerate(zip(values, closed, strict=True))
                ]
        return columns

    def _closed(self, allowed: Shown, length: int) -> NDArray[np.bool_] | None:
        """Which rows have a commitment; None: the column has one for all of them."""
        if allowed is Shown.OPEN:
            return np.zeros(length, dtype=bool)
        if allowed is Shown.BID:
            return self._need_sealed
        return self._match_sealed if allowed is Shown.PRICE else None

    def _matches(self) -> Table:
        market, matches = self._recorded.market, self._recorded.outcome.matches
        extra: Table = {"kilograms": [], "minutes": [], "trip_cost": [], "trips": []}
        rows = zip(
            matches.lot.tolist(), matches.need.tolist(), matches.quantity.tolist(), strict=True
        )
        for row, (lot, need, quantity) in enumerate(rows):
            commodity = int(market.lots.commodity[lot])
            carriage = int(market.goods.carriage[commodity])
            way = int(market.lots.place[lot]), int(market.needs.place[need])
            freight = market.freights[carriage]
            extra["kilograms"].append(
                -(-quantity * int(market.goods.milligrams[commodity]) // 10**6)
            )
            used = freight.pace[matches.trips[row, : len(freight.vehicles)] > 0]
            extra["minutes"].append(int(market.minutes[carriage][used, way[0], way[1]].max()))
            extra["trip_cost"].append(freight.trip_cost[:, way[0], way[1]].tolist())
            extra["trips"].append(matches.trips[row, : len(freight.vehicles)].tolist())
        return self._table("matches", matches, Matches) | extra

    def _carriages(self) -> Table:
        freights = self._recorded.market.freights
        return {
            "vehicles": [list(freight.vehicles) for freight in freights],
            "payload": [freight.payload.tolist() for freight in freights],
            "handling": [freight.handling for freight in freights],
            "pace": [freight.pace.tolist() for freight in freights],
        }

    def _round(self, gains: Gains) -> dict[str, Any]:
        head, market = self._recorded.head, self._recorded.market
        return {
            "number": head.number,
            "day": head.day,
            "engine": head.engine,
            "reference": head.reference,
            "full": self._recorded.hash,
            "papers": list(head.papers),
            "today": market.today,
            "credit": market.credit,
            "value": gains.value,
            "bound": gains.bound,
        }

    def _seal_the_rest(self) -> None:
        """One commitment for each field that has no place in a table of the public file."""
        for section, whole in (
            ("market", self._recorded.market),
            ("outcome", self._recorded.outcome),
        ):
            for name, hint in types_of(type(whole)).items():
                if f"{section}.{name}" not in _IN_TABLES:
                    self._seal(f"{section}.{name}", plain(getattr(whole, name), hint))

    def _seal(self, path: str, value: Any) -> None:
        self._sealed[path] = commitment(self._secret, path, value)

    def _opening(self, section: str, column: str, row: int) -> Opening:
        holder: Any = self._recorded.market.needs
        if section == "matches":
            holder = self._recorded.outcome.matches
        path = _path(section, column, row)
        value = getattr(holder, column)[row].item()
        return Opening(section, column, row, salt(self._secret, path), value)


_IN_TABLES = {
    "market.lots", "market.needs", "market.goods", "market.today", "market.credit",
    "outcome.matches",
}  # fmt: skip


def _path(section: str, column: str, row: int) -> str:
    return f"{section}.{column}[{row}]"


def _meaning() -> dict[str, str]:
    """A sentence for each column of the public file."""
    columns = {
        path.replace("freights.", "carriages."): words
        for known in (file_columns.MARKET, file_columns.OUTCOME)
        for path, (words, allowed) in known.items()
        if allowed is not Shown.SEALED and "." in path
    }
    return columns | file_columns.PUBLIC


def openings_text(recorded: Recorded, public_hash: str, openings: list[Opening]) -> str:
    """The file that a party downloads beside the public one."""
    return (
        canonical(
            {
                "round": recorded.head.number,
                "public": public_hash,
                "openings": [vars(opening) for opening in openings],
            }
        ).replace('{"column"', '\n{"column"')
        + "\n"
    )
