"""imports of sheets

The file, its rows, and what the columns of a set of headers mean to an organisation.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = "'waiting', 'reading', 'open', 'to_save', 'saving', 'saved', 'discarded', 'failed'"
STATUSES = "'new', 'change', 'repeat', 'asked', 'refused', 'passed over', 'unread'"
BASES = "'own', 'request', 'commune_report', 'survey'"


def upgrade() -> None:
    _create_imports()
    _create_rows()
    op.create_table(
        "sheet_mapping",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("headers", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_sheet_mapping_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "headers", name=op.f("pk_sheet_mapping")),
    )


def _create_imports() -> None:
    op.create_table(
        "sheet_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=True),
        sa.Column("encoding", sa.String(length=20), nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("blocks_done", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_sheet_import_state_known")),
        sa.CheckConstraint(f"basis IN ({BASES})", name=op.f("ck_sheet_import_basis_known")),
        sa.CheckConstraint(
            "(state IN ('reading', 'saving')) = (token IS NOT NULL)",
            name=op.f("ck_sheet_import_token_while_working"),
        ),
        sa.CheckConstraint(
            "(state = 'saved') = (saved_at IS NOT NULL)",
            name=op.f("ck_sheet_import_saved_at_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_sheet_import_organisation_id_organisation"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_sheet_import_{column}_user_account")
            )
            for column in ("created_by", "changed_by", "saved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
        sqlite_autoincrement=True,
    )
    for column in ("organisation_id", "state", "content_hash"):
        op.create_index(op.f(f"ix_sheet_import_{column}"), "sheet_import", [column])


def _create_rows() -> None:
    op.create_table(
        "sheet_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=True),
        sa.Column("understood", sa.JSON(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("differs", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_sheet_row_status_known")),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["sheet_import.id"],
            name=op.f("fk_sheet_row_import_id_sheet_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_sheet_row_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_sheet_row_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_sheet_row_import_id_number")),
    )
    op.create_index("ix_sheet_row_key", "sheet_row", ["organisation_id", "key"])
    op.create_index("ix_sheet_row_status", "sheet_row", ["import_id", "status", "number"])
    op.create_index(op.f("ix_sheet_row_lot_id"), "sheet_row", ["lot_id"])


def downgrade() -> None:
    op.drop_table("sheet_mapping")
    op.drop_table("sheet_row")
    op.drop_table("sheet_import")
