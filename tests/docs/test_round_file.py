"""docs/round-file.md: the script that it prints finds every change, its tables name every column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marketplace.matching import Market, Outcome
from marketplace.matching.outcome import CreditEffect, Hurdle, LeftOut, Matches, Nearby, Pass
from marketplace.solving import file_columns
from marketplace.solving.file_columns import Shown
from marketplace.solving.full_file import Head, Names
from marketplace.solving.plain import types_of
from marketplace.solving.public_file import openings_for, openings_text, public_file
from marketplace.solving.round_file import PUBLIC, RoundFile
from tests.files_of_rounds import DOCUMENT, a_recorded_round, recorded, run, script
from tests.matching.markets import a_freight, a_lot, a_market, a_need, random_market, with_boats

CHECK, OPEN = script(0), script(1)
LAW = re.compile(r"WRONG: (lots|needs|matches|amounts): row \d+: (?!was changed)")
SHOWN = {
    Shown.OPEN: "open",
    Shown.BID: "sealed with the bid",
    Shown.PRICE: "sealed with the goods",
    Shown.SEALED: "closed",
}


def text() -> str:
    return public_file(a_recorded_round()).text()


def tried(tmp_path: Path, content: str) -> tuple[int, str]:
    """Exit code and all that the script says."""
    path = tmp_path / "round.json"
    path.write_text(content, encoding="utf-8")
    done = run(CHECK, path)
    return done.returncode, (done.stdout + done.stderr).strip()


def changed_digit(content: str, place: int, by: int) -> str:
    return f"{content[:place]}{(int(content[place]) + by) % 10}{content[place + 1 :]}"


def part_at(content: str, place: int) -> str:
    """What the script has to name: the section of that place, or what stands above them all."""
    above = content[:place].split('"sections":{')
    if len(above) == 1:
        return ""
    sections = json.loads(content)["sections"]
    return max(sections, key=lambda name: above[1].rfind(f'"{name}":{{\n'))


def test_the_script_is_thirty_lines_of_plain_python() -> None:
    assert len(CHECK.splitlines()) <= 30
    assert CHECK.splitlines()[0] == "import collections, hashlib, json, sys"


def test_the_scripts_that_the_site_hands_out_are_those_of_the_document() -> None:
    folder = DOCUMENT.parents[1] / "marketplace" / "static"

    assert (folder / "check_round.py").read_text(encoding="utf-8") == CHECK
    assert (folder / "check_openings.py").read_text(encoding="utf-8") == OPEN


def test_an_untouched_file_is_fine(tmp_path: Path) -> None:
    code, said = tried(tmp_path, text())

    assert code == 0
    assert said.startswith("OK: round 7 ")
    assert said.endswith(public_file(a_recorded_round()).hash)


def test_white_space_does_not_count(tmp_path: Path) -> None:
    assert tried(tmp_path, json.dumps(json.loads(text()), indent=3))[0] == 0


def test_a_round_without_a_match_is_fine(tmp_path: Path) -> None:
    for market in (a_market([], []), a_market([a_lot(ask=50_000)], [a_need()])):
        assert tried(tmp_path, public_file(recorded(market)).text())[0] == 0


@pytest.mark.parametrize("seed", range(8))
def test_no_honest_round_is_accused(tmp_path: Path, seed: int) -> None:
    market = random_market(seed, 30)
    market = with_boats(market, seed) if seed % 2 else market
    closed = [bool((row + seed) % 3) for row in range(len(market.needs))]

    code, said = tried(tmp_path, public_file(recorded(market, closed)).text())

    assert (code, said[:3]) == (0, "OK:")


def test_a_match_tells_the_minutes_of_its_slowest_vehicle(tmp_path: Path) -> None:
    """A boat takes a tonne, a truck the rest."""
    trips = np.array([60_000, 100_000])[:, None, None]
    freight = a_freight(trips, payload=(500, 1000), pace=(0, 1))
    both = np.array([60, 3000])[:, None, None]
    market = a_market([a_lot(quantity=1500)], [a_need(quantity=1500)], freight, minutes=both)
    file = public_file(recorded(market))

    matches = file.sections["matches"]

    assert (matches["minutes"], matches["trips"]) == ([3000], [[1, 1]])
    assert tried(tmp_path, file.text())[0] == 0


def one_digit_of_each_line() -> list[tuple[int, int]]:
    """In every line of the file, which is every column, one digit and by how much it is changed."""
    content, random, places = text(), np.random.default_rng(7), []
    begin = 0
    for line in content.splitlines(keepends=True):
        digits = [begin + n for n, letter in enumerate(line) if letter.isdigit()]
        if digits:
            places.append((int(random.choice(digits)), int(random.integers(1, 10))))
        begin += len(line)
    return places


def names_the_part(tmp_path: Path, place: int, by: int) -> None:
    content = text()
    part = part_at(content, place)

    code, said = tried(tmp_path, changed_digit(content, place, by))

    assert code == 1
    assert said.startswith("WRONG: ")
    assert "JSONDecodeError" in said or not part or part in said or LAW.search(said), part
    assert "row" in said or part in ("", "round", "meaning", "closed") or "JSON" in said, said


def test_a_digit_changed_in_any_column_is_found_and_named(tmp_path: Path) -> None:
    places = one_digit_of_each_line()

    assert len(places) > 50
    for place, by in places:
        names_the_part(tmp_path, place, by)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_digit_changed_anywhere_is_found_and_named(tmp_path: Path, seed: int) -> None:
    random, content = np.random.default_rng(seed), text()
    digits = [n for n, letter in enumerate(content) if letter.isdigit()]
    for place in random.choice(digits, 100, replace=False).tolist():
        names_the_part(tmp_path, place, int(random.integers(1, 10)))


def forged(change: Callable[[dict[str, Any]], None]) -> str:
    """A public file of which all hashes fit."""
    sections = json.loads(text())["sections"]
    change(sections)
    return RoundFile(PUBLIC, sections).text()


def of_match(
    sections: dict[str, Any], where: Callable[[dict[str, Any], int, int, int], bool]
) -> tuple[int, int, int]:
    """The first match of which that is true, its lot and its need."""
    pairs = zip(sections["matches"]["lot"], sections["matches"]["need"], strict=True)
    return next((n, i, j) for n, (i, j) in enumerate(pairs) if where(sections, n, i, j))


def put(
    table: str,
    column: str,
    value: Callable[[dict[str, Any], int, int, int], Any],
    where: Callable[[dict[str, Any], int, int, int], bool] = lambda s, n, i, j: True,
) -> Callable[[dict[str, Any]], None]:
    """Give the lot, the need or the goods of some match, or the match itself, another figure."""

    def change(sections: dict[str, Any]) -> None:
        n, i, j = of_match(sections, where)
        goods = sections["lots"]["commodity"][i]
        row = {"matches": n, "lots": i, "needs": j, "goods": goods, "amounts": goods}[table]
        sections[table][column][row] = value(sections, n, i, j)

    return change


def is_open(s: dict[str, Any], n: int, i: int, j: int) -> bool:
    return isinstance(s["needs"]["bid"][j], int)


def has_price(s: dict[str, Any], n: int, i: int, j: int) -> bool:
    return isinstance(s["matches"]["price"][n], int)


def spoils(s: dict[str, Any], n: int, i: int, j: int) -> bool:
    return s["lots"]["keeps"][i] > 0


def has_left(s: dict[str, Any], n: int, i: int, j: int) -> bool:
    return s["lots"]["quantity"][i] > s["matches"]["quantity"][n]


def wants_more(s: dict[str, Any], n: int, i: int, j: int) -> bool:
    return s["needs"]["quantity"][j] > s["matches"]["quantity"][n]


FORGERIES = [
    (put("lots", "quantity", lambda s, n, i, j: s["matches"]["quantity"][n] - 1), "sums"),
    (put("needs", "quantity", lambda s, n, i, j: s["matches"]["quantity"][n] - 1), "sums"),
    (put("needs", "minimum", lambda s, n, i, j: s["matches"]["quantity"][n] + 1), "divided"),
    (put("lots", "whole", lambda s, n, i, j: True, has_left), "divided"),
    (put("needs", "splits", lambda s, n, i, j: False, wants_more), "divided"),
    (put("needs", "commodity", lambda s, n, i, j: 9), "goods"),
    (put("needs", "grade", lambda s, n, i, j: 0), "goods"),
    (put("needs", "certificates", lambda s, n, i, j: 1 << 20), "goods"),
    (put("needs", "organisation", lambda s, n, i, j: s["lots"]["organisation"][i]), "trade"),
    (put("lots", "eligible", lambda s, n, i, j: False), "trade"),
    (put("needs", "until", lambda s, n, i, j: 99), "no day"),
    (put("lots", "until", lambda s, n, i, j: 99), "no day"),
    (put("lots", "keeps", lambda s, n, i, j: 1, spoils), "fresh"),
    (put("needs", "fresh", lambda s, n, i, j: 10**6, spoils), "fresh"),
    (put("goods", "minutes", lambda s, n, i, j: 1), "no day"),
    (put("goods", "milligrams", lambda s, n, i, j: 10**9), "weight"),
    (put("matches", "trips", lambda s, n, i, j: [0] * len(s["matches"]["trips"][n])), "weight"),
    (put("matches", "freight", lambda s, n, i, j: s["matches"]["freight"][n] + 1), "freight"),
    (put("needs", "bid", lambda s, n, i, j: s["lots"]["ask"][i] - 1, is_open), "loses"),
    (put("matches", "price", lambda s, n, i, j: s["lots"]["ask"][i] - 1, has_price), "loses"),
    (put("matches", "price", lambda s, n, i, j: s["needs"]["bid"][j] + 1, has_price), "loses"),
    (put("amounts", "kilograms", lambda s, n, i, j: 1), "sums"),
    (put("matches", "lot", lambda s, n, i, j: 10**6), "IndexError"),
]


@pytest.mark.parametrize(("change", "said"), FORGERIES)
def test_each_law_is_named_even_where_all_hashes_fit(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    code, answer = tried(tmp_path, forged(change))

    assert code == 1
    assert "row" in answer
    assert said in answer


@pytest.mark.parametrize("column", ["value", "bound"])
def test_the_sums_of_what_is_gained_are_checked(tmp_path: Path, column: str) -> None:
    of = recorded(
        a_market([a_lot(organisation=n) for n in range(3)], [a_need(organisation=9)] * 3),
        [False] * 3,
    )
    names = of.names.needs
    sections = json.loads(public_file(of).text())["sections"]
    sections["gains"] = {"goods": [[0]], "value": [5], "bound": [6], "rounded_to": [1]}
    sections["round"] |= {"value": 5, "bound": 6}
    honest = RoundFile(PUBLIC, sections).text()
    sections["round"][column] += 1

    assert len(names) == 3
    assert tried(tmp_path, honest)[0] == 0
    assert tried(tmp_path, RoundFile(PUBLIC, sections).text())[1].startswith("WRONG: round: value")


def test_the_second_script_checks_what_an_organisation_is_given(tmp_path: Path) -> None:
    of = a_recorded_round()
    party = of.names.needs[next(n for n, x in enumerate(of.names.needs) if x.sealed)].organisation
    public, own = tmp_path / "public.json", tmp_path / "own.json"
    public.write_text(text(), encoding="utf-8")
    given = openings_text(of, "", openings_for(of, party, frozenset()))
    own.write_text(given, encoding="utf-8")

    fine = run(OPEN, public, own)
    own.write_text(re.sub(r'"value":(\d)', r'"value":1\1', given), encoding="utf-8")
    forged_ = run(OPEN, public, own)

    assert (fine.returncode, forged_.returncode) == (0, 1)
    assert "bid is " in fine.stdout
    assert "WRONG: opening 0" in forged_.stderr


def paths(kind: type, above: str = "") -> set[str]:
    """Every column of a class of the engine, as the tables of the document name them."""
    nested = {"matches": Matches, "passes": Pass, "left_out": LeftOut, "credits": CreditEffect}
    nested |= {"nearest": Nearby, "hurdles": Hurdle}
    found = set()
    for name, hint in types_of(kind).items():
        inner = nested.get(name, hint)
        if name == "freights" or (above == "" and kind is Names):
            inner = hint.__args__[0]
        if hasattr(inner, "__dataclass_fields__"):
            found |= paths(inner, f"{above}{name}.")
        else:
            found.add(f"{above}{name}")
    return found


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        (Market, file_columns.MARKET),
        (Outcome, file_columns.OUTCOME),
        (Names, file_columns.INDEX),
        (Head, file_columns.ROUND),
    ],
)
def test_every_column_has_a_sentence(kind: type, known: dict[str, Any]) -> None:
    """Whoever adds a column says in `file_columns` what it means and whether it is public."""
    assert paths(kind) == set(known)


def test_the_document_has_every_column_with_its_sentence() -> None:
    told = DOCUMENT.read_text(encoding="utf-8").splitlines()
    lines = [f"| `{path}` | {words} |" for path, words in file_columns.PUBLIC.items()]
    for section, known in (("market", file_columns.MARKET), ("outcome", file_columns.OUTCOME)):
        for path, (words, shown) in known.items():
            lines.append(f"| `{section}.{path}` | {words} | {SHOWN[shown]} |")
    for section, words_of in (("round", file_columns.ROUND), ("index", file_columns.INDEX)):
        lines += [f"| `{section}.{path}` | {words} |" for path, words in words_of.items()]

    missing = [line for line in lines if not any(row.startswith(line) for row in told)]

    assert missing == []


def test_the_public_file_has_the_columns_that_the_document_names() -> None:
    sections = json.loads(text())["sections"]
    there = {
        f"{name}.{column}"
        for name, table in sections.items()
        if name not in ("closed", "meaning")
        for column in table
    }

    assert there | {"closed"} == set(sections["meaning"])
