"""Every text that a person sees stands in the catalogue, in Vietnamese, with the same places to fill."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "marketplace/translations/vi/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\((\w+)\)[sd]")


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    target = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    marks = [
        part for name in ("_l", "N_", "lazy_gettext", "Rejected", "Stale") for part in ("-k", name)
    ]
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "pyproject.toml",
    ]
    subprocess.run(
        [*command, *marks, "-o", str(target), "marketplace", "templates"], cwd=ROOT, check=True
    )
    with target.open("rb") as file:
        return read_po(file)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def test_every_text_is_translated(extracted: Catalog) -> None:
    there = catalogue()

    missing = [
        m.id for m in extracted if m.id and (m.id not in there or not all(texts(there[m.id])))
    ]

    assert len([m for m in extracted if m.id]) > 20
    assert missing == []


def test_nothing_is_fuzzy_and_nothing_is_left_over(extracted: Catalog) -> None:
    fuzzy = [m.id for m in catalogue() if m.id and m.fuzzy]
    left_over = [m.id for m in catalogue() if m.id and m.id not in extracted]

    assert (fuzzy, left_over) == ([], [])


def test_translations_fill_the_same_places() -> None:
    wrong = [
        m.id
        for m in catalogue()
        if m.id
        and any(set(PLACE.findall(t)) - set(PLACE.findall(" ".join(ids(m)))) for t in texts(m))
    ]

    assert wrong == []


def test_no_text_stands_twice() -> None:
    lines = CATALOGUE.read_text(encoding="utf-8").split("\n\n")
    counted = Counter(m.group(0) for block in lines if (m := re.search(r'msgid (".*"\n?)+', block)))

    assert [text for text, n in counted.items() if n > 1] == []
