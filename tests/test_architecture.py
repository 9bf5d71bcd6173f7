"""What import-linter cannot see of the layers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "marketplace"
SPEAKERS = [path for part in ("web", "cli") for path in sorted((PACKAGE / part).glob("*.py"))]


@pytest.mark.parametrize("path", SPEAKERS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_who_speaks_to_people_asks_services_and_not_the_database(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    asked = re.findall(r"db\.session\.(?!rollback|remove)\w+|\.query\b|transaction\(", source)

    assert asked == []


def test_a_service_never_calls_another_service() -> None:
    pattern = re.compile(r"from marketplace\.services|import marketplace\.services")

    calling = [
        p.name for p in (PACKAGE / "services").glob("*.py") if pattern.search(p.read_text("utf-8"))
    ]

    assert calling == []


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_only_the_clock_asks_what_time_it_is(path: Path) -> None:
    asked = re.findall(r"datetime\.now\(|date\.today\(|utcnow\(", path.read_text(encoding="utf-8"))

    assert asked == [] or path.name == "clock.py"


def test_no_module_is_named_after_nothing() -> None:
    names = {path.stem for path in PACKAGE.rglob("*.py")}

    assert names.isdisjoint({"utils", "helpers", "common", "misc"})
