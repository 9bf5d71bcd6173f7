"""Accounts, for whoever runs the server."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace import clock
from marketplace.cli.complaints import told_plainly
from marketplace.domain.accounts import PersonDraft
from marketplace.domain.actors import Actor, Role
from marketplace.services import accounts as service
from marketplace.services import members

SERVER = Actor(0, 0, Role.ADMINISTRATOR, None, "Quản trị máy chủ")
"""Whoever runs commands on the server may do what administrators may."""

accounts = AppGroup("accounts", help="Accounts: invite people, set passwords.")


@accounts.command("create-administrator")
@click.argument("email")
@click.option("--name", default="Quản trị viên", help="The person's name.")
@told_plainly
def create_administrator(email: str, name: str) -> None:
    """Make an administrator's account and print the link that sets its password."""
    draft = PersonDraft(name, email, None)
    home = current_app.extensions["settings"].operator
    invitation = members.create_administrator(draft, home, now=clock.now())
    click.echo(_address(invitation.path or ""))


@accounts.command()
@click.option("--name", required=True)
@click.option("--email")
@click.option("--phone")
@click.option("--organisation", type=int, required=True, help="Its number.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@told_plainly
def invite(name: str, email: str | None, phone: str | None, organisation: int, role: str) -> None:
    """Let a person into an organisation."""
    draft = PersonDraft(name, email, phone)
    invitation = members.invite(draft, Role(role), organisation, actor=SERVER, now=clock.now())
    click.echo(_address(invitation.path) if invitation.path else f"Sent to {invitation.email}.")


@accounts.command("set-password")
@click.argument("who")
@click.password_option()
@told_plainly
def set_password(who: str, password: str) -> None:
    """Set the password of WHO (address, number), asked for here; signs WHO out everywhere."""
    service.give_password(who, password)
    click.echo("The password is set.")


def _address(path: str) -> str:
    return f"{current_app.extensions['settings'].base_url}{path}"
