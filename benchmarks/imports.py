"""A sheet of ten thousand rows from the upload to lots: seconds of each step, on a database of its own.

``python -m benchmarks.imports [ROWS]``. Rows are written as people write them: units and days in
several spellings, communes with and without "xã", prices with and without their unit, a faulty row
here and there. The second turn uploads the same file again, the third one in which every price is another.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from time import perf_counter

import xlsxwriter
from flask_migrate import upgrade
from sqlalchemy import func, select

from marketplace import clock, create_app
from marketplace.config import Settings
from marketplace.domain.actors import Actor, Role
from marketplace.domain.imports import RowStatus
from marketplace.domain.listings import Basis
from marketplace.domain.organisations import OrganisationKind
from marketplace.domain.places import PlaceKind
from marketplace.models.base import db
from marketplace.models.imports import SheetImport
from marketplace.models.lots import Lot
from marketplace.models.organisations import Membership, Organisation, User
from marketplace.models.reference import current_reference
from marketplace.services import import_laying, import_reading, import_saving, imports, reference
from marketplace.solving.world import world_of

ROWS, FAULTY_EACH = 10_000, 50
HEADS = ["TT", "Tên sản phẩm", "SL", "ĐVT", "Gía bán", "Từ ngày", "Đến ngày", "Đ/chỉ", "Tên hộ"]
GOODS = (
    ("Khóm Cầu Đúc", 7_800), ("Mít Thái", 9_500), ("Lúa ST25", 8_600), ("khoai lang tím Nhật", 9_000),
    ("Dưa hấu", 6_000), ("Xoài cát Hoà Lộc", 42_000), ("bưởi da xanh", 30_000),
)  # fmt: skip


def main(rows: int = ROWS) -> None:
    with tempfile.TemporaryDirectory(prefix="imports-") as folder:
        app = create_app(Settings(instance=folder, secret_key="benchmark"))
        with app.app_context():
            upgrade()
            reference.load()
            actor = _a_cooperative()
            print(f"{rows:,} rows; seconds")
            for turn, (name, rise) in enumerate((("new", 0), ("again", 0), ("changed", 100))):
                _import(name, a_sheet(rows, rise), actor, show_size=turn == 0)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"processor {used.ru_utime + used.ru_stime:.1f} s, memory {used.ru_maxrss / 1024:.0f} MB")


def _import(name: str, content: bytes, actor: Actor, *, show_size: bool) -> None:
    if show_size:
        print(f"file {len(content) / 1e6:.2f} MB")
    print(name)
    with _timed("upload, lay out, keep"):
        made = import_laying.begin(
            "hang.xlsx", content, basis=Basis.OWN, actor=actor, today=clock.today(), now=clock.now()
        )
    with _timed("understand, compare"):
        import_reading.read_this(made.id)
    row = _again(made)
    while (asked := imports.questions(row)) and row.counts.get(RowStatus.ASKED):
        print(f"    {len(asked)} questions, first: {asked[0].problem['reason']}")
        break
    print("   ", {str(status): count for status, count in row.counts.items()})
    with _timed("page of the import: rows"):
        imports.rows(row, ())
        imports.questions(row)
        imports.passed_over(row)
    if not imports.to_save(row):
        return
    imports.request_save(row.id, row.version, actor=actor, now=clock.now())
    with _timed("list or change"):
        import_saving.save_this(row.id)
    row = _again(row)
    print(
        "   ", row.state, {str(status): count for status, count in row.counts.items()}, row.failure
    )
    print(f"    lots: {db.session.scalar(select(func.count()).select_from(Lot)):,}")


def _again(row: SheetImport) -> SheetImport:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(SheetImport, row.id)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    since = perf_counter()
    yield
    print(f"    {what:30} {perf_counter() - since:8.2f}", flush=True)


def a_sheet(rows: int, rise: int) -> bytes:
    """The same for the same number of rows but for prices, which are higher by ``rise``."""
    some, today = random.Random(rows), clock.today()
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 8, "TỔNG HỢP NÔNG SẢN CẦN TIÊU THỤ")
        sheet.write_row(2, 0, HEADS)
        communes = _communes()
        for number in range(1, rows + 1):
            values = _row(number, rise, some, today, communes)
            sheet.write_row(number + 2, 0, values)
    return file.getvalue()


def _row(
    number: int, rise: int, some: random.Random, today: date, communes: list[str]
) -> list[str | int | float]:
    good, price = some.choice(GOODS)
    price += 50 * some.randrange(-20, 20) + rise
    first = today + timedelta(days=some.randrange(1, 20))
    last = first + timedelta(days=some.randrange(3, 20))
    amount = some.randrange(1, 400) / 10
    quantity: str | float = some.choice((amount, f"{amount}".replace(".", ",")))
    if number % FAULTY_EACH == 0:
        quantity = "nhiều"
    return [
        number,
        some.choice((good, good.upper(), good.lower())),
        quantity,
        some.choice(("tấn", "Tấn", "T")),
        some.choice((price, f"{price:,} đ/kg".replace(",", "."))),
        f"{first:%d/%m/%Y}",
        f"{last:%d/%m/%Y}",
        some.choice(communes),
        f"Hộ {number % 3_000}",
    ]


def _communes() -> list[str]:
    gazetteer = world_of(current_reference()).gazetteer
    return [gazetteer.label(p) for p in gazetteer.places if p.kind == PlaceKind.COMMUNE]


def _a_cooperative() -> Actor:
    now = clock.now()
    person = User(
        name="A", email="a@example.vn", session_key="a", created_at=now, password_hash="-"
    )
    cooperative = Organisation(
        kind=OrganisationKind.COOPERATIVE,
        name="HTX",
        locality_id="HG",
        place_id="C31338",
        contact_name="A",
        phone="+84912345678",
        email="htx@example.vn",
        created_at=now,
    )
    db.session.add_all([person, cooperative])
    db.session.flush()
    db.session.add(Membership(user_id=person.id, organisation_id=cooperative.id, role=Role.SELLER))
    db.session.commit()
    return Actor(person.id, cooperative.id, Role.SELLER, cooperative.locality_id, person.name)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
