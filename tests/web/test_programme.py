"""The programme's pages: applying, deciding from the queue, the catalogue of any day, bad input."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.programme import Decision, EvidenceKind, Verdict
from marketplace.models.base import db
from marketplace.models.programme import Criterion, ProgrammeEntry, ProgrammeStep
from marketplace.models.rounds import MatchRound
from marketplace.services.solve import solve_next
from tests.factories import a_lot, a_need, an_actor
from tests.programme_factories import a_criterion, admitted, an_entry_for, decided
from tests.round_factories import member_of

TODAY = clock.today()
APPLY = "/programme/apply?commodity=khom-cau-duc&locality=HG"


def text(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def count(table=ProgrammeStep) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def officer(client_of):
    """The browser of an officer of Hậu Giang."""
    return client_of(an_actor(Role.OFFICER))


def verdict(**changes):
    return {
        "verdict": "accepted",
        "number": "15/QĐ-SNN",
        "valid_from": "hôm nay",
        "expires_on": (TODAY + timedelta(days=90)).isoformat(),
        "seen": "1",
        **changes,
    }


def test_a_seller_applies_from_the_page_of_the_lot_and_an_officer_admits(
    client_of, officer, client
) -> None:
    row = a_criterion(text_vi="Có mã số vùng trồng")
    seller = an_actor()
    lot = a_lot(organisation=seller.organisation_id)
    member = client_of(seller)
    page = member.get(f"/lots/{lot.id}")
    assert "Hàng của nơi này chưa được đăng ký" in text(page)
    address = re.search(r'href="(/programme/apply[^"]*)"', page.get_data(as_text=True))
    form = text(member.get(unescape(address[1])))
    assert "Có mã số vùng trồng" in form

    sent = member.post(APPLY, data={f"text_{row.id}": "VN-HGOR-0123", "seen": "0"})

    assert sent.status_code == 302
    entry_id = db.session.scalars(select(ProgrammeEntry.id)).one()
    assert "Hồ sơ đang chờ xét" in text(member.get(f"/lots/{lot.id}"))
    assert client.get(f"/programme/{entry_id}").status_code == 404
    assert "Khóm" in text(officer.get("/programme/queue"))
    assert "VN-HGOR-0123" in text(officer.get(f"/programme/{entry_id}"))

    assert officer.post(f"/programme/{entry_id}/decide", data=verdict()).status_code == 302

    assert "Được nhận vào chương trình đến hết" in text(member.get(f"/lots/{lot.id}"))
    assert "15/QĐ-SNN" in text(client.get("/programme"))
    public = text(client.get(f"/programme/{entry_id}"))
    assert "15/QĐ-SNN" in public
    assert "VN-HGOR-0123" not in public
    assert "Được nhận vào chương trình" in text(member.get("/inbox"))


WRONG_EVIDENCE = [
    ({}, "Gửi tệp giấy tờ"),
    ({"text": "x" * 1_001}, "1000"),
    ({"text": "Sổ số 12", "link": "javascript:alert(1)"}, "https://"),
    ({"text": "Sổ số 12", "note": "n" * 1_001}, "1000"),
]


def test_bad_evidence_is_said_at_its_field_and_what_was_typed_stays(client_of) -> None:
    row = a_criterion()
    member = client_of(an_actor())
    for typed, words in WRONG_EVIDENCE:
        data = {name if name == "note" else f"{name}_{row.id}": v for name, v in typed.items()}

        page = member.post(APPLY, data={**data, "seen": "0"})

        assert page.status_code == 422, typed
        assert words in text(page), typed
        assert all(value in text(page) for value in typed.values())
    assert count() == 0


def test_addresses_that_there_are_not_are_not_found(client_of, officer) -> None:
    member = client_of(an_actor())

    for address in (
        "/programme/apply?commodity=khom-cau-duc&locality=XX",
        "/programme/99",
        "/programme?locality=XX",
        "/programme?group=no-such",
        "/programme?page=0",
    ):
        assert member.get(address).status_code == 404, address
    assert officer.post("/programme/99/decide", data=verdict(number="")).status_code == 404
    assert member.get("/programme/apply?commodity=khom-cau-duc").status_code == 200


def test_goods_are_chosen_by_typing_and_asked_back_where_several_fit(client_of) -> None:
    member = client_of(an_actor())
    page = member.get("/programme/apply").get_data(as_text=True)
    assert 'data-suggest="/goods/search"' in page
    assert "cần xem lại" not in page

    for typed, words in (
        ("", "Cần điền mặt hàng"),
        ("no-such", "no-such"),
        ("phân NPK", "Vật tư nông nghiệp không vào chương trình"),
        ("x" * 3_000, "xxx"),
    ):
        answer = member.get("/programme/apply", query_string={"commodity": typed, "locality": "HG"})
        assert answer.status_code == 422, typed
        assert words in text(answer), typed
    several = member.get("/programme/apply?commodity=xoai&locality=HG")
    assert several.status_code == 422
    assert "Xoài Đài Loan" in text(several)
    picked = member.get("/programme/apply?commodity=xoai&commodity_pick=xoai-dai-loan&locality=HG")
    assert picked.location.endswith("/programme/apply?commodity=xoai-dai-loan&locality=HG")
    typed = member.get("/programme/apply?commodity=Khom+Cau+Duc&locality=HG&producer=HTX+A")
    assert typed.location.endswith("commodity=khom-cau-duc&locality=HG&producer=HTX+A")


def test_farm_inputs_do_not_enter_the_programme(client_of, officer) -> None:
    seller = an_actor()
    lot = a_lot(organisation=seller.organisation_id, commodity="phan-npk")
    member = client_of(seller)
    page = text(member.get(f"/lots/{lot.id}"))
    assert "Vật tư nông nghiệp không vào chương trình" in page
    assert "/programme/apply?commodity=phan-npk" not in page

    answer = member.post("/programme/apply?commodity=phan-npk&locality=HG", data={"seen": "0"})

    assert answer.status_code == 422
    assert count(ProgrammeEntry) == 0


WRONG_DECISIONS = [
    ({"verdict": ""}, "Chọn cách quyết định"),
    ({"verdict": "maybe"}, "Chọn cách quyết định"),
    ({"number": ""}, "Ghi số quyết định"),
    ({"valid_from": "ngày kia kìa"}, "ngày kia kìa"),
    ({"expires_on": ""}, "ngày"),
    ({"expires_on": "1/1/2020"}, "Ngày cuối"),
    ({"verdict": "refused"}, "Viết một câu"),
    ({"verdict": "more_asked", "reason": "Thiếu sổ", "unmet": ["99"]}, "Chọn một mục"),
    ({"verdict": "revoked", "reason": "Thôi không nhận"}, "Không có gì đang có hiệu lực"),
]


def test_a_bad_decision_is_said_at_its_field_and_decides_nothing(officer) -> None:
    a_criterion()
    entry = an_entry_for(an_actor())

    for changes, words in WRONG_DECISIONS:
        page = officer.post(f"/programme/{entry.id}/decide", data=verdict(**changes))

        assert page.status_code == 422, changes
        assert words in text(page), changes
    assert count() == 1


def test_the_second_of_two_officers_sees_what_the_first_decided(officer) -> None:
    entry = an_entry_for(an_actor())
    decided(entry, Decision(verdict=Verdict.MORE, reason="Người trước: thiếu sổ"))

    page = officer.post(f"/programme/{entry.id}/decide", data=verdict())

    assert page.status_code == 409
    assert "Người trước: thiếu sổ" in text(page)
    assert "15/QĐ-SNN" in text(page)
    assert officer.post(f"/programme/{entry.id}/decide", data=verdict(seen="2")).status_code == 302


def test_the_second_is_told_too_where_nothing_is_left_to_decide(officer) -> None:
    entry = an_entry_for(an_actor())
    decided(entry, Decision(verdict=Verdict.REFUSE, reason="Người trước: sổ không ghi phân bón"))

    page = officer.post(f"/programme/{entry.id}/decide", data=verdict())

    assert page.status_code == 409
    assert "Có người vừa thay đổi" in text(page)
    assert "Người trước: sổ không ghi phân bón" in text(page)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "२"])
def test_a_form_without_its_version_decides_nothing(officer, seen) -> None:
    entry = an_entry_for(an_actor())

    assert officer.post(f"/programme/{entry.id}/decide", data=verdict(seen=seen)).status_code == 409


def test_who_is_asked_for_more_shows_it_and_may_take_it_back(client_of) -> None:
    row = a_criterion()
    seller = an_actor()
    entry = an_entry_for(seller)
    decided(entry, Decision(verdict=Verdict.MORE, reason="Ghi số của giấy", unmet=(1,)))
    member = client_of(seller)
    assert "Ghi số của giấy" in text(member.get(f"/programme/{entry.id}"))
    assert "Sổ số 12" in text(member.get(f"/programme/{entry.id}/apply"))

    stale = member.post(
        f"/programme/{entry.id}/apply", data={f"text_{row.id}": "Giấy số 77", "seen": "1"}
    )
    assert stale.status_code == 409
    sent = member.post(
        f"/programme/{entry.id}/apply", data={f"text_{row.id}": "Giấy số 77", "seen": "2"}
    )
    assert sent.status_code == 302
    assert "Giấy số 77" in text(member.get(f"/programme/{entry.id}"))

    member.post(f"/programme/{entry.id}/take-back", data={"seen": "3"})
    assert "Rút hồ sơ" in text(member.get("/programme/mine")) or "Chưa được nhận" in text(
        member.get("/programme/mine")
    )
    assert client_of(an_actor()).get(f"/programme/{entry.id}/apply").status_code == 404


def test_the_same_goods_lead_to_what_was_applied_for_before(client_of) -> None:
    seller = an_actor()
    entry = an_entry_for(seller)

    again = client_of(seller).post(APPLY, data={"seen": "0"})

    assert again.location.endswith(f"/programme/{entry.id}")


def test_the_catalogue_of_an_earlier_day_and_as_a_file(client) -> None:
    lot = a_lot()
    admitted(lot, first=TODAY - timedelta(days=20), last=TODAY + timedelta(days=5))

    assert "12/QĐ-SNN" in text(client.get(f"/programme?on={TODAY - timedelta(days=20)}"))
    assert "12/QĐ-SNN" not in text(client.get(f"/programme?on={TODAY - timedelta(days=21)}"))
    assert "12/QĐ-SNN" not in text(client.get(f"/programme?on={TODAY + timedelta(days=6)}"))
    assert "12/QĐ-SNN" not in text(client.get("/programme?locality=CM"))
    assert "12/QĐ-SNN" in text(client.get("/programme?group=trai_cay&locality=HG"))
    bad = client.get("/programme?on=khi+nao")
    assert bad.status_code == 200
    assert "khi nao" in text(bad)
    file = client.get("/programme?as=csv")
    assert "12/QĐ-SNN" in file.get_data(as_text=True)


def test_lists_mark_and_filter_what_the_programme_takes(client) -> None:
    a_lot(commodity="mit-thai")
    assert (
        "Chương trình" not in text(client.get("/lots")).partition("<main")[2].partition("</main")[0]
    )
    admitted(a_lot())

    page = text(client.get("/lots"))
    only = text(client.get("/lots?programme=yes"))

    assert "trong chương trình" in page
    assert "2 lô" in page
    assert "1 lô" in only
    assert "Mít Thái" not in only.partition('class="lots')[2]
    file = client.get("/lots?programme=yes&as=csv").get_data(as_text=True)
    assert "Chương trình" in file.splitlines()[0]
    assert len(file.splitlines()) == 2
    a_need()
    assert "1 nhu cầu" in text(client.get("/needs?programme=yes"))


CRITERION = {
    "text_vi": "Có mã số vùng trồng",
    "text_en": "Has a growing-area code",
    "evidence": "paper",
    "group": "trai_cay",
    "valid_from": "hôm nay",
    "reason": "Nghị quyết 3",
    "seen": "0",
}


def test_coordinators_state_criteria_and_every_version_stays(client_of, client) -> None:
    member = client_of(an_actor(Role.COORDINATOR))
    assert member.post("/programme/criteria/new", data=CRITERION).status_code == 302
    changed = {**CRITERION, "text_vi": "Có mã số vùng trồng còn hạn", "seen": "1"}
    assert "Has a growing-area code" in text(member.get("/programme/criteria/1/edit"))

    assert member.post("/programme/criteria/1/edit", data=changed).status_code == 302
    assert member.post("/programme/criteria/1/edit", data=changed).status_code == 409

    page = text(client.get("/programme/criteria"))
    assert "Có mã số vùng trồng còn hạn" in page
    assert "2 bản" in page
    rows = db.session.scalars(select(Criterion.version).order_by(Criterion.version)).all()
    assert rows == [1, 2]
    readers = member.post("/programme/criteria/new", data={**CRITERION, "text_en": ""})
    assert readers.status_code == 302
    client.get("/language/en")
    english = client.get("/programme/criteria").get_data(as_text=True)
    assert english.count('<span lang="vi">Có mã số vùng trồng</span>') == 2  # and its one version
    for wrong in (
        {"text_vi": ""},
        {"evidence": "gift"},
        {"group": "no-such"},
        {"valid_from": "1/1/2020"},
        {"valid_from": "bao giờ"},
        {"reason": ""},
    ):
        data = {**CRITERION, **wrong}
        assert member.post("/programme/criteria/new", data=data).status_code == 422, wrong
    assert count(Criterion) == 3


def test_a_coordinator_starts_a_round_of_the_programme(client_of) -> None:
    lot = a_lot()
    a_lot(ask=6_000)
    admitted(lot)
    a_need()
    member = client_of(an_actor(Role.COORDINATOR))
    assert "1 trong 2 lô hàng được nhận" in text(member.get("/rounds/new"))

    member.post("/rounds/new", data={"programme": "1"})
    solve_next(lambda: False)

    round_ = db.session.scalars(select(MatchRound)).one()
    assert round_.programme
    assert "Phiên chương trình" in text(member.get(f"/rounds/{round_.id}"))
    page = text(member.get(f"/rounds/{round_.id}"))
    assert "Đưa vào 1 lô (1 tấn)" in page
    assert "vì chương trình chưa nhận:" in page
    assert re.search(r">1 lô, 1(,0)? tấn<", page)
    assert "Hàng của nơi này chưa được đăng ký" not in page
    assert "Hàng của nơi này" not in text(member.get(f"/rounds/{round_.id}/left-out"))
    left = text(member.get(f"/rounds/{round_.id}/left-out?reason=not_eligible"))
    assert "Hàng của nơi này chưa được đăng ký" in left
    assert "đăng ký từ trang của lô hàng" in left


def test_the_desk_of_who_decides_leads_to_the_queue(officer, client_of) -> None:
    assert "/programme/queue" not in officer.get("/desk").text

    an_entry_for(member_of(a_lot(), Role.SELLER))

    assert 'href="/programme/queue"' in officer.get("/desk").text
    assert "1 hồ sơ chờ xét" in text(officer.get("/desk"))
    assert "/programme/queue" not in client_of(an_actor(Role.BUYER)).get("/desk").text


def test_the_desk_says_why_a_programme_round_left_a_lot_out(client_of) -> None:
    a_criterion(text_vi="Có phiếu kiểm nghiệm", evidence=EvidenceKind.PAPER)
    lot = a_lot()
    seller = member_of(lot, Role.SELLER)
    decided(
        an_entry_for(seller), Decision(verdict=Verdict.REFUSE, reason="Phiếu quá hạn", unmet=(1,))
    )
    a_need()
    coordinator = client_of(an_actor(Role.COORDINATOR))
    coordinator.post("/rounds/new", data={"programme": "1"})
    solve_next(lambda: False)
    number = db.session.scalars(select(MatchRound.id)).one()
    coordinator.post(f"/rounds/{number}/publish")

    desk = text(client_of(seller).get("/desk"))

    assert "Hồ sơ không được nhận" in desk
    assert "Có phiếu kiểm nghiệm" in desk
    assert "Phiếu quá hạn" not in text(client_of(an_actor(Role.BUYER)).get(f"/lots/{lot.id}"))
