"""`flask accounts` and `flask people`."""

from __future__ import annotations

import json

from flask import Flask

from marketplace import clock
from marketplace.models.base import db
from marketplace.models.notices import OutboxMessage
from marketplace.services import accounts
from tests.factories import a_membership, a_user, an_organisation

PASSWORD = "khóm chín vàng"


def test_the_first_administrator_comes_from_the_server(app: Flask) -> None:
    runner = app.test_cli_runner()

    done = runner.invoke(args=["accounts", "create-administrator", "minh@so.vn"])
    again = runner.invoke(args=["accounts", "create-administrator", "minh@so.vn"])

    assert done.output.startswith("http://127.0.0.1:8000/set-password/")
    assert app.test_client().get(done.output.strip()).status_code == 200
    assert again.exit_code == 2
    assert "Another account" in again.output


def test_people_are_invited_and_given_passwords_on_the_server(app: Flask) -> None:
    runner = app.test_cli_runner()
    number = str(an_organisation().id)
    place = ["--organisation", number, "--role", "seller"]

    mailed = runner.invoke(
        args=["accounts", "invite", "--name", "Lan", "--email", "lan@htx.vn", *place]
    )
    handed = runner.invoke(
        args=["accounts", "invite", "--name", "Hùng", "--phone", "0912345678", *place]
    )
    runner.invoke(args=["accounts", "set-password", "lan@htx.vn", "--password", PASSWORD])

    assert mailed.output == "Sent to lan@htx.vn.\n"
    assert "/set-password/" in handed.output
    assert accounts.sign_in("lan@htx.vn", PASSWORD, now=clock.now())


def test_a_weak_password_and_a_wrong_organisation_are_refused_in_words(app: Flask) -> None:
    runner = app.test_cli_runner()
    a_membership(a_user(email="lan@htx.vn"), an_organisation(), "seller")

    weak = runner.invoke(args=["accounts", "set-password", "lan@htx.vn", "--password", "1234"])
    nowhere = runner.invoke(
        args=[
            "accounts",
            "invite",
            "--name",
            "X",
            "--email",
            "x@y.vn",
            "--organisation",
            "99",
            "--role",
            "seller",
        ]
    )

    assert (weak.exit_code, nowhere.exit_code) == (2, 2)
    assert "at least 10 characters" in weak.output
    assert "no such organisation" in nowhere.output


def test_a_person_is_exported_and_erased(app: Flask) -> None:
    runner = app.test_cli_runner()
    a_membership(a_user(email="lan@htx.vn", name="Lan"), an_organisation(), "seller")

    told = runner.invoke(args=["people", "export", "lan@htx.vn"])
    asked = runner.invoke(args=["people", "erase", "lan@htx.vn"], input="n\n")
    gone = runner.invoke(args=["people", "erase", "lan@htx.vn", "--yes"])
    nobody = runner.invoke(args=["people", "export", "lan@htx.vn"])

    assert json.loads(told.output)["user_account"][0]["name"] == "Lan"
    assert asked.exit_code == 1
    assert "is erased" in gone.output
    assert (nobody.exit_code, "no such person" in nobody.output) == (2, True)


def test_messages_given_up_are_tried_again(app: Flask) -> None:
    message = OutboxMessage(
        key="x",
        recipient="lan@htx.vn",
        kind="set_password",
        state="failed",
        attempts=9,
        created_at=clock.now(),
        due_at=clock.now(),
    )
    db.session.add(message)
    db.session.commit()

    told = app.test_cli_runner().invoke(args=["outbox", "retry"])

    db.session.refresh(message)
    assert told.output == "1 messages will be tried again.\n"
    assert (message.state, message.attempts) == ("pending", 0)
