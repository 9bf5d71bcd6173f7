"""What is told of a certificate beside its name: "VietGAP số 123, hết hạn 31/12/2026"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from marketplace.domain.commodities import Certification
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.papers import papers_in_note
from marketplace.domain.text import clean, fold
from marketplace.domain.text_marks import N_
from marketplace.sheets.problems import Problem

_SIGNS = r"[a-z0-9][a-z0-9./\-]*"
_NUMBER = re.compile(
    rf"[\s,:(]*(?:\b(?:so|ma so|ms|no|gcn|qd|quyet dinh)\b[\s.:]*(?P<said>(?=[a-z./\-]*\d){_SIGNS})"
    rf"|(?:(?<=\s)|(?<=:)|(?<=\())(?P<bare>(?=[a-z./\-]*\d)(?=\S{{6}}|\S*[/\-]){_SIGNS}))\)?(?! ?sao)"
)
_LAST_DAY = re.compile(
    r"[\s,(]*(?:\b(?:het han|co gia tri den|gia tri den|co hieu luc den|hieu luc den|het hieu luc|han den|han|den)\b"
    r"[\s:]*(?:ngay\s*)?)(?P<day>\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})\)?"
)
_ENDS = re.compile(r"[;\n+]|,(?!\s*(?:so|het|han|hieu luc|co |gia tri|den)\b)")


@dataclass(frozen=True)
class ToldPaper:
    """A certification that is named with its number, as it was written, or its last day."""

    certification: str
    number: str = ""
    last_day: date | None = None


@dataclass(frozen=True)
class PapersTold:
    """``bare``: the same text without numbers and days, which names certifications."""

    bare: str
    papers: tuple[ToldPaper, ...] = ()


def papers_told(text: str, known: Mapping[str, Certification], today: date) -> PapersTold:
    """What a text tells of certificates, part by part; a part without a name goes on with the one before."""
    found: list[ToldPaper] = []
    bare: list[str] = []
    last: str | None = None
    for part in _parts("\n".join(map(clean, text.split("\n")))):
        flat = _flat(part)
        day = _LAST_DAY.search(flat)
        without_day = _cut(part, day)
        number = _NUMBER.search(_flat(without_day))
        left = _cut(without_day, number)
        named = papers_in_note(left, known)
        held = sorted(named.held | named.named)
        certification = held[0] if len(held) == 1 else (last if not held else None)
        if certification is None or not (day or number):
            bare.append(part)
            last = held[0] if len(held) == 1 else None
            continue
        told = ToldPaper(certification)
        if number:
            at = number.span("said" if number["said"] else "bare")
            told = replace(told, number=without_day[slice(*at)].strip(" .,"))
        if day:
            with suppress(Rejected):
                told = replace(told, last_day=parse_date(day["day"], today))
        _add(found, told)
        bare += [left.strip(" ,;:")] if held else []
        last = certification
    return PapersTold("; ".join(bare), tuple(found)) if found else PapersTold(text)


def expired(paper: ToldPaper, known: Mapping[str, Certification], today: date) -> Problem | None:
    """Whose last day is over counts no more: whether to list without it is a question."""
    if paper.last_day is None or paper.last_day >= today:
        return None
    error = Rejected(
        N_("The certificate %(number)s is valid until %(date)s only. List without it?"),
        field="certificates",
        number=paper.number or known[paper.certification].name_vi,
        date=paper.last_day,
    )
    without = (("-", N_("yes, without this certificate")),)
    return Problem("certificates", "certificate_expired", error, without)


def _parts(text: str) -> Iterator[str]:
    flat, start = _flat(text), 0
    for end in _ENDS.finditer(flat):
        yield text[start : end.start()]
        start = end.end()
    yield text[start:]


def _flat(text: str) -> str:
    """The letters without marks, each in its place."""
    return "".join(bare if len(bare := fold(c)) == 1 else c for c in text)


def _cut(text: str, found: re.Match[str] | None) -> str:
    return text[: found.start()] + text[found.end() :] if found else text


def _add(found: list[ToldPaper], told: ToldPaper) -> None:
    if found and found[-1].certification == told.certification:
        before = found.pop()
        told = ToldPaper(
            told.certification,
            before.number or told.number,
            before.last_day or told.last_day,
        )
    found.append(told)
