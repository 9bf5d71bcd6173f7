"""What runs later: rounds, what-ifs, deadlines, messages. The tables say what is to be done; we sweep them.

Each hand sweeps one kind of work in a thread of its own, so that a long round keeps no message
waiting. What a dead worker has left is found by the next one: everything is claimed by a lease.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from flask import Flask

from marketplace import clock
from marketplace.notifications import mail
from marketplace.services import (
    answers,
    beats,
    certificate_reminders,
    forward,
    import_reading,
    import_saving,
    instalments,
    outbox,
    photos,
    pricing,
    programme_reminders,
    route_news,
    scenario_runs,
    series_reminders,
    solve,
    stored_files,
)

NAME = "worker"
BEAT_SECONDS = 10.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Hand:
    """``sweep`` does one piece of work and says whether there was any."""

    name: str
    sweep: Callable[[], bool]
    pause: float
    """Seconds to wait when there was nothing to do."""


class Worker:
    """Runs the hands until it is told to stop."""

    def __init__(self, app: Flask, hands: Sequence[Hand] | None = None) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._asked_to_stop = False
        self._hands = self._all_hands() if hands is None else hands

    def stop(self) -> None:
        """Finish what is in hand as far as it can be finished soon, then end.

        Only a flag: this runs inside signal handlers, where taking the event's lock could hang.
        """
        self._asked_to_stop = True

    def run(self) -> None:
        """Return when stopped, or when a hand is lost: then the worker must not look alive."""
        threads = [
            threading.Thread(target=self._work, args=(hand,), name=hand.name, daemon=True)
            for hand in self._hands
        ]
        for thread in threads:
            thread.start()
        log.info("worker started")
        next_beat = 0.0
        while not self._asked_to_stop and all(thread.is_alive() for thread in threads):
            if time.monotonic() >= next_beat:
                self._safely("beat", self._beat)
                next_beat = time.monotonic() + BEAT_SECONDS
            time.sleep(0.1)
        self._stopping.set()
        for thread in threads:
            thread.join()
        log.info("worker stopped")

    def _work(self, hand: Hand) -> None:
        while not self._stopping.is_set():
            if not self._safely(hand.name, hand.sweep):
                self._stopping.wait(hand.pause)

    def _safely(self, name: str, sweep: Callable[[], bool]) -> bool:
        """A sweep in an application context of its own; what goes wrong is logged, not passed on."""
        try:
            with self._app.app_context():
                return sweep()
        except Exception as error:
            log.error("sweep failed", hand=name, exc_info=error)
            return False

    def _beat(self) -> bool:
        beats.beat(NAME, clock.now())
        return True

    def _all_hands(self) -> list[Hand]:
        settings = self._app.extensions["settings"]
        channel = mail.channel(settings)
        ahead = settings.series_days_ahead
        before = timedelta(hours=settings.answer_hours) / 4
        return [
            Hand("rounds", lambda: solve.solve_next(self._stopping.is_set), 0.5),
            Hand("prices", lambda: pricing.price_next(self._stopping.is_set), 3.0),
            Hand("what-ifs", lambda: scenario_runs.run_next(self._stopping.is_set), 1.0),
            Hand("sheets", lambda: import_reading.read_next(self._stopping.is_set), 0.5),
            Hand("rows of sheets", lambda: import_saving.save_next(self._stopping.is_set), 0.5),
            Hand("series", lambda: instalments.put_next(clock.today(), clock.now(), ahead), 30.0),
            Hand("endings", lambda: series_reminders.remind_next(clock.now(), clock.today()), 60.0),
            Hand("deadlines", lambda: answers.expire_next(clock.now()), 5.0),
            Hand("reminders", lambda: answers.remind_next(clock.now(), before), 30.0),
            Hand("harvests", lambda: _harvests(clock.now(), clock.today()), 30.0),
            Hand(
                "certificates",
                lambda: certificate_reminders.remind_next(clock.now(), clock.today()),
                60.0,
            ),
            Hand("unused files", lambda: _unused_files(clock.now()), 600.0),
            Hand("routes", lambda: route_news.sweep(clock.now()), 2.0),
            Hand("programme", lambda: programme_reminders.remind_next(clock.now()), 30.0),
            Hand("outbox", lambda: outbox.send_next(channel, clock.now()), 1.0),
        ]


def _unused_files(now: datetime) -> bool:
    """Photos that no lot got before the files that nothing uses."""
    return photos.sweep(now) or stored_files.sweep(now)


def _harvests(now: datetime, today: date) -> bool:
    """Those that came unconfirmed before those that are near."""
    return forward.lapse_next(now, today) or forward.remind_next(now, today)
