"""Messages leave through a real mail server or as files; each one at least once."""

from __future__ import annotations

import ssl
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.config import Settings
from marketplace.domain.matches import Side
from marketplace.models.base import db, transaction
from marketplace.models.matches import Match
from marketplace.models.notices import MessageState, OutboxMessage
from marketplace.models.telling import Told, tell, told_of_match, with_parties
from marketplace.notifications import mail
from marketplace.notifications.words import Words
from marketplace.services import outbox
from tests.factories import a_membership, a_user, an_organisation
from tests.mailboxes import Mailbox, mail_server
from tests.round_factories import a_match

NOW = clock.now()


def told(kind: str, side: Side = Side.LOT, **details) -> OutboxMessage:
    """The message that one side of a match is to get."""
    match_id = a_match().id
    with transaction() as session:
        match = session.scalars(with_parties().where(Match.id == match_id)).one()
        tell(session, [told_of_match(match, side, kind, **details)], NOW)
    return db.session.scalars(select(OutboxMessage)).one()


def server_settings(port: int, **more) -> Settings:
    return Settings(smtp_host="127.0.0.1", smtp_port=port, **more)


def test_a_message_goes_through_a_real_mail_server(each_app: Flask) -> None:
    message = told("match_proposed")
    with mail_server() as mailbox:
        channel = mail.channel(server_settings(mailbox.port))

        assert outbox.send_next(channel, NOW) is True
        assert outbox.send_next(channel, NOW) is False

    [letter] = mailbox.letters
    assert letter["To"] == message.recipient
    assert "Khóm Cầu Đúc" in letter["Subject"]
    db.session.refresh(message)
    assert (message.state, message.sent_at) == (MessageState.SENT, NOW)


def test_the_message_says_who_what_how_much_price_distance_and_by_when(app: Flask) -> None:
    message = told("match_proposed")
    with mail_server() as mailbox:
        outbox.send_next(mail.channel(server_settings(mailbox.port)), NOW)

    for part in ("plain", "html"):
        text = mailbox.letters[0].get_body((part,)).get_content().replace("\u00a0", " ")
        for words in (
            message.details["partner"],
            "Khóm Cầu Đúc",
            "9.000 ₫/kg",
            "9.000.000 ₫",
            "187 km",
            "Chợ đầu mối Bình Điền",
            f"http://127.0.0.1:8000/matches/{message.details['match']}",
        ):
            assert words in text, f"{words!r} is not in the {part} part"
    assert "12.000" not in mailbox.letters[0].as_string(), "a sealed bid stays sealed"


