"""Harvests that are expected, and needs that take them.

Columns are added in place: a table that is made anew would lose the triggers of the books.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE lot ADD COLUMN confidence INTEGER "
        "CONSTRAINT ck_lot_confidence_percent CHECK (confidence BETWEEN 1 AND 100)"
    )
    op.add_column("lot", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lot", sa.Column("reminded_for", sa.Date(), nullable=True))
    op.add_column("lot", sa.Column("lapsed_for", sa.Date(), nullable=True))
    op.add_column(
        "need",
        sa.Column("accepts_expected", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("need", "accepts_expected")
    for column in ("lapsed_for", "reminded_for", "confirmed_at", "confidence"):
        op.drop_column("lot", column)
