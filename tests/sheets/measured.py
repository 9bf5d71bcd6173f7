"""Reads one file in a fresh process and prints what became of it, in which time and memory.

``python -m tests.sheets.measured NAME PATH``. Memory is what this process grew by and all that the
reading process held; time is the processor's, so that other tests on the same machine do not count.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from marketplace.domain.errors import Rejected
from marketplace.sheets.files import read_file


def _seconds() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _most_kilobytes() -> int:
    """Of this program. What `resource` says of it includes the tests that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main(name: str, path: Path) -> None:
    content = path.read_bytes()
    before, since = _most_kilobytes(), _seconds()
    try:
        outcome = f"{len(read_file(name, content).lines)} lines"
    except Rejected as error:
        outcome = type(error).__name__
    grown = _most_kilobytes() - before
    apart = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([outcome, _seconds() - since, (grown + apart) / 1024]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
