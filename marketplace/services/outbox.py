"""Send what the outbox holds: each message at least once, and rarely more often.

A message is claimed with a lease in one short transaction, sent while no transaction is open, and
then marked. Who dies in between leaves a lease that runs out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.models.base import db, transaction
from marketplace.models.notices import MessageState, OutboxMessage
from marketplace.notifications import mail, words

LEASE = timedelta(minutes=5)
ATTEMPTS = 9
"""Pauses double from one minute, so the last attempt is made after about four hours."""

log = structlog.get_logger()


def send_next(channel: mail.Channel, now: datetime) -> bool:
    """Send the message that has been due longest. False when there is none."""
    message = _claim(now)
    if message is None:
        return False
    try:
        channel.send(_letter(message, now))
    except mail.Refused as refusal:
        _close(message, MessageState.FAILED, now, str(refusal))
    except Exception as error:
        # Whatever went wrong, one message must not keep the others from being sent.
        _retry(message, now, f"{type(error).__name__}: {error}")
    else:
        _close(message, MessageState.SENT, now)
    return True


def retry_failed(now: datetime) -> int:
    """Let every message that was given up be tried again from now on; how many there are."""
    with transaction() as session:
        given_up = session.scalars(
            select(OutboxMessage).where(OutboxMessage.state == MessageState.FAILED)
        ).all()
        for message in given_up:
            message.state, message.due_at, message.attempts = MessageState.PENDING, now, 0
    return len(given_up)


def _claim(now: datetime) -> OutboxMessage | None:
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == MessageState.PENDING, OutboxMessage.due_at <= now)
        .where(OutboxMessage.lease_until.is_(None) | (OutboxMessage.lease_until < now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
    )
    if db.session.scalar(due) is None:  # usually: looking takes no lock
        return None
    with transaction() as session:
        message_id = session.scalar(due.with_for_update(skip_locked=True))
        if message_id is None:
            return None
        message = session.get_one(OutboxMessage, message_id)
        message.lease_until = now + LEASE
        message.attempts += 1
    return message


def _letter(message: OutboxMessage, now: datetime) -> EmailMessage:
    return mail.letter(
        words.write(message.kind, message.details, message.language),
        key=message.key,
        sender=current_app.extensions["settings"].mail_from,
        recipient=message.recipient,
        at=now,
    )


def _close(message: OutboxMessage, state: MessageState, now: datetime, error: str = "") -> None:
    values: dict[str, object] = {"state": state, "lease_until": None, "last_error": error}
    if state is MessageState.SENT:
        # A link that sets a password is nobody's business once it is on its way.
        kept = {name: value for name, value in message.details.items() if name != "path"}
        values |= {"sent_at": now, "details": kept}
    with transaction() as session:
        _change(session, message, **values)
    log.info("message closed", id=message.id, kind=message.kind, state=str(state), error=error)


def _retry(message: OutboxMessage, now: datetime, error: str) -> None:
    if message.attempts >= ATTEMPTS:
        _close(message, MessageState.FAILED, now, error)
        return
    due_at = now + timedelta(minutes=2 ** (message.attempts - 1))
    with transaction() as session:
        _change(session, message, due_at=due_at, lease_until=None, last_error=error)
    log.warning("message postponed", id=message.id, kind=message.kind, error=error)


def _change(session: Session, message: OutboxMessage, **values: object) -> None:
    """Only the holder of the lease changes it: another worker may have taken the message over."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.attempts == message.attempts)
        .values(**values)
    )
