"""kinds of goods, their control status, and what lots say of them

Columns of lot are added in place: a table that is made anew would lose the triggers of the books.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COUNTS = ("age_days", "heads")
DAYS = ("quarantine_on", "best_before")
TEXTS = (
    ("origin", 200),
    ("quarantine_number", 60),
    ("batch_number", 60),
    ("registration_number", 60),
)


def upgrade() -> None:
    for name, usual in (("kind", "produce"), ("control", "free")):
        op.add_column(
            "commodity",
            sa.Column(name, sa.String(length=12), server_default=usual, nullable=False),
        )
    op.add_column(
        "commodity", sa.Column("control_source", sa.Text(), server_default="", nullable=False)
    )
    for name in COUNTS:
        check = f"CONSTRAINT ck_lot_{name}_positive CHECK ({name} > 0)"
        op.execute(f"ALTER TABLE lot ADD COLUMN {name} INTEGER {check}")
    for name in DAYS:
        op.add_column("lot", sa.Column(name, sa.Date(), nullable=True))
    for name, length in TEXTS:
        op.add_column(
            "lot",
            sa.Column(name, sa.String(length=length), server_default="", nullable=False),
        )


def downgrade() -> None:
    for name, _length in TEXTS:
        op.drop_column("lot", name)
    for name in (*DAYS, *COUNTS):
        op.drop_column("lot", name)
    for name in ("control_source", "control", "kind"):
        op.drop_column("commodity", name)
