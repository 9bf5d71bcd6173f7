"""Certificates are found where goods hold them, and nowhere else."""

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.papers import (
    UnknownCertificate,
    papers_in_note,
    parse_papers,
    without_papers,
)

KNOWN = Catalogue.from_reference(read_reference()).certifications


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("VietGAP", {"vietgap"}), ("Viet GAP, GlobalG.A.P", {"vietgap", "globalgap"}), ("OCOP 4 sao", {"ocop"}),
        ("đạt chứng nhận VietGAP", {"vietgap"}), ("VietGAP/GlobalGAP", {"vietgap", "globalgap"}),
        ("Mã số vùng trồng và VietGAP", {"msvt", "vietgap"}), ("hữu cơ", {"organic"}), ("HUU CO", {"organic"}),
        ("vietgap;ocop", {"vietgap", "ocop"}), ("", set()), ("Không", set()), ("chưa có", set()), ("-", set()),
    ],
)  # fmt: skip
def test_a_column_of_certificates(typed, held):
    assert parse_papers(typed, KNOWN) == held


@pytest.mark.parametrize("paper", KNOWN.values(), ids=lambda paper: paper.id)
def test_every_certificate_is_known_by_its_names(paper):
    for name in (paper.id, paper.name_vi, paper.name_en):
        assert parse_papers(name, KNOWN) == {paper.id}


@pytest.mark.parametrize(
    ("typed", "named"),
    [("đang làm VietGAP", {"vietgap"}), ("theo hướng hữu cơ", {"organic"}), ("ISO 9001", set()), ("x", set()),
     ("VietGAP hết hạn 2024 rồi nghe", {"vietgap"})],
)  # fmt: skip
def test_what_is_not_clearly_held_is_asked(typed, named):
    with pytest.raises(UnknownCertificate) as asked:
        parse_papers(typed, KNOWN)

    assert asked.value.candidates == named


@pytest.mark.parametrize(
    ("note", "held", "named"),
    [
        ("Hàng đẹp, đạt VietGAP", {"vietgap"}, set()),
        ("chưa có VietGAP nhưng có OCOP 3 sao", {"ocop"}, {"vietgap"}),
        ("cần chứng nhận GlobalGAP", set(), {"globalgap"}),
        ("Global G.A.P. còn hạn", {"globalgap"}, set()),
        ("VietGAP đã hết hạn", set(), {"vietgap"}),
        ("giá bắp 5.000, liên hệ anh Bảy", set(), set()),
    ],
)
def test_certificates_in_a_note(note, held, named):
    found = papers_in_note(note, KNOWN)

    assert (found.held, found.named) == (held, named)


def test_a_certificate_is_no_part_of_a_name():
    assert without_papers("Bưởi da xanh đạt VietGAP") == "Bưởi da xanh"
    assert without_papers("Xoài Hòa Lộc GlobalG.A.P loại 1") == "Xoài Hòa Lộc loại 1"
