"""plans of production by locality, commodity and week, with every entry that led to them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MESSAGE = "what was planned is only ever added to"


def upgrade() -> None:
    op.create_table(
        "production_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_a_week(),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_production_plan_quantity_not_negative")),
        sa.CheckConstraint("version > 0", name=op.f("ck_production_plan_version_counts")),
        *_keys("production_plan", changed_by="user_account"),
        sa.UniqueConstraint(
            "locality_id",
            "commodity_id",
            "week",
            name=op.f("uq_production_plan_locality_id_commodity_id_week"),
        ),
    )
    op.create_index("ix_production_plan_week", "production_plan", ["week"])
    op.create_table(
        "plan_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_a_week(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *_keys("plan_entry", made_by="user_account", organisation_id="organisation"),
        sa.UniqueConstraint(
            "locality_id",
            "commodity_id",
            "week",
            "version",
            name=op.f("uq_plan_entry_locality_id_commodity_id_week_version"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_plan_entry_made", "plan_entry", ["locality_id", "commodity_id", "made_at"])
    _only_add()


def downgrade() -> None:
    op.drop_table("plan_entry")
    op.drop_table("production_plan")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION plan_entry_only_added() CASCADE")


def _of_a_week() -> list[sa.Column[object]]:
    return [
        sa.Column("locality_id", sa.String(length=2), nullable=False),
        sa.Column("commodity_id", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
    ]


def _keys(table: str, **more: str) -> list[sa.Constraint]:
    refers = {"locality_id": "locality", "commodity_id": "commodity", **more}
    return [
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{there}.id"], name=op.f(f"fk_{table}_{column}_{there}")
            )
            for column, there in refers.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _only_add() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER plan_entry_no_{verb.lower()} BEFORE {verb} ON plan_entry "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION plan_entry_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER plan_entry_only_added BEFORE UPDATE OR DELETE ON plan_entry "
        "FOR EACH ROW EXECUTE FUNCTION plan_entry_only_added()"
    )
