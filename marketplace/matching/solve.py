"""A whole market from its arrays to its outcome, commodity by commodity."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from marketplace.matching.collect import SolvedBlock, collect, in_rows_as_given
from marketplace.matching.deadline import Deadline, OutOfTime
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.pairs import Block, pairs
from marketplace.matching.solve_block import hurry_block, solve_block

Progress = Callable[[int, int], None]
_THREADS = 2
_WORTH_THREADS = 20_000  # pairs
_FOR_PROGRAMS = 0.8  # of the time; the rest is for what comes after them


def solve(
    market: Market,
    progress: Progress | None = None,
    *,
    seconds: float | None = None,
    hurried: Collection[int] = (),
) -> Outcome:
    """Decide who sells how much to whom, at which price, and why the others do not.

    The same market gives the same outcome, in whatever order its rows stand: they are solved in
    the order of listing. ``progress`` is called with the number of commodities done and of all.

    ``seconds`` is about how long that may take. Commodities that there is no time for are hurried
    through with little work: their matches are allowed and their bound holds, but it is farther
    away. `Outcome.hurried` names them, and with the same ``hurried`` and no ``seconds`` the outcome
    is the same again on every machine.
    """
    deadline = Deadline.after(None if seconds is None else seconds * _FOR_PROGRAMS)
    ordered, lot_rows, need_rows = market.in_order()
    blocks = pairs(ordered)

    def work(block: Block) -> SolvedBlock:
        return _solved(ordered, block, deadline, block.commodity in hurried)

    solved: list[SolvedBlock | None] = [None] * len(blocks)
    if progress:
        progress(0, len(blocks))
    for done, (number, block) in enumerate(_worked(work, blocks), 1):
        solved[number] = block
        if progress:
            progress(done, len(blocks))
    return in_rows_as_given(collect(ordered, [s for s in solved if s]), lot_rows, need_rows)


def _solved(market: Market, block: Block, deadline: Deadline, hurried: bool) -> SolvedBlock:
    if not hurried:
        try:
            return solve_block(market, block, deadline)
        except OutOfTime:
            pass
    return hurry_block(market, block)


def _worked(
    work: Callable[[Block], SolvedBlock], blocks: list[Block]
) -> Iterator[tuple[int, SolvedBlock]]:
    """Blocks as they are done, the largest first, in two threads where it pays.

    No block knows of another, so their order changes nothing. SciPy's solvers, which take most of
    the time, run beside other Python code.
    """
    order = sorted(range(len(blocks)), key=lambda k: -blocks[k].margin.size)
    if sum(block.margin.size for block in blocks) < _WORTH_THREADS:
        yield from ((k, work(blocks[k])) for k in order)
        return
    threads = ThreadPoolExecutor(_THREADS)
    try:
        numbers: dict[Future[SolvedBlock], int] = {
            threads.submit(work, blocks[k]): k for k in order
        }
        for future in as_completed(numbers):
            yield numbers[future], future.result()
    finally:
        threads.shutdown(cancel_futures=True)
