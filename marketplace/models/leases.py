"""Work that one worker at a time has in hand and the next one finishes when that one dies.

A row stands for the work. A claim is one conditional UPDATE that writes a token and a lease; only the
token's holder may change the row. A thread renews the lease while the work is done, outside any
transaction; a worker that dies leaves a lease that runs out.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import ColumnElement, String, Text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column, scoped_session

from marketplace import clock
from marketplace.domain.errors import MarketplaceError
from marketplace.models.base import Moment, transaction

Database = Session | scoped_session[Session]

LEASE = timedelta(seconds=30)
RENEWAL = 8.0
"""Seconds between renewals, so that two may fail before the lease runs out."""
ATTEMPTS = 5
REPORT_SECONDS = 0.3
"""Progress is written no more often than a page asks for it."""

log = structlog.get_logger()


class Leased:
    """Columns of a row that stands for such work."""

    token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    blocks_done: Mapped[int] = mapped_column(default=0)
    blocks: Mapped[int] = mapped_column(default=0)
    """How far it is: of so many."""
    failure: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True)
class Claim:
    """Whoever holds the token may work on the row with that key; a new claim replaces it."""

    key: int
    token: str


class Superseded(Exception):
    """The lease ran out and somebody else has the work now."""


class Stopped(Exception):
    """The worker is to end, or something else goes first; the work waits for the next one."""


@dataclass(frozen=True)
class Hold:
    """What the work asks while it goes on."""

    claim: Claim
    work: Work
    stopping: Callable[[], bool]
    holds: Callable[[], bool]
    _reported: list[float] = field(default_factory=lambda: [0.0])

    def progress(self, done: int, blocks: int) -> None:
        """Note how far it is. Raises `Stopped` or `Superseded` where the work is to end."""
        if self.stopping():
            raise Stopped
        if not self.holds():
            raise Superseded
        if time.monotonic() - self._reported[0] >= REPORT_SECONDS:
            self.work.report(self.claim, done, blocks)
            self._reported[0] = time.monotonic()


@dataclass(frozen=True)
class Work:
    """One kind of such work: its table, whose rows go from ``waiting`` to ``working`` and on.

    ``on_failure``: what else a row says that is given up.
    """

    name: str
    table: Any
    key: InstrumentedAttribute[int]
    waiting: str
    working: str
    failed: str
    on_failure: Callable[[datetime], Mapping[str, Any]] = field(default=lambda _now: {})

    def is_free(self, now: datetime) -> ColumnElement[bool]:
        """Nobody has it, or whoever had it has let the lease run out."""
        state: ColumnElement[bool] = (self.table.state == self.waiting) | (
            (self.table.state == self.working) & (self.table.lease_until < now)
        )
        return state

    def take(self, key: int, now: datetime) -> Claim | None:
        """Claim the row if it is free; after too many attempts it is given up instead."""
        claim = Claim(key, secrets.token_hex(16))
        with transaction() as session:
            attempts = session.scalar(
                update(self.table)
                .where(self.key == key, self.is_free(now))
                .values(
                    state=self.working,
                    token=claim.token,
                    lease_until=now + LEASE,
                    attempts=self.table.attempts + 1,
                )
                .returning(self.table.attempts)
            )
        if attempts is not None and attempts > ATTEMPTS:
            self.fail(claim, f"no worker finished it in {ATTEMPTS} attempts", now)
            return None
        return None if attempts is None else claim

    def do(self, claim: Claim, deed: Callable[[Hold], None], stopping: Callable[[], bool]) -> None:
        """Do the work under the claim; whatever goes wrong, the row does not stay taken.

        ``stopping`` says, whenever the deed tells its progress, whether to leave it to the next one.
        """
        log.info(f"{self.name} claimed", key=claim.key)
        try:
            with self._renewed(claim) as holds:
                deed(Hold(claim, self, stopping, holds))
        except Superseded:
            log.warning(f"{self.name} taken over", key=claim.key)
        except Stopped:
            self.give_back(claim, attempts=self.table.attempts - 1)  # no worker has died of it
        except SQLAlchemyError:
            self.give_back(claim)
            raise
        except MarketplaceError as error:
            log.warning(f"{self.name} cannot be done", key=claim.key, reason=str(error))
            self.fail(claim, str(error), clock.now())
        except Exception as error:
            log.error(f"{self.name} failed", key=claim.key, exc_info=error)
            self.fail(claim, f"{type(error).__name__}: {error}", clock.now())

    def held(self, claim: Claim) -> ColumnElement[bool]:
        """The row, as long as it is this claim's."""
        mine: ColumnElement[bool] = (
            (self.key == claim.key)
            & (self.table.token == claim.token)
            & (self.table.state == self.working)
        )
        return mine

    def change(self, session: Database, claim: Claim, **values: Any) -> bool:
        """Write into the row. False if somebody else has it."""
        changed = session.scalar(
            update(self.table).where(self.held(claim)).values(**values).returning(self.key)
        )
        return changed is not None

    def renew(self, claim: Claim, now: datetime) -> bool:
        """Keep the claim for another lease. False if somebody else has the work."""
        return self._change(claim, lease_until=now + LEASE)

    def report(self, claim: Claim, done: int, blocks: int) -> None:
        """Say how far it is."""
        self._change(claim, blocks_done=done, blocks=blocks)

    def give_back(self, claim: Claim, **values: Any) -> None:
        """Let the next worker begin at once instead of after the lease."""
        self._change(claim, state=self.waiting, token=None, lease_until=None, **values)

    def fail(self, claim: Claim, message: str, now: datetime) -> None:
        """End it without an outcome."""
        ended = {"state": self.failed, "token": None, "lease_until": None}
        self._change(claim, **ended, failure=message[:2000], **self.on_failure(now))

    def _change(self, claim: Claim, **values: Any) -> bool:
        with transaction() as session:
            return self.change(session, claim, **values)

    @contextmanager
    def _renewed(self, claim: Claim) -> Iterator[Callable[[], bool]]:
        """Renew the lease in a thread; what is yielded says whether it still holds."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        done, lost = threading.Event(), threading.Event()

        def keep() -> None:
            while not done.wait(RENEWAL):
                with app.app_context():
                    try:
                        if not self.renew(claim, clock.now()):
                            lost.set()
                            return
                    except SQLAlchemyError as error:  # the next renewal may go better
                        log.warning("lease not renewed", key=claim.key, error=str(error))

        name = f"lease of {self.name} {claim.key}"
        thread = threading.Thread(target=keep, name=name, daemon=True)
        thread.start()
        try:
            yield lambda: not lost.is_set()
        finally:
            done.set()
            thread.join()
