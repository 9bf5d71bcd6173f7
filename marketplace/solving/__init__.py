"""Turns listings into the arrays that `marketplace.matching` solves, and outcomes into records.

    market, index = assemble(lots, needs, atlas, catalogue, today)
    outcome = solve(market, progress=report)            # marketplace.matching
    result = read_outcome(outcome, market, index, atlas, catalogue)

No Flask and no database: `flask match` calls it with rows of files, a match round with table rows.
"""

from marketplace.solving.assemble import Index, assemble
from marketplace.solving.change import changed
from marketplace.solving.listings import ListingId, OpenLot, OpenNeed
from marketplace.solving.read_outcome import read_outcome
from marketplace.solving.results import (
    HurdleRecord,
    LeftOutRecord,
    MatchRecord,
    NearbyRecord,
    RoundResult,
)

__all__ = [
    "HurdleRecord",
    "Index",
    "LeftOutRecord",
    "ListingId",
    "MatchRecord",
    "NearbyRecord",
    "OpenLot",
    "OpenNeed",
    "RoundResult",
    "assemble",
    "changed",
    "read_outcome",
]
