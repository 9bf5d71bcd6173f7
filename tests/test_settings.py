"""Settings are read from the environment, refused by name, and stand in the docs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from marketplace.config import Settings, SettingsError, variable

DOCS = Path(__file__).resolve().parent.parent / "docs"

in_both_languages = pytest.mark.parametrize("name", ["operating.md", "operating.vi.md"])


@in_both_languages
@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_setting_stands_in_the_docs(field: str, name: str) -> None:
    assert f"`{variable(field)}`" in (DOCS / name).read_text(encoding="utf-8")


@in_both_languages
def test_every_command_stands_in_the_docs(app: Flask, name: str) -> None:
    told = (DOCS / name).read_text(encoding="utf-8")

    ours = set(_our_commands(app.cli))

    assert "accounts invite" in ours
    assert [command for command in sorted(ours) if f"`{command}`" not in told] == []


def test_a_setting_is_read_as_what_it_is() -> None:
    settings = Settings.from_environment(
        {"MARKETPLACE_DEMO": "yes", "MARKETPLACE_ANSWER_HOURS": "24", "DATABASE_URL": "sqlite://"}
    )

    assert (settings.demo, settings.answer_hours) == (True, 24)
    assert settings.database_url == "sqlite://"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARKETPLACE_DEMO", "perhaps"),
        ("MARKETPLACE_SMTP_PORT", "-5"),
        ("MARKETPLACE_SMTP_PORT", "65536"),
        ("MARKETPLACE_ANSWER_HOURS", "0"),
        ("MARKETPLACE_ANSWER_HOURS", "9" * 5_000),
        ("MARKETPLACE_PROXIES", ""),
        ("MARKETPLACE_TILES", "https://tiles.example/{z}/{x}.png"),
        ("MARKETPLACE_TILES", "https://tiles.example;script-src */{z}/{x}/{y}.png"),
        ("MARKETPLACE_TILES", "https://{x}.example/{z}/{y}.png"),
        ("MARKETPLACE_TILES", "javascript:{z}{x}{y}"),
        ("MARKETPLACE_TILES_CREDIT", ""),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    tiles = {"MARKETPLACE_TILES": "/{z}/{x}/{y}.png", "MARKETPLACE_TILES_CREDIT": "a mapper"}

    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**tiles, name: value})


@pytest.mark.parametrize(
    ("tiles", "source"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example:8443/{z}/{x}/{y}{r}.png?k=1", "https://*.tiles.example:8443"),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("", ""),
    ],
)
def test_the_source_of_tiles_is_told_to_browsers(tiles: str, source: str) -> None:
    settings = Settings.from_environment(
        {"MARKETPLACE_TILES": tiles, "MARKETPLACE_TILES_CREDIT": "a mapper"}
    )

    assert settings.tiles_source == source


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = Settings(instance=str(tmp_path))

    first, second = (settings.flask()["SECRET_KEY"] for _ in range(2))

    assert first == second
    assert len(first) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def _our_commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _our_commands(command, f"{before}{name} ")
        elif command.callback and command.callback.__module__.startswith("marketplace"):
            yield f"{before}{name}"
