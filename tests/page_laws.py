"""What every page obeys, whichever test opens it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "marketplace/translations/vi/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{|\{%")
FIELDS = ("input", "select", "textarea")


def broken_laws(html: str) -> list[str]:
    """The laws that the page breaks, in words; empty when it is as it should be."""
    page = BeautifulSoup(html, "html.parser")
    return [
        *_heading_and_title(page),
        *_language(page),
        *_ids(page),
        *_fields(page),
        *_forms(page),
        *_nothing_inline(page),
        *_translated(page),
    ]


def _heading_and_title(page: BeautifulSoup) -> list[str]:
    broken = []
    if len(page.find_all("h1")) != 1:
        broken.append(f"{len(page.find_all('h1'))} h1")
    if not page.title or not page.title.get_text(strip=True):
        broken.append("no title")
    return broken


def _language(page: BeautifulSoup) -> list[str]:
    root = page.find("html")
    language = root.get("lang") if isinstance(root, Tag) else None
    return [] if language in ("vi", "en") else [f"lang is {language}"]


def _ids(page: BeautifulSoup) -> list[str]:
    counted = Counter(element["id"] for element in page.find_all(id=True))
    broken = [f"id {name} stands {n} times" for name, n in counted.items() if n > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        for element in page.find_all(attrs={attribute: True}):
            names = str(element[attribute]).split() if attribute != "for" else [element[attribute]]
            broken += [
                f"{attribute}={name} points nowhere" for name in names if name not in counted
            ]
    return broken


def _fields(page: BeautifulSoup) -> list[str]:
    labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    broken = []
    for field in page.find_all(FIELDS):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.find_parent("label")
        if not named and not field.get("aria-labelledby"):
            broken.append(f"field {field.get('name')} has no label")
    return broken


def _forms(page: BeautifulSoup) -> list[str]:
    posting = [f for f in page.find_all("form") if str(f.get("method", "get")).lower() == "post"]
    return [
        f"form {form.get('action')} has no token"
        for form in posting
        if not form.find("input", attrs={"name": "csrf_token"})
    ]


def _nothing_inline(page: BeautifulSoup) -> list[str]:
    broken = [f"inline style: {str(e)[:80]}" for e in page.find_all(style=True)]
    broken += ["inline style element" for _ in page.find_all("style")]
    broken += ["inline script" for script in page.find_all("script") if not script.get("src")]
    handlers = (name for e in page.find_all(True) for name in e.attrs if name.startswith("on"))
    return broken + [f"inline handler {name}" for name in handlers]


def _translated(page: BeautifulSoup) -> list[str]:
    root = page.find("html")
    english = isinstance(root, Tag) and root.get("lang") == "en"
    foreign = _only_vietnamese() if english else _only_english()
    broken = []
    for text in page.find_all(string=True):
        words = " ".join(text.split())
        if PLACEHOLDER.search(words):
            broken.append(f"unfilled text: {words[:60]}")
        elsewhere = text.find_parent(attrs={"lang": True})
        if words in foreign and (elsewhere is None or elsewhere.name == "html"):
            broken.append(f"untranslated text: {words[:60]}")
    return broken


@cache
def _entries() -> tuple[tuple[str, str], ...]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    pairs = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        pairs += [(i, t) for i, t in zip(ids, texts, strict=False) if i and t and i != t]
    return tuple(pairs)


@cache
def _only_english() -> frozenset[str]:
    return frozenset(e for e, _ in _entries()) - {v for _, v in _entries()}


@cache
def _only_vietnamese() -> frozenset[str]:
    return frozenset(v for _, v in _entries()) - {e for e, _ in _entries()}
