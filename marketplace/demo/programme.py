"""Sample criteria, and goods in every state of the programme: admitted, waiting, refused, expiring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from marketplace.demo.papers import scan
from marketplace.demo.records import SampleMarket
from marketplace.domain.actors import Actor, Role
from marketplace.domain.programme import (
    Application,
    CriterionDraft,
    Decision,
    Evidence,
    EvidenceKind,
    Verdict,
)
from marketplace.models.programme import ProgrammeEntry
from marketplace.services import applications, programme, stored_files

SINCE = 40
"""Days ago the criteria were stated."""
MOST = 14
"""Sellers' goods that are applied for."""
WAITING = (0, 3, 5, 10)
"""Of these, so that the sample officer finds something to decide."""
SOURCE = "Dữ liệu mẫu, không phải văn bản thật"
CRITERIA = (
    (
        "Ghi rõ vùng sản xuất: xã, diện tích hoặc số hộ",
        "Says where the goods are produced: commune, area or number of households",
        EvidenceKind.STATEMENT,
        None,
    ),
    (
        "Có chứng nhận hoặc bản cam kết sản xuất an toàn còn hiệu lực",
        "Has a valid certificate of, or commitment to, safe production",
        EvidenceKind.PAPER,
        None,
    ),
    (
        "Có mã số vùng trồng hoặc sổ ghi chép sản xuất",
        "Has a growing-area code or keeps records of production",
        EvidenceKind.PAPER,
        "trai_cay",
    ),
    (
        "Có phiếu kiểm nghiệm dư lượng kháng sinh trong 6 tháng",
        "Has a test for residues of antibiotics not older than 6 months",
        EvidenceKind.PAPER,
        "thuy_san",
    ),
)
SHOWN = "Giấy số 12/2026 do sở cấp ngày 5/10/2026 (mẫu)"


def admit_samples(
    market: SampleMarket,
    listers: Mapping[str, Actor],
    officer: Actor,
    coordinator: Actor,
    *,
    now: datetime,
) -> None:
    """Criteria and entries; nothing where criteria are there already."""
    if programme.versions():
        return
    then, day = now - timedelta(days=SINCE), market.today - timedelta(days=SINCE)
    for text_vi, text_en, evidence, group in CRITERIA:
        draft = CriterionDraft(
            text_vi=text_vi,
            text_en=text_en,
            evidence=evidence,
            group=group,
            valid_from=day,
            reason=SOURCE,
        )
        programme.add_criterion(draft, actor=coordinator, now=then, today=day)
    for number, (seller, commodity, locality) in enumerate(_goods(market, listers)):
        applied = then + timedelta(days=30, hours=number)
        entry = _apply(seller, commodity, locality, applied, scanned=number in WAITING)
        if decision := _decision(number, market.today):
            applications.decide(
                entry.id,
                decision,
                entry.version,
                actor=coordinator,
                now=then + timedelta(days=33, hours=number),
                today=market.today,
            )
    if officer.locality:
        _for_everybody(officer, coordinator, market.today, then)


def _goods(market: SampleMarket, listers: Mapping[str, Actor]) -> Iterator[tuple[Actor, str, str]]:
    """Goods of cooperatives and farms, one kind of each seller, in the order of the market."""
    places = {one.key: one.locality for one in market.organisations}
    seen: set[str] = set()
    for lot in market.lots:
        seller, locality = listers[lot.organisation], places[lot.organisation]
        if seller.role is Role.SELLER and locality and lot.organisation not in seen:
            seen.add(lot.organisation)
            yield seller, lot.commodity, locality
        if len(seen) == MOST:
            return


def _apply(
    actor: Actor, commodity: str, locality: str, now: datetime, *, scanned: bool
) -> ProgrammeEntry:
    """``scanned``: with a file of each paper, too."""
    today = now.date()

    def files(kind: str) -> tuple[int, ...]:
        if not scanned or kind != EvidenceKind.PAPER:
            return ()
        paper = scan("12/2026", "5/10/2026")
        return (stored_files.take_paper(paper, "giấy số 12.pdf", actor=actor, now=now).id,)

    application = Application(
        commodity=commodity,
        locality=locality,
        organisation=actor.organisation_id,
        evidence=tuple(
            Evidence(row.id, SHOWN, files=files(row.evidence))
            for row in programme.criteria_of(commodity, today)
        ),
    )
    return applications.apply(application, 0, actor=actor, now=now, today=today)


def _decision(number: int, today: date) -> Decision | None:
    """Some still wait, one is refused, of one more is asked, one expires soon."""
    if number in WAITING:
        return None
    if number == 7:
        return Decision(
            verdict=Verdict.REFUSE, reason="Bản cam kết đã hết hiệu lực (mẫu)", unmet=(2,)
        )
    if number == 8:
        return Decision(
            verdict=Verdict.MORE, reason="Ghi thêm số và ngày của giấy (mẫu)", unmet=(2,)
        )
    return Decision(
        verdict=Verdict.ACCEPT,
        number=f"{100 + number}/QĐ (mẫu)",
        valid_from=today - timedelta(days=6),
        expires_on=today + timedelta(days=20 if number == 2 else 359),
    )


def _for_everybody(officer: Actor, coordinator: Actor, today: date, then: datetime) -> None:
    """The officer's department has applied for the pineapples of the whole locality."""
    day = (then + timedelta(days=20)).date()
    application = Application(
        commodity="khom-cau-duc",
        locality=officer.locality or "",
        organisation=None,
        evidence=tuple(
            Evidence(row.id, SHOWN) for row in programme.criteria_of("khom-cau-duc", day)
        ),
    )
    entry = applications.apply(
        application, 0, actor=officer, now=then + timedelta(days=20), today=day
    )
    decision = _decision(1, today)
    if decision:
        applications.decide(
            entry.id,
            decision,
            entry.version,
            actor=coordinator,
            now=then + timedelta(days=33),
            today=today,
        )
