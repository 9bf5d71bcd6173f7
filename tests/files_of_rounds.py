"""Recorded rounds for tests: a small market solved, with names for its rows."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np

from marketplace.matching import Market, solve
from marketplace.solving.full_file import GoodName, Head, LotName, Names, NeedName, Recorded
from tests.matching.markets import random_market

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "round-file.md"
SECRET = "5e" * 32


def recorded(market: Market, sealed: list[bool] | None = None) -> Recorded:
    """The market solved, as a round would file it; all bids are sealed unless said otherwise."""
    closed = [True] * len(market.needs) if sealed is None else sealed
    lots, needs = market.lots, market.needs
    return Recorded(
        Head(7, "2026-11-25", "1", "a" * 64, "b" * 64, SECRET, ("haccp", "vietgap")),
        Names(
            tuple(
                LotName(100 + row, str(10 + party), f"P{place}")
                for row, (party, place) in enumerate(_columns(lots.organisation, lots.place))
            ),
            tuple(
                NeedName(200 + row, str(10 + party), f"Q{place}", closed[row])
                for row, (party, place) in enumerate(_columns(needs.organisation, needs.place))
            ),
            tuple(GoodName(f"goods-{row}") for row in range(len(market.goods))),
        ),
        market,
        solve(market),
    )


def _columns(*columns: np.ndarray) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


@cache
def a_recorded_round() -> Recorded:
    """Three goods under every rule: of the first some bids are sealed, of the second all, of the
    third none."""
    market = random_market(57, 60)
    commodities = market.needs.commodity.tolist()
    return recorded(market, [bool(c == 1 or (c == 0 and n % 2)) for n, c in enumerate(commodities)])


def script(number: int) -> str:
    """The Python programs that the document prints, the first one with its 30 lines."""
    return re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)[number]


def run(program: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """With the interpreter alone: no packages, no repository."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *map(str, paths)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
