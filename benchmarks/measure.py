"""One measurement in a process of its own: seconds, memory on top, and the answer."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

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
    before = _peak()
    start = perf_counter()
    value = work()
    seconds = perf_counter() - start
    sender.send(Measured(seconds, _peak() - before, value))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
