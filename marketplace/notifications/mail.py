"""E-mail: through a mail server, or as files in the instance folder where there is none."""

from __future__ import annotations

import os
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from marketplace.config import Settings
from marketplace.notifications.words import Words

PATIENCE = 20.0
"""Seconds that the mail server may take for an answer."""


class Refused(Exception):
    """The mail server says that it will never take this message."""


class Channel(Protocol):
    """Something that takes a message away. Raises `Refused`, or OSError if later may go better."""

    def send(self, message: EmailMessage) -> None: ...


def channel(settings: Settings) -> Channel:
    """The way that the settings name."""
    if settings.smtp_host:
        return MailServer(settings)
    return MailFolder(Path(settings.instance) / "mail")


def letter(words: Words, *, key: str, sender: str, recipient: str, at: datetime) -> EmailMessage:
    """The message as it travels. The same ``key`` gives the same Message-ID, so that a mailbox
    which gets it twice can tell."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = words.subject
    message["Date"] = format_datetime(at)
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text)
    if words.html is not None:
        message.add_alternative(words.html, subtype="html")
    return message


class MailServer:
    """Speaks SMTP; upgrades the connection and signs in where the settings say so."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        settings = self._settings
        try:
            with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE) as server:
                if settings.smtp_tls:
                    server.starttls(context=ssl.create_default_context())
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            if all(500 <= code < 600 for code in codes):
                raise Refused(str(refusal)) from refusal
            raise


class MailFolder:
    """Writes each message as a file that every mail program opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        unfinished = self._folder / f".{name}"
        unfinished.write_bytes(bytes(message))
        os.replace(unfinished, self._folder / f"{name}.eml")
