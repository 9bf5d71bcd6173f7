"""series of lots and needs, and quantities from least to most

Columns of lot and need are added one by one, because a table made anew loses the books' triggers.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BOUNDS = (("lot", "quantity_most"), ("need", "quantity_least"))
INSTALMENTS = ("lot", "need")


def upgrade() -> None:
    _create_series()
    _create_versions()
    for table, column in BOUNDS:
        check = f"CONSTRAINT ck_{table}_{column}_positive CHECK ({column} > 0)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} BIGINT {check}")
    for table in (*INSTALMENTS, "sheet_row"):
        key = f"CONSTRAINT fk_{table}_series_id_series REFERENCES series (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN series_id INTEGER {key}")
    for table in INSTALMENTS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN series_day DATE")
        op.create_index(f"ix_{table}_series_day", table, ["series_id", "series_day"], unique=True)


def _create_series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("commodity_id", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('lot', 'need')", name=op.f("ck_series_side_known")),
        sa.ForeignKeyConstraint(
            ["commodity_id"], ["commodity.id"], name=op.f("fk_series_commodity_id_commodity")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_series_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_series_changed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_series_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("once", name=op.f("uq_series_once")),
    )
    op.create_index(op.f("ix_series_organisation_id"), "series", ["organisation_id"])
    op.create_index(op.f("ix_series_due_on"), "series", ["due_on"])


def _create_versions() -> None:
    op.create_table(
        "series_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("days_each", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days_each >= 1", name=op.f("ck_series_version_days_each_positive")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_series_version_days")),
        sa.CheckConstraint(
            "state IN ('running', 'paused', 'stopped')", name=op.f("ck_series_version_state_known")
        ),
        sa.CheckConstraint(
            "weekdays BETWEEN 1 AND 127", name=op.f("ck_series_version_weekdays_known")
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["user_account.id"], name=op.f("fk_series_version_said_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_version_series_id_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_version")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_series_version_series_id_number")),
    )


def downgrade() -> None:
    for table in INSTALMENTS:
        op.drop_index(f"ix_{table}_series_day", table)
        op.drop_column(table, "series_day")
    for table in (*INSTALMENTS, "sheet_row"):
        op.drop_column(table, "series_id")
    for table, column in BOUNDS:
        op.drop_column(table, column)
    op.drop_table("series_version")
    op.drop_index(op.f("ix_series_due_on"), "series")
    op.drop_index(op.f("ix_series_organisation_id"), "series")
    op.drop_table("series")
