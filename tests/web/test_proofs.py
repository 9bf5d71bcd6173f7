"""The page that proves a round, its downloads, and what it says when stored data were changed."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from marketplace import clock, create_app
from marketplace.config import Settings
from marketplace.domain.actors import Actor, Role
from marketplace.models.base import db
from marketplace.models.needs import Need
from marketplace.models.rounds import MatchRound
from marketplace.services import proofs, publishing, rounds, solve
from marketplace.solving.round_file import unpacked
from tests.conftest import TESTING, LawfulClient
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.files_of_rounds import run, script
from tests.round_factories import a_round, member_of

SEALED = 13_137


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return an_actor(Role.COORDINATOR)


@pytest.fixture
def round_id(app: Flask, coordinator: Actor) -> int:
    """Published: three sellers, three buyers with sealed bids."""
    solved = solved_round(coordinator)
    publish(solved, coordinator)
    return solved


def solved_round(coordinator: Actor) -> int:
    for quantity in (15_000, 9_000, 9_500):
        a_lot(quantity=quantity, organisation=an_organisation().id)
    for quantity, bid in ((12_000, SEALED), (11_000, 13_000), (10_000, 12_900)):
        a_need(quantity=quantity, bid=bid, organisation=an_organisation().id)
    now, today = clock.now(), clock.today()
    number = rounds.request_round(actor=coordinator, now=now, today=today).id
    solve.solve_next(lambda: False)
    return number


def publish(number: int, coordinator: Actor) -> None:
    publishing.publish(
        number, actor=coordinator, now=clock.now(), today=clock.today(), answer_hours=48
    )


def change(statement: str) -> None:
    db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
    db.session.execute(text(statement))
    db.session.commit()
    db.session.expire_all()


def proved(browser: FlaskClient, number: int) -> str:
    return browser.post(f"/rounds/{number}/proof").text.replace("\u00a0", " ")


def test_everybody_reads_what_is_proved_and_how_to_check_it(client, round_id: int) -> None:
    stored = db.session.get(MatchRound, round_id)

    page = client.get(f"/rounds/{round_id}/proof").text

    assert "Không kilôgam nào bán hai lần" in page
    assert stored.public_hash in page
    assert stored.file_hash not in page
    assert "check_round.py" in page
    with client.get("/static/check_round.py") as handed_out:
        assert handed_out.text == script(0)
    assert f"/rounds/{round_id}/proof" in client.get(f"/rounds/{round_id}").text
    for own in ("full.json", "openings.json"):
        assert own not in page


def test_the_button_proves_it_again_with_figures_and_time(client, round_id: int) -> None:
    page = proved(client, round_id)

    assert "Vừa kiểm chứng lại: cả 9 điều đều đúng." in page
    assert "lô hàng: 3, nhu cầu: 3" in page
    assert "kém mọi cách có thể không quá" in page
    assert "giây" in page


def test_it_says_so_in_english(client, round_id: int) -> None:
    client.get("/language/en")

    assert "all 9 statements hold" in proved(client, round_id)


def test_what_too_few_stand_behind_is_proved_but_not_told(client, coordinator: Actor) -> None:
    a_lot(), a_need()
    number = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today()).id
    solve.solve_next(lambda: False)
    publish(number, coordinator)

    page = proved(client, number)

    assert "cả 9 điều đều đúng" in page
    assert "kém mọi cách có thể không quá" not in page


def test_before_it_is_published_only_coordinators_know_of_it(
    client, client_of, coordinator: Actor
) -> None:
    number = solved_round(coordinator)
    officer = client_of(an_actor(Role.OFFICER))

    for path in ("", "/public.json"):
        assert client.get(f"/rounds/{number}/proof{path}").status_code == 404
        assert officer.get(f"/rounds/{number}/proof{path}").status_code == 404
        assert client_of(coordinator).get(f"/rounds/{number}/proof{path}").status_code == 200
    assert client.post(f"/rounds/{number}/proof").status_code == 404


@pytest.mark.parametrize("path", ["", "/public.json", "/openings.json", "/full.json"])
def test_there_is_nothing_to_prove_of_what_is_not_solved(
    client_of, coordinator: Actor, path: str
) -> None:
    waits = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today()).id
    browser = client_of(coordinator)

    assert browser.get(f"/rounds/{waits}/proof{path}").status_code == 404
    assert browser.get(f"/rounds/99/proof{path}").status_code == 404


def test_the_public_file_passes_the_script_and_tells_no_sealed_figure(
    client, round_id: int, tmp_path: Path
) -> None:
    answer = client.get(f"/rounds/{round_id}/proof/public.json")
    path = tmp_path / "round.json"
    path.write_text(answer.text, encoding="utf-8")

    done = run(script(0), path)

    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].endswith(f"round-{round_id}-public.json")
    assert done.returncode == 0, done.stderr
    assert db.session.get(MatchRound, round_id).public_hash in done.stdout
    assert str(SEALED) not in answer.text
    told = json.loads(answer.text)["sections"]["matches"]
    assert told["price"]
    assert all(len(each) == 64 for name in ("price", "low", "high") for each in told[name])


def test_an_organisation_that_took_part_opens_its_own_figures_only(
    client_of, round_id: int, tmp_path: Path
) -> None:
    need = db.session.scalars(select(Need).where(Need.bid == SEALED)).one()
    buyer = client_of(member_of(need))
    public, own = tmp_path / "public.json", tmp_path / "own.json"
    public.write_text(buyer.get(f"/rounds/{round_id}/proof/public.json").text, encoding="utf-8")

    own.write_text(buyer.get(f"/rounds/{round_id}/proof/openings.json").text, encoding="utf-8")
    done = run(script(1), public, own)

    assert "openings.json" in buyer.get(f"/rounds/{round_id}/proof").text
    assert done.returncode == 0, done.stderr
    assert f"bid is {SEALED}" in done.stdout
    assert "13000" not in own.read_text(encoding="utf-8")
    assert '"low"' not in own.read_text(encoding="utf-8"), "the seller's end"


def test_who_took_no_part_gets_no_openings_and_no_full_file(client_of, round_id: int) -> None:
    other = client_of(an_actor(Role.BUYER))

    assert other.get(f"/rounds/{round_id}/proof/openings.json").status_code == 404
    assert other.get(f"/rounds/{round_id}/proof/full.json").status_code == 403


def test_a_coordinator_downloads_everything_and_it_is_proved_without_a_database(
    client_of, coordinator: Actor, round_id: int
) -> None:
    answer = client_of(coordinator).get(f"/rounds/{round_id}/proof/full.json")

    assert str(SEALED) in answer.text
    assert proofs.verify_file(answer.data).holds


SHOWN = "Số liệu trên các trang đúng như trong tệp"
KEPT = "Tệp đã lưu đúng đến từng chữ số"
CHANGES = [
    ("match", "price", "price + 1", SHOWN),
    ("match", "quantity", "quantity + 1", SHOWN),
    ("match", "round_id", "NULL", SHOWN),
    ("match_round", "engine_version", "'9'", SHOWN),
    ("match_round", "day", "'2020-01-01'", SHOWN),
    ("match_round", "public_hash", "'x'", SHOWN),
    ("match_round", "result", "json_set(result, '$.gap', 0.001)", SHOWN),
    ("match_round", "file_hash", "'x'", KEPT),
    ("match_round", "file", "x'00ff'", KEPT),
    ("match_round", "file", "x''", KEPT),
    ("match_round", "file", "NULL", KEPT),
]


def test_changed_data_are_said_plainly_and_nothing_breaks(
    client, client_of, coordinator: Actor, round_id: int
) -> None:
    inside = client_of(coordinator)
    for table, column, value, wrong in CHANGES:
        change(f"CREATE TABLE kept AS SELECT id, {column} FROM {table}")
        change(f"UPDATE {table} SET {column} = {value}")

        public = proved(client, round_id)

        assert "Phiên này có chỗ không đúng." in public
        assert f'<span class="status status-bad">không đúng</span> <b>{wrong}' in public
        assert "nguyên văn" not in public, "what was found may hold sealed figures"
        assert "nguyên văn" in proved(inside, round_id)
        for path in ("", "/public.json", "/full.json"):
            assert inside.get(f"/rounds/{round_id}/proof{path}").status_code in (200, 302)
        change(
            f"UPDATE {table} SET {column} = "
            f"(SELECT kept.{column} FROM kept WHERE kept.id = {table}.id)"
        )
        change("DROP TABLE kept")
    assert "Vừa kiểm chứng lại" in proved(client, round_id)


def test_a_stored_file_of_another_version_is_said_plainly(client, round_id: int) -> None:
    db.session.execute(
        update(MatchRound).values(file=repacked(round_id, '"version":1', '"version":2'))
    )
    db.session.commit()

    page = proved(client, round_id)

    assert "Phiên này có chỗ không đúng." in page


def repacked(number: int, old: str, new: str) -> bytes:
    stored = db.session.get(MatchRound, number)
    return zlib.compress(unpacked(stored.file).decode().replace(old, new).encode())


def test_one_address_does_not_keep_the_processor_busy(
    sqlite_template: Path, tmp_path: Path
) -> None:
    (tmp_path / "marketplace.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(instance=str(tmp_path), secret_key="test")
    app = create_app(settings, **{**TESTING, "RATELIMIT_ENABLED": True})
    app.test_client_class = LawfulClient
    with app.app_context():
        browser = app.test_client()
        proving = [browser.post("/rounds/1/proof").status_code for _ in range(31)]
        loading = [browser.get("/rounds/1/proof/public.json").status_code for _ in range(61)]
        reading = browser.get("/rounds/1/proof").status_code
        db.session.remove()
        db.engine.dispose()

    assert proving == [404] * 30 + [429]
    assert loading == [404] * 60 + [429]
    assert reading == 404


def test_a_round_from_before_there_were_files_says_so(client_of, coordinator: Actor) -> None:
    old = a_round(result={"value_vnd": 1, "bound_vnd": 2, "gap": 0.5})
    browser = client_of(coordinator)

    page = browser.get(f"/rounds/{old.id}/proof").text
    answer = browser.get(f"/rounds/{old.id}/proof/public.json", follow_redirects=True)

    assert "từ trước khi các phiên có tệp" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "từ trước khi các phiên có tệp" in answer.text
    assert browser.post(f"/rounds/{old.id}/proof").status_code == 200
