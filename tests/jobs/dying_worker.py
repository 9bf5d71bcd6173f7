"""The real worker with an engine that never ends, to be killed while it solves. Run by tests."""

from __future__ import annotations

import time
from datetime import timedelta

from marketplace import create_app
from marketplace.jobs.worker import Worker
from marketplace.models import leases
from marketplace.services import scenario_runs, solve


def never_ends(*_arguments: object, **_named: object) -> None:
    time.sleep(3600)


if __name__ == "__main__":
    leases.LEASE = timedelta(seconds=1)
    leases.RENEWAL = 0.2
    solve.decide = scenario_runs.decide = never_ends
    Worker(create_app()).run()