STOP = {
    "scope": "D932-D930",
    "mode": None,
    "place": "",
    "road": "QL61C",
    "ends": ["Một Ngàn", "Vị Thanh"],
    "effect": "closed",
    "most": None,
    "reason": "Sửa cầu",
    "last": "30/11/2026",
}
WAIT = {**STOP, "effect": "wait", "minutes": 90}
HOURS = {**STOP, "effect": "hours", "opens": "06:00", "closes": "18:00"}
SLOW: dict[str, Any] = {"stops": [WAIT, HOURS], "hours_now": 5.5, "hours_more": 4.5}
RULE = {
    "number": 3,
    "goods_vi": "Khóm Cầu Đúc",
    "goods_en": "Cầu Đúc pineapple",
    "place": "Phường Vị Thanh",
    "direction": "leaving",
    "papers_vi": ["Kiểm dịch thực vật"],
    "papers_en": ["Plant quarantine"],
    "reason": "Rệp sáp hồng",
    "last": "30/11/2026",
}
DETOUR = {"km": 190.0, "hours": 4.6, "vehicle": "10t*1", "more_km": 12.4, "more_cost": 90_000}


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("match_proposed", {}),
        ("match_asked", {}),
        (
            "match_confirmed",
            {"contact_name": "An", "contact_phone": "+849", "contact_email": "a@b"},
        ),
        ("match_declined", {"reason": "price", "note": "<b>"}),
        ("match_expired", {}),
        ("match_reminder", {}),
        (
            "match_route",
            {"stops": [STOP, {**STOP, "effect": "load", "most": 5_000}], "detour": None},
        ),
        ("match_route", {"stops": [STOP], "detour": DETOUR}),
        ("match_route", {"stops": [STOP], "detour": None, "too_slow": True}),
        ("match_route_open", {"stops": [STOP]}),
        ("match_slow", {**SLOW, "late": False, "detour": None}),
        ("match_slow", {**SLOW, "late": True, "detour": DETOUR}),
        ("match_slow", {**SLOW, "late": True, "detour": None, "too_slow": True}),
        ("match_slow_over", {"stops": SLOW["stops"]}),
        ("match_papers", {"restrictions": [RULE]}),
        ("match_papers", {"restrictions": [{**RULE, "papers_vi": [], "papers_en": []}]}),
        ("match_papers_lifted", {"restrictions": [{**RULE, "direction": "both", "last": None}]}),
        ("match_replaced", {"replaced_in": 7, "gains_more_than": 500_000, "instead": []}),
        (
            "match_replaced",
            {
                "replaced_in": 7,
                "gains_more_than": 500_000,
                "instead": [
                    {"match": 9, "partner": "B", "quantity": 5, "price": 9_000, "place": "Ô Môn"}
                ],
            },
        ),
    ],
)
def test_every_kind_has_words_for_both_sides_in_both_languages(
    app: Flask, tmp_path: Path, kind: str, details: dict, side: Side, language: str
) -> None:
    message = told(kind, side, **details)
    message.language = language
    db.session.commit()

    outbox.send_next(mail.channel(Settings(instance=str(tmp_path))), NOW)

    db.session.refresh(message)
    assert message.state == MessageState.SENT, message.last_error
    [file] = (tmp_path / "mail").glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["Subject"]
    html = letter.get_body(("html",)).get_content()
    assert f'<html lang="{language}">' in html
    assert "<b></b>" not in html.replace("<b>\n", "")
    if details.get("note"):
        assert "&lt;b&gt;" in html


def test_everybody_of_the_organisation_who_does_more_than_read_gets_it_in_his_language(
    app: Flask,
) -> None:
    organisation = an_organisation()
    for role, email, language in (
        ("seller", "an@example.vn", "en"),
        ("officer", "binh@example.vn", "vi"),
        ("reader", "chi@example.vn", "vi"),
    ):
        a_membership(a_user(email=email, language=language), organisation, role)

    with transaction() as session:
        tell(session, [Told("key", organisation.id, "match_expired", {})], NOW)

    messages = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    assert [(m.recipient, m.language) for m in messages] == [
        ("an@example.vn", "en"),
        ("binh@example.vn", "vi"),
    ]


def test_a_mail_server_that_is_down_is_tried_again_later(app: Flask) -> None:
    message = told("match_expired")
    channel = mail.channel(server_settings(1))  # nobody listens there

    outbox.send_next(channel, NOW)

    db.session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.PENDING, 1)
    assert message.due_at == NOW + timedelta(minutes=1)
    assert "refused" in message.last_error.lower()
    assert outbox.send_next(channel, NOW) is False
    with mail_server() as mailbox:
        assert outbox.send_next(mail.channel(server_settings(mailbox.port)), message.due_at)
    assert len(mailbox.letters) == 1


