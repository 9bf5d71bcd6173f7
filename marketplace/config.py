"""Settings: what an installation can change, each with its default and meaning.

Every field of `Settings` is read from the environment as ``MARKETPLACE_`` + its name in capitals,
the database address from ``DATABASE_URL``. docs/operating.md lists them; a test keeps it complete.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


LIMITS = {
    "MARKETPLACE_SMTP_PORT": (1, 65_535),
    "MARKETPLACE_ANSWER_HOURS": (1, 24 * 365),
    "MARKETPLACE_MOVE_GAIN": (0, 999_999_999),
    "MARKETPLACE_ROUND_SECONDS": (1, 24 * 3600),
    "MARKETPLACE_SERIES_DAYS_AHEAD": (1, 60),
}
"""Of numbers that cannot be just any; a deadline of no hours would end every match at once."""


TILES = re.compile(
    r"(?P<source>https?://[a-z0-9.{}-]+(:\d{1,5})?|)/[\w./{}@+~%=&?-]*", re.ASCII | re.IGNORECASE
)
"""Address of map tiles: on a server that can be named in a content policy, or a path here."""


class SettingsError(ValueError):
    """The environment holds a value that cannot be meant."""


@dataclass(frozen=True)
class Settings:
    """One installation's settings, read once when the application is created."""

    instance: str = str(ROOT / "instance")
    """Folder of the SQLite file, the secret key, and mail that has no server."""
    database_url: str = ""
    """SQLAlchemy address; empty: a SQLite file in the instance folder. Read from DATABASE_URL."""
    secret_key: str = ""
    """Signs sessions and links; empty: made once and kept in the instance folder."""
    base_url: str = "http://127.0.0.1:8000"
    """Address of this installation as people reach it; links in messages start with it."""
    demo: bool = False
    """Sample data: every page says so, and anybody may sign in as a demo account."""
    demo_scenario: str = "normal"
    """Which sample market: normal or surplus-2021."""
    https: bool = False
    """Served over HTTPS: secure cookies and strict transport security."""
    proxies: int = 0
    """How many trusted reverse proxies set X-Forwarded-For and -Proto."""
    smtp_host: str = ""
    """Mail server; empty: messages are written as files into the instance folder."""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = False
    """Upgrade the connection to the mail server by STARTTLS before signing in."""
    mail_from: str = "no-reply@marketplace.example"
    answer_hours: int = 48
    """How long both sides have to answer a proposed match."""
    move_gain: int = 500_000
    """A round replaces a proposal that nobody has answered yet only for more than so many đồng."""
    round_seconds: int = 600
    """About how long a round may be worked at; then the rest of it is hurried through."""
    series_days_ahead: int = 14
    """How many days ahead the instalments of a series are put on the market."""
    contact_lookups_per_day: int = 30
    """How many telephone numbers one organisation may look up in a day."""
    operator: str = "Chợ Nam Sông Hậu"
    """Who runs this installation; stands in the footer, the terms and the privacy notice."""
    complaints: str = "gopy@marketplace.example"
    """Where complaints go, shown in the footer."""
    tiles: str = ""
    """Address of map tiles with {z}, {x}, {y} ({s}: subdomain); empty: nothing from elsewhere."""
    tiles_credit: str = ""
    """Whose the tiles are, with the address of the licence; stands on the map."""
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises `SettingsError` naming the variable whose value cannot be read."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            name = variable(field.name)
            if name in environment:
                given[field.name] = _read(name, environment[name], type(field.default))
        _check_tiles(given.get("tiles", ""), given.get("tiles_credit", ""))
        return cls(**given)

    @property
    def tiles_source(self) -> str:
        """Where tiles come from, as a content policy names it; empty: from here or nowhere."""
        match = TILES.fullmatch(self.tiles)
        return re.sub(r"\{s\}", "*", match["source"]) if match else ""

    def flask(self) -> dict[str, Any]:
        """The same as Flask and its extensions name it."""
        return {
            "SECRET_KEY": self.secret_key or _kept_secret(Path(self.instance)),
            "SQLALCHEMY_DATABASE_URI": self.database_url or self._sqlite(),
            "MAX_CONTENT_LENGTH": 2_000_000,
            "MAX_FORM_MEMORY_SIZE": 2_000_000,
            "BABEL_DEFAULT_LOCALE": "vi",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.https,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": self.https,
            "WTF_CSRF_TIME_LIMIT": None,
            "RATELIMIT_HEADERS_ENABLED": False,
        }

    def _sqlite(self) -> str:
        folder = Path(self.instance).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder / 'marketplace.db'}"


def variable(name: str) -> str:
    """The environment variable of a field."""
    return "DATABASE_URL" if name == "database_url" else f"MARKETPLACE_{name.upper()}"


def _read(name: str, text: str, kind: type) -> str | int | bool:
    if kind is bool:
        if text.lower() not in ("1", "0", "yes", "no", "true", "false", ""):
            raise SettingsError(f"{name} must be yes or no, not {text!r}")
        return text.lower() in ("1", "yes", "true")
    if kind is int:
        if not text.isdecimal():
            raise SettingsError(f"{name} must be a whole number, not {text!r}")
        least, most = LIMITS.get(name, (0, 10**6))
        if len(text) > 9 or not least <= int(text) <= most:
            raise SettingsError(f"{name} must be from {least} to {most}, not {text!r}")
        return int(text)
    return text


def _check_tiles(tiles: str, credit: str) -> None:
    """Raise `SettingsError` where a browser could not ask for tiles, or nobody is credited."""
    if not tiles:
        return
    match = TILES.fullmatch(tiles)
    source = match["source"] if match else ""
    if not match or {"{z}", "{x}", "{y}"} - set(re.findall(r"\{\w+\}", tiles)):
        raise SettingsError("MARKETPLACE_TILES must be an address with {z}, {x} and {y}")
    if re.search(r"[{}]", source.replace("://{s}.", "://", 1)):
        raise SettingsError("MARKETPLACE_TILES may have {s} only as the server's first label")
    if not credit:
        raise SettingsError("MARKETPLACE_TILES_CREDIT must say whose the tiles are")


def _kept_secret(instance: Path) -> str:
    """A random key that survives restarts; readable by the owner only."""
    path = instance / "secret_key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")
