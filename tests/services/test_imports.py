"""An import from upload to lots: counted in full, asked once, saved once, resumed after a kill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.imports import ImportState, RowStatus
from marketplace.domain.listings import Basis
from marketplace.models import leases
from marketplace.models.base import db
from marketplace.models.certificates import LotPaper
from marketplace.models.imports import SheetImport, SheetRow
from marketplace.models.lots import Lot, lot_certification
from marketplace.models.movements import Movement
from marketplace.models.series import Series
from marketplace.services import (
    import_answers,
    import_laying,
    import_reading,
    import_saving,
    imports,
    instalments,
    lots,
)
from marketplace.sheets import drafting
from tests.factories import an_actor
from tests.paper_factories import a_certificate

HEAD = "Mặt hàng;Số lượng;Giá;Địa chỉ;Đến ngày;Ghi chú"


def going() -> bool:
    return False


def a_sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def a_line(
    quantity: str = "5 tấn", ask: str = "7.800", good: str = "Khóm Cầu Đúc", note: str = ""
) -> str:
    until = clock.today() + timedelta(days=9)
    return f"{good};{quantity};{ask};Xã Hỏa Lựu;{until:%d/%m/%Y};{note}"


def uploaded(content: bytes, actor: Actor, name: str = "nong san.csv") -> SheetImport:
    made = import_laying.begin(
        name, content, basis=Basis.OWN, actor=actor, today=clock.today(), now=clock.now()
    )
    import_reading.read_if_small(made.id)
    return read(made)


def read(row: SheetImport) -> SheetImport:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(SheetImport, row.id)


def saved(row: SheetImport, actor: Actor) -> SheetImport:
    imports.request_save(row.id, row.version, actor=actor, now=clock.now())
    while import_saving.save_next(going):
        pass
    return read(row)


def statuses(row: SheetImport) -> dict[int, str]:
    query = select(SheetRow.number, SheetRow.status).where(SheetRow.import_id == row.id)
    return {row.number: row.status for row in db.session.execute(query)}


def all_lots() -> Sequence[Lot]:
    return db.session.scalars(select(Lot).order_by(Lot.id)).all()


def test_a_sheet_becomes_lots_and_the_same_again_changes_nothing(each_app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    content = a_sheet(a_line(), a_line("3 tấn", good="Mít Thái", ask="9.500"), "", a_line("-5 tấn"))

    first = uploaded(content, actor)
    assert first.state == ImportState.OPEN
    assert first.counts == {"new": 2, "refused": 1, "passed over": 2}
    assert all_lots() == []
    first = saved(first, actor)

    assert (first.state, first.content) == (ImportState.SAVED, None)
    assert sorted(lot.quantity for lot in all_lots()) == [3_000, 5_000]
    again = uploaded(content, actor)
    assert again.counts == {"repeat": 2, "refused": 1, "passed over": 2}
    with pytest.raises(Rejected, match="no row to save"):
        imports.request_save(again.id, again.version, actor=actor, now=clock.now())


def test_a_row_that_says_something_else_changes_its_lot_and_leaves_the_rest(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    saved(uploaded(a_sheet(a_line()), actor), actor)
    [lot] = all_lots()
    by_hand = lots.draft_of(lots.lot_to_edit(lot.id, actor=actor))
    lots.change_lot(
        lot.id,
        lot.version,
        type(by_hand)(**{**vars(by_hand), "trace_code": "T-1"}),
        actor=actor,
        today=clock.today(),
        now=clock.now(),
    )

    changed = uploaded(a_sheet(a_line("18 tấn")), actor)
    assert statuses(changed) == {1: "passed over", 2: "change"}
    [row] = imports.rows(changed, [RowStatus.CHANGE])[0]
    assert (row.differs, row.before) == (["quantity"], {"quantity": 5_000})
    saved(changed, actor)

    db.session.expire_all()
    [lot] = all_lots()
    assert (lot.quantity, lot.trace_code, lot.ask) == (18_000, "T-1", 7_800)
    assert uploaded(a_sheet(a_line("18 tấn")), actor).counts["repeat"] == 1


def test_a_lot_listed_by_hand_is_known_and_so_is_its_number(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    saved(uploaded(a_sheet(a_line()), actor), actor)
    [lot] = all_lots()

    by_number = a_sheet(f"Lô {lot.id};" + a_line("7 tấn"), head="Mã lô;" + HEAD)
    changed = uploaded(by_number, actor)

    assert changed.counts == {"passed over": 1, "change": 1}
    saved(changed, actor)
    db.session.expire_all()
    assert [lot.quantity for lot in all_lots()] == [7_000]


def test_one_answer_serves_all_rows_that_say_the_same(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    row = uploaded(
        a_sheet(a_line(ask="7.500 - 8.000"), a_line(ask="8.000-9.000"), a_line("1 tấn")), actor
    )
    assert row.counts == {"passed over": 1, "asked": 2, "new": 1}
    [question] = imports.questions(row)
    assert question.rows == [2, 3]

    import_answers.answer(
        row.id, row.version, {question.key or "": "most"}, {}, actor=actor, now=clock.now()
    )
    import_reading.read_if_small(row.id)

    row = read(row)
    assert row.counts == {"passed over": 1, "new": 3}
    drafts = [line.draft for line in imports.rows(row, [RowStatus.NEW])[0]]
    assert [draft["ask"] for draft in drafts if draft] == [8_000, 9_000, 7_800]


def test_the_second_of_two_sees_the_answers_of_the_first(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    row = uploaded(a_sheet(a_line(ask="7.500 - 8.000")), actor)
    seen = row.version
    import_answers.answer(row.id, seen, {"ask=range": "most"}, {}, actor=actor, now=clock.now())
    import_reading.read_if_small(row.id)

    with pytest.raises(Stale):
        import_answers.answer(
            row.id, seen, {"ask=range": "least"}, {}, actor=actor, now=clock.now()
        )
    with pytest.raises(Stale):
        imports.request_save(row.id, seen, actor=actor, now=clock.now())

    assert read(row).choices == {"ask=range": "most"}


def test_what_a_column_means_is_remembered_for_the_same_headers(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    head = HEAD.replace("Số lượng", "Cột lạ")
    row = uploaded(a_sheet(a_line(), head=head), actor)
    assert row.counts == {"passed over": 1, "refused": 1}

    import_laying.lay_out_again(
        row.id, row.version, actor=actor, now=clock.now(), encoding=None, sheet=None,
        mapping={"Cột lạ": "quantity"},
    )  # fmt: skip
    import_reading.read_if_small(row.id)

    assert read(row).counts == {"passed over": 1, "new": 1}
    other = uploaded(a_sheet(a_line("9 tấn"), head=head), actor)
    assert other.counts == {"passed over": 1, "new": 1}
    assert (
        uploaded(a_sheet(a_line("9 tấn"), head=head), an_actor(Role.SELLER)).counts["refused"] == 1
    )


def test_an_import_is_its_organisations_own(app: Flask) -> None:
    row = uploaded(a_sheet(a_line()), an_actor(Role.SELLER))

    with pytest.raises(NotFound):
        imports.show(row.id, actor=an_actor(Role.SELLER))
    with pytest.raises(Forbidden):
        imports.show(row.id, actor=an_actor(Role.READER))


def test_what_is_discarded_is_gone(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    row = uploaded(a_sheet(a_line()), actor)

    imports.discard(row.id, actor=actor, now=clock.now())

    with pytest.raises(NotFound):
        imports.show(row.id, actor=actor)
    assert db.session.scalar(select(func.count()).select_from(SheetRow)) == 0
    assert db.session.scalar(select(SheetImport.content)) is None


def test_reading_goes_on_where_it_was_left(each_app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr(import_reading, "BATCH", 2)
    monkeypatch.setattr(import_reading, "AT_ONCE", 0)
    row = uploaded(a_sheet(*(a_line(f"{n} tấn") for n in range(1, 8))), an_actor(Role.SELLER))
    dies(monkeypatch, import_reading, "_drafted", at=4)

    with pytest.raises(KeyboardInterrupt):
        import_reading.read_next(going)
    assert (read(row).state, read(row).blocks_done) == (ImportState.READING, 2)
    with clock.standing_at(clock.now() + leases.LEASE + timedelta(seconds=1)):
        assert import_reading.read_next(going) is True

    assert read(row).counts == {"passed over": 1, "new": 7}


def test_each_row_is_saved_once_though_the_worker_dies(each_app: Flask, monkeypatch: Any) -> None:
    actor = an_actor(Role.SELLER)
    monkeypatch.setattr(import_saving, "BATCH", 2)
    row = uploaded(a_sheet(*(a_line(f"{n} tấn") for n in range(1, 8))), actor)
    imports.request_save(row.id, row.version, actor=actor, now=clock.now())
    dies(monkeypatch, import_saving, "_enter", at=3)

    with pytest.raises(KeyboardInterrupt):
        import_saving.save_next(going)
    assert len(all_lots()) == 4
    with clock.standing_at(clock.now() + leases.LEASE + timedelta(seconds=1)):
        assert import_saving.save_next(going) is True

    assert read(row).state == ImportState.SAVED
    assert sorted(lot.quantity for lot in all_lots()) == [n * 1_000 for n in range(1, 8)]
    assert db.session.scalar(select(func.count()).select_from(Movement)) == 7


def dies(monkeypatch: Any, module: Any, name: str, *, at: int) -> None:
    """The ``at``-th call ends as a kill does: nothing below catches it."""
    real, calls = getattr(module, name), []

    def dying(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == at:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(module, name, dying)


CELLS = st.sampled_from(
    ["Khóm Cầu Đúc", "Mít Thái", "5 tấn", "5-7 tấn", "Cộng", "", "nt", "9.000", "?"]
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=8))
def test_counts_add_up_to_all_lines_of_the_sheet(app: Flask, drawn: list[list[str]]) -> None:
    lines = [a_line(), *(";".join(cells) for cells in drawn), a_line("1 tấn")]
    row = uploaded(a_sheet(*lines), an_actor(Role.SELLER))

    assert sum(row.counts.values()) == len(lines) + 1
    assert sorted(statuses(row)) == list(range(1, len(lines) + 2))
    assert RowStatus.UNREAD not in row.counts


def test_a_mended_row_changes_no_lot_of_the_rows_beside_it(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    saved(uploaded(a_sheet(a_line("5 tấn"), a_line("-6 tấn")), actor), actor)

    mended = uploaded(a_sheet("N1-3;" + a_line("6 tấn"), head="Mã lô;" + HEAD), actor)
    assert mended.counts == {"passed over": 1, "new": 1}
    saved(mended, actor)

    assert sorted(lot.quantity for lot in all_lots()) == [5_000, 6_000]
    assert uploaded(a_sheet(a_line("5 tấn"), a_line("6 tấn")), actor).counts["repeat"] == 2


def answered_regularly(row: SheetImport, actor: Actor) -> SheetImport:
    answers = {drafting.QUANTITY_RATE: drafting.REGULAR}
    import_answers.answer(row.id, row.version, answers, {}, actor=actor, now=clock.now())
    import_reading.read_if_small(row.id)
    return read(row)


def test_a_rate_becomes_a_series_once_asked_and_the_same_again_changes_nothing(
    each_app: Flask,
) -> None:
    actor = an_actor(Role.SELLER)
    content = a_sheet(a_line("5-10 tấn mỗi ngày"), a_line("3 tấn", good="Mít Thái", ask="9.500"))
    asked = uploaded(content, actor)
    assert asked.counts == {"asked": 1, "new": 1, "passed over": 1}

    done = saved(answered_regularly(asked, actor), actor)

    assert done.counts == {"new": 2, "passed over": 1}
    [series] = db.session.scalars(select(Series))
    assert [lot.quantity for lot in all_lots()] == [3_000]
    assert instalments.put_next(clock.today(), clock.now(), 2)
    assert sorted(lot.quantity for lot in all_lots()) == [3_000, 5_000, 5_000, 5_000]
    assert {lot.quantity_most for lot in all_lots() if lot.series_id} == {10_000}
    assert db.session.scalars(select(SheetRow.series_id)).all().count(series.id) == 1

    again = uploaded(content, actor)
    assert again.counts == {"repeat": 2, "passed over": 1}


def test_a_sheet_that_says_something_else_of_a_series_leaves_it_to_its_page(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    first = answered_regularly(uploaded(a_sheet(a_line("5 tấn/ngày")), actor), actor)
    saved(first, actor)

    other = answered_regularly(uploaded(a_sheet(a_line("6 tấn/ngày")), actor), actor)

    assert other.counts == {"refused": 1, "passed over": 1}
    [line] = imports.refused(other)
    assert line.problems[0]["code"] == "series_known"
    assert db.session.scalar(select(func.count(Series.id))) == 1


def test_a_certificate_named_by_its_number_is_put_behind_the_lot_if_it_is_kept(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    kept = a_certificate(actor, number="VG 12/2026")
    theirs = a_certificate(number="VG-77")
    head = f"{HEAD};Chứng nhận"
    rows = (
        f"{a_line()};VietGAP số VG12/2026",
        f"{a_line('6 tấn', good='Mít Thái')};VietGAP số {theirs.number}",
    )
    row = uploaded(a_sheet(*rows, head=head), actor)
    assert row.counts == {"passed over": 1, "new": 2}

    saved(row, actor)

    behind = {paper.lot_id: paper.certificate_id for paper in db.session.scalars(select(LotPaper))}
    first, second = all_lots()
    assert behind == {first.id: kept.id}
    named = select(lot_certification).where(lot_certification.c.lot_id == second.id)
    assert [each.certification_id for each in db.session.execute(named)] == ["vietgap"]


def test_a_certificate_that_is_kept_and_over_is_refused_with_why(app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    a_certificate(actor, number="VG-1", expires_on=clock.today() - timedelta(days=1))

    row = uploaded(a_sheet(f"{a_line()};VietGAP số VG-1", head=f"{HEAD};Chứng nhận"), actor)

    [line] = imports.refused(row)
    assert line.status == RowStatus.REFUSED
    assert line.problems[0]["code"] == "certificate_against_rules"
