"""Seconds of one processor that each stage of the engine takes, in whichever thread it runs."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import thread_time
from typing import Any
from unittest.mock import patch

# Where the engine calls the function of each stage, once or more for every commodity.
STAGES = {
    "pairs and margins": ("solve", "pairs"),
    "plan": ("solve_block", "plan"),
    "whole lots and smallest quantities": ("solve_block", "settle"),
    "loads": ("solve_block", "loads"),
    "values of loads": ("solve_block", "load_values"),
    "assignment and its proof": ("solve_block", "assign"),
    "prices": ("solve_block", "prices"),
    "credits": ("solve_block", "credit_effects"),
    "reasons": ("collect", "reasons_of_block"),
}


@contextmanager
def stopwatch() -> Iterator[Counter[str]]:
    """Fills in the seconds while the block runs."""
    seconds: Counter[str] = Counter()
    with ExitStack() as patches:
        for stage, (module_name, name) in STAGES.items():
            module = importlib.import_module(f"marketplace.matching.{module_name}")
            timed = _timed(getattr(module, name), stage, seconds)
            patches.enter_context(patch.object(module, name, timed))
        yield seconds


def _timed(work: Callable[..., Any], stage: str, seconds: Counter[str]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        start = thread_time()
        try:
            return work(*arguments, **named)
        finally:
            seconds[stage] += thread_time() - start

    return timed
