"""What-ifs from the shell."""

from __future__ import annotations

import json

from flask import Flask

from marketplace.domain.rounds import RoundState
from marketplace.domain.scenarios import FuelChange, ScenarioKind
from marketplace.models.base import db
from tests.round_factories import a_round
from tests.scenario_factories import a_scenario


def ran(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["scenarios", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_what_ifs_are_listed(app: Flask) -> None:
    a_scenario(None, FuelChange(20), name="Xăng tăng")

    code, out, err = ran(app, "list")

    assert (code, err) == (0, "1 what-ifs\n")
    assert "draft" in out
    assert "Xăng tăng" in out
    [row] = json.loads(ran(app, "list", "--json")[1])
    assert row["changes"] == [{"kind": "fuel", "percent": 20}]


def test_one_is_run_here_and_its_figures_are_printed(app: Flask) -> None:
    scenario = a_scenario(None, FuelChange(20))

    code, out, _ = ran(app, "run", str(scenario.id))

    told = json.loads(out)
    assert (code, told["state"]) == (0, "done")
    assert told["figures"]["scenario"]["value"] < told["figures"]["baseline"]["value"]
    assert json.loads(ran(app, "show", str(scenario.id))[1]) == told


def test_the_worth_of_links_is_printed(app: Flask) -> None:
    scenario = a_scenario(None, kind=ScenarioKind.LINKS)

    told = json.loads(ran(app, "run", str(scenario.id))[1])

    assert told["figures"]["links"][0]["deed"] == "close"


def test_one_without_a_change_comes_to_what_there_is(app: Flask) -> None:
    empty = a_scenario()

    code, out, _ = ran(app, "run", str(empty.id))

    figures = json.loads(out)["figures"]
    assert code == 0
    assert figures["baseline"]["value"] > 0
    assert figures["scenario"] == figures["baseline"]


def test_what_cannot_be_run_says_why(app: Flask) -> None:
    assert ran(app, "run", "999")[::2] == (2, "There is no such scenario.\n")

    waiting = a_scenario(None, FuelChange(20))
    a_round(RoundState.QUEUED)
    code, _, err = ran(app, "run", str(waiting.id))
    assert code == 1
    assert "A round is being solved" in err


def test_a_database_without_tables_is_said_without_a_traceback(app: Flask) -> None:
    db.drop_all()

    code, out, err = ran(app, "list")

    assert (code, out) == (2, "")
    assert "flask db upgrade" in err