def test_pauses_double_and_end(app: Flask) -> None:
    message = told("match_expired")
    channel, now = mail.channel(server_settings(1)), NOW
    pauses = []

    while outbox.send_next(channel, now):
        db.session.refresh(message)
        pauses.append(int((message.due_at - now).total_seconds() // 60))
        now = max(message.due_at, now + timedelta(seconds=1))

    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert message.state == MessageState.FAILED


def test_an_address_that_does_not_exist_is_not_tried_again(app: Flask) -> None:
    message = told("match_expired")
    with mail_server() as mailbox:
        mailbox.refusal = "550 no such mailbox"
        outbox.send_next(mail.channel(server_settings(mailbox.port)), NOW)

    db.session.refresh(message)
    assert message.state == MessageState.FAILED


def test_a_mailbox_that_is_full_is_tried_again(app: Flask) -> None:
    message = told("match_expired")
    with mail_server() as mailbox:
        mailbox.refusal = "452 mailbox full"
        outbox.send_next(mail.channel(server_settings(mailbox.port)), NOW)

    db.session.refresh(message)
    assert message.state == MessageState.PENDING


def test_a_message_without_words_does_not_stop_the_others(app: Flask, tmp_path: Path) -> None:
    first = told("match_expired")
    first.kind = "nobody_wrote_this"
    db.session.add(
        OutboxMessage(
            key="other",
            recipient="an@example.vn",
            kind="match_expired",
            details=first.details,
            created_at=NOW,
            due_at=NOW,
        )
    )
    db.session.commit()
    channel = mail.channel(Settings(instance=str(tmp_path)))

    assert outbox.send_next(channel, NOW)
    assert outbox.send_next(channel, NOW)

    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


def test_who_dies_while_sending_leaves_a_lease_that_runs_out(app: Flask, tmp_path: Path) -> None:
    message = told("match_expired")

    class Killed(BaseException):
        pass

    class Dying:
        def send(self, _message: object) -> None:
            raise Killed

    with pytest.raises(Killed):
        outbox.send_next(Dying(), NOW)

    channel = mail.channel(Settings(instance=str(tmp_path)))
    assert outbox.send_next(channel, NOW + timedelta(minutes=4)) is False
    assert outbox.send_next(channel, NOW + timedelta(minutes=6)) is True
    db.session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.SENT, 2)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_server_that_wants_a_password_gets_it(app: Flask) -> None:
    told("match_expired")
    with mail_server(password="open sesame") as mailbox:
        outbox.send_next(mail.channel(server_settings(mailbox.port)), NOW)
        refused = len(mailbox.letters)
        settings = server_settings(mailbox.port, smtp_user="cho", smtp_password="open sesame")
        outbox.send_next(mail.channel(settings), NOW + timedelta(minutes=2))

    assert (refused, len(mailbox.letters)) == (0, 1)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of 127.0.0.1, from an authority that this machine trusts for the length of the test."""
    authority = trustme.CA()
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_letters_travel_encrypted_where_the_settings_say_so(app: Flask, certificate) -> None:
    told("match_expired")
    with mail_server("open sesame", certificate=certificate) as mailbox:
        signed_in = {"smtp_user": "cho", "smtp_password": "open sesame"}
        outbox.send_next(mail.channel(server_settings(mailbox.port, **signed_in)), NOW)
        in_clear = len(mailbox.letters)
        settings = server_settings(mailbox.port, smtp_tls=True, **signed_in)
        outbox.send_next(mail.channel(settings), NOW + timedelta(minutes=2))

    assert (in_clear, len(mailbox.letters)) == (0, 1)


def test_nothing_goes_to_a_server_that_cannot_prove_who_it_is(
    app: Flask, certificate, monkeypatch, tmp_path: Path
) -> None:
    message = told("match_expired")
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger))

    with mail_server(certificate=certificate) as mailbox:
        outbox.send_next(mail.channel(server_settings(mailbox.port, smtp_tls=True)), NOW)

    assert not_sent_but_kept(message, mailbox)


def test_nothing_goes_in_clear_where_encryption_was_asked_for(app: Flask) -> None:
    message = told("match_expired")

    with mail_server() as mailbox:  # does not know STARTTLS
        outbox.send_next(mail.channel(server_settings(mailbox.port, smtp_tls=True)), NOW)

    assert not_sent_but_kept(message, mailbox)


def not_sent_but_kept(message: OutboxMessage, mailbox: Mailbox) -> bool:
    db.session.refresh(message)
    later = (message.state, message.attempts) == (MessageState.PENDING, 1)
    return later and not mailbox.letters


def test_the_same_message_keeps_its_number_so_that_a_mailbox_can_tell(app: Flask) -> None:

    letters = [
        mail.letter(Words("s", "t", None), key="k", sender="a@b.vn", recipient="c@d.vn", at=NOW)
        for _ in range(2)
    ]

    assert letters[0]["Message-ID"] == letters[1]["Message-ID"]
