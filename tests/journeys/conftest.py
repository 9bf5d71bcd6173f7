"""A real site for a real browser: `flask serve` with its worker, and a real SMTP server beside it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, Page, expect

from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.organisations import Organisation
from marketplace.services import accounts
from tests.conftest import make_app
from tests.factories import a_membership, a_user, an_organisation

T = TypeVar("T")
SignIn = Callable[[str], Page]
PASSWORD = "khom-cau-duc-2026"
PEOPLE = {
    "officer": (Role.OFFICER, "department", "Sở Nông nghiệp Hậu Giang"),
    "trader": (Role.BUYER, "trader", "Vựa Tư Bình Điền"),
    "coordinator": (Role.COORDINATOR, "coordination", "Tổ giúp việc"),
}
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def wait_for(ask: Callable[[], T | None], what: str, seconds: float = 90) -> T:
    """What ``ask`` answers as soon as it answers something; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    pytest.fail(f"waited {seconds} s for {what}")


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """A real SMTP server; what it was given."""

    port: int = field(default_factory=free_port)
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for ``address``, oldest first."""
        return [message for message in self.messages if address in str(message["To"])]


@dataclass
class Site:
    """A running installation."""

    address: str
    instance: Path
    process: subprocess.Popen[bytes]
    mailbox: Mailbox


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def as_a_shell_in_the_background() -> None:
    """`command &` in a script hands Ctrl-C over as ignored; it must end us all the same."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def serving(instance: Path, mailbox: Mailbox, *options: str, **settings: str) -> Iterator[Site]:
    """`flask serve` until the block ends; its output lies in ``instance``/output."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "MARKETPLACE_INSTANCE": str(instance),
        "MARKETPLACE_SMTP_HOST": "127.0.0.1",
        "MARKETPLACE_SMTP_PORT": str(mailbox.port),
        "PORT": str(port),
        **settings,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", *options]
    with (instance / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            preexec_fn=as_a_shell_in_the_background,
        )
        site = Site(f"http://127.0.0.1:{port}", instance, process, mailbox)
        try:
            wait_for(lambda: ready(site), "the site to be ready", seconds=300)
            yield site
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=90)


def ready(site: Site) -> bool:
    """Web, database and worker answer."""
    assert site.process.poll() is None, (site.instance / "output").read_text()[-3000:]
    try:
        with urlopen(f"{site.address}/readyz", timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Site]:
    """The demo as `make run` starts it."""
    with serving(tmp_path_factory.mktemp("demo"), mailbox, "--demo") as site:
        yield site


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path, mailbox: Mailbox) -> Iterator[Site]:
    """An installation with the data files and nothing else."""
    shutil.copy(sqlite_template, tmp_path / "marketplace.db")
    with serving(tmp_path, mailbox) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, quiet."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A phone, as most people have it."""
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 390, "height": 844},
    }


def link_in(message: EmailMessage) -> str:
    """The match that a letter leads to."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://\S+/matches/\d+", body.get_content())
    assert found, body.get_content()
    return found.group(0)


def address_of(who: str) -> str:
    return f"{who}@example.vn"


@pytest.fixture
def market(sqlite_template: Path, tmp_path: Path, mailbox: Mailbox) -> Iterator[Site]:
    """A site with a department, a trader and a coordinator, and nothing listed or written yet."""
    mailbox.messages.clear()  # of the people of another journey, who have the same addresses
    shutil.copy(sqlite_template, tmp_path / "marketplace.db")
    with make_app(tmp_path).app_context():
        for who, (role, kind, name) in PEOPLE.items():
            organisation: Organisation = an_organisation(kind, name=name, email=address_of(who))
            user = a_user(name=who, email=address_of(who), language="vi")
            a_membership(user, organisation, role)
            accounts.give_password(address_of(who), PASSWORD)
        db.session.remove()
        db.engine.dispose()
    with serving(tmp_path, mailbox) as site:
        yield site


@pytest.fixture
def sign_in(
    market: Site, browser: Browser, browser_context_args: dict[str, object]
) -> Iterator[SignIn]:
    """A phone of its own for each person, signed in."""
    phones = []

    def signed_in(who: str) -> Page:
        phone = browser.new_context(**browser_context_args, base_url=market.address)
        phones.append(phone)
        phone.set_default_timeout(30_000)
        page = phone.new_page()
        page.goto("/sign-in")
        page.get_by_label("Email hoặc số điện thoại").fill(address_of(who))
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page).not_to_have_url(re.compile("sign-in"))
        return page

    yield signed_in
    for phone in phones:
        phone.close()
