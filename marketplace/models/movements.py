"""The books: every change of what is offered, held and sold is an entry that is only ever added.

The triggers keep the counters of lots and needs beside the entries; the CHECKs of `Lot` and `Need`
bound the counters. So no statement, whoever sends it, can sell a kilogram twice:

* an entry that would oversell is refused as a whole,
* entries cannot be changed or taken out,
* the counters cannot be written except by an entry.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain.listings import MovementKind
from marketplace.models.base import Base, Moment, one_of, only_added


class Movement(Base):
    """One entry in the books of a lot or of a need."""

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("(lot_id IS NULL) <> (need_id IS NULL)", name="one_book"),
        CheckConstraint("quantity > 0 OR (kind = 'correct' AND quantity <> 0)", name="quantity"),
        one_of("kind", MovementKind),
        Index("ix_movement_match", "match_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """Names the event, so that the same event is entered once however often it is tried."""
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"))
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)


ONLY_ADDED = "entries in the books are only ever added"


def triggers(dialect: str) -> list[str]:
    """Statements that create the books' triggers on ``dialect`` (sqlite or postgresql)."""
    make = _sqlite if dialect == "sqlite" else _postgresql
    return [
        *make("lot", "sold"),
        *make("need", "bought"),
        *only_added("movement", ONLY_ADDED, dialect),
    ]


def _changes(done: str, kind: str, quantity: str) -> str:
    """The SET clause by which an entry moves the counters."""
    return (
        f"quantity = quantity + CASE WHEN {kind} IN ('offer', 'correct') "
        f"THEN {quantity} ELSE 0 END, "
        f"held = held + CASE {kind} WHEN 'hold' THEN {quantity} "
        f"WHEN 'release' THEN -{quantity} WHEN 'deliver' THEN -{quantity} ELSE 0 END, "
        f"{done} = {done} + CASE {kind} WHEN 'deliver' THEN {quantity} "
        f"WHEN 'return' THEN -{quantity} ELSE 0 END"
    )


def _sqlite(table: str, done: str) -> list[str]:
    booked = (
        f"SELECT COALESCE(SUM(CASE WHEN kind IN ('offer', 'correct') THEN quantity END), 0) "
        f"|| '/' || COALESCE(SUM(CASE kind WHEN 'hold' THEN quantity WHEN 'release' THEN -quantity "
        f"WHEN 'deliver' THEN -quantity END), 0) "
        f"|| '/' || COALESCE(SUM(CASE kind WHEN 'deliver' THEN quantity "
        f"WHEN 'return' THEN -quantity END), 0) FROM movement WHERE {table}_id = NEW.id"
    )
    written = f"NEW.quantity || '/' || NEW.held || '/' || NEW.{done}"
    refuse = "SELECT RAISE(ABORT, 'counters follow the books');"
    return [
        f"CREATE TRIGGER movement_moves_{table} AFTER INSERT ON movement "
        f"WHEN NEW.{table}_id IS NOT NULL BEGIN "
        f"UPDATE {table} SET {_changes(done, 'NEW.kind', 'NEW.quantity')} "
        f"WHERE id = NEW.{table}_id; END",
        f"CREATE TRIGGER {table}_follows_books AFTER UPDATE OF quantity, held, {done} ON {table} "
        f"WHEN {written} <> ({booked}) BEGIN {refuse} END",
        f"CREATE TRIGGER {table}_starts_empty AFTER INSERT ON {table} "
        f"WHEN NEW.quantity <> 0 OR NEW.held <> 0 OR NEW.{done} <> 0 BEGIN {refuse} END",
    ]


def _postgresql(table: str, done: str) -> list[str]:
    """The UPDATE locks the row, so that two entries at once are counted one after the other."""
    return [
        f"CREATE FUNCTION movement_moves_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"UPDATE {table} SET {_changes(done, 'NEW.kind', 'NEW.quantity')} "
        f"WHERE id = NEW.{table}_id; RETURN NULL; END $$",
        f"CREATE TRIGGER movement_moves_{table} AFTER INSERT ON movement FOR EACH ROW "
        f"WHEN (NEW.{table}_id IS NOT NULL) EXECUTE FUNCTION movement_moves_{table}()",
        # Depth 1 is a statement of a client, depth 2 the trigger above.
        f"CREATE FUNCTION {table}_follows_books() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN "
        f"IF NEW.quantity <> 0 OR NEW.held <> 0 OR NEW.{done} <> 0 THEN "
        f"RAISE EXCEPTION 'counters follow the books'; END IF; "
        f"ELSIF (NEW.quantity, NEW.held, NEW.{done}) IS DISTINCT FROM "
        f"(OLD.quantity, OLD.held, OLD.{done}) AND pg_trigger_depth() < 2 THEN "
        f"RAISE EXCEPTION 'counters follow the books'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_follows_books BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_follows_books()",
    ]
