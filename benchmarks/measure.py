"""One measurement in a process of its own: seconds, memory on top, and the answer."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

_AT_ONCE = 1.0  # seconds; a run that is this short is done twice
_FORK = multiprocessing.get_context("fork")  # the tables are there already, nothing is copied


@dataclass(frozen=True)
class Measured:
    """What one contestant took for one problem, and the value that it found."""

    seconds: float
    megabytes: float
    value: int


def measured(work: Callable[[], int]) -> Measured:
    """Run ``work`` in a child. Raises `RuntimeError` if it dies."""
    receiver, sender = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_report, args=(work, sender))
    child.start()
    sender.close()
    try:
        result: Measured = receiver.recv()
    except EOFError as error:
        raise RuntimeError("the contestant ended without an answer") from error
    finally:
        child.join()
    return result


def _report(work: Callable[[], int], sender: multiprocessing.connection.Connection) -> None:
    """A process gets its memory from the system in its first run; in a round it has it already."""
    before = _peak()
    seconds, value = _timed(work)
    memory = _peak() - before
    if seconds < _AT_ONCE:
        seconds, value = _timed(work)
    sender.send(Measured(seconds, memory, value))


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    start = perf_counter()
    value = work()
    return perf_counter() - start, value


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
