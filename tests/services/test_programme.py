"""The programme: applying, deciding, what counts when, and rounds that take only what is admitted."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.matches import DropReason
from marketplace.domain.organisations import OrganisationKind
from marketplace.domain.programme import Decision, Evidence, StepKind, Verdict, Why
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.programme import Grant, ProgrammeEntry, ProgrammeStep
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.models.shown_papers import ShownPaper
from marketplace.models.stored_files import StoredFile
from marketplace.notifications import words
from marketplace.services import (
    applications,
    desk,
    lots,
    needs,
    programme,
    programme_desk,
    programme_reminders,
    round_figures,
    stored_files,
)
from marketplace.services.publishing import publish
from marketplace.services.replay import replay
from marketplace.services.rounds import request_round
from marketplace.services.solve import solve_next
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.paper_factories import a_file
from tests.picture_factories import a_pdf
from tests.programme_factories import (
    ADMIT,
    a_criterion,
    admitted,
    an_application,
    an_entry_for,
    an_entry_with_papers,
    decided,
)
from tests.round_factories import at_once, member_of

TODAY = clock.today()
REFUSE = Decision(verdict=Verdict.REFUSE, reason="Sổ chưa ghi phân bón", unmet=(1,))


def why(lot) -> Why | None:
    return programme.admission_of(lot, today=TODAY).why


def test_what_is_admitted_counts_and_its_holder_is_told(each_app: Flask) -> None:
    a_criterion()
    seller = an_actor()
    lot = a_lot(organisation=seller.organisation_id)
    entry = an_entry_for(seller)
    assert why(lot) is Why.PENDING

    decided(entry)

    found = programme.admission_of(lot, today=TODAY)
    assert (found.admitted, found.until, found.number) == (True, ADMIT.expires_on, "12/QĐ-SNN")
    assert [grant.entry_id for grant in programme.catalogue(TODAY).grants] == [entry.id]
    told = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert (told[-1].kind, told[-1].organisation_id) == (
        "programme_decided",
        seller.organisation_id,
    )
    [letter] = db.session.scalars(select(OutboxMessage)).all()
    assert "12/QĐ-SNN" in words.write(letter.kind, letter.details, "vi").text


def test_refused_goods_say_which_criterion_and_can_be_applied_for_anew(each_app: Flask) -> None:
    a_criterion()
    seller = an_actor()
    lot = a_lot(organisation=seller.organisation_id)
    entry = decided(an_entry_for(seller), REFUSE)
    found = programme.admission_of(lot, today=TODAY)
    assert (found.why, found.unmet, found.reason) == (Why.REFUSED, (1,), "Sổ chưa ghi phân bón")

    again = an_entry_for(seller, seen=entry.version)

    assert again.id == entry.id
    assert why(lot) is Why.PENDING
    steps = db.session.scalars(select(ProgrammeStep).order_by(ProgrammeStep.version)).all()
    assert [step.kind for step in steps] == [StepKind.APPLIED, StepKind.REFUSED, StepKind.APPLIED]


def test_of_two_officers_who_decide_at_once_the_second_is_told(each_app: Flask) -> None:
    entry = an_entry_for(an_actor())
    officers = [an_actor(Role.OFFICER), an_actor(Role.OFFICER)]
    refuse = Decision(verdict=Verdict.REFUSE, reason="Chưa đủ điều kiện")

    came_to = at_once(
        each_app,
        lambda: decided(entry, ADMIT, actor=officers[0], seen=1),
        lambda: decided(entry, refuse, actor=officers[1], seen=1),
    )

    assert sum(isinstance(one, Stale) for one in came_to) == 1
    assert db.session.scalar(select(ProgrammeEntry.version)) == 2
    assert len(db.session.scalars(select(ProgrammeStep)).all()) == 2


def test_two_who_apply_for_the_same_goods_at_once_make_one_entry(each_app: Flask) -> None:
    cooperative = an_organisation()
    sellers = [an_actor(Role.SELLER, cooperative) for _ in range(2)]

    came_to = at_once(each_app, *(lambda who=who: an_entry_for(who) for who in sellers))

    assert len(db.session.scalars(select(ProgrammeEntry)).all()) == 1
    assert sum(isinstance(one, applications.AlreadyThere | Stale) for one in came_to) == 1


def test_a_paper_that_was_shown_is_kept_and_one_that_was_not_is_dropped(each_app: Flask) -> None:
    a_criterion()
    seller = an_actor()
    shown, loose = a_file(seller), a_file(seller)
    entry = an_entry_with_papers(seller, files=(shown,))

    assert stored_files.sweep(clock.now() + timedelta(days=3))

    [paper] = db.session.scalars(select(ShownPaper)).all()
    found = programme_desk.paper_file(entry.id, paper.id, actor=an_actor(Role.OFFICER))
    assert stored_files.content_of(found) == a_pdf()
    assert db.session.get(StoredFile, loose) is None
    with pytest.raises(DBAPIError, match="only ever added"):
        db.session.execute(text("DELETE FROM programme_paper"))


def test_nobody_fills_the_disk_with_files_that_no_form_gets(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(stored_files, "MOST_LOOSE", 3)
    a_criterion()
    seller = an_actor()
    an_entry_with_papers(seller, files=(shown := a_file(seller),))

    sent = [a_file(seller) for _ in range(5)]

    left = db.session.scalars(select(StoredFile.id).order_by(StoredFile.id)).all()
    assert left == [shown, *sent[-3:]]


def test_what_stood_outside_a_programme_round_is_told_and_counted_apart(each_app: Flask) -> None:
    """Of one seller: a lot that found nobody, one that was not admitted; of another only such."""
    seller = an_actor()
    inside = a_lot(organisation=seller.organisation_id, ask=20_000)
    outside = a_lot(organisation=seller.organisation_id, commodity="mit-thai", quantity=3_000)
    other = a_lot()
    admitted(inside)
    need = a_need()
    coordinator = an_actor(Role.COORDINATOR)
    request_round(actor=coordinator, now=clock.now(), today=TODAY, programme=True)
    solve_next(lambda: False)
    round_ = db.session.scalars(select(MatchRound)).one()

    figures = round_figures.outcome(round_)
    publish(round_.id, actor=coordinator, now=clock.now(), today=TODAY, answer_hours=24)

    assert (figures.total.lots, figures.total.offered) == (1, 1_000)
    assert (figures.outside.lots, figures.outside.offered) == (2, 4_000)
    assert figures.reasons["lot"].total() == 1
    told = {
        notice.organisation_id: {key: notice.details[key] for key in ("lots", "needs", "outside")}
        for notice in db.session.scalars(select(Notice).where(Notice.kind == "round_left_out"))
    }
    assert told == {
        seller.organisation_id: {"lots": 1, "needs": 0, "outside": 1},
        other.organisation_id: {"lots": 0, "needs": 0, "outside": 1},
        need.organisation_id: {"lots": 0, "needs": 1, "outside": 0},
    }
    assert outside.organisation_id in told


def test_an_entry_counts_from_its_first_day_to_its_last(app: Flask) -> None:
    first, last = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    lot = a_lot()
    later = a_lot(organisation=lot.organisation_id, ready_on=first, until=last)
    too_late = a_lot(
        organisation=lot.organisation_id,
        ready_on=last + timedelta(days=1),
        until=last + timedelta(days=5),
    )

    admitted(lot, first=first, last=last)

    assert [why(one) for one in (lot, later, too_late)] == [Why.LATER, None, Why.EXPIRED]
    assert programme.admission_of(lot, today=last).admitted
    assert programme.admission_of(lot, today=last + timedelta(days=1)).why is Why.EXPIRED
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [programme.catalogue(day).total for day in days] == [0, 1, 1, 0]


def test_a_revoked_entry_stops_counting_and_the_past_stays_as_it_was(app: Flask) -> None:
    lot = a_lot()
    entry = admitted(lot, first=TODAY - timedelta(days=30))

    decided(entry, Decision(verdict=Verdict.REVOKE, reason="Dư lượng vượt mức"))

    assert why(lot) is Why.REVOKED
    assert programme.catalogue(TODAY).total == 0
    assert programme.catalogue(TODAY - timedelta(days=1)).total == 1


def test_a_renewal_that_is_refused_leaves_what_is_in_force(app: Flask) -> None:
    lot = a_lot()
    entry = admitted(lot)
    seller = member_of(lot, Role.SELLER)

    again = an_entry_for(seller, seen=entry.version)
    assert why(lot) is None
    decided(again, Decision(verdict=Verdict.REFUSE, reason="Chưa đủ hồ sơ"))

    assert why(lot) is None


def test_a_department_applies_for_one_producer_or_for_all_of_its_locality(app: Flask) -> None:
    officer = an_actor(Role.OFFICER)
    mine, others = (
        a_lot(organisation=officer.organisation_id, producer=name)
        for name in ("HTX Thạnh Lợi", "HTX Khác")
    )
    of_somebody = a_lot()
    colleague = an_actor(Role.OFFICER)

    entry = an_entry_for(officer, producer="htx thạnh lợi")
    with pytest.raises(Forbidden):
        decided(entry, actor=officer)
    decided(entry, actor=colleague)
    assert [why(lot) for lot in (mine, others, of_somebody)] == [
        None,
        Why.NOT_APPLIED,
        Why.NOT_APPLIED,
    ]

    for_all = an_entry_for(officer, organisation=None)
    with pytest.raises(Forbidden):
        decided(for_all, actor=colleague)
    decided(for_all, actor=an_actor(Role.COORDINATOR))
    assert [why(lot) for lot in (mine, others, of_somebody)] == [None, None, None]


def test_nobody_applies_or_decides_beyond_their_own(app: Flask) -> None:
    officer = an_actor(Role.OFFICER)
    with pytest.raises(Rejected, match="own locality"):
        an_entry_for(officer, locality="CM", producer="HTX")
    with pytest.raises(Rejected, match="for whom"):
        an_entry_for(officer)
    with pytest.raises(Forbidden):
        an_entry_for(an_actor(Role.BUYER))
    away = an_actor(Role.OFFICER, an_organisation(OrganisationKind.DEPARTMENT, locality_id="CM"))
    entry = an_entry_for(an_actor())

    with pytest.raises(Forbidden):
        decided(entry, actor=away)
    with pytest.raises(Forbidden):
        applications.take_back(entry.id, 1, actor=an_actor(), now=clock.now())
    with pytest.raises(NotFound):
        programme_desk.show(entry.id, actor=an_actor())
    with pytest.raises(applications.AlreadyThere):
        an_entry_for(an_actor(Role.SELLER, entry_owner(entry)))


def entry_owner(entry: ProgrammeEntry):
    return db.session.get_one(type(an_organisation()), entry.organisation_id)


def test_the_queue_shows_the_oldest_first_and_to_whom_it_falls(app: Flask) -> None:
    officer, coordinator = an_actor(Role.OFFICER), an_actor(Role.COORDINATOR)
    first, second = an_entry_for(an_actor()), an_entry_for(an_actor(), commodity="mit-thai")
    own = an_entry_for(officer, producer="HTX Mới")
    more = an_entry_for(an_actor(), commodity="chuoi-xiem")
    decided(more, Decision(verdict=Verdict.MORE, reason="Thiếu sổ ghi chép"))

    queue = programme_desk.queue(actor=officer, today=TODAY)

    assert [entry.id for entry in queue.to_decide] == [first.id, second.id]
    assert [entry.id for entry in queue.others] == [own.id]
    assert [entry.id for entry in queue.waiting] == [more.id]
    assert programme_desk.to_decide(actor=officer) == 2
    assert programme_desk.to_decide(actor=coordinator) == 3
    assert programme_desk.to_decide(actor=an_actor()) == 0


def test_evidence_is_kept_for_the_version_of_the_criterion_that_it_answers(app: Flask) -> None:
    row = a_criterion()
    coordinator = an_actor(Role.COORDINATOR)
    seller = an_actor()
    entry = an_entry_for(seller)
    draft = programme.draft_of(row)

    programme.change_criterion(
        row.number,
        type(draft)(**{**vars(draft), "text_vi": "Có sổ điện tử", "valid_from": TODAY}),
        1,
        actor=coordinator,
        now=clock.now(),
        today=TODAY,
    )

    [asked] = programme.criteria(TODAY)
    assert (asked.version, asked.text_vi) == (2, "Có sổ điện tử")
    [before] = programme.criteria(TODAY - timedelta(days=1))
    assert before.version == 1
    shown = programme_desk.show(entry.id, actor=seller)
    assert shown.evidence[row.number].criterion.id == row.id
    with pytest.raises(Rejected, match="Send the paper"):
        an_entry_for(seller, seen=entry.version, evidence=(Evidence(row.id, "Sổ cũ số 5"),))
    with pytest.raises(Stale):
        programme.change_criterion(
            row.number, draft_today(draft), 1, actor=coordinator, now=clock.now(), today=TODAY
        )


def draft_today(draft):
    return type(draft)(**{**vars(draft), "valid_from": TODAY})


def test_criteria_of_a_group_are_asked_of_its_goods_only(app: Flask) -> None:
    a_criterion()
    a_criterion(group_id="thuy_san", text_vi="Phiếu kiểm kháng sinh")
    a_criterion(withdrawn=True)

    assert [row.number for row in programme.criteria_of("khom-cau-duc", TODAY)] == [1]
    assert [row.number for row in programme.criteria_of("ca-tra", TODAY)] == [1, 2]


def test_what_was_done_can_only_be_added_to(each_app: Flask) -> None:
    a_criterion()
    an_entry_for(an_actor())

    for table in ("programme_criterion", "programme_step", "programme_evidence"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1"):
            with pytest.raises(DBAPIError, match="only ever added"):
                db.session.execute(text(statement))
            db.session.rollback()


def solved_round(**columns: object) -> MatchRound:
    coordinator = an_actor(Role.COORDINATOR)
    number = request_round(actor=coordinator, now=clock.now(), today=TODAY, **columns).id
    solve_next(lambda: False)
    db.session.expire_all()
    return db.session.get_one(MatchRound, number)


def test_a_round_of_the_programme_takes_only_what_is_admitted(each_app: Flask) -> None:
    a_criterion(text_vi="Có mã số vùng trồng")
    cheap, dear = a_lot(ask=6_000), a_lot(ask=8_000)
    admitted(dear)
    decided(an_entry_for(member_of(cheap, Role.SELLER)), REFUSE)
    never = a_lot(ask=6_500)
    a_need(quantity=1_500)

    round_ = solved_round(programme=True)

    matches = db.session.scalars(select(Match).where(Match.round_id == round_.id)).all()
    assert [match.lot_id for match in matches] == [dear.id]
    reasons = {
        entry.lot_id: (entry.reason, entry.details.get("programme", {}))
        for entry in db.session.scalars(select(RoundEntry).where(RoundEntry.lot_id.is_not(None)))
    }
    assert reasons[cheap.id][0] == "not_eligible"
    assert reasons[cheap.id][1]["why"] == Why.REFUSED
    assert reasons[cheap.id][1]["unmet_vi"] == ["Có mã số vùng trồng"]
    assert (reasons[never.id][0], reasons[never.id][1]["why"]) == ("not_eligible", Why.NOT_APPLIED)
    assert replay(round_.id).differences == []


def test_an_open_round_takes_all_and_no_programme_round_counts_as_waiting(app: Flask) -> None:
    lot = a_lot(ask=6_000)
    a_need(commodity="mit-thai")
    coordinator = an_actor(Role.COORDINATOR)
    first = solved_round(programme=True)
    publish(first.id, actor=coordinator, now=clock.now(), today=TODAY, answer_hours=48)
    a_need()

    second = solved_round()

    [match] = db.session.scalars(select(Match).where(Match.round_id == second.id)).all()
    assert match.lot_id == lot.id
    assert b'"waited":1' not in zlib.decompress(second.inputs)


def test_what_a_programme_round_leaves_outside_keeps_its_last_result(each_app: Flask) -> None:
    lot, need, admitted_lot = a_lot(ask=16_000), a_need(bid=6_000), a_lot(commodity="mit-thai")
    admitted(admitted_lot)
    seller, buyer = member_of(lot, Role.SELLER), member_of(need, Role.BUYER)

    def last() -> list[tuple[int, str | None]]:
        shown = lots.show_lot(lot.id, actor=seller), needs.show_need(need.id, actor=buyer)
        rows = desk.show_desk(seller, today=TODAY).lots + desk.show_desk(buyer, today=TODAY).needs
        return [(e.round_id, e.reason) for e in (each.entry for each in (*shown, *rows)) if e]

    numbers = []
    for closed in (True, False, True):
        numbers.append(solved_round(programme=closed).id)
        coordinator = an_actor(Role.COORDINATOR)
        publish(numbers[-1], actor=coordinator, now=clock.now(), today=TODAY, answer_hours=48)
        if closed and len(numbers) == 1:
            assert {number for number, _ in last()} == {numbers[0]}

    assert len(last()) == 4
    assert {number for number, _ in last()} == {numbers[1]}
    assert "not_eligible" not in {reason for _, reason in last()}


def test_what_is_revoked_before_publishing_is_dropped(app: Flask) -> None:
    lot = a_lot()
    entry = admitted(lot)
    a_need()
    round_ = solved_round(programme=True)
    decided(entry, Decision(verdict=Verdict.REVOKE, reason="Dư lượng vượt mức"))

    done = publish(
        round_.id,
        actor=an_actor(Role.COORDINATOR),
        now=clock.now(),
        today=TODAY,
        answer_hours=48,
    )

    assert (done.proposed, done.dropped) == (0, 1)
    assert db.session.scalars(select(Match.drop_reason)).one() == DropReason.NOT_ADMITTED


def test_a_proposal_of_goods_outside_the_programme_stays_in_its_round(app: Flask) -> None:
    a_lot()
    a_need(quantity=1_000)
    first = solved_round()
    coordinator = an_actor(Role.COORDINATOR)
    publish(first.id, actor=coordinator, now=clock.now(), today=TODAY, answer_hours=48)
    better = a_lot(ask=1_000)
    admitted(better)

    second = solved_round(programme=True)

    assert second.result["moves"] == []


def test_holders_are_told_a_month_before_and_when_it_is_over_once_each(each_app: Flask) -> None:
    lot = a_lot()
    admitted(lot, last=TODAY + timedelta(days=40))
    now = clock.now()

    def kinds_after(days: int) -> list[str]:
        while programme_reminders.remind_next(now + timedelta(days=days)):
            pass
        return [
            kind
            for kind in db.session.scalars(select(Notice.kind).order_by(Notice.id))
            if kind.startswith("programme_exp")
        ]

    assert kinds_after(9) == []
    assert kinds_after(10) == ["programme_expiring"]
    assert kinds_after(39) == ["programme_expiring"]
    assert kinds_after(41) == ["programme_expiring", "programme_expired"]
    assert kinds_after(60) == ["programme_expiring", "programme_expired"]
    letter = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "programme_expired")
    ).one()
    assert words.write(letter.kind, letter.details, "en").subject.startswith("The admission")


def test_who_has_a_longer_decision_is_not_told_that_the_old_one_ends(app: Flask) -> None:
    lot = a_lot()
    entry = admitted(lot, last=TODAY + timedelta(days=20))
    seller = member_of(lot, Role.SELLER)
    decided(an_entry_for(seller, seen=entry.version))

    assert programme_reminders.remind_next(clock.now()) is True

    assert programme_reminders.remind_next(clock.now()) is False
    kinds = db.session.scalars(select(Notice.kind)).all()
    assert "programme_expiring" not in kinds
    assert len(db.session.scalars(select(Grant)).all()) == 2


def test_an_application_taken_back_waits_no_longer(app: Flask) -> None:
    seller = an_actor()
    lot = a_lot(organisation=seller.organisation_id)
    entry = an_entry_for(seller)

    applications.take_back(entry.id, 1, actor=seller, now=clock.now())

    assert why(lot) is Why.TAKEN_BACK
    with pytest.raises(Rejected):
        applications.take_back(entry.id, 2, actor=seller, now=clock.now())
    assert an_application(seller).scope == entry.scope
