"""The books' triggers: counters follow entries, entries are only ever added."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TRIGGER movement_moves_lot AFTER INSERT ON movement WHEN NEW.lot_id IS NOT NULL BEGIN
UPDATE lot SET quantity = quantity + CASE WHEN NEW.kind IN ('offer', 'correct') THEN
NEW.quantity ELSE 0 END, held = held + CASE NEW.kind WHEN 'hold' THEN NEW.quantity WHEN
'release' THEN -NEW.quantity WHEN 'deliver' THEN -NEW.quantity ELSE 0 END, sold = sold + CASE
NEW.kind WHEN 'deliver' THEN NEW.quantity WHEN 'return' THEN -NEW.quantity ELSE 0 END WHERE id =
NEW.lot_id; END""",
    """CREATE TRIGGER lot_follows_books AFTER UPDATE OF quantity, held, sold ON lot WHEN NEW.quantity
|| '/' || NEW.held || '/' || NEW.sold <> (SELECT COALESCE(SUM(CASE WHEN kind IN ('offer',
'correct') THEN quantity END), 0) || '/' || COALESCE(SUM(CASE kind WHEN 'hold' THEN quantity
WHEN 'release' THEN -quantity WHEN 'deliver' THEN -quantity END), 0) || '/' || COALESCE(SUM(CASE
kind WHEN 'deliver' THEN quantity WHEN 'return' THEN -quantity END), 0) FROM movement WHERE
lot_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'counters follow the books'); END""",
    """CREATE TRIGGER lot_starts_empty AFTER INSERT ON lot WHEN NEW.quantity <> 0 OR NEW.held <> 0 OR
NEW.sold <> 0 BEGIN SELECT RAISE(ABORT, 'counters follow the books'); END""",
    """CREATE TRIGGER movement_moves_need AFTER INSERT ON movement WHEN NEW.need_id IS NOT NULL BEGIN
UPDATE need SET quantity = quantity + CASE WHEN NEW.kind IN ('offer', 'correct') THEN
NEW.quantity ELSE 0 END, held = held + CASE NEW.kind WHEN 'hold' THEN NEW.quantity WHEN
'release' THEN -NEW.quantity WHEN 'deliver' THEN -NEW.quantity ELSE 0 END, bought = bought +
CASE NEW.kind WHEN 'deliver' THEN NEW.quantity WHEN 'return' THEN -NEW.quantity ELSE 0 END WHERE
id = NEW.need_id; END""",
    """CREATE TRIGGER need_follows_books AFTER UPDATE OF quantity, held, bought ON need WHEN
NEW.quantity || '/' || NEW.held || '/' || NEW.bought <> (SELECT COALESCE(SUM(CASE WHEN kind IN
('offer', 'correct') THEN quantity END), 0) || '/' || COALESCE(SUM(CASE kind WHEN 'hold' THEN
quantity WHEN 'release' THEN -quantity WHEN 'deliver' THEN -quantity END), 0) || '/' ||
COALESCE(SUM(CASE kind WHEN 'deliver' THEN quantity WHEN 'return' THEN -quantity END), 0) FROM
movement WHERE need_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'counters follow the books'); END""",
    """CREATE TRIGGER need_starts_empty AFTER INSERT ON need WHEN NEW.quantity <> 0 OR NEW.held <> 0 OR
NEW.bought <> 0 BEGIN SELECT RAISE(ABORT, 'counters follow the books'); END""",
    """CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'entries
in the books are only ever added'); END""",
    """CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'entries
in the books are only ever added'); END""",
]

POSTGRESQL = [
    """CREATE FUNCTION movement_moves_lot() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE lot SET
quantity = quantity + CASE WHEN NEW.kind IN ('offer', 'correct') THEN NEW.quantity ELSE 0 END,
held = held + CASE NEW.kind WHEN 'hold' THEN NEW.quantity WHEN 'release' THEN -NEW.quantity WHEN
'deliver' THEN -NEW.quantity ELSE 0 END, sold = sold + CASE NEW.kind WHEN 'deliver' THEN
NEW.quantity WHEN 'return' THEN -NEW.quantity ELSE 0 END WHERE id = NEW.lot_id; RETURN NULL; END
$$""",
    """CREATE TRIGGER movement_moves_lot AFTER INSERT ON movement FOR EACH ROW WHEN (NEW.lot_id IS NOT
NULL) EXECUTE FUNCTION movement_moves_lot()""",
    """CREATE FUNCTION lot_follows_books() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP =
'INSERT' THEN IF NEW.quantity <> 0 OR NEW.held <> 0 OR NEW.sold <> 0 THEN RAISE EXCEPTION
'counters follow the books'; END IF; ELSIF (NEW.quantity, NEW.held, NEW.sold) IS DISTINCT FROM
(OLD.quantity, OLD.held, OLD.sold) AND pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'counters
follow the books'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER lot_follows_books BEFORE INSERT OR UPDATE ON lot FOR EACH ROW EXECUTE FUNCTION
lot_follows_books()""",
    """CREATE FUNCTION movement_moves_need() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE need
SET quantity = quantity + CASE WHEN NEW.kind IN ('offer', 'correct') THEN NEW.quantity ELSE 0
END, held = held + CASE NEW.kind WHEN 'hold' THEN NEW.quantity WHEN 'release' THEN -NEW.quantity
WHEN 'deliver' THEN -NEW.quantity ELSE 0 END, bought = bought + CASE NEW.kind WHEN 'deliver'
THEN NEW.quantity WHEN 'return' THEN -NEW.quantity ELSE 0 END WHERE id = NEW.need_id; RETURN
NULL; END $$""",
    """CREATE TRIGGER movement_moves_need AFTER INSERT ON movement FOR EACH ROW WHEN (NEW.need_id IS
NOT NULL) EXECUTE FUNCTION movement_moves_need()""",
    """CREATE FUNCTION need_follows_books() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP =
'INSERT' THEN IF NEW.quantity <> 0 OR NEW.held <> 0 OR NEW.bought <> 0 THEN RAISE EXCEPTION
'counters follow the books'; END IF; ELSIF (NEW.quantity, NEW.held, NEW.bought) IS DISTINCT FROM
(OLD.quantity, OLD.held, OLD.bought) AND pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'counters
follow the books'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER need_follows_books BEFORE INSERT OR UPDATE ON need FOR EACH ROW EXECUTE FUNCTION
need_follows_books()""",
    """CREATE FUNCTION movement_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE
EXCEPTION 'entries in the books are only ever added'; END $$""",
    """CREATE TRIGGER movement_only_added BEFORE UPDATE OR DELETE ON movement FOR EACH ROW EXECUTE
FUNCTION movement_only_added()""",
]


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        op.execute(" ".join(statement.split()))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in reversed(SQLITE if dialect == "sqlite" else POSTGRESQL):
        kind, name = statement.split()[1:3]
        if dialect == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        elif kind == "FUNCTION":
            op.execute(f"DROP FUNCTION {name} CASCADE")
