"""The picture of a round: flows, gains, credits, a sentence; the same as a workbook without formulas."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest

from marketplace.domain.actors import Role
from marketplace.domain.rounds import RoundState
from marketplace.models.rounds import MatchRound
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.page_laws import broken_laws
from tests.round_factories import a_match, a_round, an_entry

DAY = datetime(2026, 11, 20, 3, tzinfo=UTC)
FIGURES = {
    "value_vnd": 4_128_000_000, "bound_vnd": 4_187_000_000, "gap": 59 / 4187, "blocks": 3,
    "loads": 861, "settled": 0, "trips": 12, "credit_vnd": 4_100_000, "credit_kilograms": 96_000,
    "seconds": 0.4,
}  # fmt: skip


def a_round_with_matches(count: int = 3, **columns) -> MatchRound:
    values = {"decided_at": DAY, "result": FIGURES, **columns}
    round_ = a_round(values.pop("state", RoundState.PUBLISHED), **values)
    for _ in range(count):
        lot, need = a_lot(quantity=4_000), a_need(quantity=4_000, bid=12_345, bid_sealed=True)
        a_match(lot=lot, need=need, round_=round_)
        an_entry(round_, a_lot(), reason="no_counterpart", details={"because": "no_counterpart"})
    return round_


def sheets(content: bytes) -> dict[str, str]:
    """The text of every sheet by its name, tags taken out."""
    book = zipfile.ZipFile(io.BytesIO(content))
    names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    strings = [
        re.sub("<[^>]+>", "", one)
        for one in re.findall(
            r"<si>.*?</si>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL
        )
    ]
    found = {}
    for number, name in enumerate(names, start=1):
        text = book.read(f"xl/worksheets/sheet{number}.xml").decode()
        assert "<f>" not in text
        cells = re.findall(r"<c [^>]*?(t=\"s\")?><v>(.*?)</v>", text)
        found[name] = "\n".join(strings[int(v)] if kind else v for kind, v in cells)
    return found


def test_everybody_sees_what_moves_and_who_gains(client) -> None:
    round_ = a_round_with_matches()

    page = client.get(f"/rounds/{round_.id}/picture").text

    assert f"Phiên ghép {round_.id} ngày 20/11/2026 nối được 12 tấn hàng của 3 lô" in page
    assert f"Round {round_.id} of 20/11/2026 matched 12 t" in page
    assert "Bên bán được" in page
    assert "m-flow" in page
    assert "4.100.000" in page
    assert broken_laws(page) == []


def test_what_buyers_gain_is_told_by_the_step_of_a_sealed_bid(client, client_of) -> None:
    round_ = a_round_with_matches()

    public = client.get(f"/rounds/{round_.id}.xlsx").get_data()
    exact = client_of(an_actor(Role.COORDINATOR)).get(f"/rounds/{round_.id}.xlsx").get_data()

    assert "12345" not in sheets(public)["Kết quả ghép"]
    assert "12345" in sheets(exact)["Kết quả ghép"]


@pytest.mark.parametrize("parties", [1, 2])
def test_nothing_under_three_parties(client, client_of, parties: int) -> None:
    round_ = a_round_with_matches(parties)

    page = client.get(f"/rounds/{round_.id}/picture").text

    assert "Không hiện" in page
    assert "nối được" not in page
    assert client.get(f"/rounds/{round_.id}.xlsx").status_code == 404
    coordinator = client_of(an_actor(Role.COORDINATOR))
    assert "nối được" in coordinator.get(f"/rounds/{round_.id}/picture").text


def test_before_it_is_published_only_coordinators_see_it(client, client_of) -> None:
    round_ = a_round_with_matches(state=RoundState.SOLVED)

    for address in (f"/rounds/{round_.id}/picture", f"/rounds/{round_.id}.xlsx"):
        assert client.get(address).status_code == 404
        assert client_of(an_actor(Role.COORDINATOR)).get(address).status_code == 200


def test_the_workbook_names_nobody_to_strangers_and_everybody_to_coordinators(
    client, client_of
) -> None:
    round_ = a_round_with_matches(0)
    for name in ("=HYPERLINK(1)", "+84", "@SUM(A1)"):
        seller = an_organisation(name=name)
        a_match(lot=a_lot(organisation=seller), need=a_need(), round_=round_)

    public = sheets(client.get(f"/rounds/{round_.id}.xlsx").get_data())
    exact = sheets(
        client_of(an_actor(Role.COORDINATOR)).get(f"/rounds/{round_.id}.xlsx").get_data()
    )

    assert "HYPERLINK" not in "".join(public.values())
    assert "=HYPERLINK(1)" in exact["Kết quả ghép"]  # as text: `sheets` refuses formulas
    assert list(public) == [
        "Tóm tắt", "Kết quả ghép", "Theo địa phương", "Từ đâu đến đâu", "Ưu tiên", "Chưa ghép"
    ]  # fmt: skip


def test_strangers_have_sums_in_three_figures_and_coordinators_to_the_dong(
    client, client_of
) -> None:
    figures = FIGURES | {"value_vnd": 30_674_931_363, "bound_vnd": 30_812_345_678}
    round_ = a_round_with_matches(result=figures)

    public = sheets(client.get(f"/rounds/{round_.id}.xlsx").get_data())["Tóm tắt"]
    exact = sheets(
        client_of(an_actor(Role.COORDINATOR)).get(f"/rounds/{round_.id}.xlsx").get_data()
    )["Tóm tắt"]

    assert {"30700000000", "30800000000"} <= set(public.splitlines())
    assert {"30674931363", "30812345678"} <= set(exact.splitlines())


def test_the_workbook_says_how_many_matches_it_does_not_list(client, client_of) -> None:
    round_ = a_round_with_matches()
    a_match(lot=a_lot(place="D964"), need=a_need(), round_=round_, kilometres=70.40000000000001)

    public = sheets(client.get(f"/rounds/{round_.id}.xlsx").get_data())
    exact = sheets(
        client_of(an_actor(Role.COORDINATOR)).get(f"/rounds/{round_.id}.xlsx").get_data()
    )

    assert "4 kết quả không liệt kê" in public["Kết quả ghép"]
    assert "4 kết quả không liệt kê" in public["Tóm tắt"]
    assert "không liệt kê" not in "".join(exact.values())
    assert "70.4" in exact["Kết quả ghép"].splitlines()


def test_where_everything_is_shown_nothing_is_said_to_be_hidden(client, client_of) -> None:
    round_ = a_round_with_matches()
    hidden = "Giá giữ kín và con số dưới ba bên"

    assert hidden in client.get(f"/rounds/{round_.id}/picture").text
    coordinator = client_of(an_actor(Role.COORDINATOR))
    assert hidden not in coordinator.get(f"/rounds/{round_.id}/picture").text


def test_the_newspaper_waits_until_the_round_is_published(client_of) -> None:
    round_ = a_round_with_matches(state=RoundState.SOLVED)
    coordinator = client_of(an_actor(Role.COORDINATOR))

    assert "news-h" not in coordinator.get(f"/rounds/{round_.id}/picture").text
    book = sheets(coordinator.get(f"/rounds/{round_.id}.xlsx").get_data())
    assert "nối được" not in book["Tóm tắt"]


def test_the_workbook_says_how_much_was_left_out_and_why(client) -> None:
    left = sheets(client.get(f"/rounds/{a_round_with_matches().id}.xlsx").get_data())["Chưa ghép"]

    assert "3" in left.splitlines()


def test_the_workbook_speaks_the_readers_language(client) -> None:
    round_ = a_round_with_matches()
    client.get("/language/en?next=/")

    assert "By locality" in sheets(client.get(f"/rounds/{round_.id}.xlsx").get_data())


@pytest.mark.parametrize("address", ["/rounds/99/picture", "/rounds/99.xlsx"])
def test_a_round_that_is_not_there_is_not_found(client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_round_without_matches_says_so(client) -> None:
    round_ = a_round_with_matches(0)

    assert "không lô nào hợp với nhu cầu nào" in client.get(f"/rounds/{round_.id}/picture").text


def test_flows_are_chosen_by_goods_with_a_table_beside_them(client) -> None:
    round_ = a_round_with_matches()
    for _ in range(3):
        lot, need = a_lot(commodity="ca-tra"), a_need(commodity="ca-tra")
        a_match(lot=lot, need=need, round_=round_)

    whole = client.get(f"/rounds/{round_.id}/picture").text
    chosen = client.get(f"/rounds/{round_.id}/picture?commodity=ca-tra").text

    assert f"/rounds/{round_.id}/picture?commodity=ca-tra#flows" in whole
    assert re.search("Cá tra.* đi đường nào", chosen)
    assert "đường bộ: nét càng đậm" in chosen
    assert re.search(r'<a href="/map\?link=[^"]+#map">', chosen)


def test_goods_without_public_figures_cannot_be_chosen(client, client_of) -> None:
    round_ = a_round_with_matches()
    a_match(lot=a_lot(commodity="ca-tra"), need=a_need(commodity="ca-tra"), round_=round_)
    address = f"/rounds/{round_.id}/picture?commodity="

    coordinator = client_of(an_actor(Role.COORDINATOR))

    assert [client.get(address + goods).status_code for goods in ("ca-tra", "zzz")] == [404, 404]
    assert coordinator.get(address + "ca-tra").status_code == 200
