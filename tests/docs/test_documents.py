"""The documents point to what exists, and both languages say the same."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale

from marketplace.web import reasons

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
GUIDES = {"en": ROOT / "docs" / "guide.en.md", "vi": ROOT / "docs" / "guide.vi.md"}
OPERATING = [ROOT / "docs" / "operating.md", ROOT / "docs" / "operating.vi.md"]
PICTURE_BYTES = 120_000

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS]
)


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@each_document
def test_links_point_to_files_and_headings_that_exist(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        there = (document.parent / path).resolve() if path else document
        if not there.is_file() or (heading and heading not in anchors(there)):
            broken.append(target)

    assert broken == []


@each_document
def test_commands_in_documents_exist(document: Path, app: Flask) -> None:
    told = text_of(document)
    makes = set(re.findall(r"\bmake ([a-z][a-z-]+)\b", code_of(told)))
    flasks = set(
        re.findall(r"\bflask (?:--app wsgi )?([a-z][a-z-]*(?: [a-z][a-z-]+)?)", code_of(told))
    )

    assert makes - make_targets() == set()
    assert [words for words in sorted(flasks) if not is_command(app.cli, words.split())] == []


@each_document
def test_files_that_documents_name_in_code_exist(document: Path) -> None:
    folders = "marketplace|templates|frontend|migrations|tests|benchmarks|docs"
    named = re.findall(rf"`((?:{folders})/[\w./-]+)`", text_of(document))

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_document_and_decision_is_in_its_index() -> None:
    for index in (ROOT / "docs" / "README.md", ROOT / "docs" / "decisions" / "README.md"):
        told = text_of(index)
        assert [
            p.name for p in index.parent.glob("*.md") if p != index and p.name not in told
        ] == []


def test_both_languages_name_the_same_settings_commands_and_codes() -> None:
    english, vietnamese = (re.findall(r"`([^`\n]+)`", text_of(path)) for path in OPERATING)

    assert sorted(english) == sorted(vietnamese)


def test_both_languages_give_the_same_lines_to_type() -> None:
    english, vietnamese = (
        [
            line.partition("   #")[0]
            for line in text_of(path).splitlines()
            if line.startswith("    ")
        ]
        for path in OPERATING
    )

    assert english == vietnamese


@pytest.mark.parametrize("language", GUIDES)
def test_words_that_guides_print_bold_stand_on_pages(language: str) -> None:
    told = re.findall(r"\*\*(.+?)\*\*", text_of(GUIDES[language]), re.DOTALL)

    assert [
        w for w in (" ".join(t.split()) for t in told) if w not in words_on_pages(language)
    ] == []


@pytest.mark.parametrize("language", GUIDES)
def test_guides_explain_every_reason(language: str, app: Flask) -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text_of(GUIDES[language]), re.MULTILINE)
    told = {title for row in rows[1:] for title in row.split(" / ")}

    with app.test_request_context(), force_locale(language):
        titles = {str(title) for side in ("lot", "need") for title in reasons.titles(side).values()}

    assert told == titles


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "pictures").iterdir()), ids=lambda p: p.name
)
def test_pictures_are_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size <= PICTURE_BYTES
    assert any(picture.name in text_of(document) for document in DOCUMENTS)


def test_pictures_say_what_is_on_them() -> None:
    for document in DOCUMENTS:
        for words in re.findall(r"!\[([^\]]*)\]", text_of(document)):
            assert len(words) > 40


def anchors(document: Path) -> set[str]:
    """What a link may point to: headings as GitHub names them, and anchors written by hand."""
    told = text_of(document)
    headings = re.findall(r"^#+ (.+)$", told, re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    return named | set(re.findall(r'<a id="([^"]+)">', told))


def code_of(markdown: str) -> str:
    """Indented lines, fenced blocks and what stands between back quotes."""
    lines = [line for line in markdown.splitlines() if line.startswith("    ")]
    fenced = re.findall(r"```.*?```", markdown, re.DOTALL)
    return "\n".join([*lines, *fenced, *re.findall(r"`([^`\n]+)`", markdown)])


@cache
def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), re.MULTILINE))


def is_command(group: click.Command, words: list[str]) -> bool:
    """Whether ``words`` begin with a command; what follows it are arguments."""
    if not words or not isinstance(group, click.Group):
        return not isinstance(group, click.Group)
    command = group.get_command(click.Context(group), words[0])
    return command is not None and is_command(command, words[1:])


@cache
def words_on_pages(language: str) -> set[str]:
    """Every text of the catalogue, with … for what is filled in."""
    path = ROOT / "marketplace/translations/vi/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file, locale="vi")
    words: set[str] = set()
    for message in catalogue:
        texts = message.id if language == "en" else message.string
        words |= {texts} if isinstance(texts, str) else set(texts)
    return {re.sub(r"%\(\w+\)s", "…", word) for word in words}
