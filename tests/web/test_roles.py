"""Every page and button, as each role, against the table in docs/roles.md.

After adding a page, run `python -m pytest tests/web/test_roles.py`: the failure shows the lines that
the table lacks, as they are now. Look at each figure before you paste them.
"""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.listings import Basis
from marketplace.domain.lots import LotDraft
from marketplace.domain.scenarios import FuelChange
from marketplace.domain.series import Recurrence
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.organisations import Membership
from marketplace.models.shown_papers import ShownPaper
from marketplace.services import accounts, import_laying, import_reading, series
from marketplace.services.publishing import publish
from marketplace.services.rounds import request_round
from marketplace.services.solve import solve_next
from tests.condition_factories import VI_THANH_ROAD, a_condition, a_restriction
from tests.conftest import make_app
from tests.factories import VI_THANH, a_lot, a_need, an_actor, an_organisation
from tests.paper_factories import a_certificate, a_file, a_photo
from tests.programme_factories import a_criterion, an_entry_with_papers
from tests.scenario_factories import a_scenario

DOCS = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
STRANGER = "stranger"
ROLES = (
    STRANGER,
    Role.READER,
    Role.SELLER,
    Role.BUYER,
    Role.OFFICER,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
)
NOT_PAGES = {"static"}
Line = tuple[str, str]


class World:
    """An application with one of everything, as it was made before each request."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "marketplace.db"
        shutil.copy(template, self.file)
        self.app = make_app(folder)
        with self.app.app_context():
            self.actors = {role: an_actor(role) for role in ROLES if isinstance(role, Role)}
            self.values = _one_of_everything(self.actors)
            self.keys = {role: _identity(actor) for role, actor in self.actors.items()}
            self._close()
        shutil.copy(self.file, folder / "pristine.db")

    def status(self, endpoint: str, method: str, role: str) -> int:
        """What this role gets."""
        with self.app.app_context():
            client = self.app.test_client()
            if role != STRANGER:
                with client.session_transaction() as session:
                    session["_user_id"] = self.keys[role]
            answer = client.open(self._address(endpoint), method=method)
            self._close()
        if method != "GET":
            shutil.copy(self.folder / "pristine.db", self.file)
        return answer.status_code

    def _address(self, endpoint: str) -> str:
        rule = next(self.app.url_map.iter_rules(endpoint))
        values = {name: self.values[name] for name in rule.arguments}
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def _close(self) -> None:
        db.session.remove()
        db.engine.dispose()
        for leftover in self.folder.glob("marketplace.db-*"):
            leftover.unlink()


def _one_of_everything(actors: dict[str, Actor]) -> dict[str, object]:
    """What stands in addresses, by the name that it has there."""
    seller, buyer = (actors[role].organisation_id for role in (Role.SELLER, Role.BUYER))
    a_lot(organisation=seller)  # these two are matched, the others stay open
    a_need(organisation=buyer)
    lot = a_lot(organisation=seller, commodity="mit-thai")
    need = a_need(organisation=buyer, commodity="mang-cau-xiem")
    round_id = _a_published_round(actors[Role.COORDINATOR])
    a_criterion()
    a_restriction(last=clock.today())  # has the number of the condition
    member = db.session.scalar(
        select(Membership.id).where(Membership.user_id == actors[Role.SELLER].user_id)
    )
    return {
        "lot_id": lot.id,
        "need_id": need.id,
        "match_id": db.session.scalars(select(Match.id)).one(),
        "round_id": round_id,
        "membership_id": member,
        "organisation_id": an_organisation().id,
        "scope": VI_THANH_ROAD,
        "number": a_condition().id,
        "kind": "boat",
        "subject": "boat80t",
        "token": "no-such-token",
        "code": "en",
        "scenario_id": a_scenario(
            actors[Role.COORDINATOR], FuelChange(20), shared=True, run=True
        ).id,
        "what": "fuel",
        "import_id": _an_import(actors[Role.SELLER]),
        "link_id": "D932-D930",
        "locality": "HG",
        "commodity": "khom-cau-duc",
        "series_id": _a_series(actors[Role.SELLER]),
        "entry_id": an_entry_with_papers(
            actors[Role.SELLER], files=(a_file(actors[Role.SELLER]),)
        ).id,
        "paper_id": db.session.scalars(select(ShownPaper.id)).one(),
        "certificate_id": a_certificate(actors[Role.SELLER]).id,
        "photo_id": a_photo(actors[Role.SELLER], lot.id).id,
    }


def _a_series(seller: Actor) -> int:
    today = clock.today()
    grade = {"commodity": "mit-thai", "grade": "loai-1", "quantity": 500, "ask": None}
    draft = LotDraft(**grade, place=VI_THANH, ready_on=today, until=today)
    recurs = Recurrence(first=today, last=today + timedelta(days=3))
    known = {"actor": seller, "today": today, "now": clock.now(), "ahead": 1}
    return series.start(draft, recurs, **known).id


def _an_import(seller: Actor) -> int:
    content = "Mặt hàng;Số lượng;Địa chỉ\nKhóm Cầu Đúc;-5 tấn;Xã Hỏa Lựu".encode()
    now, today = clock.now(), clock.today()
    made = import_laying.begin(
        "a.csv", content, basis=Basis.OWN, actor=seller, today=today, now=now
    )
    import_reading.read_if_small(made.id)
    return made.id


def _a_published_round(coordinator: Actor) -> int:
    now, today = clock.now(), clock.today()
    round_id = request_round(actor=coordinator, now=now, today=today).id
    solve_next(lambda: False)
    publish(round_id, actor=coordinator, now=now, today=today, answer_hours=48)
    return round_id


def _identity(actor: Actor) -> str:
    return f"{actor.user_id}.{accounts.session_key(actor.user_id)}"


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(sqlite_template, tmp_path_factory.mktemp("roles"))


def table() -> dict[Line, list[int]]:
    """The expected status of each page and role, from the docs."""
    rows = re.findall(r"^\| `(\S+)` \| (\S+) \|((?: \d+ \|)+)$", DOCS.read_text("utf-8"), re.M)
    return {
        (page, method): [int(n) for n in re.findall(r"\d+", cells)] for page, method, cells in rows
    }


def lines(app: Flask) -> list[Line]:
    """Every page, and every form or button, of the application."""
    return sorted(
        {
            (rule.endpoint, method)
            for rule in app.url_map.iter_rules()
            for method in rule.methods or ()
            if rule.endpoint not in NOT_PAGES and method not in ("HEAD", "OPTIONS")
        }
    )


def test_the_table_has_every_page_and_no_other(world: World) -> None:
    there, expected = lines(world.app), table()

    missing = [line for line in there if line not in expected]
    shown = "\n".join(_as_line(world, *line) for line in missing)

    assert not missing, f"docs/roles.md lacks\n{shown}"
    assert sorted(expected) == there


@pytest.mark.parametrize("role", ROLES)
def test_each_role_enters_what_the_table_says(world: World, role: str) -> None:
    column = ROLES.index(role)

    differs = {
        line: (expected[column], status)
        for line, expected in table().items()
        if (status := world.status(*line, role)) != expected[column]
    }

    assert differs == {}, "(expected, found)"


def _as_line(world: World, endpoint: str, method: str) -> str:
    cells = [str(world.status(endpoint, method, role)) for role in ROLES]
    return f"| `{endpoint}` | {method} | {' | '.join(cells)} |"
