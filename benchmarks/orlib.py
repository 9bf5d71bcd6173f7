"""An assignment problem with a published optimum (J. E. Beasley, OR-Library)."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import numpy as np

from marketplace.matching import assign, certify

PUBLISHED = 305  # assign100


def print_orlib(path: Path) -> None:
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=np.int64)
    size, cost = int(numbers[0]), numbers[1:].reshape(int(numbers[0]), -1)
    gain = cost.max() + 1 - cost  # the least cost is the most gain
    start = perf_counter()
    assignment = assign(gain)
    seconds = perf_counter() - start
    certify(gain, assignment)
    found = int(cost[assignment.lot, assignment.need].sum())
    verdict = "as published" if found == PUBLISHED else f"published is {PUBLISHED}"
    print(
        f"\nOR-Library, {size} × {size}: {found} in {seconds * 1000:.0f} ms, {verdict}, certified"
    )
