"""Who applies for the programme, what has to be shown, what a decision needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected
from marketplace.domain.programme import (
    Application,
    CriterionDraft,
    Decision,
    Evidence,
    EvidenceKind,
    Verdict,
    check_application,
    check_criterion,
    check_decision,
    check_link,
    may_decide,
    may_read,
    scope_of,
)

TODAY = date(2026, 11, 26)
PAPER, STATEMENT, LINK = EvidenceKind.PAPER, EvidenceKind.STATEMENT, EvidenceKind.LINK
ADMIT = Decision(
    verdict=Verdict.ACCEPT,
    number="1/QĐ",
    valid_from=TODAY,
    expires_on=TODAY + timedelta(days=365),
)
CRITERION = CriterionDraft(
    text_vi="Có sổ ghi chép",
    text_en="Keeps records",
    evidence=PAPER,
    group=None,
    valid_from=TODAY,
    reason="Khởi đầu",
)


def fields_of(error: Rejected) -> list[str | None]:
    return [each.field for each in error.each()]


def apply(*shown: Evidence, **changes: object) -> None:
    application = Application(
        commodity="khom", locality="HG", organisation=1, evidence=shown, **changes
    )
    check_application(application, {"khom"}, {"HG"}, [(1, PAPER), (2, LINK), (3, STATEMENT)])


def test_each_criterion_asks_for_its_own_kind_of_evidence() -> None:
    apply(
        Evidence(1, "Sổ số 12"),
        Evidence(2, link="https://sonongnghiep.example.vn/a"),
        Evidence(3, "Vùng trồng riêng"),
    )
    apply(
        Evidence(1, link="https://a.vn/1"), Evidence(2, link="http://a.vn"), Evidence(3, "Có rồi")
    )

    with pytest.raises(Rejected) as error:
        apply(Evidence(1, "x"), Evidence(2, "Ở trang của sở"), Evidence(3, link="https://a.vn"))

    assert fields_of(error.value) == ["text_1", "link_2", "text_3"]


def test_goods_and_places_that_there_are_not_are_refused() -> None:
    with pytest.raises(Rejected) as error:
        check_application(
            Application(commodity="no", locality="XX", organisation=1, note="n" * 1_001),
            {"khom"},
            {"HG"},
            [],
        )

    assert fields_of(error.value) == ["commodity", "locality", "note"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "//a.vn",
        "https://",
        "https://a",
        "https://a.vn/x y",
        'https://a.vn/"onclick=',
        "ftp://a.vn/x",
        "https://a.vn/" + "x" * 500,
    ],
)
def test_an_address_is_one_that_opens_as_a_page(link: str) -> None:
    with pytest.raises(Rejected):
        check_link(link, field="link")


DECISIONS: list[tuple[dict[str, object], str]] = [
    ({"number": ""}, "number"),
    ({"number": "9" * 81}, "number"),
    ({"valid_from": None}, "valid_from"),
    ({"expires_on": None}, "expires_on"),
    ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
    ({"valid_from": TODAY + timedelta(days=400)}, "valid_from"),
    ({"valid_from": TODAY - timedelta(days=400)}, "valid_from"),
    ({"expires_on": TODAY + timedelta(days=6 * 366)}, "expires_on"),
    ({"verdict": Verdict.REFUSE}, "reason"),
    ({"verdict": Verdict.MORE, "reason": "Thiếu sổ", "unmet": (7,)}, "unmet"),
    ({"verdict": Verdict.REVOKE, "reason": "Hết điều kiện"}, "verdict"),
]


@pytest.mark.parametrize(("changes", "field"), DECISIONS)
def test_a_decision_says_what_it_has_to(changes: dict[str, object], field: str) -> None:
    check_decision(ADMIT, TODAY, open_=True, counts=False, numbers={1})

    with pytest.raises(Rejected) as error:
        check_decision(replace(ADMIT, **changes), TODAY, open_=True, counts=False, numbers={1})

    assert error.value.field == field


def test_what_waits_for_nothing_is_not_decided_and_what_counts_can_be_revoked() -> None:
    revoke = Decision(verdict=Verdict.REVOKE, reason="Hết điều kiện", unmet=(1,))
    check_decision(revoke, TODAY, open_=False, counts=True, numbers={1})

    with pytest.raises(Rejected):
        check_decision(ADMIT, TODAY, open_=False, counts=True, numbers={1})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_vi": ""}, "text_vi"),
        ({"text_en": "x" * 301}, "text_en"),
        ({"reason": ""}, "reason"),
        ({"group": "no-such"}, "group"),
        ({"valid_from": TODAY - timedelta(days=1)}, "valid_from"),
        ({"valid_from": TODAY + timedelta(days=400)}, "valid_from"),
    ],
)
def test_a_criterion_is_worded_in_both_languages_and_never_in_the_past(changes, field) -> None:
    check_criterion(CRITERION, {"trai_cay"}, TODAY)

    with pytest.raises(Rejected) as error:
        check_criterion(replace(CRITERION, **changes), {"trai_cay"}, TODAY)

    assert error.value.field == field


def test_nobody_decides_about_what_they_have_applied_for() -> None:
    officer = Actor(5, 50, Role.OFFICER, "HG", "Cán bộ")
    coordinator = Actor(6, 60, Role.COORDINATOR, None, "Tổ giúp việc")
    seller = Actor(7, 70, Role.SELLER, "HG", "HTX")
    one, everybody = {"for_everybody": False}, {"for_everybody": True}

    assert may_decide(officer, "HG", applied_by=9, **one)
    assert not may_decide(officer, "HG", applied_by=5, **one)
    assert not may_decide(officer, "CM", applied_by=9, **one)
    assert not may_decide(officer, "HG", applied_by=9, **everybody)
    assert may_decide(coordinator, "CM", applied_by=9, **everybody)
    assert not may_decide(seller, "HG", applied_by=9, **one)
    assert not may_decide(None, "HG", applied_by=9, **one)


def test_evidence_is_for_who_has_to_do_with_it() -> None:
    assert may_read(Actor(1, 70, Role.READER, "HG", ""), "HG", (70, None))
    assert may_read(Actor(1, 50, Role.OFFICER, "HG", ""), "HG", (70,))
    assert not may_read(Actor(1, 50, Role.OFFICER, "CM", ""), "HG", (70,))
    assert not may_read(Actor(1, 71, Role.SELLER, "HG", ""), "HG", (70, None))
    assert not may_read(None, "HG", (70, None))


def test_the_same_producer_is_the_same_goods_however_it_is_written() -> None:
    assert scope_of("khom", "HG", 1, "HTX Thạnh Lợi") == scope_of("khom", "HG", 1, "htx thạnh lợi")
    assert scope_of("khom", "HG", None, "") != scope_of("khom", "HG", 1, "")
