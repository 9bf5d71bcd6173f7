"""Numbers and last days of certificates, as lists tell them."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.papers import parse_papers
from marketplace.sheets.paper_details import ToldPaper, papers_told
from tests.sheets.test_understanding import TODAY, a_row, asked

KNOWN = Catalogue.from_reference(read_reference()).certifications
LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("VietGAP số 123, hết hạn 31/12/2026", [("vietgap", "123", LAST)]),
        ("VietGAP so 123; het han 31/12/2026", [("vietgap", "123", LAST)]),
        ("VietGAP số VG-TT-13-92-001", [("vietgap", "VG-TT-13-92-001", None)]),
        ("VietGAP: 123/2025", [("vietgap", "123/2025", None)]),
        ("GlobalGAP 4049929123456 hạn 31/12/2026", [("globalgap", "4049929123456", LAST)]),
        ("OCOP 4 sao (QĐ 123/QĐ-UBND)", [("ocop", "123/QĐ-UBND", None)]),
        ("VietGAP (số VG-01, hết hạn 31/12/2026), GlobalGAP số GG.55",
         [("vietgap", "VG-01", LAST), ("globalgap", "GG.55", None)]),
        ("mã số vùng trồng VN-HGOR-0123", [("msvt", "VN-HGOR-0123", None)]),
        ("VietGAP hiệu lực đến ngày 31/12/2026", [("vietgap", "", LAST)]),
        ("VietGAP, OCOP 4 sao", []), ("HACCP ISO 22000", []), ("chưa có VietGAP", []), ("x", []), ("", []),
        ("số 123, hết hạn 31/12/2026", []),
    ],
)  # fmt: skip
def test_number_and_last_day_are_read_as_told(
    text: str, told: list[tuple[str, str, date | None]]
) -> None:
    found = papers_told(text, KNOWN, TODAY)

    assert list(found.papers) == [ToldPaper(*each) for each in told]
    if told:
        assert parse_papers(found.bare, KNOWN) == {kind for kind, _, _ in told}
    else:
        assert found.bare == text


def test_a_row_keeps_them_from_column_and_note() -> None:
    row = a_row(certificates="VietGAP số 123, hết hạn 31/12/2026", note="đạt OCOP số 9/QĐ, trái to")

    assert row.problems == ()
    assert row.certificates == {"vietgap", "ocop"}
    assert row.papers == (ToldPaper("ocop", "9/QĐ"), ToldPaper("vietgap", "123", LAST))


def test_one_whose_last_day_is_over_is_asked() -> None:
    said = {"certificates": "VietGAP số 123, hết hạn 31/12/2025"}

    assert asked(a_row(**said)) == {"certificate_expired": ["-"]}
    without = a_row(**said, choices={"certificates": "-"})
    assert (without.certificates, without.papers, without.problems) == (frozenset(), (), ())
