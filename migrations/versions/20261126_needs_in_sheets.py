"""sheets of needs

Columns are added one by one: a table made anew would lose its numbering on SQLite.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    check = "CONSTRAINT ck_sheet_import_side_known CHECK (side IN ('lot', 'need'))"
    op.execute(
        f"ALTER TABLE sheet_import ADD COLUMN side VARCHAR(4) DEFAULT 'lot' NOT NULL {check}"
    )
    key = "CONSTRAINT fk_sheet_row_need_id_need REFERENCES need (id)"
    op.execute(f"ALTER TABLE sheet_row ADD COLUMN need_id INTEGER {key}")
    op.create_index(op.f("ix_sheet_row_need_id"), "sheet_row", ["need_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sheet_row_need_id"), "sheet_row")
    op.drop_column("sheet_row", "need_id")
    op.drop_column("sheet_import", "side")
