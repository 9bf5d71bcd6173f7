"""The real worker that stops in the middle of a series' instalments, to be killed there. Run by tests."""

from __future__ import annotations

import sys
import time
from typing import Any

from marketplace import create_app
from marketplace.jobs.worker import Worker
from marketplace.models import instalments


def enter_and_stop(*given: Any, **named: Any) -> None:
    """The rows are in the transaction, which never ends."""
    REAL(*given, **named)
    print("entered", file=sys.stderr, flush=True)
    time.sleep(3600)


REAL = instalments.enter_lots

if __name__ == "__main__":
    instalments.enter_lots = enter_and_stop
    app = create_app()
    worker = Worker(app)
    worker._hands = [hand for hand in worker._hands if hand.name == "series"]
    worker.run()
