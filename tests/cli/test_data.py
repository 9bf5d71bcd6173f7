"""`flask data check` and `flask data load`."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import delete

from marketplace.data.files import Files
from marketplace.models.base import db
from marketplace.models.printed_rates import HandlingRate
from marketplace.models.reference import DataLoad, current_reference
from marketplace.services import reference


def test_loading_says_what_it_changed(app: Flask) -> None:
    db.session.execute(delete(HandlingRate))
    db.session.execute(delete(DataLoad))
    db.session.commit()
    runner = app.test_cli_runner()

    first, second = (runner.invoke(args=["data", "load"]) for _ in range(2))

    assert "handling: 5 new, 0 changed, 0 gone" in first.output
    assert second.output == "The tables are up to date.\n"


def test_flawed_files_are_refused_and_the_old_network_stays(app: Flask, tmp_path: Path) -> None:
    text = Files().text("road_links").replace("D916-D919,D916,D919,", "D916-D919,D916,D000,")
    (tmp_path / "road_links.csv").write_text(text.replace(",10,QL", ",-10,QL", 1), "utf-8")
    before = current_reference()
    runner = app.test_cli_runner()

    for command in ("check", "load"):
        result = runner.invoke(args=["data", command, "--from", str(tmp_path)])

        assert result.exit_code == 2
        assert "road_links.csv:2: end: there is no node D000" in result.stderr
        assert "road_links.csv:3: km: -10.0" in result.stderr
        assert "Traceback" not in result.output
    db.session.expire_all()
    assert current_reference() == before


def test_a_single_flaw_is_one_flaw(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "handling.csv").write_text("", "utf-8")

    result = app.test_cli_runner().invoke(args=["data", "check", "--from", str(tmp_path)])

    assert result.stderr == "handling.csv:1: the file is empty\n1 flaw: nothing was loaded.\n"


def test_files_of_ones_own_take_the_place_of_the_programs_and_outlast_a_start(
    app: Flask, tmp_path: Path
) -> None:
    text = Files().text("road_links").replace("Cái Răng,6.5,QL", "Cái Răng,7.5,QL")
    (tmp_path / "road_links.csv").write_text(text, "utf-8")
    runner = app.test_cli_runner()

    result = runner.invoke(args=["data", "load", "--from", str(tmp_path)])

    assert "road_links: 0 new, 1 changed, 0 gone" in result.output
    assert reference.load(starting=True).changes == {}
    assert current_reference().road_links[0].km == 7.5
    assert reference.load().changes["road_links"] == (0, 1, 0)
    assert current_reference().road_links[0].km == 6.5


def test_without_flaws_a_check_says_so(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["data", "check"])

    assert (result.exit_code, result.output) == (0, "The data files are in order.\n")
