"""The sample market in the database: complete, of today, and beside what visitors entered."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace import clock
from marketplace.demo import seed
from marketplace.demo.accounts import ACCOUNTS, BUYER, COOPERATIVE, PASSWORD
from marketplace.demo.market import Week, draw_week
from marketplace.demo.records import SampleMarket
from marketplace.domain.actors import Role
from marketplace.domain.errors import Rejected
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import OutboxMessage
from marketplace.models.organisations import Organisation
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.services import accounts
from marketplace.services.lots import publish_lot
from tests.conftest import make_app
from tests.factories import PINEAPPLE, VI_THANH, a_user

REASONS = {
    "no_counterpart",
    "grade",
    "certificate",
    "window",
    "freshness",
    "no_route",
    "freight",
    "price",
    "outbid",
    "minimum",
    "whole",
    "partly",
}


@pytest.fixture(scope="module")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample market of today."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "marketplace.db")
    app = make_app(folder)
    with app.app_context():
        assert seed.refresh() is not None
        db.session.remove()
        db.engine.dispose()
    return folder / "marketplace.db"


@pytest.fixture
def app(seeded: Path, tmp_path: Path) -> Iterator[Flask]:
    shutil.copy(seeded, tmp_path / "marketplace.db")
    application = make_app(tmp_path)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def number_open(kind: type[Lot] | type[Need]) -> int:
    return db.session.scalar(select(func.count()).where(kind.is_open(clock.today()))) or 0


def test_about_six_hundred_lots_and_four_hundred_and_fifty_needs(app: Flask) -> None:
    listed = [db.session.scalar(select(func.count(kind.id))) for kind in (Lot, Need)]

    assert listed == [pytest.approx(600, abs=20), pytest.approx(450, abs=20)]


def test_a_published_round_with_answered_declined_and_open_matches(app: Flask) -> None:
    round_ = db.session.scalars(select(MatchRound)).one()
    states = Counter(db.session.scalars(select(Match.state)))

    assert round_.state == "published"
    assert round_.requested_at < round_.solved_at + timedelta(seconds=1) <= round_.decided_at
    assert states["confirmed"] >= 20
    assert states["declined"] >= 10
    assert states["proposed"] >= 100
    assert all(m > clock.now() for m in db.session.scalars(select(Match.answer_by)))


def test_one_lot_was_left_out_for_each_reason(app: Flask) -> None:
    left_out = select(RoundEntry.reason).where(RoundEntry.lot_id.is_not(None))

    assert set(db.session.scalars(left_out)) >= REASONS


def test_a_set_is_still_open_and_some_of_it_came_after_the_round(app: Flask) -> None:
    since = db.session.scalars(select(MatchRound.requested_at)).one()

    later = db.session.scalar(select(func.count(Lot.id)).where(Lot.listed_at > since))

    assert number_open(Lot) > 200
    assert number_open(Need) > 100
    assert later > 20


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.role)
def test_every_role_can_be_entered_with_the_password_that_is_printed(app: Flask, account) -> None:
    user_id = accounts.sign_in(account.email, PASSWORD, now=clock.now())

    actor = accounts.actor_of(user_id, accounts.session_key(user_id))

    assert (actor.role, actor.name) == (account.role, account.name)
    assert {each.role for each in ACCOUNTS} == set(Role)


def test_the_cooperative_and_the_buyer_have_matches_to_answer(app: Flask) -> None:
    waiting = select(func.count()).where(Match.state == "proposed")
    sells = waiting.join(Match.lot).join(Lot.organisation).where(Organisation.name == COOPERATIVE)
    buys = waiting.join(Match.need).join(Need.organisation).where(Organisation.name == BUYER)

    assert db.session.scalar(sells) >= 2
    assert db.session.scalar(buys) >= 2


def test_nobody_gets_a_letter_of_invitation(app: Flask) -> None:
    assert "invitation" not in set(db.session.scalars(select(OutboxMessage.kind)))


def test_starting_again_the_same_day_and_the_next_changes_nothing(app: Flask) -> None:
    assert seed.refresh() is None
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert seed.refresh() is None


def test_two_weeks_later_there_is_a_market_of_that_day_and_what_visitors_entered_stays(
    app: Flask,
) -> None:
    lot = _a_visitors_lot(clock.now())
    later = clock.now() + timedelta(days=14)

    with clock.standing_at(later):
        done = seed.refresh()
        today = clock.today()

        assert done is not None
        assert number_open(Lot) > 200
        assert number_open(Need) > 100
        newest = db.session.scalars(select(MatchRound).order_by(MatchRound.id.desc())).first()
        assert (newest.state, newest.day) == ("published", today)
    db.session.expire_all()
    kept = db.session.get_one(Lot, lot)
    assert (kept.withdrawn_at, kept.quantity, kept.note) == (None, 5_000, "của tôi")


def test_another_scenario_takes_the_place_of_the_first(app: Flask) -> None:
    lot = _a_visitors_lot(clock.now())

    done = seed.refresh("surplus-2021")

    assert done is not None
    open_lots = select(Lot.commodity_id, Lot.id).where(Lot.is_open(clock.today()))
    goods = {commodity for commodity, id_ in db.session.execute(open_lots) if id_ != lot}
    assert "buoi-da-xanh" in goods
    assert len(goods) < 20
    assert db.session.get_one(Lot, lot).withdrawn_at is None
    assert seed.refresh("surplus-2021") is None


def test_a_scenario_that_there_is_not_is_refused(app: Flask) -> None:
    with pytest.raises(Rejected, match="nowhere"):
        seed.refresh("nowhere")


def _a_visitors_lot(now: datetime) -> int:
    """Listed in the sample account of the cooperative, to be collected for a month."""
    email = next(each.email for each in ACCOUNTS if each.role is Role.SELLER)
    user_id = accounts.sign_in(email, PASSWORD, now=now)
    actor = accounts.actor_of(user_id, accounts.session_key(user_id))
    draft = seed.LotDraft(
        commodity=PINEAPPLE,
        grade="loai-1",
        quantity=5_000,
        ask=8_000,
        place=VI_THANH,
        ready_on=clock.today(),
        until=clock.today() + timedelta(days=30),
        note="của tôi",
    )
    return publish_lot(draft, actor=actor, today=clock.today(), now=now).id


def test_sample_data_stay_out_of_a_database_with_real_accounts(
    sqlite_template: Path, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    shutil.copy(sqlite_template, tmp_path / "real" / "marketplace.db")
    with make_app(tmp_path / "real").app_context():
        a_user(email="lan@htx.vn")

        with pytest.raises(Rejected, match="real accounts"):
            seed.refresh()
        assert number_open(Lot) == 0
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("step", ["_listers", "_round", "answer_some", "give_password"])
def test_a_start_that_is_cut_off_is_made_good_by_the_next(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (tmp_path / "cut").mkdir()
    shutil.copy(sqlite_template, tmp_path / "cut" / "marketplace.db")
    monkeypatch.setitem(seed.SCENARIOS, "normal", a_small_week)

    def cut_off(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    with make_app(tmp_path / "cut").app_context():
        with monkeypatch.context() as patch:
            patch.setattr(seed.accounts if step == "give_password" else seed, step, cut_off)
            with pytest.raises(KeyboardInterrupt):
                seed.refresh()
        seed.refresh()

        assert len(accounts.demo_accounts()) == len(ACCOUNTS)
        assert number_open(Lot) > 5
        assert db.session.scalar(select(func.count(MatchRound.id))) == 1
        assert seed.refresh() is None
        db.session.remove()
        db.engine.dispose()


def a_small_week(today: date) -> SampleMarket:
    return draw_week(Week(lots=20, needs=20, sellers=80, buyers=40), today, 0)
