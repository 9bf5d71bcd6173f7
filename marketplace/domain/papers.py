"""Certificates as they are named in a column or a note: "đạt VietGAP, OCOP 4 sao"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.domain.commodities import Certification
from marketplace.domain.errors import Rejected
from marketplace.domain.text import clean, fold, shorten
from marketplace.domain.text_marks import N_

_SPELLINGS = {
    "vietgap": r"viet ?gap",
    "vietgahp": r"viet ?gahp",
    "globalgap": r"global ?g\.?a\.?p\.?",
    "organic": r"huu co|organic",
    "srp": r"srp",
    "asc": r"asc",
    "bap": r"bap \d ?(?:sao|star)|(?:chung nhan|tieu chuan) bap",
    "sqf": r"sqf",
    "msc": r"msc",
    "ocop": r"ocop",
    "gi": r"chi dan dia ly|cddl",
    "mark": r"nhan hieu (?:tap the|chung nhan)|nhtt|nhcn",
    "msvt": r"(?:ma so|ma|ms) ?vung trong|msvt",
    "pack": r"(?:ma so |ma )?co so dong goi|mscsdg",
    "haccp": r"haccp|v?attp|vsattp|an toan (?:thuc pham|ve sinh thuc pham)|iso ?22000",
    "quarantine": r"(?:giay )?kiem dich",
    "seed": r"(?:cong bo|xac nhan|chung nhan) (?:luu hanh )?giong|giong xac nhan",
    "iuu": r"iuu",
    "fsc": r"fsc",
    "licence": r"giay phep buon ban(?: vat tu)?|du dieu kien buon ban",
}
_ANY = re.compile(rf"\b(?:dat |chung nhan )*(?:{'|'.join(_SPELLINGS.values())})(?![a-z])")
_NOT_YET = re.compile(
    r"\b(?:chua|khong|dang|sap|se|cho|huong|theo huong|dinh huong|tuong duong|nhu|can|yeu cau|het han"
    r"|(?:theo|dat) tieu chuan|quy trinh)\b[^,;.]*$"
)
_EXPIRED = re.compile(r"\b(?:het han|het hieu luc|chua co|khong con)\b")
_NONE = {"", "-", "–", "0", "khong", "khong co", "chua", "chua co", "none", "no"}
_FILLER = re.compile(
    r"\b(?:co|dat|duoc|da|giay|chung|nhan|chung nhan|tieu chuan|sao|hang|loai|so|va|cn|gcn|\d+)\b|[\W_]+"
)


@dataclass(frozen=True)
class Papers:
    """Ids of certificates that goods hold, and of those that are named but not clearly held."""

    held: frozenset[str]
    named: frozenset[str] = frozenset()


class UnknownCertificate(Rejected):
    """A column of certificates names one that is not on the list, or not clearly held."""

    def __init__(self, typed: str, candidates: frozenset[str] = frozenset()) -> None:
        super().__init__(
            N_(
                "“%(typed)s” is no certificate that we know, or it does not say that the goods have it."
            ),
            field="certificates",
            typed=shorten(typed),
        )
        self.candidates = candidates


def papers_in_note(text: str, known: Mapping[str, Certification]) -> Papers:
    """What a note says of certificates. "Chưa có VietGAP", "hướng hữu cơ" hold none."""
    held: set[str] = set()
    named: set[str] = set()
    for clause in re.split(r"[,;.\n]| nhung ", _folded(text)):
        for paper, spelling in _SPELLINGS.items():
            if paper in known and (found := re.search(rf"\b(?:{spelling})(?![a-z])", clause)):
                before, after = clause[: found.start()], clause[found.end() :]
                doubtful = _NOT_YET.search(before) or _EXPIRED.search(after)
                (named if doubtful else held).add(paper)
    return Papers(frozenset(held), frozenset(named - held))


def parse_papers(text: str, known: Mapping[str, Certification]) -> frozenset[str]:
    """What a column of certificates says. Raises `UnknownCertificate` for any part that is unclear."""
    held: set[str] = set()
    if paper := _by_name(_folded(text), known):
        return frozenset({paper})
    for part in re.split(r"[,;\n+]| va | & |(?<!\d)/(?!\d)", _folded(text)):
        if part.strip(" .") in _NONE:
            continue
        if paper := _by_name(part, known):
            held.add(paper)
            continue
        found = papers_in_note(part, known)
        if not found.held or found.named or _left_over(part):
            raise UnknownCertificate(clean(text), found.held | found.named)
        held |= found.held
    return frozenset(held)


def without_papers(text: str) -> str:
    """The words that name no certificate: "Bưởi da xanh VietGAP" is bưởi da xanh."""
    return without(text, _ANY)


def without(text: str, pattern: re.Pattern[str]) -> str:
    """The words in which a pattern, which knows folded words only, finds nothing."""
    words = text.split()
    folded = " ".join(map(fold, words))
    dropped: set[int] = set()
    for found in pattern.finditer(folded):
        first = folded[: found.start()].count(" ")
        dropped |= set(range(first, first + found[0].strip().count(" ") + 1))
    return " ".join(word for at, word in enumerate(words) if at not in dropped)


def _folded(text: str) -> str:
    """The name with dots in it is one word, so that sentences can be told apart."""
    return re.sub(r"g\.a\.p\.?", "gap", fold(text))


def _by_name(part: str, known: Mapping[str, Certification]) -> str | None:
    for paper in known.values():
        if part.strip(" .") in map(fold, (paper.id, paper.name_vi, paper.name_en)):
            return paper.id
    return None


def _left_over(part: str) -> str:
    """What a part says beside certificates and words like "đạt", "4 sao"."""
    for spelling in _SPELLINGS.values():
        part = re.sub(rf"\b(?:{spelling})(?![a-z])", " ", part)
    return _FILLER.sub("", part).strip()
